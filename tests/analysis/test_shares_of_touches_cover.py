"""Shares of touches hold the truth in about 95 of 100 samples though one person brings several touches.

Persons differ: their own shares are drawn (beta-binomial, Dirichlet for bad, neutral and good) with an
intra-class correlation, and so is how often they rate. Each sample is a group of the kernel, so thousands of
them are counted in one pass.
"""

import numpy as np
import pytest

from wegmarke.analysis.estimates import bad_shares, clustered_share, net_experiences, share
from wegmarke.analysis.journeys import Experience
from wegmarke.analysis.kernels.groups import BAD, GOOD, group_sums

CORRELATIONS = [0.0, 0.1, 0.3, 0.6]
SHARES = [0.02, 0.05, 0.1, 0.25, 0.5]


def often(rng, persons):
    """Everybody rates about alike often: once and a few times more."""
    return 1 + rng.poisson(2, persons)


def unevenly(rng, persons):
    """Most rate a few times, some a dozen times and more."""
    return rng.geometric(0.25, persons)


def rated(rng, size, feelings, correlation, times):
    """Return the sums of samples of persons (`size`: how many of each); `feelings` are bad, neutral, good."""
    samples, persons = size
    many = times(rng, samples * persons)
    if correlation:
        shape = np.array(feelings) * (1 - correlation) / correlation
        own = rng.gamma(np.maximum(shape, 1e-12), size=(samples * persons, 3))
        own /= np.maximum(own.sum(axis=1, keepdims=True), 1e-300)
    else:
        own = np.broadcast_to(feelings, (samples * persons, 3))
    person = np.repeat(np.arange(samples * persons), many)
    u = rng.random(len(person))
    bad, neutral = own[person, 0], own[person, 1]
    felt = np.where(u < bad, Experience.BAD, np.where(u < bad + neutral, Experience.NEUTRAL, Experience.GOOD))
    offsets = np.concatenate([[0], np.cumsum(many)])
    sample = (person // persons).astype(np.uint16)
    return group_sums(offsets, sample, felt.astype(np.uint8), np.zeros(len(person), np.bool_), samples)


FEELINGS = [(0.02, 0.08), (0.02, 0.0), (0.1, 0.2), (0.4, 0.2), (0.05, 0.6), (0.45, 0.1)]
"""Shares of bad and neutral: nearly all good, no neutral at all, mixed, mostly neutral, torn."""


def coverage(estimates, truth):
    return np.mean([one.low <= truth + 1e-9 and truth - 1e-9 <= one.high for one in estimates])


def size_of(persons):
    return (300 if persons > 500 else 1000), persons


def assert_held(found, times):
    # Where a few bring most ratings and do not differ at all, few persons cannot show it: that is too wide.
    assert 0.93 <= np.mean(found) <= (0.975 if times is often else 0.985)
    assert min(found) > 0.9


@pytest.mark.parametrize("correlation", CORRELATIONS)
@pytest.mark.parametrize("persons", [20, 200, 2000])
@pytest.mark.parametrize("times", [often, unevenly])
def test_the_share_of_bad_experiences_is_covered(persons, correlation, times):
    rng = np.random.default_rng([persons, int(100 * correlation)])
    found = []
    for bad in SHARES:
        feelings = (bad, 0.3 * (1 - bad), 0.7 * (1 - bad))
        sums = rated(rng, size_of(persons), feelings, correlation, times)
        found.append(coverage(bad_shares(sums), bad))
    assert_held(found, times)


@pytest.mark.parametrize("correlation", CORRELATIONS)
@pytest.mark.parametrize("persons", [20, 200, 2000])
@pytest.mark.parametrize("times", [often, unevenly])
def test_the_net_experience_is_covered(persons, correlation, times):
    rng = np.random.default_rng([persons, int(100 * correlation), 1])
    found = []
    for bad, neutral in FEELINGS:
        good = 1 - bad - neutral
        sums = rated(rng, size_of(persons), (bad, neutral, good), correlation, times)
        found.append(coverage(net_experiences(sums), good - bad))
    assert_held(found, times)


def test_counting_each_rating_as_a_person_would_not_hold():
    rng = np.random.default_rng(4)
    sums = rated(rng, (500, 200), (0.2, 0.3, 0.5), 0.6, unevenly)
    plain = [share(int(row[BAD]), int(row[BAD : GOOD + 1].sum())) for row in sums]
    assert coverage(plain, 0.2) < 0.75
    assert coverage(bad_shares(sums), 0.2) > 0.93


def test_one_rating_a_person_is_a_plain_share():
    found = clustered_share(7, 40, (7, 7, 40))
    assert (found.low, found.high) == pytest.approx((share(7, 40).low, share(7, 40).high))


def test_a_share_of_nothing_is_worth_as_many_touches_as_there_are_persons():
    found = clustered_share(0, 200, (0, 0, 20 * 10**2))
    # Student's t for what was not seen to be alike, so a little wider than twenty independent persons
    assert share(0, 20).high < found.high < share(0, 16).high


def test_one_person_alone_tells_hardly_anything():
    found = clustered_share(30, 60, (900, 1800, 3600))
    assert found.low < 0.05
    assert found.high > 0.95
