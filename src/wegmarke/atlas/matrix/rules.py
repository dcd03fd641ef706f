"""Puts the matrix together: planned from the plan, happened from the figures. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from wegmarke.analysis.journeys import StartedBy
from wegmarke.atlas.matrix.contracts import (
    NOWHERE,
    Across,
    Cell,
    Count,
    Happened,
    Matrix,
    State,
    Total,
    Wanted,
)
from wegmarke.insights.contracts import EVERYBODY
from wegmarke.plan.contracts import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wegmarke.analysis.map_insight import LoadCell, LoadInsight, MonthlyInsight
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Plan, Touchpoint

SCARCELY = 0.05
"""Fewer contacts per customer and quarter are not worth a mark."""
HALF = 0.5
"""A plan of which not even half demonstrably happens is a gap."""

Place = tuple[str, str]


def quarters_of(load: LoadInsight) -> tuple[int, ...]:
    """Return the quarters that can be chosen, newest first, the incomplete one last of all."""
    complete = load.quarters if load.last_complete else load.quarters[:-1]
    return (*reversed(complete), *(load.quarters[len(complete) :]))


def matrix(plan: Plan, analysis: Analysis | None, wanted: Wanted) -> Matrix:
    """Return the matrix of one quarter, of one segment or of everybody."""
    across, count = wanted.across, wanted.count
    placed = {one.key: _place(plan, one, across) for one in plan.touchpoints}
    counted = [one for one in plan.touchpoints if _counts(one, count) and one.status is Status.LIVE]
    planned = _planned(counted, placed)
    happened, everything = ({}, None) if analysis is None else _happened(analysis, wanted)
    members: dict[Place, list[str]] = defaultdict(list)
    for one in plan.touchpoints:
        if one.status is Status.LIVE or placed[one.key] in happened:
            members[placed[one.key]].append(one.key)
    known = wanted.limit if analysis is not None else None
    cells = tuple(
        _cell(place, planned, happened.get(place), tuple(members.get(place, ())), known)
        for place in sorted({*planned, *happened, *members})
    )
    phases = [phase.key for phase in plan.phases]
    if any(cell.phase == NOWHERE for cell in cells):
        phases.append(NOWHERE)
    rows = sorted({cell.row for cell in cells}, key=lambda row: (row == NOWHERE, row.casefold()))
    return Matrix(
        across=across,
        count=count,
        quarter=wanted.quarter,
        limit=wanted.limit,
        rows=tuple(_total(row, [one for one in cells if one.row == row]) for row in rows),
        phases=tuple(_total(phase, [one for one in cells if one.phase == phase]) for phase in phases),
        whole=Total("", sum(planned.values()) if planned else None, everything, State.FINE),
        cells=cells,
        anything_planned=bool(planned),
    )


def _cell(
    place: Place,
    planned: Mapping[Place, float],
    happened: Happened | None,
    touchpoints: tuple[str, ...],
    limit: float | None,
) -> Cell:
    """Return one cell; without a limit nothing is known that could be marked."""
    row, phase = place
    if limit is None:
        return Cell(row, phase, planned.get(place), None, State.FINE, touchpoints)
    state = _state(planned.get(place), happened, limit, any_planned=bool(planned))
    return Cell(row, phase, planned.get(place), happened, state, touchpoints)


def _counts(touchpoint: Touchpoint, count: Count) -> bool:
    return count is Count.TOUCHES or touchpoint.started_by is StartedBy.COMPANY


def _place(plan: Plan, touchpoint: Touchpoint, across: Across) -> Place:
    phase = plan.phase_of(touchpoint)
    row = touchpoint.channel if across is Across.CHANNEL else touchpoint.department
    return row or NOWHERE, NOWHERE if phase is None else phase.key


def _planned(counted: Iterable[Touchpoint], placed: Mapping[str, Place]) -> dict[Place, float]:
    sums: dict[Place, float] = {}
    for one in counted:
        if one.per_quarter is not None and one.planned is not False:
            place = placed[one.key]
            sums[place] = sums.get(place, 0.0) + one.per_quarter
    return sums


def _happened(analysis: Analysis, wanted: Wanted) -> tuple[dict[Place, Happened], Happened | None]:
    quarter, count, segment = wanted.quarter, wanted.count, wanted.segment
    attribute, group = (EVERYBODY, "") if segment is None else segment
    if wanted.across is Across.DEPARTMENT:
        load = analysis.departments[attribute]
    else:
        load = analysis.load if segment is None else analysis.load_by[attribute]
    cells = {
        (one.cell[1], one.cell[0]): _each(one, count)
        for one in load.cells
        if one.quarter == quarter and one.group == group and _met(one, count)
    }
    whole = next((one for one in load.totals if one.quarter == quarter and one.group == group), None)
    return cells, None if whole is None else _each(whole, count)


def _met(cell: LoadCell, count: Count) -> int:
    return cell.touches if count is Count.TOUCHES else cell.contacts


def _each(cell: LoadCell, count: Count) -> Happened:
    each = cell.touches_each if count is Count.TOUCHES else cell.contacts_each
    return Happened(each.estimate, each.low, each.high, cell.active)


def touches_in(monthly: MonthlyInsight, load: LoadInsight, quarter: int) -> Counter[str]:
    """Count the touches of each touchpoint in one quarter; its months lie within it."""
    later = [start for start in load.quarters if start > quarter]
    end = min(later) if later else None
    return Counter(
        {
            one.touchpoint: sum(
                month.touches
                for month in one.months
                if month.start >= quarter and (end is None or month.start < end)
            )
            for one in monthly.touchpoints
        }
    )


def _state(planned: float | None, happened: Happened | None, limit: float, *, any_planned: bool) -> State:
    """Say what a cell is; overload before gaps, since it costs customers."""
    if happened is not None and happened.low > limit:
        return State.OVER
    if planned:
        most = 0.0 if happened is None else happened.high
        return State.GAP if most < HALF * planned else State.FINE
    if happened is None or happened.mean < SCARCELY:
        return State.EMPTY
    return State.UNPLANNED if any_planned else State.FINE


def _total(key: str, cells: list[Cell]) -> Total:
    """Add cells. How they hang together is unknown, so their half-widths are added: at least 95 % hold."""
    planned = [one.planned for one in cells if one.planned is not None]
    met = [one.happened for one in cells if one.happened is not None]
    happened = None
    if met:
        happened = Happened(
            sum(one.mean for one in met),
            sum(one.low for one in met),
            sum(one.high for one in met),
            max(one.active for one in met),
        )
    empty = not planned and (happened is None or happened.mean < SCARCELY)
    return Total(key, sum(planned) if planned else None, happened, State.EMPTY if empty else State.FINE)
