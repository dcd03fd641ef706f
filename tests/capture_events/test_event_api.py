"""The event API as an ASGI application: who may send, what is answered, and that an answer is a promise."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading

import pytest
from django.db import OperationalError
from django.utils import timezone

from support.event_api import ask, basic, kept
from support.loops import run
from wegmarke.capture.inbox import InboxBatch, RefusedEvent, WriteKey
from wegmarke.capture.receiving import committing, http
from wegmarke.capture.receiving.committing import Committer
from wegmarke.capture.receiving.limits import Buckets, Rate

pytestmark = pytest.mark.django_db(transaction=True)

EVENT = {"type": "track", "event": "x", "userId": "u"}
BATCH = json.dumps({"batch": [EVENT, EVENT]}).encode()


def test_a_batch_is_in_the_inbox_when_it_is_answered(api, server_key):
    assert ask(api, BATCH, authorization=basic(server_key))[0] == 200
    row = InboxBatch.objects.get()
    assert row.events == 2
    assert kept() == [{"batch": [EVENT, EVENT]}]


@pytest.mark.parametrize("path", sorted(path for path, kind in http.PATHS.items() if kind))
def test_one_event_is_taken_on_every_path_of_the_specification(api, server_key, path):
    assert ask(api, json.dumps(EVENT).encode(), path=path, authorization=basic(server_key))[0] == 200
    assert InboxBatch.objects.get().type == http.PATHS[path]


def test_the_key_may_stand_in_the_header_the_query_or_the_body(api, server_key):
    in_body = json.dumps({"batch": [EVENT], "writeKey": server_key}).encode()
    assert ask(api, BATCH, authorization=basic(server_key))[0] == 200
    assert ask(api, BATCH, path="/beacon/v1/batch", query=f"writeKey={server_key}")[0] == 200
    assert ask(api, in_body)[0] == 200
    assert InboxBatch.objects.count() == 3


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json", ""]
)
def test_json_is_read_whatever_its_type_is_said_to_be(api, server_key, content_type):
    assert ask(api, BATCH, authorization=basic(server_key), content_type=content_type)[0] == 200


def test_packed_bodies_are_taken(api, server_key):
    assert ask(api, gzip.compress(BATCH), authorization=basic(server_key), content_encoding="gzip")[0] == 200
    assert kept() == [{"batch": [EVENT, EVENT]}]


@pytest.mark.parametrize("key", ["", "wrong", "x" * 5_000, "\u2028"])
def test_nobody_writes_without_a_key(api, source, key):
    assert ask(api, BATCH, authorization=basic(key))[0] == 401
    assert not InboxBatch.objects.exists()


def test_a_revoked_key_writes_no_more(api, server_key):
    from wegmarke.capture.sources import services

    ask(api, BATCH, authorization=basic(server_key))
    services.revoke_key(key=WriteKey.objects.get().pk, by=None, now=timezone.now())
    api.keys.clock = lambda: float("inf")  # a second later
    assert ask(api, BATCH, authorization=basic(server_key))[0] == 401


def test_a_revoked_key_writes_for_a_second_at_most(api, server_key):
    from wegmarke.capture.sources import services

    now = [100.0]
    api.keys.clock = lambda: now[0]
    assert ask(api, BATCH, authorization=basic(server_key))[0] == 200
    services.revoke_key(key=WriteKey.objects.get().pk, by=None, now=timezone.now())
    now[0] = 100.9
    assert ask(api, BATCH, authorization=basic(server_key))[0] == 200
    now[0] = 101.0
    assert ask(api, BATCH, authorization=basic(server_key))[0] == 401


def test_a_key_kept_for_one_web_site_is_no_use_on_another(api, source, browser_key):
    from wegmarke.capture.sources import services

    services.change_source(source=source, name="Shop", origins=["https://shop.example"], by=None)
    assert ask(api, BATCH, authorization=basic(browser_key), origin="https://evil.example")[0] == 403
    assert ask(api, BATCH, authorization=basic(browser_key), origin="https://shop.example")[0] == 200


def test_any_page_may_ask_whether_it_may_send(api):
    asked = "anonymousid,authorization,content-type,sentat"
    status, _body, headers = ask(api, method="OPTIONS", access_control_request_headers=asked)
    assert status == 200
    assert headers[b"access-control-allow-origin"] == b"*"
    assert headers[b"access-control-allow-headers"] == asked.encode()


def test_a_body_that_is_no_json_is_refused_and_can_be_looked_at(api, server_key):
    status, body, _headers = ask(api, b"{oops", authorization=basic(server_key))
    assert (status, body["success"]) == (400, False)
    assert RefusedEvent.objects.get().content == b"{oops"


def test_a_body_that_is_no_json_is_kept_without_the_address_in_it(api, server_key):
    ask(api, b'{oops, "ip": "10.0.0.1"', authorization=basic(server_key))
    assert b"10.0.0.1" not in bytes(RefusedEvent.objects.get().content)


def test_a_visitor_cannot_fill_the_list_of_refused_bodies(api, browser_key):
    api.buckets = Buckets(Rate(per_second=1, burst=2), clock=lambda: 0.0)
    answers = [ask(api, b"{oops", authorization=basic(browser_key))[0] for _ in range(5)]
    assert answers == [400] * 5
    assert RefusedEvent.objects.count() == 2


def test_a_large_body_is_refused_before_it_is_read(api, server_key):
    assert ask(api, gone=True, authorization=basic(server_key), content_length=str(100 * 1024**2))[0] == 413


def test_a_body_that_does_not_say_how_large_it_is_is_cut_off(api, server_key):
    assert ask(api, parts=[b"x" * 1024**2] * 3, gone=True, authorization=basic(server_key))[0] == 413


def test_a_body_that_breaks_off_is_not_taken(api, server_key):
    assert ask(api, parts=[BATCH[:20]], gone=True, authorization=basic(server_key))[0] == 400
    assert not InboxBatch.objects.exists()


def test_a_browser_that_sends_too_much_is_told_when_to_come_again(api, browser_key):
    api.buckets = Buckets(Rate(per_second=1, burst=2), clock=lambda: 0.0)
    assert ask(api, BATCH, authorization=basic(browser_key))[0] == 200
    status, _body, headers = ask(api, BATCH, authorization=basic(browser_key))
    assert (status, headers[b"retry-after"]) == (429, b"2")


def test_too_much_at_once_is_answered_at_once(api, server_key, monkeypatch):
    monkeypatch.setattr(committing, "MOST_WAITING_BYTES", 1)
    writing, held = threading.Event(), threading.Event()
    api.committer = Committer(lambda _rows: (writing.set(), held.wait()))

    async def two():
        first = asyncio.create_task(api.committer.keep(InboxBatch(), 100))
        await asyncio.to_thread(writing.wait)  # else the next may be written together with it
        second = asyncio.create_task(api.committer.keep(InboxBatch(), 100))
        await asyncio.sleep(0)
        with pytest.raises(committing.OverloadedError):
            await api.committer.keep(InboxBatch(), 100)
        held.set()
        await asyncio.gather(first, second, return_exceptions=True)

    run(two())


def test_a_database_that_is_gone_is_no_200_and_then_comes_back(api, server_key):
    broken = [True]

    def write(rows):
        if broken[0]:
            msg = "disk full"
            raise OperationalError(msg)
        committing.write_rows(rows)

    api.committer = Committer(write)
    status, _body, headers = ask(api, BATCH, authorization=basic(server_key))
    assert (status, headers[b"retry-after"]) == (503, b"5")
    broken[0] = False
    assert ask(api, BATCH, authorization=basic(server_key))[0] == 200
    assert InboxBatch.objects.count() == 1


def test_batches_that_come_together_are_committed_together(server_key):
    commits = []
    held = threading.Event()

    def write(rows):
        held.wait()
        commits.append(len(rows))
        committing.write_rows(rows)

    committer = Committer(write)
    row = {
        "source_id": WriteKey.objects.get().source_id,
        "received_at": "2026-03-01T12:00Z",
        "events": 1,
        "size": 1,
        "content": b"x",
    }

    async def many():
        tasks = [asyncio.create_task(committer.keep(InboxBatch(**row), 1)) for _ in range(50)]
        await asyncio.sleep(0)
        held.set()
        await asyncio.gather(*tasks)

    run(many())
    committer.close()
    assert sum(commits) == InboxBatch.objects.count() == 50
    assert len(commits) <= 2


def test_a_foreign_host_name_is_refused(api, server_key, settings):
    settings.ALLOWED_HOSTS = ["wegmarke.example"]
    assert ask(api, BATCH, authorization=basic(server_key))[0] == 400


def test_settings_are_given_to_the_clients_that_ask(api, browser_key):
    status, body, _headers = ask(api, method="GET", path=f"/v1/projects/{browser_key}/settings")
    assert status == 200
    ours = body["integrations"]["Segment.io"]
    assert (ours["apiKey"], ours["apiHost"], ours["protocol"]) == (browser_key, "testserver/v1", "http")
    assert ask(api, method="GET", path="/sourceConfig/", query=f"writeKey={browser_key}")[0] == 200
    assert ask(api, method="GET", path="/v1/projects/unknown/settings")[0] == 404


def test_behind_a_proxy_that_speaks_tls_clients_are_told_to_speak_it_too(api, browser_key, settings):
    settings.HTTPS = True
    _status, body, _headers = ask(api, method="GET", path=f"/v1/projects/{browser_key}/settings")
    assert body["integrations"]["Segment.io"]["protocol"] == "https"


@pytest.mark.parametrize("body", [b"{oops", BATCH])
def test_a_refusal_has_what_clients_for_python_look_for(api, source, body):
    status, answer, _headers = ask(api, body, authorization=basic("wrong"))
    assert answer["code"] == status
    assert answer["message"] == answer["error"]


def test_nothing_but_sending_is_possible(api, server_key):
    assert ask(api, method="GET", authorization=basic(server_key))[0] == 405
