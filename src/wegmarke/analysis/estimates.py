"""Estimates as the insights show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.analysis.insight import Estimate
from wegmarke.analysis.kernels.groups import BAD, CROSS, GOOD, LEAVERS, NEUTRAL, PERSONS, RATERS, SIZE, SQUARE
from wegmarke.analysis.statistics.intervals import clustered_mean, wilson

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def share(count: int, n: int) -> Estimate:
    """Return a share with Wilson's interval; 0 of 0 is 0 with nothing known."""
    p = count / n if n else 0.0
    low, high = wilson(p, n)
    return Estimate(p, float(low), float(high), n)


def net_experience(sums: NDArray[np.int64]) -> Estimate | None:
    """Return good minus bad among rated touches (-1..1), persons as clusters; None where nobody rated."""
    n = int(sums[BAD] + sums[NEUTRAL] + sums[GOOD])
    if n == 0:
        return None
    mean, low, high = clustered_mean(
        (float(sums[GOOD] - sums[BAD]), float(n)),
        (float(sums[SQUARE]), float(sums[CROSS]), float(sums[SIZE])),
        clusters=int(sums[RATERS]),
        spread=2.0,
    )
    return Estimate(mean, max(low, -1.0), min(high, 1.0), n)


def drop_off(sums: NDArray[np.int64]) -> Estimate:
    """Return the share of persons who came here and left right after it."""
    return share(int(sums[LEAVERS]), int(sums[PERSONS]))
