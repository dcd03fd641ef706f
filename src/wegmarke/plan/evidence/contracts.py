"""Evidence as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


class Kind(StrEnum):
    """What was noted."""

    INTERVIEW = "interview"
    QUOTE = "quote"
    NOTE = "note"
    STUDY = "study"


class Grade(StrEnum):
    """How far evidence carries, the weakest first."""

    ASSUMED = "assumed"  # somebody believes it
    OBSERVED = "observed"  # somebody saw or heard it
    MEASURED = "measured"  # somebody counted it


STRENGTH = {grade: place for place, grade in enumerate(Grade)}


def strongest(grades: Iterable[Grade]) -> Grade | None:
    """Return the grade that carries furthest; None of nothing."""
    return max(grades, key=STRENGTH.__getitem__, default=None)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person enters. `touchpoints` are keys, `link` starts with http:// or https:// or is empty."""

    kind: Kind
    grade: Grade
    text: str
    source: str = ""
    link: str = ""
    day: date | None = None
    touchpoints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A statement as kept; `revision` counts its changes, `noted_by` and `changed_by` name accounts."""

    id: int
    statement: Statement
    noted_at: datetime
    noted_by: str | None
    changed_at: datetime
    changed_by: str | None
    revision: int
