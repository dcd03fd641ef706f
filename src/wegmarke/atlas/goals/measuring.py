"""From the stored figures to the values of a goal, month by month."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wegmarke.analysis.insight import Estimate
from wegmarke.atlas.goals.contracts import Lack, Measured, Month
from wegmarke.atlas.goals.rules import keys_of, month_of
from wegmarke.atlas.measures import holds_the_beginning_of
from wegmarke.plan.contracts import Measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from wegmarke.analysis.insight import TrendPoint
    from wegmarke.analysis.map_insight import MonthlyCell
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Goal, Plan

_OF_TREND: dict[Measure, Callable[[TrendPoint], Estimate | None]] = {
    Measure.NET_EXPERIENCE: lambda point: point.experience,
    Measure.BAD_SHARE: lambda point: point.bad_share,
    Measure.LEAVING: lambda point: point.leaving,
    Measure.PERSONS: lambda point: counted(point.persons),
    Measure.TOUCHES: lambda point: counted(point.touches),
}
"""Measures the trend over everything has."""


def measured(goal: Goal, plan: Plan, analysis: Analysis | None) -> Measured:
    """Return what the figures say about the measure of a goal."""
    if analysis is None:
        return Measured(lack=Lack.NO_FIGURES)
    measure = goal.metric.measure
    if measure is Measure.CONVERSION:
        return _conversion(goal, analysis)
    keys = keys_of(goal, plan)
    everything = not goal.touchpoints and not goal.phases
    if everything and measure in _OF_TREND:
        values = [(point.start, _OF_TREND[measure](point)) for point in analysis.trend.points]
        return _series(values, analysis)
    if measure is Measure.LEAVING or (measure is Measure.PERSONS and len(keys) > 1):
        return Measured(lack=Lack.NOT_TOGETHER)
    return _of_touchpoints(measure, None if everything else keys, analysis)


def _conversion(goal: Goal, analysis: Analysis) -> Measured:
    funnel = analysis.funnels.get(goal.funnel or "")
    if funnel is None or not funnel.steps or not funnel.steps[0].persons:
        return Measured(lack=Lack.NO_TOUCHES)
    if not funnel.months:
        return Measured(now=funnel.steps[-1].share)
    return Measured(
        months=tuple(
            Month(_number(one.start), one.reached, whole=holds_the_beginning_of(one.start, analysis))
            for one in funnel.months
        )
    )


def _of_touchpoints(measure: Measure, keys: Sequence[str] | None, analysis: Analysis) -> Measured:
    """Return a measure over some touchpoints, None for all of them."""
    monthly = analysis.monthly
    wanted = None if keys is None else set(keys)
    cells = [
        cell
        for one in monthly.touchpoints
        if wanted is None or one.touchpoint in wanted
        for cell in one.months
    ]
    if not cells:
        return Measured(lack=Lack.NO_TOUCHES)
    by_month: dict[int, list[Estimate]] = {start: [] for start in monthly.months}
    for cell in cells:
        if (value := _OF_CELLS[measure](cell)) is not None:
            by_month[cell.start].append(value)
    return _series([(start, together(measure, found)) for start, found in by_month.items()], analysis)


def _series(values: Iterable[tuple[int, Estimate | None]], analysis: Analysis) -> Measured:
    """Return the months with a value; the first and the last may not be wholly in the data."""
    values = list(values)
    complete = analysis.trend.last_complete
    months = tuple(
        Month(
            number=_number(start),
            value=value,
            whole=holds_the_beginning_of(start, analysis) and (complete or place < len(values) - 1),
        )
        for place, (start, value) in enumerate(values)
        if value is not None
    )
    return Measured(months=months, lack=None if months else Lack.NO_TOUCHES)


def _number(start: int) -> int:
    return month_of(datetime.fromtimestamp(start, tz=UTC))


def counted(number: int) -> Estimate:
    """Return a count: what happened is known without an interval."""
    return Estimate(float(number), float(number), float(number), number)


def together(measure: Measure, values: Sequence[Estimate]) -> Estimate | None:
    """Return a measure over several touchpoints, each with the weight of its observations.

    The same persons rate at several of them, so that their errors may go together: the ends of the intervals
    are averaged as if they always did, which is never too narrow. None without values, except that nothing
    happening is a count of zero.
    """
    if measure in (Measure.PERSONS, Measure.TOUCHES):
        return counted(sum(value.n for value in values))
    if len(values) == 1:
        return values[0]
    n = sum(value.n for value in values)
    if n == 0:
        return None
    estimate, low, high = (
        sum(getattr(value, end) * value.n for value in values) / n for end in ("estimate", "low", "high")
    )
    return Estimate(estimate, low, high, n)


_OF_CELLS: dict[Measure, Callable[[MonthlyCell], Estimate | None]] = {
    Measure.NET_EXPERIENCE: lambda cell: cell.experience,
    Measure.BAD_SHARE: lambda cell: cell.bad_share,
    Measure.DROP_OFF: lambda cell: cell.drop_off,
    Measure.PERSONS: lambda cell: counted(cell.persons),
    Measure.TOUCHES: lambda cell: counted(cell.touches),
}
"""Measures a touchpoint has in a month; a cell is one touchpoint in one month."""
