"""The pages under Settings → Sources: sources, keys, what was refused."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from wegmarke.capture.events import moving
from wegmarke.capture.inbox import InboxBatch, RefusedEvent, Source, WriteKey
from wegmarke.capture.receiving.keys import digest
from wegmarke.capture.receiving.storing import inbox_batch
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db

PAGE = "/settings/sources/"


@pytest.fixture
def as_role(client):
    def log_in(role="admin", language="en"):
        client.force_login(User.objects.create_user(f"kim-{role}", role=role, language=language))
        return client

    return log_in


@pytest.fixture
def shop(db):
    return Source.objects.create(name="Shop", created_at=timezone.now())


def refuse(source, content: bytes = b'{"type":"nothing"}') -> None:
    batch = b'{"batch":[' + content + b"]}"
    inbox_batch(source=source.pk, received_at=timezone.now(), kind="", events=1, content=batch).save()
    moving.move_some(now=timezone.now())


def text_of(answer) -> str:
    return answer.content.decode()


def test_an_empty_page_says_how_to_begin(as_role):
    assert "Nothing sends events yet" in text_of(as_role().get(PAGE))


def test_a_source_is_added_with_the_web_sites_that_may_send(as_role):
    as_role().post(
        f"{PAGE}add/", {"name": " Our  shop ", "origins": "shop.example\nhttps://www.shop.example/\n"}
    )
    source = Source.objects.get()
    assert (source.name, source.origins) == ("Our shop", ["https://shop.example", "https://www.shop.example"])


@pytest.mark.parametrize(
    "origins", ["ftp://x", "https://a.example/path", "not a site at all?", "https://a:b"]
)
def test_what_is_no_web_site_is_named(as_role, origins):
    answer = as_role().post(f"{PAGE}add/", {"name": "Shop", "origins": origins})
    assert "is not a web site of the form" in text_of(answer)
    assert not Source.objects.exists()


def test_two_sources_do_not_share_a_name(as_role, shop):
    answer = as_role().post(f"{PAGE}add/", {"name": "Shop", "origins": ""})
    assert "Another source has this name." in text_of(answer)


def test_a_servers_key_is_shown_once_and_kept_nowhere(as_role, shop):
    answer = as_role().post(f"{PAGE}{shop.pk}/keys/", {"kind": "server"})
    (key,) = re.findall(r'id="write-key">(sk_[\w-]+)<', text_of(answer))
    row = WriteKey.objects.get()
    assert row.digest == digest(key)
    assert key not in (row.shown, text_of(as_role("editor").get(f"{PAGE}{shop.pk}/")))


def test_a_key_for_web_pages_can_be_read_again(as_role, shop):
    client = as_role()
    client.post(f"{PAGE}{shop.pk}/keys/", {"kind": "browser"})
    assert WriteKey.objects.get().shown in text_of(client.get(f"{PAGE}{shop.pk}/"))


def test_a_key_is_revoked(as_role, shop):
    client = as_role()
    client.post(f"{PAGE}{shop.pk}/keys/", {"kind": "server"})
    client.post(f"{PAGE}{shop.pk}/keys/{WriteKey.objects.get().pk}/revoke/")
    assert WriteKey.objects.get().revoked_at is not None


def test_a_key_of_another_source_is_not_revoked_by_this_ones_page(as_role, shop):
    other = Source.objects.create(name="App", created_at=timezone.now())
    client = as_role()
    client.post(f"{PAGE}{shop.pk}/keys/", {"kind": "server"})
    assert client.post(f"{PAGE}{other.pk}/keys/{WriteKey.objects.get().pk}/revoke/").status_code == 404
    assert WriteKey.objects.get().revoked_at is None


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_administrators_change_sources_and_keys(as_role, shop, role):
    client = as_role(role)
    assert client.post(f"{PAGE}add/", {"name": "x", "origins": ""}).status_code == 403
    assert client.post(f"{PAGE}{shop.pk}/", {"name": "x", "origins": ""}).status_code == 403
    assert client.post(f"{PAGE}{shop.pk}/keys/", {"kind": "server"}).status_code == 403


def test_a_viewer_sees_no_refused_events_for_they_may_hold_personal_data(as_role, shop):
    refuse(shop)
    client = as_role("viewer")
    assert client.get(f"{PAGE}refused/").status_code == 403
    assert client.post(f"{PAGE}refused/again/", {"all": "1"}).status_code == 403
    assert client.post(f"{PAGE}refused/delete/", {"all": "1"}).status_code == 403


def test_refused_events_stand_by_reason_and_one_by_one(as_role, shop):
    refuse(shop, b'{"type":"nothing","x":"<script>alert(1)</script>"}')
    page = text_of(as_role("editor").get(f"{PAGE}refused/"))
    assert "Unknown kind of event" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_ticked_events_are_read_again_and_others_stay(as_role, shop):
    refuse(shop)
    refuse(shop, b'{"type":"other"}')
    first, _second = RefusedEvent.objects.order_by("pk")
    answer = as_role("editor").post(f"{PAGE}refused/again/", {"event": first.pk}, follow=True)
    assert "1 event is read again" in text_of(answer)
    assert InboxBatch.objects.count() == RefusedEvent.objects.count() == 1


def test_all_of_one_reason_are_deleted(as_role, shop):
    refuse(shop)
    refuse(shop, b'{"type":"track","userId":"u"}')
    as_role("editor").post(f"{PAGE}refused/delete/", {"all": "1", "reason": "no_name"})
    assert [one.reason for one in RefusedEvent.objects.all()] == ["unknown_type"]


@pytest.mark.parametrize("query", ["?source=x&page=-1", "?source=99999999999999999999&reason=%00", "?page=²"])
def test_a_meaningless_address_shows_everything(as_role, shop, query):
    refuse(shop)
    assert "Unknown kind of event" in text_of(as_role("editor").get(f"{PAGE}refused/{query}"))


def test_every_page_speaks_german(as_role, shop):
    refuse(shop)
    client = as_role(language="de")
    for address in (PAGE, f"{PAGE}{shop.pk}/", f"{PAGE}refused/", f"{PAGE}add/"):
        page = text_of(client.get(address))
        assert "Quelle" in page or "Abgelehnt" in page
        assert "Write keys" not in page
        assert "Sources" not in page
