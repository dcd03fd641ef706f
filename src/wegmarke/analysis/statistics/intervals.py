"""Intervals for shares, differences, ratios and means of clustered observations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Z95 = float(ndtri(0.975))

PSEUDO_CLUSTERS = 0.25
"""Chosen by coverage: 0.5 and 1 are needlessly wide for a dozen persons, 0 too narrow where all agree."""


def wilson(
    share: ArrayLike, n: ArrayLike, z: ArrayLike = Z95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Wilson's score interval of a share (0..1) observed on `n` (may be an effective, broken number).

    Where n is 0 nothing is known: 0..1. Source: Wilson (1927), JASA 22.
    """
    p, m, q = np.asarray(share, float), np.asarray(n, float), np.asarray(z, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = (p + q**2 / (2 * m)) / (1 + q**2 / m)
        half = q / (1 + q**2 / m) * np.sqrt(np.maximum(p * (1 - p), 0) / m + q**2 / (4 * m**2))
    known = m > 0
    low = np.where(known, np.clip(centre - half, 0, 1), 0.0)
    high = np.where(known, np.clip(centre + half, 0, 1), 1.0)
    return np.minimum(low, np.where(known, p, 0)), np.maximum(high, np.where(known, p, 1))


def clustered_share_n(share: float, n: float, variance: float) -> float:
    """Return the effective number of observations behind a share whose clustered variance is known.

    Never more than `n`; where the variance says nothing (share 0 or 1), `n` itself.
    """
    if variance <= 0 or not 0 < share < 1:
        return n
    return min(n, share * (1 - share) / variance)


def difference(
    shares: tuple[NDArray[np.float64], NDArray[np.float64]],
    numbers: tuple[NDArray[np.float64], NDArray[np.float64]],
    correlation: NDArray[np.float64],
    z: ArrayLike = Z95,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the interval of a difference of two shares by MOVER from their Wilson intervals.

    `correlation` is that of the two estimates (0 for independent groups). Holds for small counts, where the
    normal interval does not. Sources: Newcombe (1998), Statistics in Medicine 17; Zou & Donner (2008) 27.
    """
    p1, p0 = shares
    low1, high1 = wilson(p1, numbers[0], z)
    low0, high0 = wilson(p0, numbers[1], z)
    d = p1 - p0
    down = _mover(p1 - low1, high0 - p0, correlation)
    up = _mover(high1 - p1, p0 - low0, correlation)
    return np.maximum(d - down, -1), np.minimum(d + up, 1)


def _mover(
    a: NDArray[np.float64], b: NDArray[np.float64], correlation: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.sqrt(np.maximum(a**2 + b**2 - 2 * correlation * a * b, 0))


def difference_p(
    shares: tuple[NDArray[np.float64], NDArray[np.float64]],
    numbers: tuple[NDArray[np.float64], NDArray[np.float64]],
    correlation: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the two-sided p-value that belongs to `difference`: the level at which its interval touches 0.

    Test and interval therefore never contradict each other. Found by halving; exact to 2**-50 of z.
    """
    d = shares[0] - shares[1]
    inside, outside = np.zeros_like(d), np.full_like(d, 38.0)
    for _ in range(55):
        z = (inside + outside) / 2
        low, high = difference(shares, numbers, correlation, z)
        covers = (low <= 0) & (high >= 0)
        outside = np.where(covers, z, outside)
        inside = np.where(covers, inside, z)
    p: NDArray[np.float64] = np.where(d == 0, 1.0, 2 * ndtr(-inside))
    return p


def clustered_mean(
    totals: tuple[float, float], squares: tuple[float, float, float], *, clusters: int, spread: float
) -> tuple[float, float, float]:
    """Return mean and 95 % interval of observations that come in clusters; see `clustered_means`."""
    sums, numbers = (np.array([figure], float) for figure in totals)
    parts = tuple(np.array([figure], float) for figure in squares)
    found = clustered_means((sums, numbers), parts, clusters=np.array([clusters]), spread=spread)
    mean, low, high = (float(figures[0]) for figures in found)
    return mean, low, high


def clustered_means(
    totals: tuple[NDArray[np.float64], ...],
    squares: tuple[NDArray[np.float64], ...],
    *,
    clusters: NDArray[np.integer],
    spread: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return means and 95 % intervals of observations that come in clusters (several touches of one person).

    `totals` are the sum and number of observations; `squares` the sums over clusters of sum², sum·number and
    number²; `spread` is the width of a scale around 0 (2 for -1..1). Student's t with clusters - 1 degrees of
    freedom on the linearised variance of a ratio estimator; a quarter of an average cluster is added at each
    end of the scale, so that the interval does not collapse where all agree (after Agresti & Caffo 2000).
    One cluster has no variance: the interval is the whole scale to both sides.
    """
    total, n = totals
    mean = total / n
    ss, sn, nn = squares
    several = np.maximum(clusters, 2)
    added = PSEUDO_CLUSTERS * n / several
    wide = n + 2 * added
    variance = np.maximum(ss - 2 * mean * sn + mean**2 * nn, 0.0) * several / (several - 1)
    variance += 2 * PSEUDO_CLUSTERS * (n / several * spread / 2) ** 2
    half = stdtrit(several - 1, 0.975) * np.sqrt(variance) / wide
    middle = total / wide
    low = np.where(clusters > 1, np.minimum(mean, middle - half), mean - spread)
    high = np.where(clusters > 1, np.maximum(mean, middle + half), mean + spread)
    return mean, low, high


def mean_count(total: int, squares: int, n: int) -> tuple[float, float, float]:
    """Return mean and 95 % interval of a count per person, over `n` persons; `squares` sums its squares.

    Wilson's score interval carried to counts: the variance grows with the mean, by the dispersion estimated
    from the data (McCullagh & Nelder 1989, quasi-Poisson), with Student's t. A pseudo-person half a count off
    keeps it from collapsing where all have the same number. Where n is 0 nothing is known: 0 to infinity.
    """
    if n == 0:
        return 0.0, 0.0, math.inf
    mean = total / n
    if n == 1:
        return mean, 0.0, math.inf
    variance = (max(squares - mean * total, 0.0) + 0.25) / (n - 1)
    dispersion = variance / mean if total else 1.0
    shift = float(stdtrit(n - 1, 0.975)) ** 2 * dispersion / n / 2
    half = math.sqrt(shift * (2 * mean + shift))
    return mean, max(mean + shift - half, 0.0), mean + shift + half


def ratio_of_shares(
    parts: tuple[float, float, float, float], log_variance: float, z: float = Z95
) -> tuple[float, float, float]:
    """Return (x/n) / (y/m) with an interval on the log scale; half a count is added to x and y.

    `parts` is x, n, y, m; `log_variance` the variance of the log ratio (clusters respected).
    """
    x, n, y, m = parts
    if n == 0 or m == 0 or y == 0:
        return math.nan, 0.0, math.inf
    estimate = (x / n) / (y / m)
    middle = ((x + 0.5) / (n + 1)) / ((y + 0.5) / (m + 1))
    half = z * math.sqrt(log_variance)
    return estimate, min(estimate, middle * math.exp(-half)), max(estimate, middle * math.exp(half))
