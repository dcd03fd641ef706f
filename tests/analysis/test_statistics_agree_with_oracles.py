import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from wegmarke.analysis.statistics.intervals import difference, difference_p, wilson
from wegmarke.analysis.statistics.multiplicity import benjamini_hochberg
from wegmarke.analysis.statistics.sensitivity import e_value


@given(st.integers(1, 500), st.data())
def test_wilson_is_that_of_statsmodels(n, data):
    count = data.draw(st.integers(0, n))
    assert wilson(count / n, n) == pytest.approx(proportion_confint(count, n, method="wilson"), abs=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_q_values_are_those_of_statsmodels(p):
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])


@given(st.integers(2, 200), st.integers(2, 200), st.data())
def test_the_difference_of_shares_is_newcombes(n1, n0, data):
    a, b = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n0))
    low, high = difference(
        (np.array([a / n1]), np.array([b / n0])), (np.array([n1]), np.array([n0])), np.array([0.0])
    )
    expected = confint_proportions_2indep(a, n1, b, n0, method="newcomb", compare="diff")
    assert (low[0], high[0]) == pytest.approx(expected, abs=1e-9)


@given(st.integers(5, 300), st.integers(5, 300), st.data())
def test_test_and_interval_never_contradict_each_other(n1, n0, data):
    a, b = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n0))
    arms = (np.array([a / n1]), np.array([b / n0])), (np.array([n1]), np.array([n0])), np.array([0.0])
    low, high = difference(*arms)
    p = difference_p(*arms)[0]
    if abs(p - 0.05) > 1e-6:
        assert (p < 0.05) == bool(low[0] > 0 or high[0] < 0)


def test_the_e_value_is_that_of_the_published_example():
    # VanderWeele & Ding (2017): a risk ratio of 3.9 has the E-value 7.26; so has its inverse.
    assert e_value(0.39, 0.10) == pytest.approx(7.26, abs=0.005)
    assert e_value(0.10, 0.39) == pytest.approx(7.26, abs=0.005)


def test_without_an_outcome_on_one_side_there_is_no_e_value():
    assert e_value(0.0, 0.1) is None
    assert e_value(0.1, 0.0) is None


def test_no_effect_has_the_e_value_one():
    assert e_value(0.2, 0.2) == 1.0
