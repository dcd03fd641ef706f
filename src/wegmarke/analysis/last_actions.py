"""Last action before leaving: what comes right before people go more often than its frequency explains."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wegmarke.analysis.asking import OnePass
from wegmarke.analysis.insight import Estimate, LastAction, LastActionsInsight
from wegmarke.analysis.kernels import groups as g
from wegmarke.analysis.kernels.groups import last_action_products
from wegmarke.analysis.outcomes import Outcome, Period, last_actions_of, mask_of
from wegmarke.analysis.statistics.intervals import ratio_of_shares

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys


@dataclass(frozen=True, slots=True)
class LastActionsTally:
    """Sums per touchpoint and over everything; see `last_action_products`."""

    each: NDArray[np.int64]
    overall: NDArray[np.int64]
    persons: int
    touchpoints: tuple[str, ...]

    def __add__(self, other: LastActionsTally) -> LastActionsTally:
        """Return the tally of both groups."""
        return LastActionsTally(
            self.each + other.each,
            self.overall + other.overall,
            self.persons + other.persons,
            self.touchpoints,
        )


@dataclass(frozen=True, slots=True)
class LastActionsQuestion(OnePass):
    """Which touches stand last before leaving; the leaving touch itself is not counted."""

    outcome: Outcome
    period: Period

    def tally(self, journeys: Journeys, found: tuple[Any, ...]) -> LastActionsTally:  # noqa: ARG002 - one pass
        """Count last actions and all touches."""
        each, overall = last_action_products(
            journeys.offsets,
            journeys.touchpoint,
            ~mask_of(self.outcome.leaving, journeys.landscape),
            last_actions_of(journeys, self.outcome, self.period.end),
            max(len(journeys.landscape.touchpoints), 1),
        )
        return LastActionsTally(each, overall, journeys.persons, journeys.landscape.touchpoints)

    def finish(self, found: tuple[Any, ...]) -> LastActionsInsight:
        """Return the touchpoints by lift, highest first; those never met are left out."""
        tally: LastActionsTally = found[0]
        left = int(tally.overall[3])
        actions = [
            _action(name, tally.each[k], tally.overall)
            for k, name in enumerate(tally.touchpoints)
            if tally.each[k, g.TOUCHED] and left
        ]
        actions.sort(key=lambda a: (-a.lift.low, -a.lift.estimate, a.touchpoint))
        return LastActionsInsight(tuple(actions), left, tally.persons)


def _action(name: str, each: NDArray[np.int64], overall: NDArray[np.int64]) -> LastAction:
    x, y = int(each[g.LASTS]), int(each[g.TOUCHED])
    n, m = int(overall[3]), int(overall[4])
    lift, low, high = ratio_of_shares((x, n, y, m), log_lift_variance(each, overall))
    return LastAction(name, x, x / n, y / m, Estimate(lift, low, high, x))


def log_lift_variance(each: NDArray[np.int64], overall: NDArray[np.int64]) -> float:
    """Return the variance of log((x/n)/(y/m)) with persons as clusters (delta method).

    Half a last action is added, so that a touchpoint that was never last has a wide interval, not none.
    """
    xx, xy, yy, xm, xn, ym, yn, x0, y0 = (float(v) for v in each)
    nn, nm, mm, n, m = (float(v) for v in overall)
    x, y = x0 + 0.5, y0 + 0.5
    within = (xx + 0.5) / x**2 - 2 * xy / (x * y) + yy / y**2
    across = 2 * (xm / (x * m) - xn / (x * n) - ym / (y * m) + yn / (y * n))
    around = nn / n**2 - 2 * nm / (n * m) + mm / m**2
    total = within + across + around
    return total if total > 0 and math.isfinite(total) else 1 / x
