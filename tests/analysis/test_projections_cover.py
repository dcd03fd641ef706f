"""A projected month lies in its interval in about 95 of 100 simulated series."""

from __future__ import annotations

import numpy as np
import pytest

from wegmarke.analysis.statistics.projection import LEAST_POINTS, projected
from wegmarke.atlas.goals.rules import LEAST_SCATTER

RUNS = 1_000


def series(rng, months, ahead, *, unrest, chance):
    """Return monthly shares on a straight line with unrest of their own and chance, and one month ahead.

    The month ahead is measured on as many persons as the average month.
    """
    n = rng.integers(*chance, months).astype(float)
    times = np.arange(months, dtype=float)
    level = np.append(0.3 + 0.01 * times, 0.3 + 0.01 * (months - 1 + ahead))
    moved = np.clip(level + rng.normal(0, unrest, months + 1), 0.01, 0.99)
    counts = np.append(n, np.round(n.mean())).astype(int)
    seen = rng.binomial(counts, moved) / counts
    return times, seen[:-1], n, seen[-1]


@pytest.mark.parametrize("months", [4, 6, 12])
@pytest.mark.parametrize("ahead", [1, 4])
@pytest.mark.parametrize(
    ("unrest", "chance"),
    [(0.0, (40, 60)), (0.0, (80, 320)), (0.03, (300, 500)), (0.03, (150, 450))],
    ids=["few raters", "uneven months", "restless", "restless and uneven"],
)
def test_the_interval_of_a_projected_month_covers(months, ahead, unrest, chance):
    rng = np.random.default_rng([months, ahead, int(unrest * 100), *chance])
    covered = 0
    for _ in range(RUNS):
        times, values, n, then = series(rng, months, ahead, unrest=unrest, chance=chance)
        floor = LEAST_SCATTER * float(np.mean(values * (1 - values)))
        _estimate, low, high = projected(times, values, n, months - 1 + ahead, least_variance=floor)
        covered += low <= then <= high
    assert 0.93 <= covered / RUNS <= 0.98


def test_a_line_without_scatter_is_followed_exactly():
    estimate, low, high = projected([1, 2, 3, 4], [10, 12, 14, 16], [5, 5, 5, 5], 6)
    assert (round(estimate, 9), round(low, 9), round(high, 9)) == (20, 20, 20)


def test_the_same_answer_as_least_squares_by_hand():
    rng = np.random.default_rng(3)
    times, values, weights = np.arange(8.0), rng.normal(size=8), rng.uniform(1, 9, 8)
    design = np.column_stack([np.ones(8), times])
    gram = np.linalg.inv(design.T @ (weights[:, None] * design))
    beta = gram @ (design.T @ (weights * values))
    ahead = np.array([1, 11.0])
    variance = (weights @ (values - design @ beta) ** 2) / 6
    half = 2.4469118511449692 * np.sqrt(variance * (1 / weights.mean() + ahead @ gram @ ahead))
    assert projected(times, values, weights, 11) == pytest.approx(
        (ahead @ beta, ahead @ beta - half, ahead @ beta + half)
    )


def test_a_lucky_line_is_not_taken_for_certainty():
    _, low, high = projected([1, 2, 3, 4], [0, 0, 0, 0], [50, 50, 50, 50], 5, least_variance=0.1)
    assert high - low > 0.1


@pytest.mark.parametrize(
    ("times", "weights"),
    [([1, 2, 3], [1, 1, 1]), ([1, 1, 1, 1], [1, 1, 1, 1]), ([1, 2, 3, 4], [1, 1, 0, 1])],
)
def test_too_little_to_project_from_is_refused(times, weights):
    assert LEAST_POINTS == 4
    with pytest.raises(ValueError, match="four points"):
        projected(times, [0.5] * len(times), weights, 9)
