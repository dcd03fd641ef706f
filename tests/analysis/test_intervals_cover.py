"""Every interval a page shows holds the truth in about 95 of 100 samples, small ones included."""

import numpy as np
import pytest
from scipy.stats import binom

from wegmarke.analysis.asking import ask
from wegmarke.analysis.estimates import share
from wegmarke.analysis.journeys import Experience, Journeys, Landscape
from wegmarke.analysis.last_actions import LastActionsQuestion
from wegmarke.analysis.lived import LivedQuestion
from wegmarke.analysis.outcomes import Outcome, Period
from wegmarke.analysis.statistics.intervals import difference

SAMPLES = 2_000


def covered(estimates, truth):
    return np.mean([e.low <= truth <= e.high for e in estimates])


@pytest.mark.parametrize("n", [10, 30, 100, 1000])
def test_a_share_is_covered(n):
    # Exact, not drawn: the chance of each count, over many true shares. Counts are whole, so the coverage
    # swings with the true share (Brown, Cai & DasGupta 2001); on average it is 95 %.
    counts = np.arange(n + 1)
    intervals = [share(int(k), n) for k in counts]
    low, high = np.array([e.low for e in intervals]), np.array([e.high for e in intervals])
    coverage = [binom.pmf(counts, n, p)[(low <= p) & (p <= high)].sum() for p in np.linspace(0.02, 0.98, 97)]
    assert 0.94 <= np.mean(coverage) <= 0.965
    assert min(coverage) > 0.8


@pytest.mark.parametrize(("p1", "p0"), [(0.1, 0.05), (0.5, 0.45), (0.02, 0.02), (0.3, 0.05)])
@pytest.mark.parametrize(("n1", "n0"), [(25, 200), (400, 400)])
def test_a_difference_of_two_independent_shares_is_covered(p1, p0, n1, n0):
    rng = np.random.default_rng(n1)
    a, b = rng.binomial(n1, p1, SAMPLES) / n1, rng.binomial(n0, p0, SAMPLES) / n0
    sizes = (np.full(SAMPLES, float(n1)), np.full(SAMPLES, float(n0)))
    low, high = difference((a, b), sizes, np.zeros(SAMPLES))
    assert 0.93 <= np.mean((low <= p1 - p0) & (p1 - p0 <= high)) <= 0.98


def persons_with_moods(rng, persons, touches, spread):
    """Return journeys at one touchpoint in which each person has a mood of their own; mean experience 0.2."""
    mood = rng.normal(0, spread, persons)
    person = np.repeat(np.arange(persons), rng.poisson(touches, persons) + 1)
    u = rng.random(len(person))
    good = np.clip(0.4 + mood[person], 0.02, 0.78)
    felt = np.where(u < good, Experience.GOOD, np.where(u < good + 0.2, Experience.BAD, Experience.NEUTRAL))
    return Journeys.build(
        person=person,
        seconds=np.arange(len(person)),
        touchpoint=np.zeros(len(person), int),
        experience=felt,
        landscape=Landscape(("A",)),
        persons=persons,
    )


@pytest.mark.parametrize(("persons", "touches", "spread"), [(12, 2, 0.0), (40, 6, 0.15), (400, 3, 0.15)])
def test_the_net_experience_of_clustered_touches_is_covered(persons, touches, spread):
    rng = np.random.default_rng(persons)
    question = LivedQuestion(Outcome(quiet_days=1), Period(0, 10**6))
    samples = [
        ask(question, [persons_with_moods(rng, persons, touches, spread)]).touchpoints[0].experience
        for _ in range(600)
    ]
    # Moods are symmetric about 0.4 good; with 0.2 bad the mean is 0.2.
    assert 0.93 <= covered(samples, 0.2) <= 0.98


@pytest.mark.parametrize(("persons", "touches"), [(60, 4), (500, 5)])
def test_the_lift_of_a_last_action_is_covered(persons, touches):
    rng = np.random.default_rng(touches)
    outcome = Outcome(leaving=("left",))
    samples, truths = [], []
    for _ in range(600):
        journeys, truth = leavers(rng, persons, touches)
        insight = ask(LastActionsQuestion(outcome, Period(0, 10**6)), [journeys])
        samples += [a.lift for a in insight.actions if a.touchpoint == "A"]
        truths.append(truth)
    assert 0.93 <= covered(samples, np.mean(truths)) <= 0.98


def leavers(rng, persons, touches):
    """Return persons who leave after each touch with 0.2 at A and 0.1 elsewhere, until they have left.

    A is drawn with 0.3 independently of everything, so among last touches before leaving its share is
    0.3 * 0.2 / (0.3 * 0.2 + 0.7 * 0.1), and among all touches 0.3.
    """
    person, code = [], []
    for p in range(persons):
        for _ in range(touches):
            at_a = rng.random() < 0.3
            person.append(p)
            code.append(0 if at_a else 1)
            if rng.random() < (0.2 if at_a else 0.1):
                person.append(p)
                code.append(2)
                break
    truth = (0.06 / (0.06 + 0.07)) / 0.3
    journeys = Journeys.build(
        person=np.array(person),
        seconds=np.arange(len(person)),
        touchpoint=np.array(code),
        landscape=Landscape(("A", "B", "left")),
        persons=persons,
    )
    return journeys, truth
