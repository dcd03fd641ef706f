"""How far the means of several things lie apart, beyond what chance adds. See docs/methods/consistency.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chndtr, stdtr, stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

PSEUDO_VARIANCE = 0.5
"""What a quarter of an average rater at each end of the scale -1..1 adds.

So no interval collapses where all agree (after Agresti & Caffo 2000).
"""

HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Means:
    """Means of the same persons at several places, and what is known of their errors.

    With e the residual of a person at a place, so that the sum over persons is the error of its mean:
    `squares` is the sum of e² at each place, `products` that of e * (sum of e over all places), `whole` that
    of (sum of e over all places)²; `raters` counts the persons behind each mean.
    """

    mean: NDArray[np.float64]
    squares: NDArray[np.float64]
    products: NDArray[np.float64]
    whole: float
    raters: NDArray[np.float64]

    @property
    def places(self) -> int:
        """Number of means."""
        return len(self.mean)

    @property
    def correction(self) -> NDArray[np.float64]:
        """What makes the linearised variance of few persons unbiased."""
        return self.raters / np.maximum(self.raters - 1, 1)

    @property
    def variance(self) -> NDArray[np.float64]:
        """Variance of each mean, not 0 where all agree."""
        return self.squares * self.correction + PSEUDO_VARIANCE / self.raters**2


def differences(means: Means) -> tuple[NDArray[np.float64], ...]:
    """Return each mean less the average of the others (each counts the same): estimate, low, high, p.

    Respects that the same persons stand behind several means. Student's t with Welch's degrees of freedom.
    """
    others = means.places - 1
    estimate = means.mean - (means.mean.sum() - means.mean) / others
    variance = means.variance
    added = variance - means.squares  # small-sample correction, also in the average of the others
    rest = np.maximum(means.whole - 2 * means.products + means.squares, 0.0) + added.sum() - added
    shared = 2 * (means.products - means.squares) / others
    total = np.maximum(variance + rest / others**2 - shared, PSEUDO_VARIANCE / means.raters**2)
    weights = variance**2 / np.maximum(means.raters - 1, 1)
    freedom = total**2 / (weights + (weights.sum() - weights) / others**4)
    error = np.sqrt(total)
    half = stdtrit(freedom, 0.975) * error
    p = 2 * stdtr(freedom, -np.abs(estimate) / error)
    return estimate, estimate - half, estimate + half, p


def apart_from_median(means: Means) -> NDArray[np.float64]:
    """Return each mean less the median of the others.

    A few that lie far off draw the average towards them, so that those that agree with each other differ from
    it; they do not draw the median.
    """
    others = [np.median(np.delete(means.mean, k)) for k in range(means.places)]
    return means.mean - np.array(others)


def spread(means: Means) -> tuple[float, float, float]:
    """Return the standard deviation between the true means with its 95 % interval.

    Estimate: the variance between the means less the average variance of their differences, by the method of
    moments (DerSimonian & Laird 1986, with equal weights: Hedges & Olkin 1985, DerSimonian & Kacker 2007).
    Interval: the true variances with which the observed one is not too large and not too small; the observed
    one is distributed as a sum of weighted non-central chi-squares, by its first two moments (Patnaik 1949).
    It is about these means, not about others of their kind.
    """
    n = means.places
    deviation = means.mean - means.mean.mean()
    observed = float((deviation**2).sum())
    plain, variance = means.squares * means.correction, means.variance
    total = means.whole + float((plain - means.squares).sum())
    chance = max(float(plain.sum()) - total / n, 0.0)
    common = (total - float(plain.sum())) / (n * (n - 1))  # persons who feel alike everywhere
    own = np.maximum(variance - common, PSEUDO_VARIANCE / means.raters**2)
    noise = 2 * float((own**2).sum() * (1 - 2 / n) + own.sum() ** 2 / n**2)
    # Where the means that stand out are the less certain ones, so is the spread.
    apart = np.maximum(deviation**2 - own, 0.0) + own / 2
    per_spread = 4 * float((own * apart).sum() / apart.sum())
    expected = chance + float((variance - plain).sum()) * (1 - 1 / n)

    def between(seen: float, quantile: float) -> float:
        return _solve(seen, expected, (noise, per_spread), quantile=quantile)

    estimate, low, high = (
        float(np.sqrt(squares / (n - 1)))
        for squares in (
            max(observed - chance, 0.0),
            between(observed, 0.975),
            # Means that happen to lie closer together than chance allows prove no more than chance does.
            between(max(observed, expected), 0.025),
        )
    )
    return estimate, min(low, estimate), max(high, estimate)


def _solve(observed: float, chance: float, moments: tuple[float, float], *, quantile: float) -> float:
    """Return the true sum of squares at which `observed` is this quantile; 0 where none is small enough."""
    noise, per_spread = moments

    def below(true: float) -> float:
        scale = (noise + per_spread * true) / (2 * chance + 4 * true)
        return float(chndtr(observed / scale, chance / scale, true / scale))

    low, high = 0.0, max(observed, chance)
    if below(low) <= quantile:
        return 0.0
    while below(high) > quantile:
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) > quantile else (low, middle)
    return (low + high) / 2
