"""What the front door makes of a body: how many events, whose key, or why it cannot be used."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.capture.receiving.envelope import MalformedError, TooLargeError, inflated, opened

BODY = json.dumps({"batch": [{"a": 1}, {"b": 2}], "writeKey": "WK"}).encode()


def test_a_batch_says_how_many_events_and_whose_key():
    envelope = opened(BODY, single=False)
    assert (envelope.events, envelope.write_key, envelope.content) == (2, "WK", BODY)


def test_one_event_is_one_event():
    assert opened(b'{"event":"x","writeKey":"k"}', single=True).events == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b'{"batch":7}', b'{"batch":[}', b"\xff\xfe", b"{}"])
def test_what_is_no_batch_is_refused_as_a_whole(body):
    with pytest.raises(MalformedError, match="batch"):
        opened(body, single=False)


def test_a_batch_with_one_broken_event_is_taken_for_the_sake_of_the_others():
    assert opened(b'{"batch":[{"a":1},{"b":NaN},{"c":"\xff"}],"writeKey":"k"}', single=False).events == 3


def test_too_many_events_in_a_batch_are_refused_as_a_whole():
    with pytest.raises(MalformedError, match="10001"):
        opened(b'{"batch":[' + b",".join([b"1"] * 10_001) + b"]}", single=False)


def test_network_addresses_are_never_kept():
    body = {
        "batch": [
            {
                "context": {"ip": "10.0.0.1", "page": {"ip": "10.0.0.2"}},
                "properties": {"IP_Address": "10.0.0.3", "trip": "x"},
            }
        ]
    }
    kept = opened(json.dumps(body).encode(), single=False).content
    assert json.loads(kept) == {"batch": [{"context": {"page": {}}, "properties": {"trip": "x"}}]}


@pytest.mark.parametrize("key", ["ip", "$ip", "IP_ADDRESS", "ipAddress"])
def test_network_addresses_are_blotted_out_of_a_body_that_is_no_json_as_a_whole(key):
    body = b'{"batch":[{"a":"\xff"},{"context":{"' + key.encode() + b'" : "10.0.0.\\"1"},"b":2}]}'
    kept = opened(body, single=False).content
    assert b"10.0.0" not in kept
    assert b'"b":2' in kept


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_packed_bodies_are_unpacked(pack):
    assert inflated(pack(BODY), "gzip", most=1000) == BODY


def test_a_bomb_is_refused_before_it_fills_the_memory():
    with pytest.raises(TooLargeError):
        inflated(gzip.compress(b" " * 50_000_000), "gzip", most=1_000_000)


@given(st.integers(0, len(gzip.compress(BODY)) - 1))
def test_a_packed_body_that_breaks_off_is_refused(length):
    with pytest.raises(MalformedError):
        inflated(gzip.compress(BODY, mtime=0)[:length], "gzip", most=1000)


def test_an_unknown_packing_is_named():
    with pytest.raises(MalformedError, match="br"):
        inflated(b"x", "br", most=1000)
