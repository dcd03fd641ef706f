from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from record_strategies import START, bindings, event, event_rows, event_table, touchpoint_bindings

from wegmarke.record import previewing, services
from wegmarke.record.conditions import holds, look_up
from wegmarke.record.contracts import (
    BindingRule,
    Bindings,
    Condition,
    Operator,
    Overlap,
    TouchpointBinding,
)
from wegmarke.record.errors import LogDamagedError
from wegmarke.record.layout import log_folder
from wegmarke.record.queries import preview_rules

MAILS = (BindingRule("mail"),)


def append(rows, key="b"):
    services.append(events=event_table(rows), traits=None, source="test", batch_key=key)


def matches(rule, row):
    """Say whether a rule matches an event: pattern by letters, conditions by the one place that decides."""
    try:
        properties = json.loads(row["properties"] or "{}")
    except ValueError:
        properties = {}
    if not isinstance(properties, dict):
        properties = {}
    return like(rule.event, row["name"]) and all(
        holds(condition, look_up(properties, condition.key)) for condition in rule.where
    )


def like(pattern, name):
    if not pattern:
        return not name
    if pattern[0] == "*":
        return like(pattern[1:], name) or (bool(name) and like(pattern, name[1:]))
    return bool(name) and name[0] == pattern[0] and like(pattern[1:], name[1:])


def twin(rules, plan, touchpoint, rows):
    """Count by looking at every event with every rule."""
    mine = [row for row in rows if any(matches(rule, row) for rule in rules)]
    keys = [one.touchpoint for one in plan.touchpoints]
    before = keys[: keys.index(touchpoint)] if touchpoint in keys else keys
    overlaps: dict[str, int] = {}
    taken = 0
    for row in mine:
        claims = [
            one.touchpoint
            for one in plan.touchpoints
            if one.touchpoint != touchpoint and any(matches(rule, row) for rule in one.rules)
        ]
        for key in claims:
            overlaps[key] = overlaps.get(key, 0) + 1
        taken += any(key in before for key in claims)
    return len(mine), len({row["person"] for row in mine}), overlaps, taken


class TestAgainstTheTwin(TestCase):
    @given(
        st.lists(event_rows, max_size=12),
        bindings(),
        touchpoint_bindings.map(lambda one: one.rules),
        st.sampled_from(["pay", "call", "Zahlung", None]),
    )
    def test_counts_are_those_of_every_event_against_every_rule(self, rows, plan, rules, touchpoint):
        if rows:
            append(rows)
        found = preview_rules(rules, plan, touchpoint)
        overlaps = {one.touchpoint: one.events for one in found.overlaps}
        assert (found.events, found.persons, overlaps, found.taken_before) == twin(
            rules, plan, touchpoint, rows
        )
        assert found.share_looked_at == 1.0
        assert len(found.examples) == min(10, found.events)


pytestmark = pytest.mark.django_db


def test_without_a_log_nothing_matches():
    found = preview_rules(MAILS, Bindings(), None)
    assert (found.events, found.persons, found.examples, found.overlaps) == (0, 0, (), ())


def test_examples_are_new_of_different_persons_and_of_every_name():
    loud = [event("anna", second, "mail opened") for second in range(100, 600)]
    quiet = [event(f"p{at}", at, "mail sent") for at in range(20)]
    append([*loud, *quiet, event("bert", 50, "mail opened"), event("bert", 700, "call")])
    found = preview_rules((BindingRule("mail*"),), Bindings(), None)
    assert len(found.examples) == 10
    assert [one.time for one in found.examples] == sorted((o.time for o in found.examples), reverse=True)
    opened = [one for one in found.examples if one.name == "mail opened"]
    assert {one.person for one in opened} == {"anna", "bert"}
    assert opened[0].time == START + timedelta(seconds=599)
    sent = [one.person for one in found.examples if one.name == "mail sent"]
    assert set(sent) >= {"p19", "p18", "p17"}
    assert len(set(sent)) == len(sent)


def test_examples_show_the_properties_of_the_event():
    append(
        [event(name="mail", properties='{"campaign": "spring"}'), event(name="mail", properties="no JSON")]
    )
    found = preview_rules(MAILS, Bindings(), None)
    assert sorted(map(dict, (one.properties for one in found.examples)), key=len) == [
        {},
        {"campaign": "spring"},
    ]


def test_what_earlier_touchpoints_take_is_counted_once_and_later_ones_take_nothing():
    append([event(name="mail", properties='{"kind": "a"}'), event(name="mail"), event(name="call")])
    kind = BindingRule("mail", (Condition("kind", Operator.EXISTS, value=True),))
    plan = Bindings(
        (
            TouchpointBinding("all", (BindingRule("*"),)),
            TouchpointBinding("kinds", (kind,)),
            TouchpointBinding("mails", MAILS),
            TouchpointBinding("later", (BindingRule("m*"),)),
        )
    )
    found = preview_rules(MAILS, plan, "mails")
    assert (found.events, found.taken_before) == (2, 2)
    assert set(found.overlaps) == {Overlap("all", 2), Overlap("later", 2), Overlap("kinds", 1)}
    assert preview_rules(MAILS, plan, "all").taken_before == 0
    assert preview_rules(MAILS, plan, None).taken_before == 2


def test_a_large_log_is_looked_at_in_part_and_scaled_up(monkeypatch):
    rows = [event(f"p{at % 2000}", at, "mail" if at % 4 else "call") for at in range(8000)]
    append(rows)
    monkeypatch.setattr(previewing, "BUDGET", 3000)
    found = preview_rules(MAILS, Bindings(), None)
    assert 0.2 < found.share_looked_at <= 3000 / 8000
    assert found.events == pytest.approx(6000, rel=0.1)
    assert found.persons == pytest.approx(1500, rel=0.1)


def test_matching_in_blocks_changes_nothing(monkeypatch):
    rows = [event(f"p{at % 7}", at, "mail", properties=f'{{"kind": {at % 3}}}') for at in range(100)]
    append(rows)
    rules = (BindingRule("mail", (Condition("kind", Operator.IN, (0, 2)),)),)
    plan = Bindings((TouchpointBinding("x", (BindingRule("mail", (Condition("kind", Operator.IS, 2),)),)),))
    whole = preview_rules(rules, plan, None)
    monkeypatch.setattr(previewing, "BLOCK", 3)
    assert preview_rules(rules, plan, None) == whole
    assert (whole.events, whole.taken_before) == (67, 33)


def test_a_damaged_file_is_reported():
    append([event(name="mail")])
    [file] = log_folder().rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(LogDamagedError, match="checksum"):
        preview_rules(MAILS, Bindings(), None)
