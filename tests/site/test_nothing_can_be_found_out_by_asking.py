"""No oracle: what exists and what does not is answered alike to whoever may not know it, at the same cost.

How long answers take is measured by `simulations/time_answers.py`; here it is counted that the same is done.
"""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.hashers import get_hasher
from django.utils import timezone

from support.event_api import ask, basic
from support.routes import ABSENT, filled, routes
from wegmarke.capture.hooks import receiving
from wegmarke.capture.hooks import services as hooks
from wegmarke.capture.hooks.contracts import Scheme
from wegmarke.capture.inbox import WriteKey
from wegmarke.capture.receiving.http import EventApi
from wegmarke.capture.sources import services as sources
from wegmarke.team.contracts import Role
from wegmarke.team.models import User

LOG_IN = "/account/log-in/"
PASSWORD = "Kiesel-Moos-17-Wacholder"
EVENT = b'{"type": "track", "event": "x", "userId": "u"}'


def without_tokens(answer) -> str:
    text = re.sub(r'nonce="[^"]*"|value="[A-Za-z0-9]{64}"', "", answer.content.decode())
    return re.sub(r"nobody|kim|gone", "NAME", text)


def shown(answer) -> str:
    """Return what a person reads; the switch of language carries the address on."""
    return re.sub(r"<[^>]*>", "", without_tokens(answer))


@pytest.fixture
def accounts(db):
    User.objects.create_user("kim", password=PASSWORD)
    User.objects.create_user("gone", password=PASSWORD, is_active=False)


@pytest.fixture
def hashed(monkeypatch):
    """Count how often a password is put through the slow function, which is what a log-in costs."""
    runs = []
    kind = type(get_hasher())
    encode = kind.encode

    def counted(self, password, salt, *more):
        runs.append(password)
        return encode(self, password, salt, *more)

    monkeypatch.setattr(kind, "encode", counted)
    monkeypatch.setattr(
        kind, "verify", lambda self, password, stored: counted(self, password, self.salt()) == stored
    )
    return runs


@pytest.mark.parametrize(("name", "password"), [("kim", "wrong"), ("nobody", "wrong"), ("gone", PASSWORD)])
def test_a_log_in_that_fails_is_answered_alike_and_costs_the_same(client, accounts, hashed, name, password):
    reference = client.post(LOG_IN, {"username": "nobody", "password": "wrong"})
    hashed.clear()
    answer = client.post(LOG_IN, {"username": name, "password": password})
    assert hashed == [password]
    assert (answer.status_code, without_tokens(answer)) == (200, without_tokens(reference))
    assert set(answer.headers) == set(reference.headers)


@pytest.mark.parametrize("name", ["kim", "nobody", "gone"])
def test_whoever_guesses_waits_alike_whether_there_is_such_a_name_or_not(client, accounts, name):
    answers = [
        client.post(LOG_IN, {"username": name, "password": f"wrong {n}"}).status_code for n in range(6)
    ]
    assert answers == [200] * 4 + [429] * 2


@pytest.fixture
def keys(transactional_db):
    """Return three keys: of nobody, revoked, and of a web page elsewhere."""
    number = sources.add_source(name="Shop", by=None, now=timezone.now())
    revoked = sources.make_key(source=number, browser=False, by=None, now=timezone.now()).text
    sources.revoke_key(key=WriteKey.objects.get().pk, by=None, now=timezone.now())
    return {"nobody's": revoked[:3] + "x" * (len(revoked) - 3), "revoked": revoked, "none": "x"}


@pytest.mark.parametrize("body", [EVENT, b"{oops", b"", b"\xff" * 100])
@pytest.mark.parametrize("path", ["/v1/track", "/v1/batch", "/beacon/v1/batch"])
def test_a_key_that_was_revoked_and_one_that_never_was_are_answered_alike(keys, path, body):
    api = EventApi()
    answers = {name: ask(api, body, path=path, authorization=basic(key)) for name, key in keys.items()}
    assert len({repr(answer) for answer in answers.values()}) == 1
    assert answers["revoked"][0] == 401


@pytest.mark.parametrize("path", ["/v1/projects/{}/settings", "/sourceConfig/?writeKey={}"])
def test_settings_are_denied_alike(keys, path):
    api = EventApi()
    answers = set()
    for key in keys.values():
        address, _, query = path.format(key).partition("?")
        answers.add(repr(ask(api, method="GET", path=address, query=query)))
    assert len(answers) == 1


def test_an_address_of_no_webhook_and_a_wrong_signature_are_answered_alike(client, transactional_db):
    number, _secret = hooks.add_webhook(name="Till", scheme=Scheme.STANDARD, by=None, now=timezone.now())
    token = receiving.Webhook.objects.get(source=number).token
    answers = [
        client.post(f"/hooks/{one}/", EVENT, content_type="application/json", headers={"webhook-id": "1"})
        for one in (token, token[:-1] + "x", "x")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}
    assert len({frozenset(answer.headers) for answer in answers}) == 1


GUARDED = [
    (route, taken)
    for route, taken in routes()
    if taken and route.startswith(("/settings/team/", "/people/", "/settings/sources/"))
]


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_whoever_may_not_see_an_account_or_a_person_is_not_told_whether_there_is_one(client, role):
    there = User.objects.create_user("kim", role=Role.ADMIN)
    client.force_login(User.objects.create_user("lee", role=role, language="en"))
    existing = {kind: str(there.pk) if value.isdigit() else value for kind, value in ABSENT.items()}
    for route, taken in GUARDED:
        for method in ("get", "post"):
            absent, present = (
                getattr(client, method)(filled(route, taken, values)) for values in (ABSENT, existing)
            )
            if 403 in {absent.status_code, present.status_code}:
                assert absent.status_code == present.status_code, (method, route)
                assert shown(absent) == shown(present), (method, route)
