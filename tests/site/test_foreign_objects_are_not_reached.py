"""Whoever names an object that is absent, or one that belongs to another, gets nothing and changes nothing.

The addresses come from the site itself, so a new one is part of it from its first day on.
"""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from support.imports import NOW
from support.routes import ABSENT, BEYOND, LARGEST, filled, routes
from support.whole_database import everything
from wegmarke.capture.events.moving import move_some
from wegmarke.capture.hooks import services as hooks
from wegmarke.capture.hooks.contracts import Scheme
from wegmarke.capture.inbox import InboxBatch, RefusedEvent, WriteKey
from wegmarke.capture.receiving.storing import inbox_batch
from wegmarke.capture.sources import services as sources
from wegmarke.team.contracts import Role
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db

TAKING = sorted((route, taken) for route, taken in routes() if set(taken) - {"ending"})
REFUSED = {302, 401, 403, 404, 405}
"""302 leads back to a list; that nothing was done is seen in the database."""
NOTHING_OF_AN_OBJECT = {
    ("get", "/understand/moments/<touchpoint:touchpoint>/"),  # nothing was analysed yet, whichever it is
    ("post", "/map/touchpoints/<touchpoint:key>/preview/"),  # counts events for rules that are sent along
}
SENT = {
    "name": "x",
    "typed": "x",
    "key": "x",
    "reason": "x",
    "do": "remove",
    "status": "live",
    "confirm": "1",
}


def log_in(client, role):
    client.force_login(User.objects.create_user(f"lee-{role}", role=role, language="en"))
    return client


def test_the_list_of_addresses_that_take_an_object_is_not_empty():
    assert len(TAKING) > 40


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("values", [ABSENT, LARGEST, BEYOND], ids=["absent", "largest", "beyond"])
def test_an_object_that_is_not_there_is_shown_to_nobody_and_nothing_changes(client, role, values):
    log_in(client, role)
    before = everything()
    wrong = {}
    for route, taken in TAKING:
        for method in ("get", "post"):
            status = getattr(client, method)(filled(route, taken, values), SENT).status_code
            if status not in REFUSED and (method, route) not in NOTHING_OF_AN_OBJECT:
                wrong[method, route] = status
    assert wrong == {}
    assert everything() == before


@pytest.fixture
def two_sources():
    """Return number and key of a shop and a help desk, each with a key and a refused event."""
    made = {}
    for name in ("Shop", "Desk"):
        number = sources.add_source(name=name, by=None, now=NOW)
        key = sources.make_key(source=number, browser=False, by=None, now=NOW)
        inbox_batch(source=number, received_at=NOW, kind="track", events=1, content=b"{}").save()
        made[name] = (number, key)
    move_some(NOW)
    return made


def test_a_key_is_revoked_by_its_own_source_only(client, two_sources):
    log_in(client, Role.ADMIN)
    (shop, _its), (desk, _theirs) = two_sources["Shop"], two_sources["Desk"]
    of_desk = WriteKey.objects.get(source=desk).pk
    before = everything()
    assert client.post(reverse("sources:revoke_key", args=[shop, of_desk])).status_code == 404
    assert everything() == before
    client.post(reverse("sources:revoke_key", args=[desk, of_desk]))
    assert WriteKey.objects.get(pk=of_desk).revoked_at is not None
    assert WriteKey.objects.get(source=shop).revoked_at is None


@pytest.mark.parametrize("route", ["sources:webhook", "sources:webhook_secret"])
def test_a_source_that_is_no_webhook_has_no_secret_to_change(client, two_sources, route):
    log_in(client, Role.ADMIN)
    hook, _secret = hooks.add_webhook(name="Till", scheme=Scheme.STANDARD, by=None, now=NOW)
    before = everything()
    for number, _key in two_sources.values():
        assert client.post(reverse(route, args=[number]), {"secret": "x" * 40}).status_code == 404
    assert everything() == before
    assert client.post(reverse(route, args=[hook])).status_code in {200, 302}


@pytest.mark.parametrize("route", ["sources:send_again", "sources:delete"])
@pytest.mark.parametrize("named", ["0", "-1", "987654321", "9" * 30, "1 OR 1=1", "1,2", "", "all", "\0", "²"])
def test_events_that_are_not_there_take_no_others_with_them(client, two_sources, route, named):
    log_in(client, Role.ADMIN)
    client.post(reverse(route), {"event": [named]})
    assert RefusedEvent.objects.count() == 2
    assert not InboxBatch.objects.exists()


@pytest.mark.parametrize("route", ["sources:send_again", "sources:delete"])
def test_all_events_of_a_source_are_those_of_this_source(client, two_sources, route):
    log_in(client, Role.ADMIN)
    shop, desk = two_sources["Shop"][0], two_sources["Desk"][0]
    client.post(reverse(route), {"all": "1", "source": str(shop)})
    assert [row.source_id for row in RefusedEvent.objects.all()] == [desk]


def test_an_event_goes_to_the_source_of_its_key_whatever_it_says(client, two_sources, transactional_db):
    from support.event_api import ask, basic
    from wegmarke.capture.receiving.http import EventApi

    shop, desk = two_sources["Shop"], two_sources["Desk"]
    event = {"type": "track", "event": "x", "userId": "u", "source": desk[0], "source_id": desk[0]}
    body = {"batch": [event], "source": desk[0], "sourceId": desk[0], "writeKey": desk[1].text}
    api = EventApi()
    assert ask(api, json.dumps(body).encode(), authorization=basic(shop[1].text))[0] == 200
    api.committer.close()
    assert InboxBatch.objects.get().source_id == shop[0]


FOREIGN_IN_BODIES = {
    "people:undo": {"fact": "987654321"},
    "people:join": {"one": "nobody", "other": "no one"},
    "people:separate": {"one": "nobody", "other": "no one"},
    "atlas:touchpoints-change": {
        "id": ["absent", "987654321"],
        "field": ["channel"],
        "channel": "x",
        "based_on": "0",
    },
    "atlas:touchpoints-remove": {"id": ["absent"], "based_on": "0"},
}


@pytest.mark.parametrize("role", Role)
def test_ids_in_bodies_that_name_nothing_change_nothing(client, role):
    log_in(client, role)
    before = everything()
    for route, body in FOREIGN_IN_BODIES.items():
        answer = client.post(reverse(route), body)
        assert answer.status_code < 500, route
    assert everything() == before
