"""Whether a goal is on course is decided on intervals, never on a point."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from wegmarke.analysis.insight import Estimate
from wegmarke.atlas.goals import rules
from wegmarke.atlas.goals.contracts import Course, Lack, Measured, Month
from wegmarke.plan.contracts import Goal, Measure, Metric, Side, Text

MARCH = 2026 * 12 + 2
TODAY = date(2026, 4, 10)


def goal(target, measure=Measure.NET_EXPERIENCE, until=date(2026, 12, 31), since=None):
    return Goal("g", Text("Z", "G"), Side.COMPANY, Metric(measure, target), until, since=since)


def months(values, half=0.02, n=1000, last=MARCH):
    first = last - len(values) + 1
    return tuple(
        Month(first + at, Estimate(value, value - half, value + half, n), whole=True)
        for at, value in enumerate(values)
    )


def standing(one, measured, today=TODAY):
    return rules.standing(one, measured, today)


def course(one, values, **more):
    return standing(one, Measured(months=months(values, **more))).course


RISING = [0.10, 0.121, 0.139, 0.16, 0.181, 0.20]


@pytest.mark.parametrize(
    ("target", "expected"),
    [(0.15, Course.REACHED), (0.30, Course.ON_COURSE), (0.38, Course.AT_RISK), (0.50, Course.OFF_COURSE)],
)
def test_a_rising_line_is_judged_by_where_its_interval_lies(target, expected):
    assert course(goal(target), RISING) is expected


def test_less_is_better_where_the_measure_falls():
    falling = [0.20, 0.181, 0.16, 0.139, 0.121, 0.10]
    for target, expected in [
        (0.15, Course.REACHED),
        (0.05, Course.ON_COURSE),
        (0.001, Course.ON_COURSE),
    ]:
        assert course(goal(target, Measure.BAD_SHARE), falling) is expected
    assert course(goal(0.05, Measure.BAD_SHARE), list(reversed(falling))) is Course.OFF_COURSE


def test_a_value_above_the_target_whose_interval_is_not_is_not_reached():
    assert course(goal(0.15), [0.155] * 6, half=0.02) is not Course.REACHED
    assert course(goal(0.15), [0.155] * 6, half=0.001) is Course.REACHED


def test_what_is_reached_but_falling_out_of_reach_is_off_course():
    assert course(goal(0.15), [0.40, 0.361, 0.319, 0.28, 0.241, 0.20]) is Course.OFF_COURSE


def test_three_months_are_too_little_and_the_reason_is_named():
    found = standing(goal(0.3), Measured(months=months(RISING[:3])))
    assert (found.course, found.lack, found.ahead) == (Course.TOO_LITTLE, Lack.FEW_MONTHS, None)
    assert found.actual.estimate == RISING[2]


def test_months_that_are_not_over_do_not_count():
    whole = months(RISING)
    torn = Month(MARCH + 1, Estimate(0.9, 0.8, 1.0, 10), whole=False)
    with_torn = standing(goal(0.3), Measured(months=(*whole, torn)))
    assert with_torn.month == MARCH
    assert with_torn.ahead == standing(goal(0.3), Measured(months=whole)).ahead


@pytest.mark.parametrize(
    ("target", "expected"),
    [(0.15, Course.REACHED), (0.19, Course.AT_RISK), (0.25, Course.OFF_COURSE)],
)
def test_after_the_deadline_the_value_of_its_month_decides(target, expected):
    found = standing(
        goal(target, until=date(2026, 3, 15)), Measured(months=months([*RISING, 0.9], last=MARCH + 1))
    )
    assert (found.course, found.final, found.month) == (expected, True, MARCH)


@pytest.mark.parametrize("measured", [months(RISING), months(RISING[:2]), months(RISING[:1], last=MARCH + 3)])
def test_after_the_deadline_nothing_is_projected_where_its_month_was_not_measured(measured):
    may = goal(0.3, until=date(2026, 5, 15))
    found = standing(may, Measured(months=measured), date(2026, 6, 1))
    assert (found.course, found.lack, found.ahead) == (Course.TOO_LITTLE, Lack.END_UNMEASURED, None)
    assert standing(may, Measured(months=measured), date(2026, 5, 31)).lack is not Lack.END_UNMEASURED


def test_a_measure_known_by_month_without_a_whole_month_lacks_months():
    torn = tuple(replace(one, whole=False) for one in months(RISING[:2]))
    assert standing(goal(0.3), Measured(months=torn)).lack is Lack.FEW_MONTHS


def test_the_line_follows_the_last_six_months_or_all_since_the_goal_began():
    long = [0.9, 0.1, 0.8, *RISING]
    assert standing(goal(0.3), Measured(months=months(long))).ahead.n == 6
    began = goal(0.3, since=date(2025, 7, 10))
    assert standing(began, Measured(months=months(long))).ahead.n == 9
    new = goal(0.3, since=date(2026, 3, 1))
    assert standing(new, Measured(months=months(long))).ahead.n == 6


def test_a_projection_stays_within_what_the_measure_can_be():
    found = standing(goal(0.9), Measured(months=months([0.5, 0.61, 0.69, 0.8, 0.91, 0.99])))
    assert found.ahead.high == 1.0
    counts = standing(
        goal(10, Measure.PERSONS), Measured(months=months([500, 410, 300, 190, 105, 20], half=0))
    )
    assert counts.ahead.low == 0.0


def test_a_value_of_the_whole_period_can_be_reached_but_has_no_course():
    conversion = goal(0.3, Measure.CONVERSION)
    reached = standing(conversion, Measured(now=Estimate(0.4, 0.35, 0.45, 900)))
    short = standing(conversion, Measured(now=Estimate(0.2, 0.15, 0.25, 900)))
    assert (reached.course, short.course, short.lack) == (
        Course.REACHED,
        Course.TOO_LITTLE,
        Lack.NO_MONTHS,
    )


def test_claims_about_simulated_goals_are_rarely_wrong():
    """Over many random courses with random targets, "on course" and "off course" err in at most 5 %."""
    rng = np.random.default_rng(5)
    claims = wrong = 0
    for _ in range(2000):
        n = int(rng.integers(100, 800))
        slope, start = rng.normal(0, 0.01), rng.uniform(0.3, 0.6)
        level = np.clip(start + slope * np.arange(10), 0.02, 0.98)
        seen = rng.binomial(n, level) / n
        half = 1.96 * np.sqrt(seen * (1 - seen) / n)
        target = float(np.clip(level[-1] + rng.normal(0, 0.08), 0.05, 0.95))
        measured = tuple(
            Month(MARCH - 5 + at, Estimate(seen[at], seen[at] - half[at], seen[at] + half[at], n), whole=True)
            for at in range(6)
        )
        deadline = goal(target, Measure.DROP_OFF, until=date(2026, 7, 1))
        said = standing(deadline, Measured(months=measured)).course
        if said in (Course.ON_COURSE, Course.OFF_COURSE):
            claims += 1
            wrong += (said is Course.ON_COURSE) != (seen[-1] <= target)
    assert claims > 200
    assert wrong / claims <= 0.05
