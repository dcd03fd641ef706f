"""What the passes of the moments count, and the contrasts drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wegmarke.analysis.effects import Arms
from wegmarke.analysis.journeys import Experience
from wegmarke.analysis.kernels import moments as kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Landscape
    from wegmarke.analysis.outcomes import Outcome, Period
    from wegmarke.analysis.situations import Coarsening, SituationTally

VALUE_PARTS = 1000
"""Values are added up in whole thousandths, so that the sum does not depend on how persons were split."""

BAD, NEUTRAL, GOOD = int(Experience.BAD), int(Experience.NEUTRAL), int(Experience.GOOD)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the verdicts are about: outcome, period, and the margin from which an effect matters."""

    outcome: Outcome
    period: Period
    margin: float


@dataclass(frozen=True, slots=True)
class FirstTally:
    """What the coarsening is chosen from, and sizes; `value` in thousandths, so that it adds up exactly."""

    situations: SituationTally
    persons: int
    touches: int
    value: int
    valued_persons: int
    landscape: Landscape
    attributes: tuple[tuple[str, tuple[str, ...]], ...]

    def __add__(self, other: FirstTally) -> FirstTally:
        """Return the tally of both groups."""
        return FirstTally(
            self.situations + other.situations,
            self.persons + other.persons,
            self.touches + other.touches,
            self.value + other.value,
            self.valued_persons + other.valued_persons,
            self.landscape,
            self.attributes,
        )


@dataclass(frozen=True, slots=True)
class RiskTally:
    """Counts [stratum, touchpoint, experience, (touches, left, moved on)] and person-quarters."""

    table: NDArray[np.int64]
    quarters: NDArray[np.int64]

    def __add__(self, other: RiskTally) -> RiskTally:
        """Return the tally of both groups."""
        return RiskTally(self.table + other.table, self.quarters + other.quarters)


@dataclass(frozen=True, slots=True)
class ClusterTally:
    """Clustered sums of the four contrasts, each [touchpoint, SUMS]."""

    sums: tuple[NDArray[np.int64], ...]

    def __add__(self, other: ClusterTally) -> ClusterTally:
        """Return the tally of both groups."""
        return ClusterTally(tuple(a + b for a, b in zip(self.sums, other.sums, strict=True)))


@dataclass(frozen=True, slots=True)
class Ground:
    """What the first pass settles: the strata, and which touchpoints are judged.

    `judged` holds their codes; `place` gives every code its column, the last one for all that are not judged.
    """

    first: FirstTally
    coarsening: Coarsening
    judged: tuple[int, ...]
    place: NDArray[np.uint16]

    @property
    def columns(self) -> int:
        """Number of columns of the risk table."""
        return len(self.judged) + 1


@dataclass(frozen=True, slots=True)
class Risks:
    """The risk table and the four contrasts drawn from it."""

    tally: RiskTally
    contrasts: tuple[Arms, ...]


def contrasts_of(table: NDArray[np.int64]) -> tuple[Arms, ...]:
    """Return the contrasts of a risk table, always in this order.

    Bad against not bad on leaving, good against not good on moving on (both at the same touchpoint), the
    touch against any other touch in the same stratum on leaving, and the same on moving on.
    """
    cells = table.astype(np.float64)
    n, left, moved = cells[..., kernel.TOUCHED], cells[..., kernel.RISK_LEFT], cells[..., kernel.RISK_MOVED]
    not_bad, not_good = [NEUTRAL, GOOD], [BAD, NEUTRAL]
    touches = n.sum(axis=2)
    return (
        Arms(n[..., BAD], left[..., BAD], n[..., not_bad].sum(axis=2), left[..., not_bad].sum(axis=2)),
        Arms(n[..., GOOD], moved[..., GOOD], n[..., not_good].sum(axis=2), moved[..., not_good].sum(axis=2)),
        _against_others(touches, left.sum(axis=2)),
        _against_others(touches, moved.sum(axis=2)),
    )


def _against_others(n: NDArray[np.float64], outcomes: NDArray[np.float64]) -> Arms:
    return Arms(n, outcomes, n.sum(axis=1, keepdims=True) - n, outcomes.sum(axis=1, keepdims=True) - outcomes)
