"""Whoever is erased is in no byte on disk afterwards, does not come back, and nobody else lost anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from canaries import MARK, NEIGHBOUR, beside, fill, persons, rows_of, scan, send, upload, work
from django.utils import timezone

from wegmarke.capture import counting
from wegmarke.capture.sources import services as sources
from wegmarke.due import claiming
from wegmarke.people.erasure import queries, services, steps, tombstones
from wegmarke.people.erasure.contracts import Ground, KeyMissingError, NothingToEraseError, Stage
from wegmarke.people.erasure.tables import Erasure, Tombstone
from wegmarke.record.queries import log_state
from wegmarke.team.contracts import NotAllowedError, Role
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now().replace(microsecond=0)
CANARIES = persons(3, MARK.decode())
NEIGHBOURS = persons(3, NEIGHBOUR)
IDS = [identifier for one in CANARIES for identifier in (*one.identifiers, f"{one.mark}-card")]
MINUTES = (0, 1, 2, 130, 136, 142, 143)
WAITS = 30


def later(minutes: float) -> object:
    return NOW + timedelta(minutes=minutes)


@pytest.fixture(autouse=True)
def afresh(settings):
    settings.IMPORT_KEEP_FILES = True
    tombstones.forget()


@pytest.fixture
def source() -> int:
    return sources.add_source(name="Shop", by=None, now=NOW)


def ask(identifiers=None) -> int:
    chosen = IDS if identifiers is None else identifiers
    return services.request(
        identifiers=chosen, ground=Ground.OBJECTION, reference="2026-17", by=None, now=NOW
    )


def carry_out(after: int = 0) -> None:
    for minutes in MINUTES:
        work(later(after + minutes))
    for attempt in range(WAITS):  # tests beside this one hold transactions open, which are waited for
        if not Erasure.objects.filter(done_at=None).exists():
            return
        work(later(after + MINUTES[-1] + 1 + attempt))


def replay(source: int, at) -> None:
    """Send everything once more, some of it as it was, some with ids no message had before."""
    before = NOW - timedelta(days=3)
    for one in CANARIES:
        send(source, one.messages(before), at)
        send(source, one.messages(before, part="-never seen"), at)
        send(source, one.refused(before), at)
    upload([row for one in CANARIES for row in one.rows(before)], at)


def test_no_byte_of_the_erased_is_left_and_neighbours_keep_every_row(source):
    fill(source, [*CANARIES, *NEIGHBOURS], NOW - timedelta(minutes=1))
    send(source, [m for one in CANARIES for m in one.messages(NOW, part="-waiting")], NOW)
    assert set(scan()) >= {"database", "imports", "journeys", "log", "inbox"}, "the scan finds what is there"
    kept = rows_of(NEIGHBOUR), beside(NEIGHBOUR)
    number = ask()
    carry_out()
    done = queries.erasure(number)
    assert done.stage is Stage.DONE, (done, Erasure.objects.get().last_error)
    assert scan() == {}
    assert (rows_of(NEIGHBOUR), beside(NEIGHBOUR)) == kept
    assert all(len(one) > 0 for one in (*kept[0].values(), *kept[1].values()))
    assert counting.accounts().missing == 0
    assert done.identifiers == ()
    assert len(done.digests) == len(IDS)
    assert {str(one.label): one.held.rows for one in done.stores}["Events and traits in the log"] > 0
    replay(source, later(150))
    work(later(150))
    work(later(151))
    services.request(identifiers=IDS, ground=Ground.OBJECTION, by=None, now=later(152))
    carry_out(after=200)
    assert scan() == {}
    assert counting.accounts().missing == 0


def test_late_replays_do_not_bring_them_back(source):
    fill(source, [*CANARIES, *NEIGHBOURS], NOW - timedelta(minutes=1))
    ask()
    carry_out()
    before = log_state().rows
    replay(source, later(150))
    work(later(150))
    assert log_state().rows == before
    assert rows_of(MARK.decode()) == {"events": {}, "traits": {}}
    found = beside(MARK.decode())
    assert found["facts"] == {}
    assert [one for one in found["refused"] if b"userId" in one] == []
    assert counting.accounts().missing == 0


def test_whoever_comes_back_later_is_somebody_new(source):
    fill(source, CANARIES, NOW - timedelta(minutes=1))
    ask()
    carry_out()
    send(source, CANARIES[0].messages(later(200), part="-new"), later(200))
    work(later(200))
    events = rows_of(MARK.decode())["events"]
    assert sum(events.values()) == 2
    assert all("-new" in row for row in events)


def test_an_erasure_killed_at_any_store_goes_on_to_the_same_end(source, monkeypatch):
    fill(source, [*CANARIES, *NEIGHBOURS], NOW - timedelta(minutes=1))
    kept = rows_of(NEIGHBOUR), beside(NEIGHBOUR)
    number = ask()
    kills = 0
    whole = steps._Work._note

    def note(self, store, held, *, done):
        nonlocal kills
        if done and kills < 9:
            kills += 1
            raise claiming.LeaseLostError  # as after a kill: nothing is written, the lease runs out
        return whole(self, store, held, done=done)

    monkeypatch.setattr(steps._Work, "_note", note)
    for round_ in range(12):
        work(later(11 * round_))
    monkeypatch.undo()
    carry_out(after=140)
    done = queries.erasure(number)
    assert kills == 9
    assert done.stage is Stage.DONE
    assert scan() == {}
    assert (rows_of(NEIGHBOUR), beside(NEIGHBOUR)) == kept
    counted = {str(one.label): one.held.rows for one in done.stores}
    assert counted["Events and traits in the log"] > 0
    assert counted["Which ids are one person"] > 0


def test_erasures_are_applied_again_after_an_older_state_was_restored(source):
    ask()
    carry_out()
    exported = services.exported()
    assert MARK.decode() not in exported
    Tombstone.objects.all().delete()  # the older state of the database knows of no erasure
    Erasure.objects.all().delete()
    tombstones.forget()
    fill(source, [*CANARIES, *NEIGHBOURS], NOW - timedelta(minutes=1))
    stones, back = services.reapply(exported.splitlines(), now=NOW)
    assert (stones, back) == (len(IDS), len(IDS))
    carry_out()
    assert scan() == {}


def test_a_file_that_is_no_list_of_erasures_changes_nothing():
    with pytest.raises(ValueError, match="not a line"):
        services.reapply(['{"digest": "ab", "erased_at": "2026-01-01T00:00:00+00:00"}'], now=NOW)
    assert not Tombstone.objects.exists()


def test_without_the_key_nothing_is_moved_and_nothing_lost(source):
    ask()
    work(NOW)
    tombstones.key_file().unlink()
    with pytest.raises(KeyMissingError):
        tombstones.erased(["anybody"])


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_only_the_officer_asks_for_an_erasure(role):
    with pytest.raises(NotAllowedError):
        services.request(
            identifiers=["a"], ground=Ground.OBJECTION, by=User(role=role, is_active=True), now=NOW
        )


@pytest.mark.parametrize("identifiers", [[], [""], ["x" * 301], ["a\0b"]])
def test_nothing_is_asked_for_that_cannot_be(identifiers):
    with pytest.raises(NothingToEraseError):
        ask(identifiers)
