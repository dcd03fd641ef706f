"""Estimates as the insights show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wegmarke.analysis.insight import Estimate
from wegmarke.analysis.kernels.groups import (
    BAD,
    BAD_SIZE,
    BAD_SQUARE,
    CROSS,
    GOOD,
    GOOD_SQUARE,
    LEAVERS,
    NEUTRAL,
    PERSONS,
    SIZE,
    SQUARE,
)
from wegmarke.analysis.statistics.intervals import clustered_nets, clustered_shares, wilson

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Figures = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def share(count: int, n: int) -> Estimate:
    """Return a share with Wilson's interval; 0 of 0 is 0 with nothing known."""
    p = count / n if n else 0.0
    low, high = wilson(p, n)
    return Estimate(p, float(low), float(high), n)


def clustered_share(count: int, n: int, squares: tuple[int, int, int]) -> Estimate:
    """Return a share of touches, persons as clusters; see `clustered_shares`."""
    counts, numbers = (np.array([figure], np.float64) for figure in (count, n))
    columns = tuple(np.array([figure], np.float64) for figure in squares)
    return _estimates(clustered_shares(counts, numbers, columns), np.array([n]))[0]


def net_experience(sums: NDArray[np.int64]) -> Estimate | None:
    """Return good minus bad among rated touches (-1..1), persons as clusters; None where nobody rated."""
    return net_experiences(sums[None])[0]


def net_experiences(rows: NDArray[np.int64]) -> list[Estimate | None]:
    """Return the net experience of each row of sums; see `net_experience`."""

    def judged(sums: NDArray[np.float64], n: NDArray[np.float64]) -> Figures:
        good_size = sums[:, CROSS] + sums[:, BAD_SIZE]
        both = (sums[:, GOOD_SQUARE] + sums[:, BAD_SQUARE] - sums[:, SQUARE]) / 2
        squares = (sums[:, GOOD_SQUARE], sums[:, BAD_SQUARE], both, good_size, sums[:, BAD_SIZE])
        return clustered_nets((sums[:, GOOD], sums[:, BAD], n), (*squares, sums[:, SIZE]))

    return _where_rated(rows, judged)


def bad_share(sums: NDArray[np.int64]) -> Estimate | None:
    """Return the share of bad among rated touches, persons as clusters; None where nobody rated."""
    return bad_shares(sums[None])[0]


def bad_shares(rows: NDArray[np.int64]) -> list[Estimate | None]:
    """Return the share of bad of each row of sums; see `bad_share`."""

    def judged(sums: NDArray[np.float64], n: NDArray[np.float64]) -> Figures:
        return clustered_shares(sums[:, BAD], n, (sums[:, BAD_SQUARE], sums[:, BAD_SIZE], sums[:, SIZE]))

    return _where_rated(rows, judged)


def _where_rated(
    rows: NDArray[np.int64], judged: Callable[[NDArray[np.float64], NDArray[np.float64]], Figures]
) -> list[Estimate | None]:
    """Return what the rows with rated touches are judged to be, None for the others."""
    found: list[Estimate | None] = [None] * len(rows)
    number = rows[:, [BAD, NEUTRAL, GOOD]].sum(axis=1)
    rated = np.flatnonzero(number)
    n = number[rated]
    figures = judged(rows[rated].astype(np.float64), n.astype(np.float64))
    for place, estimate in zip(rated.tolist(), _estimates(figures, n), strict=True):
        found[place] = estimate
    return found


def _estimates(figures: Figures, n: NDArray[np.int64]) -> list[Estimate]:
    return [Estimate(*row) for row in zip(*(column.tolist() for column in (*figures, n)), strict=True)]


def drop_off(sums: NDArray[np.int64]) -> Estimate:
    """Return the share of persons who came here and left right after it."""
    return share(int(sums[LEAVERS]), int(sums[PERSONS]))


def drop_offs(rows: NDArray[np.int64]) -> list[Estimate]:
    """Return the drop-off of each row of sums, none of which is empty; see `drop_off`."""
    n = rows[:, PERSONS]
    shares = rows[:, LEAVERS] / n
    return _estimates((shares, *wilson(shares, n)), n)
