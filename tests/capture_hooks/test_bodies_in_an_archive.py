"""Whoever asks for their data is told the bodies of webhooks about them, and none that only mentions them."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from wegmarke.capture.hooks import reading
from wegmarke.capture.hooks.contracts import HOOK
from wegmarke.capture.hooks.table import Webhook, WebhookBody
from wegmarke.capture.inbox import RefusedEvent
from wegmarke.capture.receiving.storing import inbox_batch
from wegmarke.capture.telling import tell_inbox, tell_refused
from wegmarke.people.access.contracts import WITHHELD, Telling

pytestmark = pytest.mark.django_db
ANNA, BEN = "K-10001", "K-20002"
ABOUT_ANNA = {"status": "solved", "customer": {"number": ANNA}, "note": f"asked by {BEN}"}
ABOUT_BEN = {"status": "open", "customer": {"number": BEN}, "other": ANNA}
ABOUT_NOBODY = {"status": "open", "mail": ANNA}


def told(tell, who: str = ANNA) -> dict[str, list]:
    sections = tell(Telling((who,), timezone.now()))
    rows = {one.key: [row if row is WITHHELD else row["message"] for row in one.rows] for one in sections}
    return {key: found for key, found in rows.items() if found}


def bodies(*said: dict) -> bytes:
    return reading.kept(json.dumps(said).encode(), "signed")[0]


def test_what_waits_is_told_by_the_mapping(hook):
    of, _secret = hook()
    content = bodies(ABOUT_ANNA, ABOUT_BEN, ABOUT_NOBODY)
    inbox_batch(source=of.source, received_at=timezone.now(), kind=HOOK, events=3, content=content).save()
    assert told(tell_inbox) == {"waiting": [ABOUT_ANNA, WITHHELD, ABOUT_NOBODY]}
    assert told(tell_inbox, BEN) == {"waiting": [ABOUT_BEN]}, "a note in running text is no id of its own"


def test_the_last_bodies_are_told_entry_by_entry(hook):
    of, _secret = hook()
    row = Webhook.objects.get(source=of.source)
    content = json.dumps([ABOUT_BEN, ABOUT_ANNA])
    WebhookBody.objects.create(webhook=row, received_at=timezone.now(), content=content)
    assert told(tell_inbox) == {"webhook_bodies": [WITHHELD, ABOUT_ANNA]}
    assert told(tell_inbox, BEN) == {"webhook_bodies": [ABOUT_BEN]}


def test_refused_bodies_are_told_by_the_mapping_too(hook):
    of, _secret = hook()
    for said in (ABOUT_ANNA, ABOUT_BEN):
        content = bodies(said)
        RefusedEvent.objects.create(
            source_id=of.source,
            received_at=timezone.now(),
            type=HOOK,
            reason="time",
            detail="",
            content=content,
            size=len(content),
        )
    assert told(tell_refused) == {"refused": [ABOUT_ANNA, WITHHELD]}


def test_a_body_that_is_no_json_is_told_where_it_names_them(hook):
    of, _secret = hook()
    row = Webhook.objects.get(source=of.source)
    for content in (f'broken {{"customer": "{ANNA}"', "broken"):
        WebhookBody.objects.create(webhook=row, received_at=timezone.now(), content=content)
    assert told(tell_inbox) == {"webhook_bodies": [f'broken {{"customer": "{ANNA}"']}
