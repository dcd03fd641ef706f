"""The pages of webhooks: made by administrators, mapped by editors."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from capture_hooks.conftest import BODY
from support.axe import violations
from support.looks import EVERY_LOOK
from wegmarke.capture.hooks.table import Webhook, WebhookBody
from wegmarke.team.models import User

SOURCES = "/settings/sources/"


@pytest.fixture
def as_role(client, db):
    def log_in(role="admin", language="en"):
        client.force_login(User.objects.create_user(f"kim-{role}-{language}", role=role, language=language))
        return client

    return log_in


def text_of(answer) -> str:
    return answer.content.decode()


def body_came(hook) -> None:
    import json

    webhook = Webhook.objects.get(source=hook.source)
    WebhookBody.objects.create(webhook=webhook, received_at=timezone.now(), content=json.dumps(BODY))


@pytest.mark.parametrize("kind", ["ticket", "call", "till", "invoice", "other", "mail:postmark"])
def test_a_webhook_of_each_kind_is_added_and_its_secret_shown_once(as_role, kind):
    client = as_role()
    page = text_of(
        client.post(f"{SOURCES}webhooks/add/", {"name": "Desk", "kind": kind, "scheme": "standard"})
    )
    secret = re.search(r'id="hook-secret">([^<]+)<', page).group(1)
    hook = Webhook.objects.get()
    shown = text_of(client.get(f"{SOURCES}{hook.source_id}/webhook/"))
    assert hook.token in shown
    assert secret not in shown


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"kind": "ticket", "scheme": "body"}, "Please name the header"),
        ({"kind": "mail:mailgun", "scheme": "standard"}, "Please enter the signing key"),
        ({"kind": "mail:brevo", "scheme": "standard", "secret": "word"}, "name:password"),
        ({"kind": "ticket", "scheme": "standard", "secret": "é"}, "cannot be a secret"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(as_role, form, said):
    assert said in text_of(as_role().post(f"{SOURCES}webhooks/add/", {"name": "Desk"} | form))
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(("path", "said"), [("customer.number", "K-1"), ("nowhere", "nothing at nowhere")])
def test_a_mapping_is_tried_on_the_last_bodies_before_it_is_saved(as_role, hook, path, said):
    made, _secret = hook()
    body_came(made)
    form = {"person": path, "event": "status", "properties": "a = tags.0", "do": "check"}
    answer = as_role("editor").post(f"{SOURCES}{made.source}/webhook/", form, headers={"hx-request": "true"})
    assert said in text_of(answer)
    assert Webhook.objects.get().mapping["person"] == "customer.id | customer.number"


def test_a_mapping_is_saved(as_role, hook):
    made, _secret = hook()
    form = {"person": "a", "event": "b", "properties": "x = y\n"}
    as_role("editor").post(f"{SOURCES}{made.source}/webhook/", form)
    saved = Webhook.objects.get().mapping
    assert (saved["person"], saved["event"], saved["properties"]) == ("a", "b", [["x", "y"]])


def test_a_mapping_without_a_name_or_with_half_a_property_is_not_saved(as_role, hook):
    made, _secret = hook()
    page = text_of(
        as_role("editor").post(f"{SOURCES}{made.source}/webhook/", {"person": "a", "properties": "x"})
    )
    assert "Please enter a path, or a name." in page
    assert "is not of the form name = path." in page


def test_viewers_see_no_bodies_and_editors_make_no_webhooks(as_role, hook):
    made, _secret = hook()
    address = f"{SOURCES}{made.source}/webhook/"
    assert as_role("viewer").get(address).status_code == 403
    editor = as_role("editor")
    assert editor.post(f"{SOURCES}webhooks/add/", {"name": "x"}).status_code == 403
    assert editor.post(f"{address}secret/", {}).status_code == 403


def test_a_source_without_a_webhook_has_no_such_page(as_role):
    assert as_role().get(f"{SOURCES}99/webhook/").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_pages_are_accessible_in_every_look(signed_in_page, look, hook):
    made, _secret = hook()
    body_came(made)
    page = signed_in_page
    for address in (f"{SOURCES}webhooks/add/", f"{SOURCES}{made.source}/webhook/"):
        page.goto(address)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
