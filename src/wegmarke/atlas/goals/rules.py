"""Whether a goal is on course: a weighted straight line to the deadline, judged by its interval. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.analysis.insight import Estimate
from wegmarke.analysis.statistics.intervals import Z95
from wegmarke.analysis.statistics.projection import LEAST_POINTS, projected
from wegmarke.atlas.goals.contracts import Course, Lack, Standing
from wegmarke.plan.contracts import SHARES, Measure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from wegmarke.atlas.goals.contracts import Measured, Month
    from wegmarke.plan.contracts import Goal, Metric, Plan, Touchpoint

USUAL_MONTHS = 6
LEAST_SCATTER = 0.05
"""The scatter around the line is at least this share of the variance that sampling alone makes."""
COUNTS = (Measure.PERSONS, Measure.TOUCHES)
_YEAR = 12


def month_of(day: date) -> int:
    """Return a month as a number that counts on by one."""
    return day.year * _YEAR + day.month - 1


def standing(goal: Goal, measured: Measured, today: date) -> Standing:
    """Say how a goal stands today, given what was measured."""
    deadline = month_of(goal.until)
    over = deadline < month_of(today)
    months = [one for one in measured.months if one.whole and one.number <= deadline]
    if not months:
        return _without_months(goal, measured, over=over)
    last = months[-1]
    if last.number == deadline:
        course = _final(goal.metric, last.value)
        return Standing(goal, course, last.value, last.number, None, measured, final=True)
    if over:
        return Standing(
            goal, Course.TOO_LITTLE, last.value, last.number, None, measured, lack=Lack.END_UNMEASURED
        )
    ahead = projection(goal.metric.measure, _regarded(goal, months), deadline)
    course = _course(goal.metric, last.value, ahead)
    lack = Lack.FEW_MONTHS if ahead is None else None
    return Standing(goal, course, last.value, last.number, ahead, measured, lack=lack)


def _without_months(goal: Goal, measured: Measured, *, over: bool) -> Standing:
    """Judge by the value of the whole period, which can only be reached or not known to be."""
    now = measured.now
    reached = now is not None and _all_reach(goal.metric, now)
    course = Course.REACHED if reached else Course.TOO_LITTLE
    lack = None if reached else measured.lack or _lack(measured, over=over)
    return Standing(goal, course, now, None, None, measured, lack=lack)


def _lack(measured: Measured, *, over: bool) -> Lack:
    if not measured.months:
        return Lack.NO_MONTHS
    return Lack.END_UNMEASURED if over else Lack.FEW_MONTHS


def _regarded(goal: Goal, months: Sequence[Month]) -> Sequence[Month]:
    """Return the months since the goal began, and never fewer than the last six."""
    since = month_of(goal.since) if goal.since else months[-1].number
    kept = [one for one in months if one.number >= since]
    return max(kept, months[-USUAL_MONTHS:], key=len)


def projection(measure: Measure, months: Sequence[Month], deadline: int) -> Estimate | None:
    """Return the value expected for the month of the deadline, with its interval; None below four months."""
    if len(months) < LEAST_POINTS:
        return None
    counted = measure in COUNTS
    weights = [1.0 if counted else float(max(1, one.value.n)) for one in months]
    least = 0.0 if counted else LEAST_SCATTER * _chance(months, weights)
    found = projected(
        [one.number for one in months],
        [one.value.estimate for one in months],
        weights,
        deadline,
        least_variance=least,
    )
    estimate, low, high = (_within(measure, value) for value in found)
    return Estimate(estimate, low, high, len(months))


def _chance(months: Sequence[Month], weights: Sequence[float]) -> float:
    """Return the variance of a single observation as the months' own intervals tell it."""
    halves = [(one.value.high - one.value.low) / (2 * Z95) for one in months]
    return sum(half**2 * weight for half, weight in zip(halves, weights, strict=True)) / len(months)


def _within(measure: Measure, value: float) -> float:
    """Keep a projection inside what the measure can be."""
    if measure is Measure.NET_EXPERIENCE:
        return min(1.0, max(-1.0, value))
    return min(1.0, max(0.0, value)) if measure in SHARES else max(0.0, value)


def _course(metric: Metric, actual: Estimate, ahead: Estimate | None) -> Course:
    if ahead is not None and _none_reaches(metric, ahead):
        return Course.OFF_COURSE
    if _all_reach(metric, actual):
        return Course.REACHED
    if ahead is None:
        return Course.TOO_LITTLE
    return Course.ON_COURSE if _all_reach(metric, ahead) else Course.AT_RISK


def _final(metric: Metric, actual: Estimate) -> Course:
    if _all_reach(metric, actual):
        return Course.REACHED
    return Course.OFF_COURSE if _none_reaches(metric, actual) else Course.AT_RISK


def _all_reach(metric: Metric, value: Estimate) -> bool:
    """Say whether the whole interval reaches the target."""
    return metric.reached(value.high if metric.falling else value.low)


def _none_reaches(metric: Metric, value: Estimate) -> bool:
    return not metric.reached(value.low if metric.falling else value.high)


def keys_of(goal: Goal, plan: Plan) -> tuple[str, ...]:
    """Return the touchpoints a goal is about, those of its phases included; empty where it is everything."""
    return tuple(one.key for one in plan.touchpoints if is_about(goal, one, plan))


def is_about(goal: Goal, touchpoint: Touchpoint, plan: Plan) -> bool:
    """Say whether a goal names a touchpoint, one of its phases, or a funnel it is a step of."""
    if touchpoint.key in goal.touchpoints or (goal.phases and set(goal.phases) & _places(touchpoint, plan)):
        return True
    return any(one.key == goal.funnel and touchpoint.key in one.steps for one in plan.funnels)


def _places(touchpoint: Touchpoint, plan: Plan) -> set[str]:
    """Return the phases of a touchpoint; one in a step is in the phase of the step as well."""
    around = (journey.phase_of(key) for journey in plan.journeys for key in touchpoint.phases)
    return {*touchpoint.phases, *(phase.key for phase in around if phase is not None)}
