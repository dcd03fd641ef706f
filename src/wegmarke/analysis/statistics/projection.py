"""Where a series of monthly values is heading, with the interval of one further value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

LEAST_POINTS = 4
"""With fewer, two degrees of freedom are not left and every interval is as wide as everything."""


def projected(
    times: ArrayLike, values: ArrayLike, weights: ArrayLike, at: float, *, least_variance: float = 0.0
) -> tuple[float, float, float]:
    """Return the value a weighted straight line reaches at a time, with its 95 % prediction interval.

    `weights` are numbers of observations: the variance of a value is taken as s² / weight, s² being estimated
    from the scatter around the line, so that both chance and unrest between months are in it. The interval is
    that of one further value of average weight. `least_variance` is a floor for s² (a series may lie on a
    line by luck). Raises `ValueError` below four points or where all lie at one time.

    Source: prediction from weighted least squares with Student's t, for example Draper & Smith (1998),
    Applied Regression Analysis, chapters 3 and 9.
    """
    t, y, w = np.asarray(times, float), np.asarray(values, float), np.asarray(weights, float)
    if t.size < LEAST_POINTS or np.ptp(t) == 0 or not np.all(w > 0):
        msg = "a projection needs four points at different times, each with a weight"
        raise ValueError(msg)
    total = w.sum()
    middle, mean = (w @ t) / total, (w @ y) / total
    spread = w @ (t - middle) ** 2
    slope = (w @ ((t - middle) * (y - mean))) / spread
    estimate = mean + slope * (at - middle)
    residuals = y - mean - slope * (t - middle)
    variance = max(float(w @ residuals**2) / (t.size - 2), least_variance)
    weight = total / t.size
    half = stdtrit(t.size - 2, 0.975) * np.sqrt(
        variance * (1 / weight + 1 / total + (at - middle) ** 2 / spread)
    )
    return float(estimate), float(estimate - half), float(estimate + half)
