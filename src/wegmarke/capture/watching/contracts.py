"""What can be wrong with the receiving side."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What is wrong."""

    DISK_FULL = "disk full"  # `number` bytes are left, less than the reserve: no event is taken
    DISK_NEARLY_FULL = "disk nearly full"  # `number` bytes are left
    MISSING = "events missing"  # `number` events are nowhere
    WAITING = "events waiting"  # the oldest has been waiting for `number` minutes


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and how much of it."""

    trouble: Trouble
    number: int
