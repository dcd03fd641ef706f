"""Retention: what is older goes once a day, of known persons and of visitors as it was decided for each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from canaries import MARK, NEIGHBOUR, fill, persons, rows_of, send, work
from django.utils import timezone

from wegmarke.capture import counting
from wegmarke.capture.inbox import RefusedEvent
from wegmarke.capture.models import Import
from wegmarke.capture.sources import services as sources
from wegmarke.people import queries as people
from wegmarke.people.erasure import queries, services, steps, tombstones
from wegmarke.people.erasure.tables import RetentionRun
from wegmarke.people.models import Fact

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now().replace(microsecond=0)
(ANNA,) = persons(1, MARK.decode())
VISIT = {"type": "track", "event": "Visit", "timestamp": (NOW - timedelta(days=3)).isoformat()}


@pytest.fixture(autouse=True)
def lived(settings):
    settings.IMPORT_KEEP_FILES = True
    tombstones.forget()
    source = sources.add_source(name="Shop", by=None, now=NOW)
    fill(source, [ANNA], NOW - timedelta(minutes=1))
    traits = {"type": "identify", "traits": {"colour": "red"}, "timestamp": VISIT["timestamp"]}
    send(source, [{**one, "anonymousId": f"{NEIGHBOUR}-1"} for one in (VISIT, traits)], NOW)
    new = {**VISIT, "timestamp": NOW.isoformat()}
    send(source, [{**new, "anonymousId": f"{NEIGHBOUR}-2"}, {**new, "userId": ANNA.user}], NOW)
    work(NOW)
    people.forget()


def keep(kind: str, days: int | None) -> None:
    services.keep_for(kind=kind, days=days, by=None, now=NOW)


def run(now=NOW) -> None:
    while steps.let_go_one(now=now):
        pass


def size(kind: str) -> tuple[int, int]:
    found = rows_of(kind)
    return found["events"].total(), found["traits"].total()


def test_nothing_goes_as_long_as_nobody_decides():
    before = size(MARK.decode()), size(NEIGHBOUR)
    run()
    assert (size(MARK.decode()), size(NEIGHBOUR)) == before


def test_old_events_of_visitors_go_with_the_traits_of_whom_nothing_is_left():
    known = size(MARK.decode())
    assert size(NEIGHBOUR) == (2, 1)
    keep("visitors", 2)
    run()
    assert size(NEIGHBOUR) == (1, 0)
    assert size(MARK.decode()) == known, "a visitor who is known to be somebody is no stranger"


def test_old_events_of_known_persons_go_and_who_still_has_some_keeps_the_traits():
    events, traits = size(MARK.decode())
    strangers = size(NEIGHBOUR)
    keep("persons", 2)
    expected = {one.key: one.would for one in queries.retention(now=NOW, count=True)}["persons"]
    run()
    assert size(MARK.decode()) == (1, traits)
    assert size(NEIGHBOUR) == strangers
    run_of = RetentionRun.objects.get(kind="persons")
    assert run_of.rows == events - 1 == expected


def test_it_runs_once_a_day_and_again_the_next():
    keep("visitors", 2)
    assert steps.let_go_one(now=NOW)
    run()
    assert not steps.let_go_one(now=NOW)
    run(NOW + timedelta(days=3))
    assert size(NEIGHBOUR)[0] == 0


def test_refused_events_files_rejected_rows_and_links_go_when_their_time_is_over():
    assert RefusedEvent.objects.exists()
    assert Import.objects.filter(file_kept=True).count() == 3
    for kind in ("refused", "uploads", "rejected", "links"):
        keep(kind, 1)
    run(NOW + timedelta(days=2))
    assert not RefusedEvent.objects.exists()
    assert Import.objects.filter(file_kept=True).count() == 1, "the draft is nobody's past"
    assert [fact.kind for fact in Fact.objects.all()] == ["join"], "what was decided by hand stays"
    assert counting.accounts().missing == 0
    last = RetentionRun.objects.filter(day=(NOW + timedelta(days=2)).date())
    assert {one.kind for one in last if one.rows} == {"refused", "uploads", "rejected", "links"}
