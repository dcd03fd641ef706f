"""Children are started again, given up when it is hopeless, and ended even when they do not listen."""

from __future__ import annotations

import os
import threading
import time

import pytest

from wegmarke.cli import supervising
from wegmarke.cli.supervising import Child, WouldNotStartError, supervise


@pytest.fixture
def modules(tmp_path):
    """Return an environment in which two small modules can be started."""
    (tmp_path / "dies.py").write_text("raise SystemExit(3)\n")
    (tmp_path / "deaf.py").write_text(
        "import pathlib, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(tmp_path / 'up')!r}).touch()\n"
        "time.sleep(60)\n"
    )
    return {**os.environ, "PYTHONPATH": str(tmp_path)}


def test_a_child_that_never_starts_is_given_up_after_three_times_if_nothing_goes_without_it(modules):
    told = []
    with pytest.raises(WouldNotStartError):
        supervise([Child("web", ["dies"], modules, essential=True)], stop=threading.Event(), tell=told.append)
    assert told == ["web: 3", "web: 3"]


def test_any_other_child_is_tried_again_later_each_time(modules):
    child = Child("worker", ["dies"], modules)
    now, waits = 100.0, []
    for _ in range(4):
        child.start(now)
        child.process.wait()
        assert child.watch(now) == "worker: 3"
        waits.append(child.not_before - now)
    assert waits == [0, 1, 3, 7]


def test_a_long_life_wipes_out_earlier_deaths(modules):
    child = Child("worker", ["dies"], modules)
    child.deaths_in_a_row = 5
    child.start(100.0)
    child.process.wait()
    child.watch(200.0)
    assert child.not_before == 200.0


def test_a_child_that_does_not_listen_is_killed_after_its_grace(modules, monkeypatch, tmp_path):
    monkeypatch.setattr(supervising, "GRACE_SECONDS", 0.3)
    child, stop = Child("deaf", ["deaf"], modules), threading.Event()

    def stop_when_up():
        while not (tmp_path / "up").exists():
            time.sleep(0.02)
        stop.set()

    threading.Thread(target=stop_when_up).start()
    supervise([child], stop=stop, tell=print)
    assert child.process.returncode == -9
