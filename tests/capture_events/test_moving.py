"""From the inbox to the log: every event once, and an account of each."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from wegmarke.capture import counting
from wegmarke.capture.events import moving
from wegmarke.capture.inbox import InboxBatch, RefusedEvent, SourceDay
from wegmarke.capture.receiving.storing import inbox_batch
from wegmarke.capture.sources import services
from wegmarke.record import disk, layout, reading
from wegmarke.record.queries import log_state

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timezone.now().replace(microsecond=0)


def event(number: int, **more) -> dict:
    return {"type": "track", "event": "x", "userId": f"u{number}", "messageId": f"m{number}", **more}


def put(source: int, *events, raw: bytes | None = None) -> InboxBatch:
    content = raw or json.dumps({"batch": list(events)}).encode()
    row = inbox_batch(source=source, received_at=NOW, kind="", events=len(events) or 1, content=content)
    row.save()
    return row


def move_all() -> None:
    while moving.move_some(now=NOW):
        pass


def logged() -> list[tuple[str, str]]:
    """Return person and name of every event of the log."""
    log = layout.existing_log()
    rows = []
    for partition in range(log.partitions if log else 0):
        rows += reading.read_partition(log, "events", partition, change=log_state().change).to_pylist()
    return sorted((row["person"], row["name"]) for row in rows)


def traits() -> list[tuple[str, str, str]]:
    log = layout.existing_log()
    rows = []
    for partition in range(log.partitions):
        rows += reading.read_partition(log, "traits", partition, change=log_state().change).to_pylist()
    return sorted((row["person"], row["name"], row["value"]) for row in rows)


def test_what_lies_in_the_inbox_comes_into_the_log_and_leaves_the_inbox(source):
    put(source, event(1), event(2))
    put(source, event(3))
    move_all()
    assert logged() == [("u1", "x"), ("u2", "x"), ("u3", "x")]
    assert not InboxBatch.objects.exists()


def test_the_same_message_counts_once_in_one_batch_in_two_and_after_months(source):
    put(source, event(1), event(1))
    put(source, event(1))
    move_all()
    put(source, event(1))
    move_all()
    assert logged() == [("u1", "x")]
    assert counting.accounts().known == 3


def test_messages_without_an_id_count_once_by_what_they_say(source):
    nameless = event(1, timestamp="2026-01-01T00:00:00Z") | {"messageId": None}
    put(source, nameless, nameless | {"event": "y"})
    put(source, nameless)
    move_all()
    assert logged() == [("u1", "x"), ("u1", "y")]


def test_the_same_id_of_another_source_is_another_message(source):
    other = services.add_source(name="App", by=None, now=NOW)
    put(source, event(1))
    put(other, event(1))
    move_all()
    assert len(logged()) == 2


def test_a_known_id_with_other_content_is_kept_aside(source):
    put(source, event(1))
    move_all()
    put(source, event(2), event(1, event="other"))
    move_all()
    aside = RefusedEvent.objects.get()
    assert (aside.reason, json.loads(bytes(aside.content))["event"]) == ("other_content", "other")
    assert logged() == [("u1", "x"), ("u2", "x")]


def test_a_bad_event_is_kept_with_its_reason_and_the_rest_is_moved(source):
    put(source, event(1), {"type": "track", "userId": "u"}, event(2))
    move_all()
    refused = RefusedEvent.objects.get()
    assert refused.reason == "no_name"
    assert json.loads(bytes(refused.content)) == {"type": "track", "userId": "u"}
    assert len(logged()) == 2


def test_traits_and_accounts_of_persons_come_into_the_log(source):
    put(
        source,
        {"type": "identify", "userId": "u1", "traits": {"plan": "gold"}},
        {"type": "group", "userId": "u1", "groupId": "g1"},
    )
    move_all()
    assert traits() == [("u1", "account", "g1"), ("u1", "plan", "gold")]


def test_every_received_event_is_somewhere_at_any_time(source):
    put(source, event(1), event(1), {"type": "nothing"}, event(2))
    put(source, event(3))
    assert (counting.accounts().received, counting.accounts().waiting, counting.accounts().missing) == (
        5,
        5,
        0,
    )
    move_all()
    accounts = counting.accounts()
    assert (accounts.received, accounts.moved, accounts.known, accounts.refused) == (5, 3, 1, 1)
    assert accounts.missing == 0


def test_events_that_were_promised_and_are_not_found_are_missing(source):
    row = put(source, event(1))
    InboxBatch.objects.filter(pk=row.pk).update(events=3)
    move_all()
    assert counting.accounts().missing == 2


def test_a_refused_event_can_be_read_again_once_its_reason_is_mended(source, monkeypatch):
    monkeypatch.setattr("wegmarke.capture.events.meaning.MOST_NAME", 3)
    put(source, event(1, event="too long"))
    move_all()
    monkeypatch.undo()
    assert services.send_again(events=[RefusedEvent.objects.get().pk], by=None) == 1
    assert counting.accounts().missing == 0
    move_all()
    assert logged() == [("u1", "too long")]
    assert not RefusedEvent.objects.exists()
    assert counting.accounts().missing == 0


def test_a_refused_event_that_is_still_wrong_comes_back(source):
    put(source, {"type": "nothing"})
    move_all()
    services.send_again(events=[RefusedEvent.objects.get().pk], by=None)
    move_all()
    assert RefusedEvent.objects.count() == 1
    assert counting.accounts().received == 1
    assert counting.accounts().missing == 0


def test_deleted_refused_events_stay_in_the_account(source):
    put(source, {"type": "nothing"})
    move_all()
    services.delete_refused(events=[RefusedEvent.objects.get().pk], by=None)
    assert counting.accounts().erased == 1
    assert counting.accounts().missing == 0


def test_a_batch_that_ends_the_worker_is_set_aside_and_halts_nobody(source):
    bad = put(source, event(1))
    put(source, event(2))
    InboxBatch.objects.filter(pk=bad.pk).update(attempts=moving.HOPELESS)  # so often it never came back
    move_all()
    assert logged() == [("u2", "x")]
    assert RefusedEvent.objects.get().reason == "ended_the_worker"
    assert counting.accounts().missing == 0


def test_a_batch_whose_reading_fails_again_and_again_is_set_aside_and_halts_nobody(source, monkeypatch):
    bad = put(source, event(1))
    put(source, event(2))
    read = moving.read_batch

    def failing(text, around):
        if b"m1" in text:
            raise ValueError(bad.pk)
        return read(text, around)

    monkeypatch.setattr(moving, "read_batch", failing)
    for _ in range(moving.HOPELESS):
        with pytest.raises(ValueError):  # noqa: PT011 - our own, right above
            moving.move_some(now=NOW)
    move_all()
    assert logged() == [("u2", "x")]
    assert RefusedEvent.objects.get().reason == "ended_the_worker"


def test_a_disk_that_is_full_for_long_makes_no_batch_suspect(source, monkeypatch):
    put(source, event(1))

    def full(_now_at):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as failing:
        failing.setattr(disk, "reached", full)
        for _ in range(2 * moving.HOPELESS):
            with pytest.raises(OSError, match="space"):
                moving.move_some(now=NOW)
    move_all()
    assert logged() == [("u1", "x")]
    assert not RefusedEvent.objects.exists()


def test_a_suspect_batch_is_tried_alone(source):
    put(source, event(1))
    suspect = put(source, event(2))
    InboxBatch.objects.filter(pk=suspect.pk).update(attempts=moving.SUSPECT)
    moving.move_some(now=NOW)
    assert logged() == [("u2", "x")]


def test_an_attempt_is_counted_before_the_batch_is_looked_at(source, monkeypatch):
    put(source, event(1))
    seen = []
    monkeypatch.setattr(
        moving, "read_batch", lambda *_: seen.append(InboxBatch.objects.get().attempts) or 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        moving.move_some(now=NOW)
    assert seen == [1]


@pytest.mark.parametrize("step", ["written", "before folder sync", "staged", "before commit"])
def test_a_failing_disk_loses_and_doubles_nothing(source, monkeypatch, step):
    put(source, event(1), {"type": "nothing"})

    def reached(now_at):
        if now_at == step:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as failing:
        failing.setattr(disk, "reached", reached)
        with pytest.raises(OSError, match="space"):
            moving.move_some(now=NOW)
    assert counting.accounts().waiting == 2
    assert not RefusedEvent.objects.exists()
    move_all()
    assert logged() == [("u1", "x")]
    assert counting.accounts().missing == 0


def test_counts_stand_on_the_day_of_arrival(source):
    row = put(source, event(1))
    InboxBatch.objects.filter(pk=row.pk).update(received_at=NOW - timedelta(days=3))
    move_all()
    assert SourceDay.objects.get().day == (NOW - timedelta(days=3)).date()


def test_a_large_inbox_is_moved_in_pieces_in_order(source, monkeypatch):
    monkeypatch.setattr(moving, "MOST_EVENTS", 3)
    for number in range(7):
        put(source, event(2 * number), event(2 * number + 1))
    moving.move_some(now=NOW)
    assert len(logged()) == 2
    move_all()
    assert len(logged()) == 14
