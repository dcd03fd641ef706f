"""What the worker makes of a batch: each event a message, or refused with the reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.capture.events.contracts import Circumstances, Link, Read, Reason
from wegmarke.capture.events.reading import read_batch

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TRACK = {"type": "track", "event": "Order Completed", "userId": "u1", "messageId": "m1"}


def read(*events, sent_at=None, **body) -> list[Read]:
    content = json.dumps({"batch": list(events), "sentAt": sent_at, **body}).encode()
    return list(read_batch(content, Circumstances("", NOW)).events)


def only(event, **body):
    (one,) = read(event, **body)
    assert one.message, one.refusal
    return one.message


def refused(event) -> tuple[Reason, str]:
    good, bad = read(TRACK, event)
    assert good.message
    assert bad.refusal, bad.message
    return bad.refusal.reason, bad.refusal.detail


def test_a_track_is_an_event_of_its_person_at_its_time():
    message = only(TRACK | {"timestamp": "2026-03-01T11:00:00.500Z", "properties": {"revenue": 12.5}})
    assert message.person == "u1"
    assert message.time == datetime(2026, 3, 1, 11, 0, 0, 500_000, UTC)
    assert message.happened.name == "Order Completed"
    assert message.happened.value == 12.5
    assert json.loads(message.happened.properties) == {"revenue": 12.5}


def test_a_page_is_one_event_whatever_page_it_is():
    message = only({"type": "page", "name": "Home", "userId": "u1", "properties": {"path": "/"}})
    assert message.happened.name == "Page Viewed"
    assert json.loads(message.happened.properties) == {"path": "/", "name": "Home"}


def test_traits_are_also_read_from_where_clients_of_rudderstack_put_them():
    said = {"type": "identify", "userId": "u1", "context": {"traits": {"plan": "gold"}}}
    assert only(said).traits == {"plan": "gold"}
    assert only(said | {"traits": {"plan": "blue"}}).traits == {"plan": "blue"}
    assert only(TRACK | {"context": {"traits": {"plan": "gold"}}}).traits == {}
    assert only(said).content != only(said | {"context": {"traits": {"plan": "blue"}}}).content


def test_the_page_and_the_campaign_come_from_the_context_without_what_identifies_anybody():
    context = {
        "page": {
            "path": "/shop",
            "url": "https://a.example/shop?mail=a@b.example#x",
            "referrer": "https://b.example/?q=1",
        },
        "campaign": {"name": "spring", "source": "news"},
        "userAgent": "Mozilla",
        "device": {"advertisingId": "x"},
    }
    message = only({"type": "page", "userId": "u1", "context": context})
    assert json.loads(message.happened.properties) == {
        "path": "/shop",
        "url": "https://a.example/shop",
        "referrer": "https://b.example/",
        "campaign": {"name": "spring", "source": "news"},
    }


def test_an_identify_gives_traits_and_links_the_visitor_to_the_person():
    message = only(
        {
            "type": "identify",
            "userId": "u1",
            "anonymousId": "a1",
            "traits": {"plan": "gold", "seats": 3, "address": {"city": "Köln"}, "beta": True},
        }
    )
    assert message.happened is None
    assert message.traits == {"plan": "gold", "seats": "3", "beta": "true", "address.city": "Köln"}
    assert message.link == Link("~a:a1", "u1", "identify")


def test_a_group_says_which_account_a_person_belongs_to():
    message = only({"type": "group", "userId": "u1", "groupId": "g1", "traits": {"name": "ACME"}})
    assert message.traits == {"account": "g1", "account.name": "ACME"}


def test_an_alias_links_the_id_used_before():
    message = only({"type": "alias", "userId": "u1", "previousId": "a1"})
    assert message.link == Link("~a:a1", "u1", "alias")
    assert message.happened is None


def test_a_known_id_can_never_pass_for_a_visitor():
    assert (
        only(TRACK | {"userId": "~a:x"}).person != only(TRACK | {"userId": None, "anonymousId": "x"}).person
    )


@given(st.text(max_size=20), st.text(max_size=20))
def test_two_ids_never_share_an_identifier(one, other):
    from wegmarke.people import identifiers

    written = [
        identifiers.known(one),
        identifiers.visitor(one),
        identifiers.known(other),
        identifiers.visitor(other),
    ]
    assert len(set(written)) == (2 if one == other else 4)
    assert identifiers.shown(identifiers.known(one)) == identifiers.shown(identifiers.visitor(one)) == one


def test_names_of_the_first_ecommerce_specification_count_as_the_names_of_the_second():
    assert only(TRACK | {"event": "Completed Order"}).happened.name == "Order Completed"


def test_what_no_database_keeps_is_left_out_of_ids_names_and_traits():
    message = only(TRACK | {"userId": "u\x001", "event": "Order\x00 Completed"})
    assert (message.person, message.happened.name) == ("u1", "Order Completed")
    assert only({"type": "identify", "userId": "u", "traits": {"a\x00": "b\x00c"}}).traits == {"a": "bc"}


def test_numbers_count_as_ids():
    assert only(TRACK | {"userId": 17}).person == "17"


@pytest.mark.parametrize(
    ("event", "reason", "says"),
    [
        (TRACK | {"event": ["x"]}, Reason.WRONG_TYPE, "$.event"),
        (TRACK | {"properties": "x"}, Reason.WRONG_TYPE, "$.properties"),
        ("text", Reason.WRONG_TYPE, "object"),
        (TRACK | {"type": "purchase"}, Reason.UNKNOWN_TYPE, "purchase"),
        ({"event": "x", "userId": "u"}, Reason.UNKNOWN_TYPE, "type"),
        (TRACK | {"userId": ""}, Reason.NOBODY, "userId"),
        (TRACK | {"userId": None, "anonymousId": None}, Reason.NOBODY, "anonymousId"),
        (TRACK | {"event": " "}, Reason.NO_NAME, "name"),
        ({"type": "group", "userId": "u"}, Reason.NO_NAME, "groupId"),
        ({"type": "alias", "userId": "u"}, Reason.NOBODY, "previousId"),
        (TRACK | {"event": "x" * 10_000}, Reason.TOO_LONG, "10000 characters"),
        (TRACK | {"userId": "x" * 256}, Reason.TOO_LONG, "userId"),
        (TRACK | {"properties": {"x": "y" * 40_000}}, Reason.TOO_LONG, "bytes"),
        (TRACK | {"timestamp": "0001-01-01T00:00:00+14:00"}, Reason.TIME, "0001"),
        (TRACK | {"timestamp": "9999-12-31T23:59:59Z"}, Reason.TIME, "9999"),
        (TRACK | {"timestamp": "yesterday"}, Reason.TIME, "yesterday"),
        (TRACK | {"timestamp": "2026-03-02T12:00:00Z"}, Reason.TIME, "future"),
        (TRACK | {"properties": {"x": float("nan")}}, Reason.MALFORMED, ""),
        (TRACK | {"properties": {"x": float("-inf")}}, Reason.MALFORMED, ""),
    ],
)
def test_a_bad_event_is_refused_alone_with_what_and_where(event, reason, says):
    assert refused(event)[0] == reason
    assert says in refused(event)[1]


def test_invalid_utf8_costs_only_its_own_event():
    content = b'{"batch":[' + json.dumps(TRACK).encode() + b',{"type":"track","event":"\xff","userId":"u"}]}'
    good, bad = read_batch(content, Circumstances("", NOW)).events
    assert good.message
    assert bad.refusal.reason == Reason.MALFORMED


def test_deep_nesting_costs_only_its_own_event():
    deep = (
        b'{"type":"track","event":"x","userId":"u","properties":{"x":' + b"[" * 5_000 + b"]" * 5_000 + b"}}"
    )
    content = b'{"batch":[' + json.dumps(TRACK).encode() + b"," + deep + b"]}"
    events = read_batch(content, Circumstances("", NOW)).events
    assert [bool(one.message) for one in events] == [True, False]
    assert events[1].refusal.reason == Reason.TOO_DEEP


def test_a_wrong_clock_is_set_right_by_when_the_batch_was_sent():
    sent = NOW - timedelta(hours=2)  # by a clock two hours behind
    message = only(TRACK | {"timestamp": "2026-03-01T09:55:00Z"}, sent_at=sent.isoformat())
    assert message.time == datetime(2026, 3, 1, 11, 55, tzinfo=UTC)


def test_the_way_through_the_network_is_not_taken_for_a_wrong_clock():
    message = only(
        TRACK | {"timestamp": "2026-02-01T09:55:00Z"}, sent_at=(NOW - timedelta(seconds=3)).isoformat()
    )
    assert message.time == datetime(2026, 2, 1, 9, 55, tzinfo=UTC)


@pytest.mark.parametrize("sent_at", ["0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "x", 7, None, ["x"]])
def test_a_stamp_of_sending_that_cannot_be_true_corrects_nothing(sent_at):
    message = only(TRACK | {"timestamp": "2026-02-01T09:55:00Z"}, sent_at=sent_at)
    assert message.time == datetime(2026, 2, 1, 9, 55, tzinfo=UTC)


def test_a_time_a_moment_ahead_of_ours_is_now():
    assert only(TRACK | {"timestamp": "2026-03-01T12:00:04Z"}).time == NOW


def test_one_event_by_its_path_needs_no_type():
    content = json.dumps({"event": "x", "userId": "u", "sentAt": "2026-03-01T12:00:00Z"}).encode()
    (one,) = read_batch(content, Circumstances("track", NOW)).events
    assert one.message.happened.name == "x"


def test_the_same_message_sent_again_has_the_same_content():
    one = only(TRACK | {"timestamp": "2026-03-01T11:00:00Z", "sentAt": "2026-03-01T11:00:01Z"})
    again = only(TRACK | {"sentAt": "2026-03-01T11:30:00Z", "timestamp": "2026-03-01T11:00:00Z"})
    other = only(TRACK | {"timestamp": "2026-03-01T11:00:00Z", "properties": {"x": 1}})
    assert one.content == again.content != other.content


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [
    "type",
    "event",
    "userId",
    "anonymousId",
    "properties",
    "traits",
    "timestamp",
    "context",
    "groupId",
    "previousId",
    "name",
]


@given(
    st.lists(
        JSON
        | st.dictionaries(
            st.sampled_from(FIELDS),
            JSON | st.sampled_from(["track", "page", "identify", "group", "alias"]),
            max_size=6,
        ),
        max_size=4,
    )
)
def test_whatever_comes_is_read_or_refused_one_for_one(events):
    content = json.dumps({"batch": events}).encode()
    result = read_batch(content, Circumstances("", NOW)).events
    assert len(result) == len(events)
    assert all((one.message is None) != (one.refusal is None) for one in result)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_and_never_raise(content):
    assert read_batch(content, Circumstances("", NOW)).events is not None
