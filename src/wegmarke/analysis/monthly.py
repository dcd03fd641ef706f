"""Month by month at each touchpoint: how much happened, how it felt, how many left, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wegmarke.analysis.asking import OnePass
from wegmarke.analysis.estimates import drop_off, net_experience
from wegmarke.analysis.grouping import GroupRows, grouped
from wegmarke.analysis.kernels.groups import BAD, GOOD, NEUTRAL, PERSONS, TOUCHES, first_and_last, group_sums
from wegmarke.analysis.map_insight import MonthlyCell, MonthlyInsight, MonthlyTouchpoint
from wegmarke.analysis.outcomes import Outcome, Period, last_actions_of
from wegmarke.analysis.spans import is_complete, month_starts, places_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys


@dataclass(frozen=True, slots=True)
class MonthlyTally:
    """Sums per touchpoint * months + month (see `group_sums`), first and last touch per touchpoint."""

    cells: GroupRows
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    touchpoints: tuple[str, ...]

    def __add__(self, other: MonthlyTally) -> MonthlyTally:
        """Return the tally of both groups."""
        return MonthlyTally(
            self.cells + other.cells,
            np.minimum(self.first, other.first),
            np.maximum(self.last, other.last),
            self.touchpoints,
        )


@dataclass(frozen=True, slots=True)
class MonthlyQuestion(OnePass):
    """Every touchpoint in every calendar month (UTC) of the period."""

    outcome: Outcome
    period: Period

    def tally(self, journeys: Journeys, found: tuple[Any, ...]) -> MonthlyTally:  # noqa: ARG002 - one pass
        """Count per touchpoint and month."""
        starts = month_starts(self.period)
        months, touchpoints = len(starts) - 1, len(journeys.landscape.touchpoints)
        month = places_of(journeys, starts)
        cell = journeys.touchpoint * np.int64(months) + month
        cell[month == months] = months * touchpoints
        last = last_actions_of(journeys, self.outcome, self.period.end)
        first_touch, last_touch = first_and_last(journeys.touchpoint, journeys.time, touchpoints)
        return MonthlyTally(
            grouped(
                cell,
                months * touchpoints,
                lambda group, groups: group_sums(journeys.offsets, group, journeys.experience, last, groups),
            ),
            first_touch + journeys.epoch,
            last_touch + journeys.epoch,
            journeys.landscape.touchpoints,
        )

    def finish(self, found: tuple[Any, ...]) -> MonthlyInsight:
        """Return the touchpoints in the order of their codes, those never met without months.

        Leaving is left open where a silence could not yet be seen.
        """
        tally: MonthlyTally = found[0]
        starts = month_starts(self.period)
        months = len(starts) - 1
        known = starts[1:] + self.outcome.quiet_seconds <= self.period.end + 1
        known &= self.outcome.knows_leaving
        borders = np.searchsorted(tally.cells.groups, np.arange(len(tally.touchpoints) + 1) * months)
        touchpoints = []
        for k, name in enumerate(tally.touchpoints):
            rows = slice(borders[k], borders[k + 1])
            cells = tuple(
                _cell(int(starts[month]), sums, judged=bool(known[month]))
                for month, sums in zip(
                    tally.cells.groups[rows] - k * months, tally.cells.rows[rows], strict=True
                )
            )
            met = bool(tally.first[k] <= tally.last[k])
            first, last = (int(tally.first[k]), int(tally.last[k])) if met else (None, None)
            touchpoints.append(MonthlyTouchpoint(name, first, last, cells))
        return MonthlyInsight(
            tuple(touchpoints), tuple(starts[:-1].tolist()), is_complete(starts, self.period)
        )


def _cell(start: int, sums: NDArray[np.int64], *, judged: bool) -> MonthlyCell:
    return MonthlyCell(
        start=start,
        touches=int(sums[TOUCHES]),
        persons=int(sums[PERSONS]),
        bad=int(sums[BAD]),
        neutral=int(sums[NEUTRAL]),
        good=int(sums[GOOD]),
        experience=net_experience(sums),
        drop_off=drop_off(sums) if judged else None,
    )
