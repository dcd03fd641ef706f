"""What no rule binds, counted by looking at every event, and as the log counts it."""

from __future__ import annotations

import json
from collections import Counter
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from record_strategies import START, bindings, event, event_rows, event_table, touchpoint_bindings

from wegmarke.record import services, unbound
from wegmarke.record.binding import UNBOUND, bind
from wegmarke.record.conditions import MISSING, look_up
from wegmarke.record.contracts import BindingRule, Bindings, Split, TouchpointBinding
from wegmarke.record.queries import sample_unbound, tally_unbound

DAY = 86_400


def append(rows, key="b"):
    services.append(events=event_table(rows), traits=None, source="test", batch_key=key)


def form_of(value):
    return value if isinstance(value, str) and value else None


def properties_of(row):
    try:
        found = json.loads(row["properties"] or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def open_rows(rows, plan, ignored):
    """Bind one event at a time, with the plan and then with what is ignored."""
    leave = Bindings((TouchpointBinding("ignored", tuple(ignored)),))
    return [
        row
        for row in rows
        if bind(event_table([row]), plan).touchpoint[0] == UNBOUND
        and bind(event_table([row]), leave).touchpoint[0] == UNBOUND
    ]


def twin(rows, plan, ignored, key):
    """Group the unbound events one by one."""
    groups: dict[tuple[str, str | None], list[dict]] = {}
    for row in open_rows(rows, plan, ignored):
        value = look_up(properties_of(row), key)
        form = None if row["name"] != "pay" or value is MISSING else form_of(value)
        groups.setdefault((row["name"], form), []).append(row)
    first = {}
    for row in rows:
        first[row["person"]] = min(first.get(row["person"], row["time"]), row["time"])
    return {
        group: (
            len(mine),
            len({row["person"] for row in mine}),
            int(min(row["time"] for row in mine).timestamp()),
            int(max(row["time"] for row in mine).timestamp()),
            dict(Counter(f"{row['time']:%Y-%m}" for row in mine)),
            median(whole(row["time"]) - whole(first[row["person"]]) for row in mine) / DAY,
        )
        for group, mine in groups.items()
    }


def whole(moment):
    return int(moment.timestamp())


class TestAgainstTheTwin(TestCase):
    @given(
        st.lists(event_rows, min_size=1, max_size=12),
        bindings(),
        touchpoint_bindings.map(lambda one: one.rules),
        st.sampled_from(["a", "b", "a.b"]),
    )
    def test_groups_are_those_of_every_event_looked_at_alone(self, rows, plan, ignored, key):
        append(rows)
        tally = tally_unbound(plan, ignored, {"pay": Split(key, form_of)})
        found = {
            (one.name, one.form): (
                one.events,
                one.persons,
                one.first,
                one.last,
                dict(one.months),
                pytest.approx(one.median_day),
            )
            for one in tally.groups
        }
        wanted = twin(rows, plan, ignored, key)
        assert found == wanted
        assert tally.events == sum(one[0] for one in wanted.values())
        assert tally.persons == len({row["person"] for row in rows})
        assert tally.touched == len({row["person"] for row in open_rows(rows, plan, ignored)})
        names = sample_unbound(plan, ignored)
        assert {one.name: one.events for one in names} == Counter(
            row["name"] for row in open_rows(rows, plan, ignored)
        )


pytestmark = pytest.mark.django_db
PLAN = Bindings(
    (
        TouchpointBinding("order", (BindingRule("order"),), phase="buy"),
        TouchpointBinding("use", (BindingRule("use"),), phase="use"),
    ),
    phases=("buy", "use"),
)


def test_without_a_log_there_is_nothing():
    assert sample_unbound(PLAN, ()) == ()
    tally = tally_unbound(PLAN, (), {})
    assert (tally.groups, tally.events, tally.persons) == ((), 0, 0)


def test_the_phases_right_before_and_after_are_counted_within_a_person():
    append(
        [
            event("anna", 1, "order"),
            event("anna", 2, "call"),
            event("anna", 3, "chat"),
            event("anna", 4, "use"),
            event("bert", 1, "call"),
            event("carl", 9, "order"),
        ]
    )
    tally = tally_unbound(PLAN, (), {})
    near = {one.name: dict(one.phases) for one in tally.groups}
    assert near == {"call": {"buy": 1, "use": 1}, "chat": {"buy": 1, "use": 1}}
    assert tally.phases == {"buy": 2, "use": 1}


def test_a_sample_knows_what_came_before_and_takes_every_nth(monkeypatch):
    monkeypatch.setattr(unbound, "SAMPLED", 10)
    monkeypatch.setattr(unbound, "LEAST_SAMPLE", 10)
    rows = [event("anna", 2 * at, "order") for at in range(100)]
    rows += [event("anna", 2 * at + 1, "call", properties=f'{{"n": {at}}}') for at in range(100)]
    append(rows)
    [found] = sample_unbound(PLAN, ())
    assert (found.name, found.events) == ("call", 100)
    assert [one.properties["n"] for one in found.sample] == list(range(0, 100, 10))
    assert {one.before for one in found.sample} == {"order"}
    months = (START.year - 1970) * 12 + START.month - 1
    assert {one.month for one in found.sample} <= {months, months + 1}


def test_a_clock_is_told_from_people():
    clock = [event("anna", 600 * at, "ping") for at in range(50)]
    weekly = [event("bert", 7 * DAY * at, "newsletter") for at in range(50)]
    people = [event("carl", at * at * 37, "call") for at in range(50)]
    append([*clock, *weekly, *people])
    regular = {one.name: one.regular for one in tally_unbound(Bindings(), (), {}).groups}
    assert regular["ping"] > 0.9
    assert regular["newsletter"] == 0
    assert regular["call"] < 0.5
