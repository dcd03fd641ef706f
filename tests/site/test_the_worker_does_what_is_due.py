"""The worker runs its steps in turn, survives their errors, and stops when told."""

from __future__ import annotations

import inspect
import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils.module_loading import import_string

from wegmarke.site import worker
from wegmarke.site.worker import Running, heartbeat, work

pytestmark = pytest.mark.django_db  # the worker lets go of old connections

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Queue:
    """A step with so many rows, writing down what it did; `stop` is set when `log` has `enough`."""

    def __init__(self, name: str, rows: int, log: list[str], stop: threading.Event, enough: int) -> None:
        self.name, self.rows, self.log, self.stop, self.enough = name, rows, log, stop, enough

    def __call__(self, *, now: datetime) -> bool:
        assert now >= NOON
        if self.rows:
            self.rows -= 1
            self.log.append(self.name)
        if len(self.log) >= self.enough:
            self.stop.set()
        return bool(self.rows)


@pytest.fixture
def no_rest(monkeypatch):
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.001)


def run(steps, stop, clock=lambda: NOON):
    work(steps, stop=stop, clock=clock, beat=lambda: None)


def test_steps_take_turns_so_that_a_long_queue_keeps_nobody_waiting():
    log, stop = [], threading.Event()
    long, short = Queue("long", 5, log, stop, 7), Queue("short", 2, log, stop, 7)
    run([Running("long", long), Running("short", short)], stop)
    assert log == ["long", "short", "long", "short", "long", "long", "long"]


def test_a_stop_lets_the_step_under_way_finish_and_starts_no_other():
    log, stop = [], threading.Event()

    def slow(now):
        stop.set()
        log.append("finished")
        return True

    run([Running("slow", slow), Running("next", Queue("next", 1, log, stop, 9))], stop)
    assert log == ["finished"]


def test_a_failing_step_pauses_longer_each_time_while_others_go_on(no_rest, caplog):
    log, stop, tried, failure = [], threading.Event(), [], RuntimeError("no")
    clock = iter(NOON + timedelta(seconds=0.5 * tick) for tick in range(1000))

    def fails(now):
        tried.append((now - NOON).total_seconds())
        raise failure

    run(
        [Running("fails", fails), Running("fine", Queue("fine", 60, log, stop, 60))],
        stop,
        clock=lambda: next(clock),
    )
    assert len(log) == 60
    gaps = [round(b - a) for a, b in pairwise(tried)]
    assert gaps == [1, 2, 4, 8, 16]
    assert "Step fails failed" in caplog.text


def test_a_step_that_recovers_is_run_at_full_speed_again():
    outcomes = iter([RuntimeError("no"), True, True])

    def step(now):
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    running = Running("step", step)
    assert not running.run(NOON)
    assert not running.run(NOON + timedelta(seconds=0.5))
    assert running.run(NOON + timedelta(seconds=1))
    assert running.failures == 0
    assert running.run(NOON + timedelta(seconds=1))


@pytest.mark.parametrize("name", worker.STEPS)
def test_each_step_of_the_list_is_there_and_takes_only_the_time(name):
    parameters = inspect.signature(import_string(name)).parameters.values()
    assert [p.name for p in parameters if p.default is p.empty] == ["now"]


def test_a_sign_of_life_is_left_and_a_folder_that_is_gone_does_not_stop_the_work(tmp_path, caplog):
    heartbeat(tmp_path / "alive")()
    assert (tmp_path / "alive").exists()
    heartbeat(tmp_path / "gone" / "alive")()
    assert "No sign of life" in caplog.text
