"""What is known about one goal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wegmarke.analysis.insight import Estimate
    from wegmarke.plan.contracts import Goal


class Course(StrEnum):
    """How a goal stands; decided on intervals, never on a point."""

    REACHED = "reached"
    ON_COURSE = "on_course"
    AT_RISK = "at_risk"
    OFF_COURSE = "off_course"
    TOO_LITTLE = "too_little"


class Lack(StrEnum):
    """Why there is no value, or no course."""

    NO_FIGURES = "no_figures"
    NO_TOUCHES = "no_touches"
    FEW_MONTHS = "few_months"
    NO_MONTHS = "no_months"
    END_UNMEASURED = "end_unmeasured"
    NOT_TOGETHER = "not_together"


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a measure; `number` counts months since year 0, `whole` unless the data end within it."""

    number: int
    value: Estimate
    whole: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure over what a goal is about.

    `now` stands for the whole period where there are no `months`: a conversion whose window no month of data
    leaves room for. `lack` says why nothing can be said where both are missing.
    """

    months: tuple[Month, ...] = ()
    now: Estimate | None = None
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one goal stands.

    `actual` is the value of the month `month` (None: of the whole period), `ahead` the projection to the
    deadline, `final` whether the month of the deadline is over and measured.
    """

    goal: Goal
    course: Course
    actual: Estimate | None
    month: int | None
    ahead: Estimate | None
    measured: Measured
    final: bool = False
    lack: Lack | None = None
