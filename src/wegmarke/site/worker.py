"""The worker: `python -m wegmarke.site.worker`. It does what is due, one row at a time.

A step is a function of `now` that does at most one row and returns whether it did. Leases in the rows settle
who does which, so several workers may run.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import close_old_connections
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    Step = Callable[..., bool]

STEPS: tuple[str, ...] = (
    "wegmarke.capture.events.moving.move_some",
    "wegmarke.capture.watching.steps.watch",
    "wegmarke.capture.steps.import_one",
    "wegmarke.people.erasure.steps.erase_one",
    "wegmarke.people.erasure.steps.let_go_one",
    "wegmarke.capture.visitors.steps.close_one",
    "wegmarke.record.steps.compact_one",
    "wegmarke.insights.steps.refresh_one",
    "wegmarke.insights.steps.funnel_one",
    "wegmarke.atlas.discovery.steps.discover_one",
)

IDLE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0

log = logging.getLogger(__name__)


@dataclass
class Running:
    """One step and how it fared; after errors it pauses, longer each time, while the others go on."""

    name: str
    step: Step
    failures: int = 0
    not_before: datetime | None = None

    def run(self, now: datetime) -> bool:
        """Do one row; return whether there was one. An error is logged, never raised."""
        if self.not_before and now < self.not_before:
            return False
        try:
            worked = self.step(now=now)
        except Exception:
            self.failures += 1
            pause = min(LONGEST_PAUSE_SECONDS, 2.0 ** (self.failures - 1))
            self.not_before = now + timedelta(seconds=pause)
            log.exception("Step %s failed; next try in %.0f s", self.name, pause)
            return False
        self.failures, self.not_before = 0, None
        return worked


def work(
    steps: Iterable[Running],
    *,
    stop: threading.Event,
    clock: Callable[[], datetime],
    beat: Callable[[], None],
) -> None:
    """Run all steps in turn until told to stop; rest only when none had anything to do.

    In turn, so that a long queue of one kind does not keep the others waiting.
    """
    while not stop.is_set():
        beat()
        worked = False
        for running in steps:
            if stop.is_set():
                return
            worked = running.run(clock()) or worked
        close_old_connections()
        if not worked:
            stop.wait(IDLE_SECONDS)


def load(names: Sequence[str]) -> list[Running]:
    """Import the steps by their dotted names; one that is not there stops the worker at once."""
    return [Running(name, import_string(name)) for name in names]


def heartbeat(file: Path) -> Callable[[], None]:
    """Return what leaves a sign of life: the time of change of a file in the data folder."""

    def beat() -> None:
        try:
            file.touch()
        except OSError:  # a full disk is for others to report; the work goes on
            log.warning("No sign of life can be left in %s", file)

    return beat


def main() -> None:
    """Wake Django and work until SIGTERM or Ctrl-C; the step under way is finished first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wegmarke.site.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from wegmarke.site.parent import when_the_parent_is_gone

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    when_the_parent_is_gone()
    work(load(STEPS), stop=stop, clock=timezone.now, beat=heartbeat(settings.DATA_DIR / "worker.alive"))


if __name__ == "__main__":
    main()
