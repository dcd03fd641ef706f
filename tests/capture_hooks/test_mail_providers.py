"""Reports of mail providers, in the shapes they document, through the running site."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request

import pytest

from wegmarke.capture.hooks import mail
from wegmarke.capture.hooks.contracts import Scheme
from wegmarke.capture.inbox import InboxBatch, RefusedEvent

pytestmark = pytest.mark.django_db(transaction=True)

MESSAGE = {
    "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
    "Recipient": "anna@example.com",
    "Tag": "welcome",
    "Metadata": {"user_id": "K-1"},
    "ServerID": 23,
    "MessageStream": "outbound",
}
POSTMARK = [
    ({"RecordType": "Delivery", "DeliveredAt": "2026-01-05T10:33:54Z", "Details": "Test"}, "Email Delivered"),
    (
        {"RecordType": "Open", "FirstOpen": True, "ReceivedAt": "2026-01-05T11:00:00Z", "UserAgent": "x"},
        "Email Opened",
    ),
    (
        {
            "RecordType": "Click",
            "OriginalLink": "https://shop.example/a?token=1",
            "ReceivedAt": "2026-01-05T12:00:00Z",
        },
        "Email Link Clicked",
    ),
    (
        {
            "RecordType": "Bounce",
            "ID": 692560173,
            "Type": "HardBounce",
            "TypeCode": 1,
            "Email": "anna@example.com",
            "Description": "The server was unable to deliver your message",
            "BouncedAt": "2026-01-05T13:00:00Z",
        },
        "Email Bounced",
    ),
    (
        {
            "RecordType": "SpamComplaint",
            "ID": 42,
            "Type": "SpamComplaint",
            "TypeCode": 512,
            "Email": "anna@example.com",
            "BouncedAt": "2026-01-05T14:00:00Z",
        },
        "Email Marked as Spam",
    ),
    (
        {
            "RecordType": "SubscriptionChange",
            "SuppressSending": True,
            "SuppressionReason": "ManualSuppression",
            "Origin": "Recipient",
            "ChangedAt": "2026-01-05T15:00:00Z",
        },
        "Unsubscribed",
    ),
]


@pytest.fixture
def post(live_server):
    """Return what posts JSON to the running site and gives back the status."""

    def send(hook, body, *, basic: str = "") -> int:
        headers = {"Content-Type": "application/json"}
        if basic:
            headers["Authorization"] = "Basic " + base64.b64encode(basic.encode()).decode()
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        address = f"{live_server.url}/hooks/{hook.token}/"
        asked = urllib.request.Request(address, content, headers, method="POST")  # noqa: S310 - this machine
        try:
            with urllib.request.urlopen(asked) as answer:  # noqa: S310 - this machine
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    return send


@pytest.fixture
def provider(hook):
    def make(name, secret=""):
        return hook(Scheme.MAIL, name=name, provider=name, secret=secret, mapping=None)

    return make


@pytest.mark.parametrize(("report", "name"), POSTMARK, ids=[name for _report, name in POSTMARK])
def test_a_report_of_postmark_becomes_an_event(provider, post, events, report, name):
    made, secret = provider("postmark")
    assert post(made, MESSAGE | report, basic=secret) == 200
    (row,) = events()
    assert (row["name"], row["person"], row["time"].year) == (name, "K-1", 2026)
    assert row["properties"]["provider"] == "Postmark"
    assert row["properties"]["campaign"] == {"name": "welcome"}
    assert "token=1" not in json.dumps(row["properties"])
    assert post(made, MESSAGE | report, basic=secret) == 200
    assert len(events()) == 1


def mailgun(key: str, **report) -> dict:
    token, stamp = "9c3fe4b5d7e3b1e0a8d0c5e3a1b2c3d4e5f60718293a4b5c6d", "1767607200"
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {
        "id": "W3X4JOhFT-OZidZGKKr9iA",
        "event": "delivered",
        "timestamp": 1767607200.5,
        "recipient": "Anna@Example.com",
        "tags": ["newsletter-1"],
        "user-variables": {},
        "message": {"headers": {"message-id": "20130503182626.18666.16540@example.com"}},
    }
    return {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": data | report,
    }


def test_a_report_of_mailgun_counts_for_the_address_where_it_names_no_person(provider, post, events):
    made, secret = provider("mailgun", "key-abc")
    assert post(made, mailgun(secret)) == 200
    (row,) = events()
    assert (row["name"], row["person"]) == ("Email Delivered", "~a:" + mail.address_key("anna@example.com"))
    assert "nna@" not in json.dumps(row, default=str)


def test_a_report_of_mailgun_with_another_key_is_refused(provider, post):
    made, _secret = provider("mailgun", "key-abc")
    assert post(made, mailgun("key-xyz")) == 401
    assert not InboxBatch.objects.exists()


def test_a_report_of_brevo_becomes_an_event(provider, post, events):
    made, secret = provider("brevo")
    report = {
        "event": "hard_bounce",
        "email": "anna@example.com",
        "id": 26224,
        "date": "2026-01-05 10:00:00",
        "ts": 1767607200,
        "message-id": "<201798300811.5787683@relay.domain.com>",
        "ts_event": 1767607200,
        "subject": "Subject Line",
        "X-Mailin-custom": '{"user_id": "K-9"}',
        "tags": ["invoice"],
        "reason": "server is down",
        "ts_epoch": 1767607200000,
    }
    assert post(made, report, basic=secret) == 200
    (row,) = events()
    assert (row["name"], row["person"]) == ("Email Bounced", "K-9")
    assert row["properties"]["reject_reason"] == "bounced"


@pytest.mark.parametrize("name", mail.PROVIDERS)
def test_nobody_is_let_in_without_the_secret_of_the_provider(provider, post, name):
    made, _secret = provider(name, "" if mail.PROVIDERS[name][2] == mail.BASIC else "key-abc")
    for body in (MESSAGE | POSTMARK[0][0], [], {}, b"nothing"):
        assert post(made, body) == 401
        assert post(made, body, basic="wegmarke:wrong") == 401
    assert not InboxBatch.objects.exists()
    assert not RefusedEvent.objects.exists()


def test_a_report_nobody_can_read_is_kept_with_its_reason(provider, post):
    made, secret = provider("postmark")
    assert post(made, b"nothing", basic=secret) == 400
    assert RefusedEvent.objects.get().reason == "malformed"


def test_a_report_that_tells_of_no_contact_is_taken_and_left(provider, post):
    made, secret = provider("mailgun", "key-abc")
    assert post(made, mailgun(secret, event="accepted")) == 200
    assert not InboxBatch.objects.exists()
