"""Month by month at each touchpoint: how much happened, how it felt, how many left, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wegmarke.analysis.asking import OnePass
from wegmarke.analysis.estimates import bad_shares, drop_offs, net_experiences
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
        cells = _cells(tally.cells, starts, known)
        borders = np.searchsorted(tally.cells.groups, np.arange(len(tally.touchpoints) + 1) * months)
        met = (tally.first <= tally.last).tolist()
        return MonthlyInsight(
            tuple(
                MonthlyTouchpoint(
                    touchpoint=name,
                    first_touch=int(tally.first[k]) if met[k] else None,
                    last_touch=int(tally.last[k]) if met[k] else None,
                    months=tuple(cells[borders[k] : borders[k + 1]]),
                )
                for k, name in enumerate(tally.touchpoints)
            ),
            tuple(starts[:-1].tolist()),
            is_complete(starts, self.period),
        )


def _cells(cells: GroupRows, starts: NDArray[np.int64], known: NDArray[np.bool_]) -> list[MonthlyCell]:
    """Return one cell per row; `known` tells of each month whether leaving in it can be known."""
    month = cells.groups % len(known)
    figures = (cells.rows[:, column].tolist() for column in (TOUCHES, PERSONS, BAD, NEUTRAL, GOOD))
    judged = zip(drop_offs(cells.rows), known[month].tolist(), strict=True)
    leaving = (share if is_known else None for share, is_known in judged)
    felt = net_experiences(cells.rows), leaving, bad_shares(cells.rows)
    rows = zip(starts[month].tolist(), *figures, *felt, strict=True)
    return [MonthlyCell(*row) for row in rows]
