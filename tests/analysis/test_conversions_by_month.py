"""A conversion month by month: who began in a month counts for it, once their time is over."""

from __future__ import annotations

import numpy as np
import pytest
import twins
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import END, journeys

from wegmarke.analysis.asking import ask
from wegmarke.analysis.funnel import FunnelQuestion
from wegmarke.analysis.journeys import Journeys, Landscape
from wegmarke.analysis.outcomes import DAY, Period
from wegmarke.analysis.spans import month_starts

PERIOD = Period(0, END)
STEPS = ("basket", "bought")
LANDSCAPE = Landscape(("basket", "bought", "call"))


def months_of(person, days, code, *, window=7, days_of_data=120, persons=None):
    made = Journeys.build(
        person=np.array(person),
        seconds=(np.array(days) * DAY).astype(int),
        touchpoint=np.array(code),
        persons=persons or max(person) + 1,
        landscape=LANDSCAPE,
    )
    return ask(FunnelQuestion(STEPS, window, Period(0, days_of_data * DAY)), [made]).months


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_every_chain_that_begins_in_a_month_counts_for_it(data):
    some = data.draw(journeys())
    names = st.sampled_from(some.landscape.touchpoints)
    steps = tuple(data.draw(st.lists(names, min_size=2, max_size=4)))
    window = data.draw(st.sampled_from([0.5, 3.0, 20.0]))
    # The data seem to go on, so that every month is complete.
    insight = ask(FunnelQuestion(steps, window, Period(0, END + 60 * DAY)), [some])
    found = twins.funnel_months(some, [some.landscape.code(s) for s in steps], round(window * DAY))
    got = {one.start: (one.reached.n, round(one.reached.estimate * one.reached.n)) for one in insight.months}
    assert got == found


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_split_of_the_persons_gives_the_same_months(data):
    some = data.draw(journeys())
    question = FunnelQuestion((some.landscape.touchpoints[0], some.landscape.touchpoints[-1]), 10, PERIOD)
    cut = data.draw(st.integers(0, some.persons))
    assert ask(question, [some.select(0, cut), some.select(cut, some.persons)]) == ask(question, [some])


def test_a_month_counts_once_the_window_after_it_is_over():
    person, days, code = [0, 1, 2], [3, 40, 80], [0, 0, 0]
    complete = months_of(person, days, code, days_of_data=66)
    assert [one.start for one in complete] == month_starts(Period(0, 66 * DAY))[:2].tolist()
    assert len(months_of(person, days, code, days_of_data=65)) == 1
    assert months_of(person, days, code, window=90, days_of_data=66) == ()


def test_a_chain_may_end_in_the_next_month_and_counts_for_the_first():
    first, second = months_of([0, 0, 0, 1], [29, 33, 34, 40], [0, 1, 0, 0])
    assert (first.reached.n, first.reached.estimate) == (1, 1.0)
    assert (second.reached.n, second.reached.estimate) == (2, 0.0)


def test_without_a_period_there_are_no_months():
    made = Journeys.build(
        person=np.array([0, 0]),
        seconds=np.array([0, 1]),
        touchpoint=np.array([0, 1]),
        persons=1,
        landscape=LANDSCAPE,
    )
    assert ask(FunnelQuestion(STEPS, 7), [made]).months == ()


@pytest.mark.parametrize(("persons", "truth"), [(60, 0.1), (60, 0.4), (500, 0.03)])
def test_the_conversion_of_a_month_is_covered(persons, truth):
    """Persons begin in two months, again and again, and differ in how easily they buy."""
    rng = np.random.default_rng(persons)
    held = []
    for _ in range(400):
        own = rng.beta(truth * 4, (1 - truth) * 4, persons)  # of a person, the same in both months
        buys = rng.random((2, persons)) < own
        who = [np.arange(persons), np.arange(persons), *(np.flatnonzero(month) for month in buys)]
        day = [rng.uniform(0, 30, persons), rng.uniform(32, 58, persons)]
        day += [day[k][who[2 + k]] + 1 for k in range(2)]
        code = np.repeat([0, 0, 1, 1], [len(one) for one in who])
        found = months_of(np.concatenate(who), np.concatenate(day), code, persons=persons)
        held += [one.reached.low <= truth <= one.reached.high for one in found]
    assert 0.93 <= np.mean(held) <= 0.97
