"""Global Privacy Control and Do Not Track are honoured before anything is kept; every event is counted."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.event_api import ask, basic, kept
from wegmarke.capture import counting
from wegmarke.capture.events import moving
from wegmarke.capture.events.consenting import CHOICES
from wegmarke.capture.inbox import InboxBatch, RefusedEvent, SourceDay
from wegmarke.capture.receiving.signals import honour, mentioned
from wegmarke.capture.sources import services
from wegmarke.people import queries as people
from wegmarke.people.consent import services as consent
from wegmarke.people.consent.contracts import Channel
from wegmarke.people.consent.models import ConsentFact
from wegmarke.people.models import Fact

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WHO = {"userId": "lou", "anonymousId": "device-1"}
SEEN = {
    "type": "track",
    "event": "Product Viewed",
    "messageId": "m-1",
    "timestamp": "2026-03-01T10:00:00Z",
    "properties": {"sku": "4711", "email": "lou@example.com"},
    "context": {"page": {"path": "/boots"}, "traits": {"email": "lou@example.com"}, "device": {"id": "d"}},
    **WHO,
}
IDENTIFIED = {"type": "identify", "messageId": "m-2", "traits": {"email": "lou@example.com"}, **WHO}
FIELDS = ["type", "event", "messageId", "userId", "anonymousId", "properties", "context", "gpc", "consent"]
FIELDS += ["categoryPreferences", "ads"]
BATCH = {"batch": [SEEN, IDENTIFIED], "sentAt": "2026-03-01T10:00:01Z", "context": {"traits": {"a": "lou"}}}


def read(body=BATCH, **given):
    content = json.dumps(body).encode()
    events = len(body["batch"]) if "batch" in body else 1
    kept, declined = honour(
        content, **{"kind": "", "events": events, "everyone": True, "decline": False} | given
    )
    return json.loads(kept), declined


def day() -> dict[str, int]:
    counts = SourceDay.objects.values(*counting.COUNTED).get()
    assert counting.accounts().missing == 0
    return {name: count for name, count in counts.items() if count}


def test_what_happened_stays_and_who_it_was_goes():
    body, declined = read()
    (event,) = body["batch"]
    assert declined == 1
    assert "lou" not in json.dumps(body)
    assert "device-1" not in json.dumps(body)
    assert (event["event"], event["properties"]) == ("Product Viewed", {"sku": "4711"})
    assert event["context"] == {"page": {"path": "/boots"}}
    assert (body["sentAt"], event["timestamp"]) == ("2026-03-01T10:00:01Z", "2026-03-01T10:00:00Z")


def test_no_two_events_are_of_the_same_visitor_and_the_same_event_is_the_same_again():
    other = SEEN | {"messageId": "m-3"}
    events = read({"batch": [SEEN, other, SEEN]})[0]["batch"]
    one, two, again = (event["anonymousId"] for event in events)
    assert one == again
    assert one != two
    nameless = {name: value for name, value in SEEN.items() if name != "messageId"}
    first, second = (read({"batch": [nameless]})[0]["batch"][0] for _ in range(2))
    assert first == second


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from(["track", "identify", "lou", *sorted(CHOICES)]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=12,
)


@given(values, st.sampled_from(["", "track", "identify"]), st.booleans(), st.booleans())
def test_whatever_comes_is_read_and_counted(event, kind, everyone, decline):
    if kind and not isinstance(event, dict):
        return
    body = event if kind else {"batch": [event, event]}
    found, declined = read(body, kind=kind, events=1 if kind else 2, everyone=everyone, decline=decline)
    left = found["batch"] if "batch" in found and (not kind or declined) else [found]
    assert len(left) + declined == (1 if kind else 2)


@pytest.mark.parametrize(
    "wrong", [{"event": {"email": "lou@example.com"}}, {"type": ["track"]}, {"type": {"a": 1}}]
)
def test_what_has_the_wrong_shape_is_declined_and_not_kept_to_be_looked_at(wrong):
    assert read({"batch": [SEEN | wrong]}) == ({"batch": []}, 1)


def test_a_single_event_on_its_own_path_is_read_by_its_path():
    pathless = {name: value for name, value in IDENTIFIED.items() if name != "type"}
    assert read(pathless, kind="identify") == ({"batch": []}, 1)
    event, declined = read({"event": "x", **WHO}, kind="track")
    assert (declined, "userId" in event) == (0, False)


def test_only_events_that_carry_the_signal_are_meant_where_the_request_does_not():
    watched = SEEN | {"messageId": "m-4"}
    for name, value in (("gpc", True), ("globalPrivacyControl", "1"), ("doNotTrack", 1)):
        asking = SEEN | {"context": {name: value}}
        assert mentioned(json.dumps({"batch": [asking]}).encode())
        events = read({"batch": [asking, watched]}, everyone=False)[0]["batch"]
        assert ["userId" in event for event in events] == [False, True]
    assert not mentioned(json.dumps(BATCH).encode())
    watched = SEEN | {"context": {"gpc": False}}
    assert read({"batch": [watched]}, everyone=False) == ({"batch": [watched]}, 0)


def test_what_cannot_be_read_is_not_kept():
    for content in (b'{"batch":[{"x":NaN}]}', b"\xff", b'{"batch":[3,null]}'):
        given = {"kind": "", "events": 2, "everyone": True, "decline": False}
        assert json.loads(honour(content, **given)[0]) == {"batch": []}
    asking = b'{"batch":[{"context":{"gpc":true},"x":NaN},{}]}'
    assert honour(asking, kind="", events=2, everyone=False, decline=False) == (b'{"batch":[]}', 2)


CHOICE = {
    "type": "track",
    "event": "Segment Consent Preference Updated",
    "messageId": "m-5",
    "context": {"consent": {"categoryPreferences": {"ads": False, "statistics": True}}},
    **WHO,
}


def test_a_no_in_a_banner_is_kept_with_whose_it_is_and_nothing_else():
    for decline in (True, False):
        (event,) = read({"batch": [CHOICE]}, decline=decline)[0]["batch"]
        assert (event["userId"], "anonymousId" in event) == ("lou", False)
        assert event["context"] == {"consent": {"categoryPreferences": {"ads": False}}}
    agreed = CHOICE | {"context": {"consent": {"categoryPreferences": {"ads": True}}}}
    assert read({"batch": [agreed]}) == ({"batch": []}, 1)
    assert read({"batch": [CHOICE | {"userId": "", "anonymousId": None}]}) == ({"batch": []}, 1)


@pytest.mark.parametrize("header", [{"sec_gpc": "1"}, {"dnt": "1"}])
def test_a_browser_that_asks_is_recorded_as_nobody(api, browser_key, header):
    body = json.dumps(BATCH).encode()
    for _ in range(2):  # sent again, it counts once
        assert ask(api, body, authorization=basic(browser_key), **header)[0] == 200
    assert counting.accounts().missing == 0
    moving.move_some(now=datetime.now(UTC))
    assert not Fact.objects.exists()
    assert not RefusedEvent.objects.exists()
    assert day() == {"received": 4, "moved": 1, "known": 1, "declined": 2}


def test_a_source_may_keep_nothing_of_them(api, source, browser_key):
    services.change_source(source=source, name="Shop", origins=[], declines_signals=True, by=None)
    assert ask(api, json.dumps(BATCH).encode(), authorization=basic(browser_key), sec_gpc="1")[0] == 200
    one = json.dumps(SEEN).encode()
    assert ask(api, one, path="/v1/track", authorization=basic(browser_key), sec_gpc="1")[0] == 200
    assert [one["batch"] for one in kept()] == [[], []]
    moving.move_some(now=datetime.now(UTC))
    assert day() == {"received": 3, "declined": 3}


def test_signals_of_servers_and_of_browsers_that_do_not_ask_change_nothing(api, browser_key, server_key):
    body = json.dumps(BATCH).encode()
    ask(api, body, authorization=basic(server_key), sec_gpc="1")
    ask(api, body, authorization=basic(browser_key), sec_gpc="0", dnt="0")
    assert kept() == [BATCH, BATCH]


def test_a_choice_in_a_banner_becomes_consent_with_the_batch(api, browser_key):
    consent.mean(category="ads", purpose="advertising", channel=Channel.WEB, wording=None, by=None, now=NOW)
    ask(api, json.dumps({"batch": [CHOICE]}).encode(), authorization=basic(browser_key), sec_gpc="1")
    ask(api, json.dumps({"batch": [CHOICE]}).encode(), authorization=basic(browser_key))
    moving.move_some(now=datetime.now(UTC))
    people.forget()
    (fact,) = ConsentFact.objects.all()
    assert (fact.identifier, fact.says, fact.how, fact.place) == ("lou", "withdrawn", "event", "Shop")


def test_refused_events_and_those_sent_on_again_stay_accounted_for(api, browser_key):
    body = json.dumps({"batch": [SEEN | {"event": ""}, IDENTIFIED]}).encode()
    ask(api, body, authorization=basic(browser_key), sec_gpc="1")
    moving.move_some(now=datetime.now(UTC))
    assert day() == {"received": 2, "refused": 1, "declined": 1}
    (refused,) = RefusedEvent.objects.all()
    assert b"lou" not in bytes(refused.content)
    services.send_again(events=[refused.pk], by=None)
    assert InboxBatch.objects.get().declined == 0
    moving.move_some(now=datetime.now(UTC))
    assert day() == {"received": 2, "refused": 1, "declined": 1}


def test_a_batch_that_ends_the_worker_is_set_aside_with_what_is_left_of_it(api, browser_key):
    ask(api, json.dumps(BATCH).encode(), authorization=basic(browser_key), sec_gpc="1")
    InboxBatch.objects.update(attempts=moving.HOPELESS)
    moving.move_some(now=datetime.now(UTC))
    assert day() == {"received": 2, "refused": 1, "declined": 1}


def test_of_a_body_that_is_no_json_nothing_is_kept_for_it_may_say_who(api, browser_key):
    for header, kept_bodies in (({"sec_gpc": "1"}, 0), ({}, 1)):
        assert ask(api, b'{"userId":"lou', authorization=basic(browser_key), **header)[0] == 400
        assert RefusedEvent.objects.count() == kept_bodies
