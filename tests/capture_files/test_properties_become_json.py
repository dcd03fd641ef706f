import json

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.capture.files.properties import json_objects


def objects(columns, **options):
    batch = pa.RecordBatch.from_pydict(columns)
    return [
        text and json.loads(text) for text in json_objects(batch, batch.schema.names, **options).to_pylist()
    ]


@given(rows=st.lists(st.tuples(st.text(max_size=10), st.text(max_size=10)), min_size=1, max_size=10))
def test_any_text_is_kept_as_it_is_or_as_the_number_it_spells(rows):
    columns = {"a": [a for a, _ in rows], 'b "\\\n': [b for _, b in rows]}
    for found, row in zip(objects(columns), rows, strict=True):
        for key, text in zip(columns, row, strict=True):
            value = (found or {}).get(key)
            trimmed = text.strip()
            if isinstance(value, bool):
                assert trimmed.lower() == json.dumps(value)
            elif isinstance(value, int | float):
                assert float(trimmed) == value
            elif value is not None:
                assert value
                assert value in text
            else:
                assert not trimmed or trimmed.isspace()


def test_numbers_and_truths_are_told_from_codes():
    found = objects({"a": ["12", "-1.5", "007", "1e5", "TRUE", "false", "12,5", "", None, "+4"]})
    expected = [12, -1.5, "007", "1e5", True, False, "12,5", None, None, "+4"]
    assert [row and row["a"] for row in found] == expected


def test_a_comma_before_decimals_is_a_number_where_that_is_usual():
    assert objects({"a": ["12,5", "1.5", "1.234,5"]}, decimal=",") == [
        {"a": 12.5},
        {"a": 1.5},
        {"a": "1.234,5"},
    ]


def test_numbers_that_json_does_not_know_are_left_out():
    assert objects({"a": [1.5, float("nan"), float("inf"), None]}) == [{"a": 1.5}, None, None, None]


def test_control_characters_are_escaped():
    assert objects({"a": ["a\tb", "c\x00d", 'e"f\\g']}) == [{"a": "a\tb"}, {"a": "c\x00d"}, {"a": 'e"f\\g'}]
