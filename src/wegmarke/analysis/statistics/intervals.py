"""Intervals for shares, differences, ratios and means of clustered observations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Z95 = float(ndtri(0.975))

PSEUDO_PERSONS = 0.15
"""So many persons whose touches are all alike are added to what the design effect is estimated from.

A share of nothing tells nothing about it. Chosen by coverage: 0.5 is needlessly wide for few persons, 0 too
narrow.
"""
TINY = 1e-9


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


def clustered_shares(
    counts: NDArray[np.float64], numbers: NDArray[np.float64], squares: tuple[NDArray[np.float64], ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return shares of touches and their 95 % intervals, where one person brings several touches.

    `counts` of `numbers` touches (at least one) have it. With y of a person's n touches having it, `squares`
    are the sums over persons of y*y, y*n and n*n.

    Wilson's interval on as many touches as they are worth: their number by the design effect, which is the
    linearised variance of the ratio by that of independent touches (Kish 1965; Rao & Scott 1992; in Wilson's
    interval: Korn & Graubard 1998, Dean & Pagano 2015). It lies between 1 and what it is where each person's
    touches are all alike, so a share of nothing is worth as many touches as there are persons. Independent
    touches would have a known variance; only what clustering adds is estimated, hence Student's t with
    Satterthwaite's degrees of freedom. Unequal persons count as Kish's effective number of them, n² / Σn².
    Sources: Kish, Survey Sampling; Rao & Scott, Biometrics 48; Korn & Graubard, Survey Methodology 24; Dean &
    Pagano, Journal of Survey Statistics and Methodology 3; Satterthwaite, Biometrics Bulletin 2 (1946).
    """
    own, cross, size = squares
    share = counts / numbers
    each = size / numbers  # touches of the person a touch belongs to, on average
    persons = np.maximum(numbers / each, 2.0)
    found = np.maximum(own - 2 * share * cross + share**2 * size, 0.0) * persons / (persons - 1)
    known = share * (1 - share) * numbers
    added = PSEUDO_PERSONS * each
    effect = np.clip((found + added * each) / (known + added), 1.0, np.maximum(each, 1.0))
    estimated = np.maximum((effect - 1) / effect, 1e-6)
    low, high = wilson(share, numbers / effect, stdtrit((persons - 1) / estimated**2, 0.975))
    return share, low, high


def clustered_nets(
    totals: tuple[NDArray[np.float64], ...], squares: tuple[NDArray[np.float64], ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return share of good minus share of bad and its 95 % interval, where one person brings several touches.

    `totals` are the good, the bad and all touches (at least one); `squares` the sums over persons of their
    products: good*good, bad*bad, good*bad, good*n, bad*n and n*n. The intervals of both shares (see
    `clustered_shares`) are joined by MOVER with their correlation over persons, so the interval holds where
    nearly all agree, and is that of one share where there is only one kind. Sources: as `difference`.
    """
    good, bad, numbers = totals
    goods, bads, both, good_size, bad_size, size = squares
    much, much_low, much_high = clustered_shares(good, numbers, (goods, good_size, size))
    little, little_low, little_high = clustered_shares(bad, numbers, (bads, bad_size, size))
    covariance = both - much * bad_size - little * good_size + much * little * size
    variances = (goods - 2 * much * good_size + much**2 * size) * (
        bads - 2 * little * bad_size + little**2 * size
    )
    varied = variances > TINY
    correlation = np.where(varied, covariance / np.sqrt(np.where(varied, variances, 1.0)), 0.0)
    correlation = np.clip(correlation, -1.0, 1.0)
    net = much - little
    down = _mover(much - much_low, little_high - little, correlation)
    up = _mover(much_high - much, little - little_low, correlation)
    return net, np.maximum(net - down, -1.0), np.minimum(net + up, 1.0)


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
