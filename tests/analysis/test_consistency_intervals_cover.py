"""Spread, differences between touchpoints and load hold the truth in 93 to 98 of 100 companies."""

from __future__ import annotations

import numpy as np
import pytest

from wegmarke.analysis.asking import ask
from wegmarke.analysis.journeys import Experience, Journeys, Landscape, StartedBy
from wegmarke.analysis.load import LoadQuestion
from wegmarke.analysis.outcomes import Period
from wegmarke.analysis.spread import SpreadQuestion
from wegmarke.analysis.statistics.consistency import Means, differences, spread

SAMPLES = 800
LEAST, MOST = 0.93, 0.98
NOISE = 2.6 * (0.05 * 0.95 / SAMPLES) ** 0.5
"""By so much a coverage counted over the samples may miss the true one (99 %)."""

APART = (0.2, 0.1, 0.3, 0.2, 0.4, 0.0)
UNEVEN = (30, 10, 5, 3, 1.5, 1.5)
COMPANIES = {
    "all alike": ((0.2,) * 6, 100, 4, 0.0, None),
    "all alike, persons with moods": ((0.2,) * 6, 100, 6, 0.15, None),
    "apart": (APART, 150, 5, 0.1, None),
    "one stands out": ((*(0.2,) * 7, -0.4), 200, 5, 0.1, None),
    "apart, uneven": (APART, 600, 6, 0.1, UNEVEN),
    "a rare one stands out": ((*(0.2,) * 5, -0.4), 600, 6, 0.1, UNEVEN),
    "a frequent one stands out": ((-0.4, *(0.2,) * 5), 600, 6, 0.1, UNEVEN),
    "two": ((0.3, 0.1), 80, 4, 0.1, None),
    "three": ((0.3, 0.1, 0.3), 60, 4, 0.1, None),
    "nearly all good or bad": ((0.55, 0.5, -0.5, 0.5), 60, 4, 0.0, None),
    "twenty": (tuple(np.linspace(-0.2, 0.5, 20)), 400, 10, 0.1, None),
}


def company(rng, truth, persons, touches, *, mood=0.1, weights=None):
    """Return persons who rate touchpoints of true net experience `truth`, each person in a mood of their own.

    Good has the chance 0.4 plus half the truth plus the mood, neutral 0.2; moods are symmetric, so they
    cancel.
    """
    truth = np.array(truth)
    chances = np.full(len(truth), 1.0) if weights is None else np.array(weights)
    moods = np.clip(rng.normal(0, mood, persons), -0.15, 0.15)
    person = np.repeat(np.arange(persons), rng.poisson(touches, persons) + 1)
    code = rng.choice(len(truth), len(person), p=chances / chances.sum())
    good = 0.4 + truth[code] / 2 + moods[person]
    u = rng.random(len(person))
    felt = np.where(u < good, Experience.GOOD, np.where(u < good + 0.2, Experience.NEUTRAL, Experience.BAD))
    return Journeys.build(
        person=person,
        seconds=np.arange(len(person)),
        touchpoint=code,
        experience=felt,
        landscape=Landscape(tuple(f"t{k:02}" for k in range(len(truth)))),
        persons=persons,
    )


@pytest.mark.parametrize("name", COMPANIES)
def test_spread_and_differences_between_touchpoints_are_covered(name):
    truth, persons, touches, mood, weights = COMPANIES[name]
    rng = np.random.default_rng(len(truth) + persons)
    between = np.std(truth, ddof=1)
    away = np.array(truth) - (sum(truth) - np.array(truth)) / (len(truth) - 1)
    spreads, apart, named = [], [], 0
    for _ in range(SAMPLES):
        insight = ask(SpreadQuestion(), [company(rng, truth, persons, touches, mood=mood, weights=weights)])
        (group,) = insight.groups
        if group.compared == len(truth):
            spreads.append(group.spread.low - 1e-9 <= between <= group.spread.high + 1e-9)
            apart += [
                c.difference.low <= d <= c.difference.high for c, d in zip(insight.cells, away, strict=True)
            ]
        named += bool(insight.inconsistent)
    assert len(spreads) > 0.9 * SAMPLES
    assert LEAST - NOISE <= np.mean(spreads) <= MOST + NOISE
    assert LEAST <= np.mean(apart) <= MOST
    if between == 0:
        assert named / SAMPLES <= 0.05 + NOISE


def test_the_one_touchpoint_out_of_ten_that_stands_out_is_named_and_no_other():
    rng = np.random.default_rng(5)
    truth = (*(0.3,) * 9, 0.0)
    found = [
        [c.touchpoint for c in ask(SpreadQuestion(), [company(rng, truth, 800, 12)]).inconsistent]
        for _ in range(100)
    ]
    assert np.mean(["t09" in names for names in found]) >= 0.95
    assert np.mean([names != ["t09"] for names in found]) <= 0.1


def test_two_far_off_do_not_make_those_that_agree_look_inconsistent():
    rng = np.random.default_rng(5)
    journeys = company(rng, (*(0.3,) * 8, -0.3, -0.3), 5_000, 12)
    insight = ask(SpreadQuestion(), [journeys])
    assert all(cell.difference.q < 0.001 for cell in insight.cells)
    assert all(abs(cell.difference.estimate) > 0.1 for cell in insight.cells)
    assert {cell.touchpoint for cell in insight.inconsistent} == {"t08", "t09"}


def test_what_is_sure_but_small_is_not_named():
    rng = np.random.default_rng(5)
    journeys = company(rng, (0.2, 0.2, 0.2, 0.26), 20_000, 12)
    insight = ask(SpreadQuestion(), [journeys])
    assert min(cell.difference.q for cell in insight.cells) < 0.001
    assert insight.inconsistent == ()
    assert [c.touchpoint for c in ask(SpreadQuestion(margin=0.05), [journeys]).inconsistent] == ["t03"]


def contacts_of(rng, persons, mean, share):
    """Return contacts of persons, each of whom also came once on their own; `share` of them are contacted."""
    counts = rng.poisson(mean, persons) * (rng.random(persons) < share)
    person = np.concatenate([np.arange(persons), np.repeat(np.arange(persons), counts)])
    return Journeys.build(
        person=person,
        seconds=np.arange(len(person)),
        touchpoint=(np.arange(len(person)) >= persons).astype(int),
        landscape=Landscape(("came", "mailed"), started_by=(StartedBy.CUSTOMER, StartedBy.COMPANY)),
        persons=persons,
    )


@pytest.mark.parametrize(
    ("persons", "mean", "share"), [(10, 2, 1), (30, 0.3, 1), (30, 4, 0.5), (100, 6, 0.1), (500, 0.05, 1)]
)
def test_the_contacts_of_a_customer_are_covered(persons, mean, share):
    rng = np.random.default_rng(persons)
    question = LoadQuestion(Period(0, 10**6), (-1, 0), (("use", "mail"),))
    cells = [ask(question, [contacts_of(rng, persons, mean, share)]).totals[0] for _ in range(SAMPLES)]
    covered = np.mean([c.contacts_each.low <= mean * share <= c.contacts_each.high for c in cells])
    assert LEAST - NOISE <= covered <= MOST + NOISE


def means_of(residuals, mean, raters):
    """Return `Means` from a table of residuals [person, place]."""
    whole = residuals.sum(axis=1)
    return Means(
        mean=np.array(mean),
        squares=(residuals**2).sum(axis=0),
        products=(residuals * whole[:, None]).sum(axis=0),
        whole=float((whole**2).sum()),
        raters=np.full(len(mean), float(raters)),
    )


def test_the_error_of_a_difference_is_that_of_its_contrast():
    rng = np.random.default_rng(9)
    persons, places = 2_000, 4
    moods = rng.normal(size=(persons, 1))
    residuals = (rng.normal(size=(persons, places)) * [1, 2, 3, 4] + 2 * moods) / persons
    means = means_of(residuals, [0.1, 0.2, 0.3, 0.4], persons)
    estimate, low, high, _ = differences(means)
    for k in range(places):
        contrast = np.full(places, -1 / (places - 1))
        contrast[k] = 1.0
        error = np.sqrt(((residuals @ contrast) ** 2).sum())
        assert estimate[k] == pytest.approx(contrast @ means.mean)
        assert (high[k] - low[k]) / 2 == pytest.approx(1.96 * error, rel=0.01)


def test_a_common_mood_neither_adds_to_the_spread_nor_hides_it():
    rng = np.random.default_rng(9)
    residuals = rng.normal(size=(500, 5)) / 500
    moods = rng.normal(size=(500, 1)) / 100
    alone = spread(means_of(residuals, [0.0, 0.1, 0.2, 0.3, 0.4], 500))
    together = spread(means_of(residuals + moods, [0.0, 0.1, 0.2, 0.3, 0.4], 500))
    assert together == pytest.approx(alone, rel=0.02)


def test_where_all_raters_agree_the_intervals_stay_open():
    means = means_of(np.zeros((20, 3)), [1.0, 1.0, 1.0], 20)
    estimate, low, high = spread(means)
    assert (estimate, low) == (0.0, 0.0)
    assert 0.01 < high < 0.2
    _, low, high, p = differences(means)
    assert np.all((low < -0.01) & (high > 0.01) & (p == 1.0))
