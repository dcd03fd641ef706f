"""Month by month: how much happened, how it felt, how many left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wegmarke.analysis.asking import OnePass
from wegmarke.analysis.estimates import bad_share, net_experience, share
from wegmarke.analysis.insight import TrendInsight, TrendPoint
from wegmarke.analysis.kernels.groups import LEAVERS, PERSONS, TOUCHES, group_sums
from wegmarke.analysis.outcomes import Outcome, Period, last_actions_of
from wegmarke.analysis.spans import is_complete, month_starts, places_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys


@dataclass(frozen=True, slots=True)
class TrendTally:
    """Sums per month; see `group_sums`."""

    months: NDArray[np.int64]

    def __add__(self, other: TrendTally) -> TrendTally:
        """Return the tally of both groups."""
        return TrendTally(self.months + other.months)


@dataclass(frozen=True, slots=True)
class TrendQuestion(OnePass):
    """Every calendar month (UTC) of the period."""

    outcome: Outcome
    period: Period

    def tally(self, journeys: Journeys, found: tuple[Any, ...]) -> TrendTally:  # noqa: ARG002 - one pass
        """Count per month."""
        starts = month_starts(self.period)
        place = places_of(journeys, starts)
        last = last_actions_of(journeys, self.outcome, self.period.end)
        return TrendTally(
            group_sums(journeys.offsets, place.astype(np.uint16), journeys.experience, last, len(starts) - 1)
        )

    def finish(self, found: tuple[Any, ...]) -> TrendInsight:
        """Return one point per month; leaving is left open where a silence could not yet be seen."""
        tally: TrendTally = found[0]
        starts = month_starts(self.period)
        points = []
        for k, sums in enumerate(tally.months):
            judged = (
                self.outcome.knows_leaving
                and starts[k + 1] + self.outcome.quiet_seconds <= self.period.end + 1
            )
            points.append(
                TrendPoint(
                    start=int(starts[k]),
                    persons=int(sums[PERSONS]),
                    touches=int(sums[TOUCHES]),
                    experience=net_experience(sums),
                    leaving=share(int(sums[LEAVERS]), int(sums[PERSONS]))
                    if judged and sums[PERSONS]
                    else None,
                    bad_share=bad_share(sums),
                )
            )
        return TrendInsight(tuple(points), last_complete=is_complete(starts, self.period))
