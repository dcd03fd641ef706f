"""Room on the disk, events that are nowhere, events that wait: what is wrong is said, and in time."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.utils import timezone, translation

from support.event_api import ask, basic, kept
from wegmarke.capture.events.moving import move_some
from wegmarke.capture.inbox import InboxBatch, SourceDay
from wegmarke.capture.receiving.storing import inbox_batch
from wegmarke.capture.watching import disk, queries, steps, wording
from wegmarke.capture.watching.contracts import Problem, Trouble
from wegmarke.site.worker import STEPS, load
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db(transaction=True)

BATCH = json.dumps({"batch": [{"type": "track", "event": "x", "userId": "u"}]}).encode()
MB = 1024**2


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def room(monkeypatch, settings):
    """Return what says how many megabytes are free on the disk; 100 are the reserve."""
    settings.DISK_RESERVE_BYTES = 100 * MB
    left = {"bytes": 10_000 * MB}
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=left["bytes"]))
    return lambda megabytes: left.update(bytes=megabytes * MB)


@pytest.fixture
def lost(source):
    """One event that was received and is nowhere."""
    return SourceDay.objects.create(source_id=source, day=timezone.now().date(), received=3, moved=2)


def page(client, role="admin", path="/settings/sources/", language="en") -> str:
    client.force_login(User.objects.create_user(f"kim-{role}", role=role, language=language))
    return client.get(path).content.decode()


def test_no_event_is_taken_once_the_reserve_is_touched_and_they_are_again_once_there_is_room(
    api, server_key, room
):
    seconds = iter(range(100))
    api.disk.clock = lambda: float(next(seconds))
    room(99)
    status, body, headers = ask(api, BATCH, authorization=basic(server_key))
    assert (status, headers[b"retry-after"]) == (503, b"30")
    assert body["success"] is False
    assert kept() == []
    room(101)
    assert ask(api, BATCH, authorization=basic(server_key))[0] == 200
    assert len(kept()) == 1


def test_the_disk_is_looked_at_once_a_second(api, server_key, room):
    api.disk.clock = lambda: 7.0
    assert ask(api, BATCH, authorization=basic(server_key))[0] == 200
    room(0)
    assert ask(api, BATCH, authorization=basic(server_key))[0] == 200
    api.disk.clock = lambda: 8.0
    assert ask(api, BATCH, authorization=basic(server_key))[0] == 503


def test_a_disk_that_does_not_tell_how_full_it_is_stops_nothing(api, server_key):
    def unknown():
        raise OSError(5, "I/O error")

    api.disk.free = unknown
    assert ask(api, BATCH, authorization=basic(server_key))[0] == 200


def test_webhooks_are_told_to_come_again_as_well(client, room, monkeypatch):
    from wegmarke.capture.hooks import receiving

    monkeypatch.setattr(receiving, "_disk", disk.Disk())
    room(1)
    answer = client.post("/hooks/nobody/", b"{}", content_type="application/json")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


@pytest.mark.parametrize(
    ("free", "trouble"), [(99, Trouble.DISK_FULL), (199, Trouble.DISK_NEARLY_FULL), (200, None)]
)
def test_a_disk_is_said_to_be_full_or_nearly_so(room, free, trouble):
    room(free)
    found = queries.problems(now=timezone.now())
    assert found == (() if trouble is None else (Problem(trouble, free * MB),))


def test_events_that_are_nowhere_and_events_that_wait_too_long_are_found(room, source, lost):
    now = timezone.now()
    inbox_batch(
        source=source, received_at=now - timedelta(minutes=7), kind="", events=1, content=BATCH
    ).save()
    found = queries.problems(now=now)
    assert found == (Problem(Trouble.MISSING, 1), Problem(Trouble.WAITING, 7))


def test_nothing_is_wrong_while_events_come_and_are_moved(api, server_key, room):
    ask(api, BATCH, authorization=basic(server_key))
    assert queries.problems(now=timezone.now()) == ()
    assert move_some(timezone.now())
    assert not InboxBatch.objects.exists()
    assert queries.problems(now=timezone.now()) == ()


def test_every_page_of_an_administrator_says_so_within_a_minute(client, room, lost):
    room(1)
    shown = page(client, path="/settings/import/")
    assert shown.count("alert-danger wm-message") == 2
    assert "1 received event is neither in the record" in shown
    lost.delete()
    room(1_000)
    assert "1 received event" in client.get("/settings/import/").content.decode()  # asked once a minute
    cache.clear()  # a minute later
    assert "alert-danger wm-message" not in client.get("/settings/import/").content.decode()


def test_others_see_it_on_the_page_of_sources_only(client, room):
    room(1)
    shown = page(client, role="editor")
    assert shown.count("No events are taken at present") == 1
    assert "No events are taken" not in client.get("/settings/import/").content.decode()


def test_an_administrator_is_told_once_on_the_page_of_sources(client, room):
    room(1)
    assert page(client).count("No events are taken at present") == 1


def test_the_page_says_it_in_german(client, room):
    room(150)
    assert "Der Datenträger ist fast voll: 150,0\xa0MB sind frei" in page(client, language="de")


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("language", ["de", "en"])
def test_each_problem_has_its_sentence(trouble, language):
    with translation.override(language):
        said = {wording.in_words(Problem(trouble, number)) for number in (1, 2_000)}
    assert len(said) == 2
    assert all("%(" not in one for one in said)


def test_whoever_looks_after_the_machine_can_ask_without_a_log_in(client, room, lost):
    assert client.get("/health").json()["well"] is False
    lost.delete()
    cache.clear()
    assert client.get("/health").json()["well"] is True


def test_the_worker_writes_it_into_its_log_once_a_minute(room, lost, caplog):
    [watching] = [running for running in load(STEPS) if running.step is steps.watch]
    for _turn in range(3):
        assert watching.run(timezone.now()) is False
    assert watching.failures == 0
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "1 received event is neither" in caplog.text
