"""Funnel: how many persons go through ordered steps within a window, and what the others did instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wegmarke.analysis.asking import OnePass
from wegmarke.analysis.errors import InvalidQuestionError
from wegmarke.analysis.estimates import share
from wegmarke.analysis.insight import FunnelInsight, FunnelMonth, FunnelStep, Instead
from wegmarke.analysis.kernels.funnel import funnel_counts, funnel_months
from wegmarke.analysis.outcomes import codes_of, seconds_of
from wegmarke.analysis.spans import month_starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys
    from wegmarke.analysis.outcomes import Period

MOST_STEPS = 32


@dataclass(frozen=True, slots=True)
class FunnelTally:
    """Persons by the last step they reached, what they did next, and by the month they began in."""

    ended: NDArray[np.int64]
    instead: NDArray[np.int64]
    months: NDArray[np.int64]
    persons: int
    touchpoints: tuple[str, ...]

    def __add__(self, other: FunnelTally) -> FunnelTally:
        """Return the tally of both groups."""
        return FunnelTally(
            self.ended + other.ended,
            self.instead + other.instead,
            self.months + other.months,
            self.persons + other.persons,
            self.touchpoints,
        )


@dataclass(frozen=True, slots=True)
class FunnelQuestion(OnePass):
    """Ordered steps (touchpoints); the window counts from the first; other touches may stand between.

    With a period, also month by month (UTC) of the first step.
    """

    steps: tuple[str, ...]
    window_days: float
    period: Period | None = None

    def __post_init__(self) -> None:
        """Refuse what is no funnel."""
        if not 1 < len(self.steps) <= MOST_STEPS:
            msg = f"a funnel has 2 to {MOST_STEPS} steps, not {len(self.steps)}"
            raise InvalidQuestionError(msg)
        if not self.window_days > 0:
            msg = f"the window must be longer than 0 days, not {self.window_days:g}"
            raise InvalidQuestionError(msg)

    def tally(self, journeys: Journeys, found: tuple[Any, ...]) -> FunnelTally:  # noqa: ARG002 - one pass
        """Count how far each person came."""
        columns = (journeys.offsets, journeys.time, journeys.touchpoint)
        steps, window = codes_of(self.steps, journeys.landscape), seconds_of(self.window_days)
        touchpoints = journeys.landscape.touchpoints
        ended, instead = funnel_counts(*columns, steps, window, len(touchpoints))
        months = np.zeros((0, 2), np.int64)
        if self.period is not None:
            months = funnel_months(*columns, steps, window, month_starts(self.period) - journeys.epoch)
        return FunnelTally(ended, instead, months, journeys.persons, touchpoints)

    def finish(self, found: tuple[Any, ...]) -> FunnelInsight:
        """Return the steps with their shares."""
        tally: FunnelTally = found[0]
        reached = np.cumsum(tally.ended[::-1])[::-1]
        steps = []
        for k, name in enumerate(self.steps):
            before = int(reached[k - 1]) if k else int(reached[0])
            here = int(reached[k])
            last = k == len(self.steps) - 1
            steps.append(
                FunnelStep(
                    touchpoint=name,
                    persons=here,
                    share=share(here, int(reached[0])),
                    transfer=share(here, before),
                    instead=() if last else _instead(tally.instead[k], tally.touchpoints),
                )
            )
        return FunnelInsight(tuple(steps), self.window_days, tally.persons, self._months(tally.months))

    def _months(self, months: NDArray[np.int64]) -> tuple[FunnelMonth, ...]:
        """Return the months of which everybody who began had the whole window."""
        if self.period is None:
            return ()
        starts = month_starts(self.period)
        closed = starts[1:] + seconds_of(self.window_days) <= self.period.end + 1
        return tuple(
            FunnelMonth(int(starts[k]), share(int(months[k, 1]), int(months[k, 0])))
            for k in np.flatnonzero(closed & (months[:, 0] > 0))
        )


def _instead(row: NDArray[np.int64], touchpoints: tuple[str, ...]) -> tuple[Instead, ...]:
    """Return what happened next, most frequent first; ties in the order of the touchpoints."""
    total = int(row.sum())
    order = np.argsort(-row, kind="stable")
    names = (*touchpoints, None)
    return tuple(Instead(names[j], int(row[j]), int(row[j]) / total) for j in order if row[j])
