"""Estimates as the insights show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wegmarke.analysis.insight import Estimate
from wegmarke.analysis.kernels.groups import BAD, CROSS, GOOD, LEAVERS, NEUTRAL, PERSONS, RATERS, SIZE, SQUARE
from wegmarke.analysis.statistics.intervals import clustered_means, wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray


def share(count: int, n: int) -> Estimate:
    """Return a share with Wilson's interval; 0 of 0 is 0 with nothing known."""
    p = count / n if n else 0.0
    low, high = wilson(p, n)
    return Estimate(p, float(low), float(high), n)


def net_experience(sums: NDArray[np.int64]) -> Estimate | None:
    """Return good minus bad among rated touches (-1..1), persons as clusters; None where nobody rated."""
    return net_experiences(sums[None])[0]


def net_experiences(rows: NDArray[np.int64]) -> list[Estimate | None]:
    """Return the net experience of each row of sums; see `net_experience`."""
    found: list[Estimate | None] = [None] * len(rows)
    number = rows[:, [BAD, NEUTRAL, GOOD]].sum(axis=1)
    rated = np.flatnonzero(number)
    sums, n = rows[rated].astype(np.float64), number[rated]
    means, lows, highs = clustered_means(
        (sums[:, GOOD] - sums[:, BAD], n.astype(np.float64)),
        (sums[:, SQUARE], sums[:, CROSS], sums[:, SIZE]),
        clusters=rows[rated, RATERS],
        spread=2.0,
    )
    figures = (means, np.maximum(lows, -1.0), np.minimum(highs, 1.0), n)
    for place, *estimate in zip(rated.tolist(), *(column.tolist() for column in figures), strict=True):
        found[place] = Estimate(*estimate)
    return found


def drop_off(sums: NDArray[np.int64]) -> Estimate:
    """Return the share of persons who came here and left right after it."""
    return share(int(sums[LEAVERS]), int(sums[PERSONS]))


def drop_offs(rows: NDArray[np.int64]) -> list[Estimate]:
    """Return the drop-off of each row of sums, none of which is empty; see `drop_off`."""
    n = rows[:, PERSONS]
    shares = rows[:, LEAVERS] / n
    figures = (shares, *wilson(shares, n), n)
    return [Estimate(*estimate) for estimate in zip(*(column.tolist() for column in figures), strict=True)]
