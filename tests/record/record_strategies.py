"""Events, traits and bindings as Hypothesis makes them: ties, gaps, odd names, properties of every kind."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pyarrow as pa
from hypothesis import strategies as st

from wegmarke.analysis.journeys import Experience, StartedBy
from wegmarke.record.contracts import (
    EVENT_SCHEMA,
    TRAITS_SCHEMA,
    BindingRule,
    Bindings,
    Condition,
    ExperienceRule,
    Operator,
    TouchpointBinding,
)

START = datetime(2023, 12, 31, 23, 59, 58, tzinfo=UTC)
NAMES = ["pay", "pay_failed", "pay\nagain", "newsletter", "call", "", "a*b", "Größe"]
PATTERNS = ["pay", "pay*", "*", "*ed", "p*y*", "newsletter", "a*b", "nothing", "*\nagain", ""]
PHASES = ("orient", "buy", "use")

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([0.5, 1.0, 2.5]),
    st.sampled_from(["1", "1.0", "true", "late", "Late delivery", "2024-01-05", ""]),
)
values = st.one_of(
    scalars, st.lists(scalars, max_size=2), st.dictionaries(st.sampled_from("ab"), scalars, max_size=2)
)
KEYS = ["a", "b", "a.b", "b.0", "a/b", "c~d", "", "a..b", 'q"$']
properties = st.one_of(
    st.none(),
    st.dictionaries(st.sampled_from(KEYS), values, max_size=3).map(json.dumps),
    st.sampled_from(["[1]", "1", '{"a": 1', "null", "", "nonsense"]),
)
conditions = st.one_of(
    st.builds(
        Condition, st.sampled_from(KEYS), st.just(Operator.EXISTS), st.sampled_from([None, True, False])
    ),
    st.builds(
        Condition,
        st.sampled_from(KEYS),
        st.sampled_from([one for one in Operator if one not in {Operator.EXISTS, Operator.IN}]),
        scalars.filter(lambda value: value is not None),
    ),
    st.builds(
        Condition,
        st.sampled_from(KEYS),
        st.just(Operator.IN),
        st.lists(scalars.filter(lambda value: value is not None), max_size=3).map(tuple),
    ),
)
where = st.lists(conditions, max_size=2).map(tuple)
touchpoint_bindings = st.builds(
    TouchpointBinding,
    st.just("key"),
    st.lists(st.builds(BindingRule, st.sampled_from(PATTERNS), where), max_size=3).map(tuple),
    st.lists(st.builds(ExperienceRule, st.sampled_from(list(Experience)[1:]), where), max_size=2).map(tuple),
    st.sampled_from(list(Experience)),
    st.sampled_from([None, *PHASES]),
    st.sampled_from(list(StartedBy)),
)


@st.composite
def bindings(draw, attributes=()):
    """Touchpoints with different keys, some of which are event names as well."""
    made = draw(st.lists(touchpoint_bindings, max_size=4))
    keys = draw(st.permutations(["pay", "call", "Zahlung", "Anruf", "pay (event)"]))
    return Bindings(
        touchpoints=tuple(
            TouchpointBinding(key, one.rules, one.experience, one.otherwise, one.phase, one.started_by)
            for key, one in zip(keys, made, strict=False)
        ),
        phases=PHASES,
        unbound_names_are_touchpoints=draw(st.booleans()),
        attributes=tuple(attributes),
    )


event_rows = st.fixed_dictionaries(
    {
        "person": st.sampled_from(["anna", "bert", "çelik", ""]),
        "time": st.sampled_from([0, 1, 1_000_000, 1_000_001, 1_999_999, 3_000_000, 90_000_000]).map(
            lambda microseconds: START + timedelta(microseconds=microseconds)
        ),
        "name": st.sampled_from(NAMES),
        "rating": st.sampled_from(
            [None, float("nan"), -1, -0.5, 0, 1, 2, 2.5, 3, 4, 5, 6, 6.5, 7, 8, 9, 10, 11]
        ),
        "scale": st.sampled_from([None, "csat", "ces", "nps", "bad-neutral-good", "stars"]),
        "value": st.sampled_from([None, 0.0, 19.5]),
        "properties": properties,
    }
)
trait_rows = st.fixed_dictionaries(
    {
        "person": st.sampled_from(["anna", "bert", "nobody"]),
        "name": st.sampled_from(["segment", "city"]),
        "value": st.sampled_from([None, "", "gold", "silver", "Bonn"]),
    }
)


def event_table(rows, pieces: int = 1) -> pa.Table:
    """Make a table of events in several chunks, each with a dictionary of its own."""
    size = max(1, -(-len(rows) // pieces))
    parts = [rows[at : at + size] for at in range(0, len(rows), size)]
    return pa.concat_tables(
        [EVENT_SCHEMA.empty_table(), *(pa.Table.from_pylist(part, schema=EVENT_SCHEMA) for part in parts)]
    )


def trait_table(rows) -> pa.Table:
    """Make a table of traits."""
    return pa.Table.from_pylist(rows, schema=TRAITS_SCHEMA)


def event(person: str = "anna", second: int = 0, name: str = "pay", **more):
    """Return one event as a row."""
    row = {"person": person, "time": START + timedelta(seconds=second), "name": name}
    return {**dict.fromkeys(("rating", "scale", "value", "properties")), **row, **more}
