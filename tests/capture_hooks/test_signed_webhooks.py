"""Only what is signed, and lately, is taken; once however often it comes; kept before the answer."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from standardwebhooks import Webhook as Signer

from capture_hooks.conftest import BODY, MAPPING
from wegmarke.capture import counting
from wegmarke.capture.hooks import receiving, services
from wegmarke.capture.hooks.contracts import HookMapping, Scheme
from wegmarke.capture.hooks.table import Webhook, WebhookBody
from wegmarke.capture.inbox import InboxBatch, RefusedEvent
from wegmarke.capture.sources import services as sources

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(client):
    """Return what posts a body to a webhook, with headers."""

    def send(hook, body, headers):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.post(f"/hooks/{hook.token}/", content, content_type="application/json", headers=headers)

    return send


def standard(secret, body, *, number="msg_1", at=None) -> dict[str, str]:
    at = at or datetime.now(UTC)
    text = body.decode() if isinstance(body, bytes) else json.dumps(body)
    signature = Signer(secret).sign(number, at, text)
    return {
        "webhook-id": number,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


def hexed(secret, signed: bytes) -> str:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def stamped(secret, body, at=None) -> dict[str, str]:
    stamp = int((at or timezone.now()).timestamp())
    signed = hexed(secret, f"{stamp}.".encode() + json.dumps(body).encode())
    return {"stripe-signature": f"t={stamp},v1={signed}"}


def of_body(secret, body, _at=None) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hexed(secret, json.dumps(body).encode())}


SIGNED = {
    Scheme.STANDARD: ("", standard),
    Scheme.STAMPED: ("Stripe-Signature", stamped),
    Scheme.BODY: ("X-Hub-Signature-256", of_body),
}


@pytest.mark.parametrize("scheme", SIGNED)
def test_a_signed_body_becomes_the_event_its_mapping_says(hook, post, events, scheme):
    header, sign = SIGNED[scheme]
    made, secret = hook(scheme, header=header)
    answer = post(made, BODY, sign(secret, BODY))
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    (row,) = events()
    assert (row["person"], row["name"], row["value"]) == ("K-1", "Ticket solved", 12.5)
    assert row["time"] == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert row["properties"] == {"ticket": 7, "tag": "late", "value": 12.5}


@pytest.mark.parametrize("scheme", SIGNED)
def test_a_wrong_signature_and_an_unknown_address_are_answered_alike_and_keep_nothing(hook, post, scheme):
    header, sign = SIGNED[scheme]
    made, secret = hook(scheme, header=header)
    headers = sign(secret, BODY)
    answers = [
        post(made, {**BODY, "cost": "99"}, headers),
        post(made, BODY, {}),
        post(made, BODY, {name: "é" + text for name, text in headers.items()}),
        post(made, BODY, {name: text[:-1] for name, text in headers.items()}),
        post(Webhook(token="nobody"), BODY, headers),
    ]
    assert {(one.status_code, one.content) for one in answers} == {(401, answers[0].content)}
    assert not InboxBatch.objects.exists()
    assert not RefusedEvent.objects.exists()
    assert not WebhookBody.objects.exists()


@pytest.mark.parametrize("off", [timedelta(minutes=-6), timedelta(minutes=6)])
@pytest.mark.parametrize("scheme", [Scheme.STANDARD, Scheme.STAMPED])
def test_a_body_signed_long_ago_or_ahead_is_not_taken(hook, post, scheme, off):
    header, sign = SIGNED[scheme]
    made, secret = hook(scheme, header=header)
    headers = (
        standard(secret, BODY, at=datetime.now(UTC) + off)
        if scheme is Scheme.STANDARD
        else stamped(secret, BODY, timezone.now() + off)
    )
    assert sign
    assert post(made, BODY, headers).status_code == 401


def test_the_same_delivery_counts_once_however_often_it_comes(hook, post, events):
    made, secret = hook()
    headers = standard(secret, BODY)
    assert [post(made, BODY, headers).status_code for _ in range(3)] == [200] * 3
    assert len(events()) == 1
    post(made, BODY, headers)
    assert len(events()) == 1
    post(made, BODY, standard(secret, BODY, number="msg_2"))
    assert len(events()) == 2


def test_an_id_in_the_body_makes_events_of_two_deliveries_the_same(hook, post, events):
    made, secret = hook(mapping=HookMapping(person="customer.number", event_name="Sale", id="id"))
    for number in ("msg_1", "msg_2"):
        post(made, BODY, standard(secret, BODY, number=number))
    assert len(events()) == 1


def test_a_list_holds_an_event_in_each_entry_and_one_bad_entry_costs_the_others_nothing(hook, post, events):
    made, secret = hook()
    bodies = [BODY, {**BODY, "customer": {}}, {**BODY, "status": "open"}]
    post(made, bodies, standard(secret, bodies))
    assert [row["name"] for row in events()] == ["Ticket open", "Ticket solved"]
    assert RefusedEvent.objects.get().reason == "nobody"
    assert counting.accounts().missing == 0
    assert counting.accounts().received == 3


def test_a_body_that_fails_is_read_again_with_the_mended_mapping(hook, post, events):
    made, secret = hook(mapping=HookMapping(person="client.id", event="status"))
    post(made, BODY, standard(secret, BODY))
    assert events() == []
    refused = RefusedEvent.objects.get()
    assert (refused.reason, refused.detail) == ("nobody", "nothing at client.id")
    services.save_mapping(source=made.source, mapping=MAPPING, by=None)
    sources.send_again(events=[refused.pk], by=None)
    assert [row["name"] for row in events()] == ["Ticket solved"]
    post(made, BODY, standard(secret, BODY))
    assert len(events()) == 1
    assert counting.accounts().missing == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"at": "soon"}, "time"), ({"at": None}, "time"), ({"at": 1e300}, "time"), ({"status": {}}, "no_name")],
)
def test_what_a_body_lacks_is_said(hook, post, events, change, reason):
    made, secret = hook()
    body = {**BODY, **change}
    post(made, body, standard(secret, body))
    assert events() == []
    assert RefusedEvent.objects.get().reason == reason


@pytest.mark.parametrize("stamp", [1_767_607_200, 1_767_607_200_000, "1767607200"])
def test_unix_times_in_seconds_and_milliseconds_are_read(hook, post, events, stamp):
    made, secret = hook()
    body = {**BODY, "at": stamp}
    post(made, body, standard(secret, body))
    assert events()[0]["time"] == datetime(2026, 1, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"not json", b"{", b'{"a": NaN}', b"[1,", b""])
def test_a_signed_body_that_is_no_json_is_kept_with_its_reason(hook, post, body):
    made, secret = hook(Scheme.BODY, header="X-Sign")
    assert post(made, body, {"x-sign": hexed(secret, body)}).status_code == 400
    assert RefusedEvent.objects.get().reason == "malformed"


def test_nothing_is_promised_that_could_not_be_kept(hook, post, monkeypatch):
    made, secret = hook()

    def fail(**_row):
        message = "database or disk is full"
        raise OperationalError(message)

    monkeypatch.setattr(receiving, "inbox_batch", fail)
    answer = post(made, BODY, standard(secret, BODY))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert not WebhookBody.objects.exists()


def test_a_body_too_large_is_not_read(hook, post):
    made, secret = hook()
    body = b'"' + b"x" * (1024**2) + b'"'
    assert post(made, body, standard(secret, body)).status_code == 413


def test_addresses_of_the_network_are_not_kept(hook, post):
    made, secret = hook()
    body = {**BODY, "ip": "203.0.113.9"}
    post(made, body, standard(secret, body))
    assert "203.0.113.9" not in WebhookBody.objects.get().content


def test_the_last_five_bodies_are_kept_and_no_more(hook, post):
    made, secret = hook()
    for number in range(7):
        body = {**BODY, "id": number}
        post(made, body, standard(secret, body, number=f"m{number}"))
    assert [json.loads(one.content)["id"] for one in WebhookBody.objects.all()] == [6, 5, 4, 3, 2]


def test_a_changed_secret_ends_the_old_one_and_none_stands_in_the_database(hook, post):
    made, secret = hook()
    new = services.change_secret(source=made.source, by=None)
    assert post(made, BODY, standard(secret, BODY)).status_code == 401
    assert post(made, BODY, standard(new, BODY)).status_code == 200
    assert new not in Webhook.objects.get().secret


def test_another_secret_of_the_site_lets_nobody_in(hook, post, settings):
    made, secret = hook()
    settings.SECRET_KEY = "another"
    assert post(made, BODY, standard(secret, BODY)).status_code == 401


def test_looking_at_the_address_says_nothing(client, hook):
    made, _secret = hook()
    assert client.get(f"/hooks/{made.token}/").status_code == 405
    assert client.get("/hooks/nobody/").status_code == 405
