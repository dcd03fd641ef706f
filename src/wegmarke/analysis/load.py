"""Contact load: how often whom what meets per quarter, cell by cell. See docs/methods/load.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wegmarke.analysis.asking import OnePass
from wegmarke.analysis.errors import InvalidQuestionError
from wegmarke.analysis.grouping import GroupRows, Pooled, grouped, pooled, values_of
from wegmarke.analysis.insight import Estimate
from wegmarke.analysis.journeys import StartedBy
from wegmarke.analysis.kernels.load import BINS, KINDS, PERSONS, SQUARES, TOUCHES, load_sums
from wegmarke.analysis.map_insight import LoadCell, LoadInsight
from wegmarke.analysis.spans import is_complete, places_of, quarter_starts
from wegmarke.analysis.statistics.intervals import mean_count

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys
    from wegmarke.analysis.outcomes import Period

PASSED_OVER = -1


@dataclass(frozen=True, slots=True)
class LoadTally:
    """Sums per (value * quarters + quarter) and, cell by cell, per (that * cells + cell); see `load_sums`."""

    totals: GroupRows
    cells: GroupRows
    values: tuple[str, ...]

    def __add__(self, other: LoadTally) -> LoadTally:
        """Return the tally of both groups."""
        return LoadTally(self.totals + other.totals, self.cells + other.cells, self.values)


@dataclass(frozen=True, slots=True)
class LoadQuestion(OnePass):
    """Touches and contacts per person, for each cell, group of persons and calendar quarter (UTC).

    `cells` names one of `cell_names` by its place for each touchpoint code; -1 is passed over, in the cells
    but not in the totals. `attribute` makes the groups; None: everybody is one.
    """

    period: Period
    cells: tuple[int, ...]
    cell_names: tuple[tuple[str, ...], ...]
    attribute: str | None = None

    def __post_init__(self) -> None:
        """Refuse cells without a name."""
        outside = [cell for cell in self.cells if not PASSED_OVER <= cell < len(self.cell_names)]
        if outside:
            msg = f"no such cell: {outside[0]}; there are {len(self.cell_names)}"
            raise InvalidQuestionError(msg)

    def tally(self, journeys: Journeys, found: tuple[Any, ...]) -> LoadTally:  # noqa: ARG002 - one pass
        """Count per value of the attribute, quarter and cell."""
        landscape = journeys.landscape
        if len(self.cells) != len(landscape.touchpoints):
            msg = f"{len(landscape.touchpoints)} touchpoints need as many cells, not {len(self.cells)}"
            raise InvalidQuestionError(msg)
        codes, values = values_of(journeys, self.attribute)
        starts = quarter_starts(self.period)
        quarters, cells = len(starts) - 1, len(self.cell_names)
        quarter = places_of(journeys, starts)
        outside = quarter == quarters
        span = np.repeat(codes.astype(np.int64) * quarters, np.diff(journeys.offsets)) + quarter
        cell = np.array(self.cells or (PASSED_OVER,), np.int64)[journeys.touchpoint]
        spans, places = quarters * len(values), quarters * len(values) * cells
        place = np.where(outside | (cell == PASSED_OVER), places, span * cells + cell)
        span[outside] = spans
        contact = np.array([s is StartedBy.COMPANY for s in landscape.started_by] or [False], np.bool_)

        def count(group: NDArray[np.unsignedinteger], groups: int) -> NDArray[np.int64]:
            return load_sums(journeys.offsets, group, journeys.touchpoint, contact, groups)

        return LoadTally(grouped(span, spans, count), grouped(place, places, count), values)

    def finish(self, found: tuple[Any, ...]) -> LoadInsight:
        """Return quarters, groups and cells in this order; those where nothing happened are left out."""
        tally: LoadTally = found[0]
        starts = quarter_starts(self.period)
        quarters, cells = len(starts) - 1, max(len(self.cell_names), 1)
        groups = pooled(tally.values, _persons_of(tally, quarters))
        totals = _regrouped(tally.totals, groups, quarters, 1)
        active = dict(zip(totals.groups.tolist(), totals.rows[:, PERSONS].tolist(), strict=True))

        def cell(place: int, sums: NDArray[np.int64], name: tuple[str, ...]) -> LoadCell:
            quarter, group = divmod(place, len(groups.names))
            return _cell(name, groups.names[group], (int(starts[quarter]), active[place]), sums)

        rows = _regrouped(tally.cells, groups, quarters, cells)
        return LoadInsight(
            attribute=self.attribute,
            groups=groups.names,
            quarters=tuple(starts[:-1].tolist()),
            cells=tuple(
                cell(key // cells, sums, self.cell_names[key % cells])
                for key, sums in zip(rows.groups.tolist(), rows.rows, strict=True)
            ),
            totals=tuple(
                cell(key, sums, ()) for key, sums in zip(totals.groups.tolist(), totals.rows, strict=True)
            ),
            last_complete=is_complete(starts, self.period),
        )


def _persons_of(tally: LoadTally, quarters: int) -> NDArray[np.int64]:
    """Return how many (person, quarter) pairs each value has: what its size is measured by."""
    persons = np.zeros(len(tally.values), np.int64)
    np.add.at(persons, tally.totals.groups // quarters, tally.totals.rows[:, PERSONS])
    return persons


def _regrouped(rows: GroupRows, groups: Pooled, quarters: int, cells: int) -> GroupRows:
    """Return the rows under (quarter * groups + group) * cells + cell, rare values put together."""
    span, cell = np.divmod(rows.groups, cells)
    value, quarter = np.divmod(span, quarters)
    return rows.regrouped((quarter * len(groups.names) + groups.place[value]) * cells + cell)


def _cell(name: tuple[str, ...], group: str, where: tuple[int, int], sums: NDArray[np.int64]) -> LoadCell:
    quarter, active = where
    touches, contacts = sums[:KINDS], sums[KINDS:]
    return LoadCell(
        cell=name,
        group=group,
        quarter=quarter,
        active=active,
        touches=int(touches[TOUCHES]),
        persons=int(touches[PERSONS]),
        contacts=int(contacts[TOUCHES]),
        touches_each=_each(touches, active),
        contacts_each=_each(contacts, active),
        touched=_distribution(touches, active),
        contacted=_distribution(contacts, active),
    )


def _each(sums: NDArray[np.int64], active: int) -> Estimate:
    mean, low, high = mean_count(int(sums[TOUCHES]), int(sums[SQUARES]), active)
    return Estimate(mean, low, high, active)


def _distribution(sums: NDArray[np.int64], active: int) -> tuple[int, ...]:
    return (active - int(sums[PERSONS]), *sums[KINDS - BINS :].tolist())
