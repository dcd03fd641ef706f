"""What is looked for after a touch: leaving and moving on, within a horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wegmarke.analysis.errors import InvalidQuestionError
from wegmarke.analysis.journeys import Journeys, Landscape, StartedBy
from wegmarke.analysis.kernels.groups import last_action_flags
from wegmarke.analysis.kernels.outcomes import outcome_flags

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAY = 86_400
LONGEST_DAYS = 36_525.0  # a century: more than any data cover, so whatever is longer means the same


@dataclass(frozen=True, slots=True)
class Period:
    """What the data cover, in Unix seconds, both ends included."""

    start: int
    end: int

    @property
    def quarters(self) -> float:
        """Length in quarters of 365.25 / 4 days; never 0."""
        return max((self.end - self.start) / (DAY * 365.25 / 4), 1 / 90)


def seconds_of(days: float) -> int:
    """Return days as whole seconds; more than a century, endless included, counts as a century."""
    return round(min(days, LONGEST_DAYS) * DAY)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What leaving and moving on are, and how long after a touch they are looked for.

    Leaving is a touch at one of the touchpoints `leaving`, or, where `quiet_days` is given, silence: no touch
    started by the customer for that long. It happens when the silence begins, and is known when it lasted.
    Moving on is a touch at one of `moving_on`; where none is named, the customer's first own touch in a later
    phase than any before.
    """

    leaving: tuple[str, ...] = ()
    quiet_days: float | None = None
    moving_on: tuple[str, ...] = ()
    horizon_days: float = 30.0

    def __post_init__(self) -> None:
        """Refuse contradictions."""
        if self.leaving and self.quiet_days is not None:
            msg = "leaving is either an event or silence, not both"
            raise InvalidQuestionError(msg)
        if not self.horizon_days > 0:
            msg = f"the horizon must be longer than 0 days, not {self.horizon_days:g}"
            raise InvalidQuestionError(msg)
        if self.quiet_days is not None and not self.quiet_days > 0:
            msg = f"the quiet period must be longer than 0 days, not {self.quiet_days:g}"
            raise InvalidQuestionError(msg)

    @property
    def knows_leaving(self) -> bool:
        """Whether anything counts as leaving."""
        return bool(self.leaving) or self.quiet_days is not None

    @property
    def quiet_seconds(self) -> int:
        """The quiet period in seconds; 0 where leaving is an event."""
        return seconds_of(self.quiet_days or 0)

    @property
    def horizon_seconds(self) -> int:
        """The horizon in seconds."""
        return seconds_of(self.horizon_days)


def codes_of(touchpoints: tuple[str, ...], landscape: Landscape) -> NDArray[np.int64]:
    """Return the codes of named touchpoints; `InvalidQuestionError` names those that do not exist."""
    known = {name: code for code, name in enumerate(landscape.touchpoints)}
    missing = [name for name in touchpoints if name not in known]
    if missing:
        msg = f"no such touchpoint: {', '.join(missing)}"
        raise InvalidQuestionError(msg)
    return np.array([known[name] for name in touchpoints], np.int64)


def mask_of(touchpoints: tuple[str, ...], landscape: Landscape) -> NDArray[np.bool_]:
    """Return which of the codes are among the named touchpoints."""
    mask = np.zeros(max(len(landscape.touchpoints), 1), np.bool_)
    mask[codes_of(touchpoints, landscape)] = True
    return mask


def by_customer(landscape: Landscape) -> NDArray[np.bool_]:
    """Return which touchpoints the customer starts; unknown ones count as the customer's."""
    return np.array([s != StartedBy.COMPANY for s in landscape.started_by] or [True], np.bool_)


def flags_of(journeys: Journeys, outcome: Outcome, end: int) -> NDArray[np.uint8]:
    """Return one byte of AT_RISK, LEFT and MOVED_ON per touch; `end` of the data in Unix seconds."""
    landscape = journeys.landscape
    by_phase = not outcome.moving_on
    phase = (
        np.array(landscape.phase or (0,), np.uint16) if by_phase else np.zeros(_size(landscape), np.uint16)
    )
    return outcome_flags(
        journeys.offsets,
        journeys.time,
        journeys.touchpoint,
        mask_of(outcome.leaving, landscape),
        mask_of(outcome.moving_on, landscape),
        phase,
        by_customer(landscape),
        outcome.quiet_seconds,
        outcome.horizon_seconds,
        end - journeys.epoch,
    )


def last_actions_of(journeys: Journeys, outcome: Outcome, end: int) -> NDArray[np.bool_]:
    """Return which touches were the last action before leaving; `end` of the data in Unix seconds."""
    if not outcome.knows_leaving:
        return np.zeros(journeys.touches, np.bool_)
    return last_action_flags(
        journeys.offsets,
        journeys.time,
        journeys.touchpoint,
        mask_of(outcome.leaving, journeys.landscape),
        by_customer(journeys.landscape),
        outcome.quiet_seconds,
        end - journeys.epoch,
    )


def _size(landscape: Landscape) -> int:
    return max(len(landscape.touchpoints), 1)
