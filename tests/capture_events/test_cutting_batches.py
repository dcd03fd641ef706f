"""Cutting a body by its brackets gives what a decoder gives, and more where one event is broken."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.capture.receiving.splitting import cut

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
SPACES = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", " : ")])


@given(
    st.lists(JSON, max_size=5), st.dictionaries(st.text(max_size=5), JSON, max_size=3), SPACES, st.booleans()
)
def test_every_body_a_decoder_reads_is_cut_into_the_same_events(events, others, separators, first):
    others.pop("batch", None)
    body = {"batch": events, **others} if first else {**others, "batch": events}
    found = cut(json.dumps(body, separators=separators).encode())
    assert [json.dumps(json.loads(one)) for one in found.events] == [json.dumps(one) for one in events]
    for key, value in others.items():
        if key.isascii() and key.isprintable() and not set(key) & set('"\\'):
            assert json.dumps(json.loads(found.members[key])) == json.dumps(value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"x",
        b'{"batch":1}',
        b'{"batch":[',
        b'{"batch":[}',
        b'{"batch":[]}}',
        b'{"batch":[]}[]',
        b'{"other":[1]}',
        b'{"batch":"[]"',
    ],
)
def test_what_is_no_batch_is_not_cut(body):
    assert cut(body) is None


def test_brackets_and_quotes_inside_texts_cut_nothing():
    body = {"batch": [{"x": '],"}{\\"'}, {"y": "\\"}], "writeKey": "k"}
    found = cut(json.dumps(body).encode())
    assert [json.loads(one) for one in found.events] == body["batch"]
    assert found.members["writeKey"] == b'"k"'


def test_a_broken_event_stands_beside_the_good_ones():
    found = cut(b'{"batch":[{"a":1},{"b":NaN},{oops},{"c":"\xff"}]}')
    assert found.events == [b'{"a":1}', b'{"b":NaN}', b"{oops}", b'{"c":"\xff"}']


@given(st.binary(max_size=300))
def test_any_bytes_can_be_looked_at(content):
    cut(content)
