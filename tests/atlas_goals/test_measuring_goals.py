"""The value of a goal comes from the stored figures of just what it is about."""

from dataclasses import replace
from datetime import date

import pytest

from support.insights import analysis
from support.map_insights import MONTHS
from wegmarke.analysis.insight import Estimate, FunnelMonth
from wegmarke.atlas.goals.contracts import Lack
from wegmarke.atlas.goals.measuring import measured, together
from wegmarke.atlas.goals.rules import standing
from wegmarke.atlas.measures import actual_at
from wegmarke.plan.contracts import Goal, Measure, Metric, Side, Text

FOUND = analysis()
PLAN = FOUND.plan


def goal(measure, **about):
    return Goal("g", Text("Z", "G"), Side.COMPANY, Metric(measure, 0.1), date(2026, 12, 31), **about)


def cells(key):
    return next(one for one in FOUND.monthly.touchpoints if one.touchpoint == key).months


def test_everything_comes_from_the_trend():
    found = measured(goal(Measure.NET_EXPERIENCE), PLAN, FOUND)
    assert [one.value for one in found.months] == [point.experience for point in FOUND.trend.points]
    bad = measured(goal(Measure.BAD_SHARE), PLAN, FOUND)
    assert [one.value for one in bad.months] == [point.bad_share for point in FOUND.trend.points]
    leaving = measured(goal(Measure.LEAVING), PLAN, FOUND)
    assert len(leaving.months) == sum(point.leaving is not None for point in FOUND.trend.points)


def test_a_touchpoint_comes_month_by_month():
    found = measured(goal(Measure.NET_EXPERIENCE, touchpoints=("checkout",)), PLAN, FOUND)
    assert [one.value for one in found.months] == [cell.experience for cell in cells("checkout")]
    assert [one.whole for one in found.months] == [False, *[True] * 10, False]


def test_the_last_complete_month_of_a_touchpoint_is_not_one_that_began_before_the_figures():
    def of_first(*, months):
        few = replace(FOUND.monthly, months=MONTHS[:months])
        return actual_at("checkout", Measure.TOUCHES, replace(FOUND, monthly=few))

    assert of_first(months=3).estimate == cells("checkout")[1].touches
    assert of_first(months=2) is None, "the data begin in the middle of the only month that is over"


def test_a_phase_is_its_touchpoints_together():
    found = measured(goal(Measure.TOUCHES, phases=("purchase",)), PLAN, FOUND)
    own = [one.key for one in PLAN.touchpoints if "purchase" in one.phases]
    sums = [sum(c.touches for key in own for c in cells(key) if c.start == start) for start in MONTHS]
    assert [one.value.estimate for one in found.months] == sums


def test_a_conversion_is_that_of_its_funnel():
    found = measured(goal(Measure.CONVERSION, funnel="buy"), PLAN, FOUND)
    assert found.now == FOUND.funnels["buy"].steps[-1].share
    assert measured(goal(Measure.CONVERSION, funnel="none"), PLAN, FOUND).lack is Lack.NO_TOUCHES


def test_a_conversion_comes_month_by_month_from_those_who_began_in_it():
    months = tuple(FunnelMonth(start, Estimate(0.3, 0.25, 0.35, 300)) for start in MONTHS[:-1])
    buy = replace(FOUND.funnels["buy"], months=months)
    wanted = goal(Measure.CONVERSION, funnel="buy")
    found = measured(wanted, PLAN, replace(FOUND, funnels={"buy": buy}))
    assert [one.value for one in found.months] == [one.reached for one in months]
    assert [one.whole for one in found.months] == [False, *[True] * 10], "the data begin within the first one"
    assert standing(wanted, found, date(2020, 1, 1)).ahead is not None


@pytest.mark.parametrize(
    ("one", "lack"),
    [
        (goal(Measure.LEAVING, touchpoints=("checkout",)), Lack.NOT_TOGETHER),
        (goal(Measure.PERSONS, touchpoints=("checkout", "app")), Lack.NOT_TOGETHER),
        (goal(Measure.NET_EXPERIENCE, touchpoints=("cancellation",)), Lack.NO_TOUCHES),
        (goal(Measure.NET_EXPERIENCE, phases=("nowhere",)), Lack.NO_TOUCHES),
    ],
)
def test_what_cannot_be_measured_says_why(one, lack):
    assert measured(one, PLAN, FOUND).lack is lack


def test_before_there_are_figures_nothing_is_measured():
    assert measured(goal(Measure.TOUCHES), PLAN, None).lack is Lack.NO_FIGURES


def test_several_touchpoints_are_weighted_and_their_interval_is_never_too_narrow():
    one, two = Estimate(0.2, 0.1, 0.3, 100), Estimate(0.6, 0.5, 0.7, 300)
    found = together(Measure.NET_EXPERIENCE, [one, two])
    assert (found.estimate, found.n) == (pytest.approx(0.5), 400)
    assert found.high - found.low == pytest.approx(0.2), "as if the same persons erred alike at both"
    assert together(Measure.DROP_OFF, []) is None
    assert together(Measure.TOUCHES, []).estimate == 0
