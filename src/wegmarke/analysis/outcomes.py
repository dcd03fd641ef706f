"""What is looked for after a touch: leaving and moving on, within a horizon."""

from __future__ import annotations

from dataclasses import dataclass

from wegmarke.analysis.errors import InvalidQuestionError

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Period:
    """What the data cover, in Unix seconds, both ends included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What leaving and moving on are, and how long after a touch they are looked for.

    Leaving is a touch at one of the touchpoints `leaving`, or, where `quiet_days` is given, silence: no touch
    started by the customer for that long; it counts from the day the silence has lasted so long.
    Moving on is a touch at one of `moving_on`, or the first touch in a later phase than any before.
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
        if self.horizon_days <= 0:
            msg = f"the horizon must be longer than 0 days, not {self.horizon_days:g}"
            raise InvalidQuestionError(msg)
        if self.quiet_days is not None and not 0 < self.quiet_days <= self.horizon_days:
            msg = (
                f"the quiet period ({self.quiet_days:g} days) must be positive and no longer than the horizon "
                f"({self.horizon_days:g} days), or leaving could never be seen within it"
            )
            raise InvalidQuestionError(msg)
