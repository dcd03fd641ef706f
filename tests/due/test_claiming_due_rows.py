from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from errand import Errand

from wegmarke.due import claiming
from wegmarke.due.claiming import LeaseLostError, back_off, claim, work_one

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(minutes=5)


def at(minutes):
    return NOW + timedelta(minutes=minutes)


def errand(minutes=0, **more):
    return Errand.objects.create(due_at=at(minutes), **more)


def test_the_row_due_longest_is_claimed_first(errands):
    errand(-1, name="younger")
    errand(-9, name="older")
    errand(1, name="not yet")
    assert claim(errands.all(), now=NOW, lease=LEASE).name == "older"
    assert claim(errands.all(), now=NOW, lease=LEASE).name == "younger"
    assert claim(errands.all(), now=NOW, lease=LEASE) is None


def test_the_attempt_is_counted_before_anything_is_tried(errands):
    errand()
    row = claim(errands.all(), now=NOW, lease=LEASE)
    assert row.attempts == errands.get().attempts == 1
    assert row.lease_until == at(5)


def test_a_held_row_is_free_again_when_its_lease_ends(errands):
    errand()
    first = claim(errands.all(), now=NOW, lease=LEASE)
    assert claim(errands.all(), now=at(4.99), lease=LEASE) is None
    second = claim(errands.all(), now=at(5), lease=LEASE)
    assert second.attempts == 2
    assert second.lease_token != first.lease_token


def test_only_rows_of_the_given_queryset_are_claimed(errands):
    errand(name="a")
    assert claim(errands.filter(name="b"), now=NOW, lease=LEASE) is None


def test_the_wait_after_a_failure_counts_from_when_it_failed(errands):
    errand()
    worked = iter([0.0, 3600.0])

    def fail(_row):
        raise OSError

    assert work_one(errands.all(), now=NOW, lease=LEASE, work=fail, clock=lambda: next(worked))
    assert errands.get().due_at == at(60) + back_off(1)


@pytest.mark.parametrize(
    "end",
    [
        lambda row: claiming.finish(row, now=NOW),
        lambda row: claiming.retry(row, now=NOW, error="x"),
        lambda row: claiming.bury(row, now=NOW, error="x"),
        lambda row: claiming.put_off(row, due_at=NOW),
        lambda row: claiming.extend(row, now=NOW, lease=LEASE),
    ],
)
def test_whoever_lost_the_lease_cannot_change_the_row_any_more(errands, end):
    errand()
    late = claim(errands.all(), now=NOW, lease=LEASE)
    holder = claim(errands.all(), now=at(6), lease=LEASE)
    before = errands.values().get()
    with pytest.raises(LeaseLostError):
        end(late)
    assert errands.values().get() == before
    claiming.finish(holder, now=at(7))
    with pytest.raises(LeaseLostError):
        end(holder)


def test_a_lost_lease_takes_back_what_the_work_wrote(errands):
    errand()
    late = claim(errands.all(), now=NOW, lease=LEASE)
    claim(errands.all(), now=at(6), lease=LEASE)

    @transaction.atomic
    def late_work():
        errand(name="written by the late one")
        claiming.finish(late, now=NOW)

    with pytest.raises(LeaseLostError):
        late_work()
    assert not errands.filter(name="written by the late one").exists()


def test_a_finished_row_is_never_claimed_again(errands):
    errand()
    claiming.finish(claim(errands.all(), now=NOW, lease=LEASE), now=NOW)
    assert errands.get().done_at == NOW
    assert claim(errands.all(), now=at(9999), lease=LEASE) is None


def test_a_failed_row_waits_longer_each_time_and_ends_visibly_dead(errands):
    errand()
    now, waits = NOW, []
    for attempt in range(1, Errand.MAX_ATTEMPTS + 1):
        row = claim(errands.all(), now=now, lease=LEASE)
        assert row.attempts == attempt
        claiming.retry(row, now=now, error=f"failure {attempt}")
        row = errands.get()
        waits.append(row.due_at - now)
        now = max(row.due_at, now)
    assert waits[:4] == [timedelta(seconds=one) for one in (15, 30, 60, 120)]
    assert row.dead_at == now
    assert row.last_error == "failure 8"
    assert claim(errands.all(), now=at(99_999), lease=LEASE) is None
    assert claiming.revive(row, now=at(1))
    assert not claiming.revive(row, now=at(1))
    assert claim(errands.all(), now=at(1), lease=LEASE).attempts == 1


def test_work_that_kills_its_process_ends_dead_as_well(errands):
    errand(-1, name="killer")
    errand(name="good")
    for attempt in range(Errand.MAX_ATTEMPTS):
        claim(errands.filter(name="killer"), now=at(attempt * 5), lease=LEASE)  # and never comes back
    assert claim(errands.all(), now=at(60), lease=LEASE).name == "good"
    killer = errands.get(name="killer")
    assert killer.dead_at == at(60)
    assert "never came back" in killer.last_error


def test_waits_never_exceed_six_hours():
    assert back_off(0) == back_off(1) == timedelta(seconds=15)
    assert back_off(11) == timedelta(seconds=15 * 1024)
    assert back_off(12) == back_off(10_000) == timedelta(hours=6)


def test_a_row_put_off_starts_its_attempts_anew(errands):
    errand()
    claiming.put_off(claim(errands.all(), now=NOW, lease=LEASE), due_at=at(60))
    assert claim(errands.all(), now=at(59), lease=LEASE) is None
    assert claim(errands.all(), now=at(60), lease=LEASE).attempts == 1


def test_longer_work_keeps_its_row(errands):
    errand()
    row = claim(errands.all(), now=NOW, lease=LEASE)
    claiming.extend(row, now=at(4), lease=LEASE)
    assert claim(errands.all(), now=at(8), lease=LEASE) is None
    claiming.finish(row, now=at(8))


def test_a_step_does_one_row_and_says_so(errands):
    errand(name="a")
    errand(name="b")
    done = []

    def work(row):
        done.append(row.name)
        claiming.finish(row, now=NOW)

    results = [work_one(errands.all(), now=NOW, lease=LEASE, work=work) for _ in range(3)]
    assert (results, done) == ([True, True, False], ["a", "b"])


def test_a_failing_step_moves_its_row_forward_with_the_reason(errands):
    errand()

    def work(row):
        msg = "the printer burns"
        raise OSError(msg)

    assert work_one(errands.all(), now=NOW, lease=LEASE, work=work, clock=lambda: 0.0)
    row = errands.get()
    assert row.due_at == NOW + timedelta(seconds=15)
    assert row.last_error.rstrip().endswith("OSError: the printer burns")
    assert row.lease_token == ""
    assert not work_one(errands.all(), now=NOW, lease=LEASE, work=work)


def test_a_step_whose_lease_was_lost_leaves_the_row_to_its_new_holder(errands):
    errand()

    def work(row):
        taken = claim(errands.all(), now=at(6), lease=LEASE)
        assert taken.pk == row.pk
        raise RuntimeError

    assert work_one(errands.all(), now=NOW, lease=LEASE, work=work)
    assert errands.get().lease_until == at(11)
    assert errands.get().last_error == ""
