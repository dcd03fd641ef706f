"""What can be done to the record: append batches, recover after a crash, build journeys, erase persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.record import building
from wegmarke.record.erasing import (
    change_now,
    copies_left,
    count_expired,
    erase_rows,
    expire_events,
    forget_builds,
    identifiers,
    rows_of,
)
from wegmarke.record.errors import BuildRunningError, LogDamagedError, MoverFencedError
from wegmarke.record.log import Writer, append, recover, writing
from wegmarke.record.queries import build_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from wegmarke.record.contracts import Bindings, Build, Persons

__all__ = [
    "BuildRunningError",
    "LogDamagedError",
    "MoverFencedError",
    "Writer",
    "append",
    "build_journeys",
    "change_now",
    "copies_left",
    "count_expired",
    "erase_rows",
    "expire_events",
    "forget_builds",
    "identifiers",
    "recover",
    "rows_of",
    "writing",
]


def build_journeys(
    bindings: Bindings,
    *,
    plan_version: str,
    now: datetime,
    persons: Persons | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Build:
    """Build journeys from everything in the log and make them current, all or nothing.

    `persons` says which identifiers are one person; without it each is a person of its own. The build before
    stays for those who are reading it; older ones are removed. `progress(done, steps)` is called after each
    partition and once before the build becomes current; what it raises ends the build.

    Raises `BuildRunningError`, `LogDamagedError`, `InvalidJourneysError`; then the current build stays.
    """
    row = building.build_journeys(
        bindings, plan_version=plan_version, now=now, persons=persons, progress=progress
    )
    return build_of(row)
