from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_strategies import KEYS, conditions, properties

from wegmarke.record import properties as fast
from wegmarke.record.conditions import MISSING, holds, look_up
from wegmarke.record.contracts import Condition, Operator


@pytest.mark.parametrize(
    ("operator", "wanted", "fulfilled_by", "not_by"),
    [
        (Operator.IS, 1, [1, 1.0, "1", "1.0"], [True, "one", 2, [1], {"a": 1}, None, MISSING]),
        (Operator.IS, "1", [1, "1.00"], ["eins", True]),
        (Operator.IS, True, [True, "true", " TRUE "], [1, "1", False, "yes"]),
        (Operator.IS, "late", ["late"], ["Late", "late ", MISSING]),
        (Operator.IS_NOT, "late", ["early", 3, ["late"]], ["late", None, MISSING]),
        (Operator.IN, ("a", 2, False), ["a", 2, "2", False, "false"], ["b", 0, MISSING, None]),
        (Operator.ABOVE, 60, [60.5, "61"], [60, "60", "many", True, MISSING, [70]]),
        (Operator.AT_LEAST, 60, [60, "60.0", 61], [59.9, MISSING]),
        (Operator.BELOW, 0, [-1, "-0.5"], [0, MISSING, "", None]),
        (Operator.AT_MOST, "5", [5, "4"], [5.1, "x"]),
        (Operator.ABOVE, "2024-01-05", ["2024-02-01"], ["2023-12-31", 2025, MISSING]),
        (Operator.EXISTS, None, [0, "", False, [], {}], [None, MISSING]),
        (Operator.EXISTS, True, [0], [MISSING]),
        (Operator.EXISTS, False, [None, MISSING], [0, ""]),
        (Operator.CONTAINS, "karte", ["Kreditkarte", "KARTE"], ["kart", 5, MISSING]),
        (Operator.CONTAINS, 2, [[1, 2], ["2"]], ["2", [3], []]),
    ],
)
def test_each_operator_holds_where_people_expect_it(operator, wanted, fulfilled_by, not_by):
    condition = Condition("any", operator, wanted)
    assert [value for value in fulfilled_by if not holds(condition, value)] == []
    assert [value for value in not_by if holds(condition, value)] == []


def test_texts_that_only_look_like_numbers_are_texts():
    for text in ["1_000", "nan", "inf", "-inf", "1e999", "0x10", "+", "."]:
        assert not holds(Condition("any", Operator.ABOVE, -1), text)
    assert not holds(Condition("any", Operator.ABOVE, 0), 10**400)


def test_a_key_with_dots_wins_over_the_path():
    assert look_up({"a.b": 1, "a": {"b": 2}}, "a.b") == 1
    assert look_up({"a": {"b": 2}}, "a.b") == 2
    assert look_up({"a": [5, {"b": 6}]}, "a.1.b") == 6
    assert look_up({"a": [5]}, "a.01") is MISSING
    assert look_up({"a": 1}, "a.b") is MISSING
    assert look_up(None, "a") is MISSING


def slow(text, condition):
    """Decode one text and look, the obvious way."""
    try:
        decoded = json.loads(text) if text is not None else None
    except ValueError:
        decoded = None
    return holds(condition, look_up(decoded, condition.key))


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(properties, st.booleans()), max_size=20),
    wanted=st.lists(conditions, min_size=1, max_size=4),
)
def test_the_fast_way_decides_like_the_obvious_one(rows, wanted):
    column = pa.chunked_array([pa.array([text for text, _ in rows], pa.string())])
    selected = np.array([chosen for _, chosen in rows], np.bool_)
    truths = fast.evaluate(column, selected, wanted)
    expected = [[slow(text, condition) for text, chosen in rows if chosen] for condition in wanted]
    assert [truth.tolist() for truth in truths] == expected


def test_keys_cannot_reach_into_the_query():
    """Every odd key finds its own value and nothing else."""
    odd = [*KEYS, "'; DROP TABLE properties; --", "$", "$.a", "*", "a[0]", "?", "\\", '"', "\u2028", "/a"]
    for key in odd:
        column = pa.chunked_array(
            [[json.dumps({key: "here", "a": "elsewhere"} if key != "a" else {"a": "here"})]]
        )
        (found,) = fast.evaluate(column, np.array([True]), [Condition(key, Operator.IS, "here")])
        assert found.tolist() == [True], key


def test_the_order_of_many_events_stays():
    count = 400_000
    texts = pa.array([f'{{"n": {at % 1000}}}' for at in range(count)])
    (found,) = fast.evaluate(
        pa.chunked_array([texts]), np.ones(count, np.bool_), [Condition("n", Operator.BELOW, 500)]
    )
    assert np.array_equal(found, np.arange(count) % 1000 < 500)


def test_blocks_are_put_together_in_order(monkeypatch):
    monkeypatch.setattr(fast, "BLOCK", 3)
    texts = [f'{{"n": {at}}}' for at in range(11)]
    selected = np.array([at % 4 != 1 for at in range(11)])
    selected[3:6] = False
    (found,) = fast.evaluate(pa.chunked_array([texts]), selected, [Condition("n", Operator.ABOVE, 6)])
    assert found.tolist() == [at > 6 for at in range(11) if selected[at]]


def test_threads_do_not_see_each_others_events():
    def found(at):
        texts = pa.chunked_array([[f'{{"n": {at}}}'] * 5000])
        conditions = [Condition("n", Operator.IS, other) for other in range(4)]
        return [int(truth.sum()) for truth in fast.evaluate(texts, np.ones(5000, np.bool_), conditions)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(found, [0, 1, 2, 3] * 5))
    assert answers == [[5000 if other == at else 0 for other in range(4)] for at in [0, 1, 2, 3] * 5]
