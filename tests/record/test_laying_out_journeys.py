from __future__ import annotations

import json
import math
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_strategies import START, bindings, event, event_rows, event_table, trait_rows, trait_table

from wegmarke.analysis.errors import InvalidJourneysError
from wegmarke.analysis.journeys import Experience
from wegmarke.record.conditions import holds, look_up
from wegmarke.record.contracts import (
    EVENT_SCHEMA,
    BindingRule,
    Bindings,
    Condition,
    ExperienceRule,
    Operator,
    TouchpointBinding,
)
from wegmarke.record.laying import lay_out, period_of

BAD, NEUTRAL, GOOD, UNKNOWN = Experience.BAD, Experience.NEUTRAL, Experience.GOOD, Experience.UNKNOWN
ANSWERS = {
    "csat": {1: BAD, 2: BAD, 3: NEUTRAL, 4: GOOD, 5: GOOD},
    "ces": {1: BAD, 2: BAD, 3: BAD, 4: NEUTRAL, 5: GOOD, 6: GOOD, 7: GOOD},
    "nps": {**dict.fromkeys(range(7), BAD), 7: NEUTRAL, 8: NEUTRAL, 9: GOOD, 10: GOOD},
    "bad-neutral-good": {-1: BAD, 0: NEUTRAL, 1: GOOD},
}


# The slow, obvious twin: one event at a time.


def like(pattern, text):
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(like(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return text[:1] == pattern[0] and like(pattern[1:], text[1:])


def decoded(row):
    try:
        return json.loads(row["properties"])
    except (TypeError, ValueError):
        return None


def fulfilled(where, row):
    return all(holds(one, look_up(decoded(row), one.key)) for one in where)


def binding_of(row, rules):
    for binding in rules.touchpoints:
        for rule in binding.rules:
            if like(rule.event, row["name"]) and fulfilled(rule.where, row):
                return binding
    return None


def felt(row, binding):
    for rule in binding.experience if binding else ():
        if fulfilled(rule.when, row):
            return rule.experience
    answers = ANSWERS.get(row["scale"], {})
    rating = row["rating"]
    if answers and rating is not None and min(answers) <= rating <= max(answers):
        return answers[math.floor(rating + 0.5)]
    return binding.otherwise if binding else UNKNOWN


def twin(rows, rules):
    """Return touches per person, the touchpoints in order, and the number of events left out."""
    keys = [binding.touchpoint for binding in rules.touchpoints]
    bound = [binding_of(row, rules) for row in rows]
    unbound = Counter(row["name"] for row, binding in zip(rows, bound, strict=True) if binding is None)
    own = {}
    if rules.unbound_names_are_touchpoints:
        for name, _ in sorted(unbound.items(), key=lambda item: (-item[1], item[0])):
            key = name
            while key in keys:
                key += " (event)"
            keys.append(key)
            own[name] = key
    journeys = {row["person"]: [] for row in rows}
    for row, binding in zip(rows, bound, strict=True):
        touchpoint = binding.touchpoint if binding else own.get(row["name"])
        if touchpoint is not None:
            journeys[row["person"]].append((row["time"], touchpoint, felt(row, binding), row["value"]))
    for touches in journeys.values():
        touches.sort(key=lambda touch: touch[0])
    return journeys, keys, 0 if own else unbound.total()


def as_lived(shard):
    journeys = shard.journeys
    lived = {}
    for at, person in enumerate(shard.persons.to_pylist()):
        lived[person] = [
            (
                journeys.epoch + int(journeys.time[touch]),
                journeys.landscape.touchpoints[journeys.touchpoint[touch]],
                Experience(int(journeys.experience[touch])),
                None if np.isnan(journeys.value[touch]) else float(journeys.value[touch]),
            )
            for touch in range(int(journeys.offsets[at]), int(journeys.offsets[at + 1]))
        ]
    return lived


@settings(max_examples=250, deadline=None)
@given(rows=st.lists(event_rows, max_size=12), rules=bindings(), pieces=st.integers(1, 3))
def test_journeys_are_those_of_one_event_at_a_time(rows, rules, pieces):
    shard = lay_out(event_table(rows, pieces), rules)
    journeys, keys, left_out = twin(rows, rules)
    expected = {
        person: [(int(time.timestamp()), *rest) for time, *rest in touches]
        for person, touches in journeys.items()
    }
    assert as_lived(shard) == expected
    assert list(as_lived(shard)) == list(expected)  # persons in order of their first event
    assert list(shard.journeys.landscape.touchpoints) == keys
    assert shard.unbound == left_out


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(event_rows, max_size=6),
    traits=st.lists(trait_rows, max_size=12),
    wanted=st.sampled_from([(), ("segment",), ("city", "segment"), ("unheard of",)]),
)
def test_attributes_are_the_last_traits_of_everybody_with_an_event(rows, traits, wanted):
    shard = lay_out(event_table(rows), Bindings(attributes=wanted), traits=trait_table(traits))
    persons = shard.persons.to_pylist()
    last = {(row["person"], row["name"]): row["value"] or "" for row in traits}
    names = wanted or list(dict.fromkeys(row["name"] for row in traits))
    expected = {name: [last.get((person, name), "") for person in persons] for name in names}
    lived = {a.name: [a.labels[code] for code in a.codes] for a in shard.journeys.attributes}
    assert lived == {name: labels for name, labels in expected.items() if any(labels)}
    for attribute in shard.journeys.attributes:
        assert set(attribute.labels) == set(lived[attribute.name])


def attribute_of(labels_per_person, **options):
    persons = [f"p{at}" for at in range(len(labels_per_person))]
    rows = [
        {"person": person, "name": "city", "value": label}
        for person, label in zip(persons, labels_per_person, strict=True)
    ]
    events = event_table([event(person) for person in persons])
    return lay_out(events, Bindings(**options), traits=trait_table(rows)).journeys.attributes


def test_labels_stand_by_frequency_and_then_name():
    (city,) = attribute_of(["Ulm", "Bonn", "Ulm", "Aachen", None])
    assert city.labels == ("", "Ulm", "Aachen", "Bonn")


def test_above_250_labels_the_rare_ones_are_put_together():
    exactly = [f"city {at:03d}" for at in range(250)]
    (city,) = attribute_of(exactly, attributes=("city",))
    assert len(city.labels) == 250
    assert "…other" not in city.labels
    (city,) = attribute_of(["city 250", *exactly, "city 250", None], attributes=("city",))
    assert city.labels == ("", "city 250", *exactly[:248], "…other")
    assert [city.labels[code] for code in city.codes][-4:] == ["…other", "…other", "city 250", ""]
    assert city.codes.dtype == np.uint8


def test_attributes_nobody_asked_for_are_taken_when_they_have_at_most_50_labels():
    assert len(attribute_of([f"c{at}" for at in range(50)])) == 1
    assert attribute_of([f"c{at}" for at in range(51)]) == ()


def test_touchpoints_that_never_occur_stay_in_the_landscape():
    rules = Bindings(
        touchpoints=(
            TouchpointBinding("never", (BindingRule("nothing"),), phase="buy"),
            TouchpointBinding("pay", (BindingRule("pay"),)),
        ),
        phases=("orient", "buy"),
    )
    journeys = lay_out(event_table([event(), event(name="other")]), rules).journeys
    assert journeys.landscape.touchpoints == ("never", "pay")
    assert journeys.landscape.phase == (2, 0)
    assert journeys.touchpoint.tolist() == [1]


def test_a_name_the_rules_of_its_own_touchpoint_refuse_is_kept_apart():
    late = TouchpointBinding("delivery", (BindingRule("delivery", (Condition("late", Operator.IS, True),)),))
    rows = [event(name="delivery", properties='{"late": true}'), event(name="delivery", second=1)]
    shard = lay_out(event_table(rows), Bindings((late,), unbound_names_are_touchpoints=True))
    assert shard.journeys.landscape.touchpoints == ("delivery", "delivery (event)")
    assert shard.journeys.touchpoint.tolist() == [0, 1]
    assert shard.unbound == 0


def test_one_is_not_true_even_where_two_rules_look_equal_to_python():
    one, true = Condition("x", Operator.IS, 1), Condition("x", Operator.IS, True)
    rules = Bindings((TouchpointBinding("t", (BindingRule("a", (one,)), BindingRule("b", (true,)))),))
    rows = [event(name=name, properties=text) for name in "ab" for text in ('{"x": 1}', '{"x": true}')]
    shard = lay_out(event_table(rows), rules)
    assert (shard.journeys.touches, shard.unbound) == (2, 2)


def test_events_within_one_second_stand_in_their_true_order():
    rows = [
        event(name=str(at)) | {"time": START.replace(microsecond=micro)}
        for at, micro in enumerate([9, 3, 5, 3])
    ]
    shard = lay_out(event_table(rows), Bindings(unbound_names_are_touchpoints=True))
    assert [name for _, name, *_ in as_lived(shard)["anna"]] == ["1", "3", "2", "0"]


def test_the_epoch_is_the_start_of_the_first_year():
    journeys = lay_out(
        event_table([event(), event(second=5)]), Bindings(unbound_names_are_touchpoints=True)
    ).journeys
    assert journeys.epoch == 1_672_531_200  # 2023-01-01
    assert journeys.time.tolist() == [31_535_998, 31_536_003]


def test_times_before_1970_can_be_laid_out():
    row = event() | {"time": START.replace(year=1969)}
    shard = lay_out(event_table([row]), Bindings(unbound_names_are_touchpoints=True))
    assert period_of([shard]).start == -2


def test_times_too_far_apart_are_refused_by_name():
    rows = [event(), event() | {"time": START.replace(year=1950)}]
    with pytest.raises(InvalidJourneysError, match="times from 1950-12-31 to 2023-12-31"):
        lay_out(event_table(rows), Bindings(unbound_names_are_touchpoints=True))


def test_too_many_event_names_are_refused():
    names = [f"n{at}" for at in range(65_536)]
    with pytest.raises(InvalidJourneysError, match="65536 different touchpoints"):
        lay_out(
            event_table([event(name=name) for name in names]), Bindings(unbound_names_are_touchpoints=True)
        )


def test_a_phase_that_does_not_exist_is_refused():
    with pytest.raises(InvalidJourneysError, match="use"):
        lay_out(EVENT_SCHEMA.empty_table(), Bindings((TouchpointBinding("a", (), phase="use"),)))


def test_an_event_without_a_person_is_refused():
    rows = event_table([event(), event(person=None)])
    with pytest.raises(InvalidJourneysError, match="1 events without a person"):
        lay_out(rows, Bindings())


def test_no_events_make_empty_journeys_and_no_period():
    shard = lay_out(EVENT_SCHEMA.empty_table(), Bindings(unbound_names_are_touchpoints=True))
    assert (shard.journeys.persons, shard.journeys.touches) == (0, 0)
    with pytest.raises(InvalidJourneysError, match="no touches"):
        period_of([shard])


def test_persons_may_come_encoded_with_ids_nobody_has():
    table = event_table([event("bert"), event("anna")])
    encoded = pa.DictionaryArray.from_arrays(pa.array([2, 0], pa.int32()), ["anna", "nobody", "bert"])
    table = table.set_column(0, "person", encoded)
    assert lay_out(table, Bindings()).persons.to_pylist() == ["anna", "bert"]


def test_the_period_reaches_from_the_first_to_the_last_touch():
    rules = Bindings(unbound_names_are_touchpoints=True)
    shards = [lay_out(event_table([event(second=at), event(second=at + 7)]), rules) for at in (50, 20)]
    period = period_of(shards)
    assert (period.start, period.end) == (int(START.timestamp()) + 20, int(START.timestamp()) + 57)


def test_the_first_experience_rule_that_holds_wins_over_the_rating():
    slow = ExperienceRule(BAD, (Condition("wait", Operator.ABOVE, 60),))
    fast = ExperienceRule(GOOD, (Condition("wait", Operator.AT_MOST, 100),))
    rules = Bindings((TouchpointBinding("call", (BindingRule("call"),), (slow, fast), NEUTRAL),))
    texts = ['{"wait": 61}', '{"wait": 5}', '{"wait": "?"}', None]
    rows = [event(name="call", second=at, properties=text) for at, text in enumerate(texts)]
    rows[2] |= {"rating": 5, "scale": "csat"}
    assert lay_out(event_table(rows), rules).journeys.experience.tolist() == [BAD, GOOD, GOOD, NEUTRAL]
