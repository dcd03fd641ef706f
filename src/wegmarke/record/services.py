"""What can be done to the record: append a batch, recover after a crash, build journeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.record import building
from wegmarke.record.log import append, recover
from wegmarke.record.queries import build_of

if TYPE_CHECKING:
    from datetime import datetime

    from wegmarke.record.contracts import Bindings, Build

__all__ = ["append", "build_journeys", "recover"]


def build_journeys(bindings: Bindings, *, plan_version: str, now: datetime) -> Build:
    """Build journeys from everything in the log and make them current, all or nothing.

    The build before stays for those who are reading it; older ones are removed. Raises `BuildRunningError`,
    `LogDamagedError`, `InvalidJourneysError`; then the current build stays current.
    """
    return build_of(building.build_journeys(bindings, plan_version=plan_version, now=now))
