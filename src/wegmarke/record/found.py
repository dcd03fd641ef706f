"""What is found in the log about a few persons; see `lookup`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Landscape


@dataclass(frozen=True, slots=True)
class BoundEvent:
    """One event of the log and what the plan makes of it: a touchpoint (None: unbound), its phase.

    `properties` is a JSON object as text, as it came; `experience` an `Experience`.
    """

    person: str
    time: datetime
    name: str
    rating: float | None
    scale: str | None
    value: float | None
    properties: str | None
    touchpoint: str | None
    phase: str | None
    experience: int


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, the newest first, and whether there are older ones."""

    events: tuple[BoundEvent, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class TraitRow:
    """One trait as it was said; `at` and `source` are None where the log of an earlier version kept none."""

    person: str
    name: str
    value: str | None
    at: datetime | None
    source: str | None


@dataclass(frozen=True, slots=True)
class PersonJourney:
    """The touches of one person in order: Unix seconds, touchpoint codes of `landscape`, experiences."""

    time: NDArray[np.int64]
    touchpoint: NDArray[np.unsignedinteger]
    experience: NDArray[np.uint8]
    landscape: Landscape
