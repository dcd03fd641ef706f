"""Testing many touchpoints at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def benjamini_hochberg(p: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return q-values: the smallest false discovery rate at which each test would be claimed.

    Source: Benjamini & Hochberg (1995), JRSS B 57; monotone from the largest p downwards.
    """
    values = np.asarray(p, float)
    n = len(values)
    order = np.argsort(values)[::-1]
    ranks = np.arange(n, 0, -1)
    q = np.empty(n)
    q[order] = np.minimum.accumulate(np.minimum(values[order] * n / ranks, 1.0))
    return q
