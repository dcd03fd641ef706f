import itertools

import pytest
from companies import simulate
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import END, journeys, outcomes

from wegmarke.analysis.asking import ask
from wegmarke.analysis.funnel import FunnelQuestion
from wegmarke.analysis.last_actions import LastActionsQuestion
from wegmarke.analysis.lived import LivedQuestion
from wegmarke.analysis.load import LoadQuestion
from wegmarke.analysis.moments import MomentsQuestion
from wegmarke.analysis.monthly import MonthlyQuestion
from wegmarke.analysis.outcomes import Period
from wegmarke.analysis.paths import PathsQuestion
from wegmarke.analysis.spread import SpreadQuestion
from wegmarke.analysis.trend import TrendQuestion

PERIOD = Period(0, END)


def parts_of(some, cuts):
    """Return the groups of persons between the cuts; empty ones stay."""
    edges = [0, *sorted(cuts), some.persons]
    return [some.select(a, b) for a, b in itertools.pairwise(edges)]


def cells_for(some):
    """Pass the first touchpoint over, put the others into two cells by turns."""
    count = len(some.landscape.touchpoints)
    return tuple(k % 2 if k else -1 for k in range(count)), (("one", ""), ("two", "web"))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_every_question_answers_the_same_for_any_split(data):
    some = data.draw(journeys())
    outcome = data.draw(outcomes(some.landscape))
    steps = (some.landscape.touchpoints[0], some.landscape.touchpoints[-1])
    cuts = data.draw(st.lists(st.integers(0, some.persons), max_size=3))
    for question in (
        FunnelQuestion(steps, 10),
        PathsQuestion(),
        LastActionsQuestion(outcome, PERIOD),
        LivedQuestion(outcome, PERIOD),
        TrendQuestion(outcome, PERIOD),
        MonthlyQuestion(outcome, PERIOD),
        SpreadQuestion(least_raters=2),
        SpreadQuestion("segment", least_raters=2),
        LoadQuestion(PERIOD, *cells_for(some)),
        LoadQuestion(PERIOD, *cells_for(some), attribute="segment"),
        MomentsQuestion(outcome, PERIOD),
    ):
        assert ask(question, parts_of(some, cuts)) == ask(question, [some])


@pytest.mark.parametrize("cuts", [[1500], [1, 2, 1000, 2999], list(range(0, 3000, 100))])
def test_the_moments_of_a_company_are_the_same_to_the_last_digit(cuts):
    company = simulate(7, persons=3_000)
    question = MomentsQuestion(company.outcome, company.period)
    assert ask(question, parts_of(company.journeys, cuts)) == ask(question, [company.journeys])


@pytest.mark.parametrize("cuts", [[1500], [1, 2, 1000, 2999], list(range(0, 3000, 100))])
def test_the_consistency_of_a_company_is_the_same_to_the_last_digit(cuts):
    company = simulate(7, persons=3_000)
    attribute = company.journeys.attributes[0].name
    for question in (SpreadQuestion(), SpreadQuestion(attribute)):
        whole = ask(question, [company.journeys])
        assert any(cell.difference for cell in whole.cells)
        assert ask(question, parts_of(company.journeys, cuts)) == whole
