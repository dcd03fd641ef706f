"""Effects standardised to the situations of those who had them, with person-clustered variance.

For one contrast every touch is treated, control, or neither. In each stratum with both sides the rates are
compared; the strata are weighted by their treated touches, so the estimate is the effect on those who had it.
Conditional on the situations the treated arm is a plain share and the control arm a standardised one, and
both get an interval that holds for small counts (Wilson on an effective number); the difference is closed by
MOVER with the correlation that persons on both sides bring. See docs/methods/moments.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from wegmarke.analysis.insight import Effect
from wegmarke.analysis.kernels import moments as kernel
from wegmarke.analysis.statistics.intervals import difference, difference_p
from wegmarke.analysis.statistics.multiplicity import benjamini_hochberg

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_PERSONS = 5
"""Below so many persons on either side an effect is not estimated."""

MOST_GAIN_BY_STRATA = 1.25
"""Strata may make the control arm at most this much more precise than its weights alone say."""


@dataclass(frozen=True, slots=True)
class Arms:
    """Touches and outcomes of both sides, each [stratum, touchpoint]."""

    treated: NDArray[np.float64]
    treated_outcomes: NDArray[np.float64]
    control: NDArray[np.float64]
    control_outcomes: NDArray[np.float64]

    @property
    def supported(self) -> NDArray[np.bool_]:
        """Strata that have both sides."""
        return (self.treated > 0) & (self.control > 0)

    @property
    def support(self) -> NDArray[np.float64]:
        """Treated touches inside common support, per touchpoint."""
        n: NDArray[np.float64] = np.where(self.supported, self.treated, 0.0).sum(axis=0)
        return n

    def standardised(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return treated and control rate per touchpoint, both weighted by the treated touches."""
        n = self.support
        weight = np.where(self.supported, self.treated, 0.0)
        treated = _over(np.where(self.supported, self.treated_outcomes, 0.0).sum(axis=0), n)
        control = _over((weight * _over(self.control_outcomes, self.control)).sum(axis=0), n)
        return treated, control

    def crude(self) -> NDArray[np.float64]:
        """Return the difference of the plain rates, all touches, no adjustment."""
        return _over(self.treated_outcomes.sum(axis=0), self.treated.sum(axis=0)) - _over(
            self.control_outcomes.sum(axis=0), self.control.sum(axis=0)
        )


def influence(arms: Arms) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what one touch adds to the error of the treated and of the control rate.

    Both are [stratum, touchpoint, outcome 0/1], NaN outside common support, in units in which the squares of
    all touches add up to 2**40 per touchpoint (`_units`): so the kernels can add up whole numbers, and the
    sum does not depend on how the persons were split. A residual is scaled by sqrt(n / (n - 1)) against the
    rate of its own stratum (HC2, MacKinnon & White 1985); a stratum of one is held against the rate of its
    whole side, since its own rate would have no error at all.
    """
    treated, control = _raw_influence(arms)
    treated_unit, control_unit = _units(arms)
    outside = ~arms.supported[:, :, None]
    return (
        np.where(outside, np.nan, treated / treated_unit[None, :, None]),
        np.where(outside, np.nan, control / control_unit[None, :, None]),
    )


def _raw_influence(arms: Arms) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    inverse = _over(1.0, arms.support)
    weight = _over(arms.treated, arms.control) * inverse[None, :]
    treated = _residuals(arms.treated, arms.treated_outcomes) * inverse[None, :, None]
    return treated, _residuals(arms.control, arms.control_outcomes) * weight[:, :, None]


def _units(arms: Arms) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the unit of the influence per touchpoint, so that independent touches would add up to 2**40."""
    treated, control = _raw_influence(arms)
    return (
        _unit(arms.treated, arms.treated_outcomes, treated, arms.supported),
        _unit(arms.control, arms.control_outcomes, control, arms.supported),
    )


def _unit(
    n: NDArray[np.float64],
    outcomes: NDArray[np.float64],
    residuals: NDArray[np.float64],
    supported: NDArray[np.bool_],
) -> NDArray[np.float64]:
    squares = (n - outcomes) * residuals[:, :, 0] ** 2 + outcomes * residuals[:, :, 1] ** 2
    total = np.where(supported, squares, 0.0).sum(axis=0)
    return np.where(total > 0, np.sqrt(total) / 2**20, 1.0)


def _residuals(n: NDArray[np.float64], outcomes: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = _over(outcomes.sum(axis=0), n.sum(axis=0))
    centre = np.where(n > 1, _over(outcomes, n), whole[None, :])
    scale = np.where(n > 1, np.sqrt(_over(n, np.maximum(n - 1, 1))), 1.0)
    return (np.array([0.0, 1.0])[None, None, :] - centre[:, :, None]) * scale[:, :, None]


def estimate(arms: Arms, sums: NDArray[np.int64]) -> list[Effect | None]:
    """Return the effect at each touchpoint (q still equal to p); None where too few persons stand behind it.

    `sums` are the clustered sums [touchpoint, SUMS] of the influence.
    """
    treated, control = arms.standardised()
    squares = sums.astype(np.float64)
    numbers = _effective_numbers(arms, squares, (treated, control))
    spread = np.sqrt(squares[:, kernel.TREATED_SQUARE] * squares[:, kernel.CONTROL_SQUARE])
    # Persons on both sides make the difference surer: what moves one rate moves the other.
    correlation = np.clip(_over(squares[:, kernel.PRODUCT], spread), -0.95, 0.95)
    low, high = difference((treated, control), numbers, correlation)
    p = difference_p((treated, control), numbers, correlation)
    crude, support, all_treated = arms.crude(), arms.support, arms.treated.sum(axis=0)
    enough = sums[:, [kernel.TREATED_PERSONS, kernel.CONTROL_PERSONS]].min(axis=1) >= LEAST_PERSONS
    return [
        Effect(
            estimate=float(treated[k] - control[k]),
            low=float(low[k]),
            high=float(high[k]),
            p=float(p[k]),
            q=float(p[k]),
            crude=float(crude[k]),
            outside_support=float(1 - support[k] / all_treated[k]),
            n=int(support[k]),
            persons=int(sums[k, kernel.TREATED_PERSONS]),
            treated_rate=float(treated[k]),
            control_rate=float(control[k]),
        )
        if enough[k]
        else None
        for k in range(len(support))
    ]


def _effective_numbers(
    arms: Arms, sums: NDArray[np.float64], rates: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how many independent touches each rate is worth."""
    treated, control = rates
    n = arms.support
    treated_unit, control_unit = _units(arms)
    with np.errstate(divide="ignore", invalid="ignore"):
        worth_treated = treated * (1 - treated) / (sums[:, kernel.TREATED_SQUARE] * treated_unit**2)
        worth_control = control * (1 - control) / (sums[:, kernel.CONTROL_SQUARE] * control_unit**2)
    weight = np.where(arms.supported, arms.treated, 0.0) * _over(1.0, n)[None, :]
    kish = _over(1.0, (weight**2 * _over(1.0, np.where(arms.supported, arms.control, 1.0))).sum(axis=0))
    # Without any outcome the variance says nothing: then the persons count, as if each came once.
    persons_treated, persons_control = sums[:, kernel.TREATED_PERSONS], sums[:, kernel.CONTROL_PERSONS]
    first = np.where(np.isfinite(worth_treated) & (worth_treated > 0), worth_treated, persons_treated)
    second = np.where(np.isfinite(worth_control) & (worth_control > 0), worth_control, persons_control)
    return np.minimum(first, n * MOST_GAIN_BY_STRATA), np.minimum(second, kish * MOST_GAIN_BY_STRATA)


def corrected(groups: list[list[Effect | None]]) -> list[list[Effect | None]]:
    """Return the effects with q: the larger of that over everything and that within their own contrast.

    Over everything alone, many clear effects in one contrast would let too many false ones pass in another:
    the share of false claims holds for all verdicts together, but not for each class.
    """
    everything = iter(
        benjamini_hochberg([e.p for effects in groups for e in effects if e is not None]).tolist()
    )
    found = []
    for effects in groups:
        own = iter(benjamini_hochberg([e.p for e in effects if e is not None]).tolist())
        found.append([None if e is None else replace(e, q=max(next(everything), next(own))) for e in effects])
    return found


def _over(a: NDArray[np.float64] | float, b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide, with 0 where the divisor is 0."""
    wide = np.broadcast_to(np.asarray(a, float), np.broadcast_shapes(np.shape(a), b.shape))
    quotient: NDArray[np.float64] = np.divide(wide, b, out=np.zeros(wide.shape), where=b != 0)
    return quotient
