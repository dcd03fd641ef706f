"""Moments that matter: what a bad experience, a good one, or a touch itself does to leaving and moving on.

Three passes: situations (to cut the strata), the risk table, and the clustered sums behind the intervals.
The method, its assumptions and how well it recovers a known truth: docs/methods/moments.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from wegmarke.analysis import situations
from wegmarke.analysis.effects import Arms, corrected, estimate, influence
from wegmarke.analysis.errors import InvalidQuestionError
from wegmarke.analysis.kernels import moments as kernel
from wegmarke.analysis.kernels.outcomes import LEFT, MOVED_ON
from wegmarke.analysis.outcomes import DAY, Outcome, Period, flags_of
from wegmarke.analysis.ranking import insight
from wegmarke.analysis.risks import (
    VALUE_PARTS,
    ClusterTally,
    FirstTally,
    Ground,
    Risks,
    RiskTally,
    Terms,
    contrasts_of,
)
from wegmarke.analysis.verdicts import Effects

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.analysis.insight import Effect, MomentsInsight
    from wegmarke.analysis.journeys import Journeys

MOST_STRATA = 65_535  # 16 bits
QUARTER_SECONDS = round(DAY * 365.25 / 4)
BAD_ARMS = np.array([-1, 1, 0, 0], np.int8)
"""By experience: bad is treated, neutral and good are control, unknown is neither."""
GOOD_ARMS = np.array([-1, 0, 0, 1], np.int8)


@dataclass(frozen=True, slots=True)
class MomentsQuestion:
    """Which touchpoints matter, for one definition of leaving and moving on.

    `margin` is the materiality margin as a share (0.02 = two percentage points). At most `most_touchpoints`
    are judged, the most frequent ones; the others still serve as comparison. `max_strata` bounds the strata.
    """

    passes: ClassVar[int] = 3

    outcome: Outcome
    period: Period
    margin: float = 0.02
    max_strata: int = 400
    most_touchpoints: int = 256

    def __post_init__(self) -> None:
        """Refuse what cannot be answered."""
        if not 0 < self.margin < 1:
            msg = f"the margin is a share between 0 and 1 (0.02 = two percentage points), not {self.margin:g}"
            raise InvalidQuestionError(msg)
        if not 1 <= self.max_strata <= MOST_STRATA:
            msg = f"max_strata must lie in 1..{MOST_STRATA}, not {self.max_strata}"
            raise InvalidQuestionError(msg)

    def tally(self, journeys: Journeys, found: tuple[Any, ...]) -> FirstTally | RiskTally | ClusterTally:
        """Count one pass."""
        flags = flags_of(journeys, self.outcome, self.period.end)
        bins = situations.bins_of(journeys)
        if not found:
            return _first(journeys, flags, bins)
        ground: Ground = found[0]
        strata = situations.strata_of(journeys, bins, ground.coarsening)
        judged = ground.place[journeys.touchpoint]
        if len(found) == 1:
            return _risks(journeys, flags, (strata, judged), ground)
        return _clusters(journeys, flags, (strata, judged), found[1].contrasts)

    def settle(self, tally: Any, found: tuple[Any, ...]) -> Any:  # noqa: ANN401 - one kind per pass
        """Cut the strata after the first pass, form the contrasts after the second."""
        if not found:
            return self._ground(tally)
        return Risks(tally, contrasts_of(tally.table)) if len(found) == 1 else tally

    def finish(self, found: tuple[Ground, Risks, ClusterTally]) -> MomentsInsight:
        """Return every judged touchpoint with its effects and verdict."""
        ground, risks, clusters = found
        wanted = (self.outcome.knows_leaving, True, self.outcome.knows_leaving, True)
        columns: list[list[Effect | None]] = [
            estimate(arms, sums) if usable else [None] * len(sums)
            for arms, sums, usable in zip(risks.contrasts, clusters.sums, wanted, strict=True)
        ]
        terms = Terms(self.outcome, self.period, self.margin)
        return insight(terms, ground, risks.tally, self._rows(columns, ground))

    def _rows(self, columns: list[list[Effect | None]], ground: Ground) -> list[Effects]:
        """Return the effects of each judged touchpoint, corrected over all of them at once."""
        names = [ground.first.landscape.touchpoints[code] for code in ground.judged]
        bad, good, leaving, moving = (column[: len(names)] for column in columns)
        # A goal cannot be said to move people on to itself.
        moving = [
            None if name in self.outcome.moving_on else e for name, e in zip(names, moving, strict=True)
        ]
        return [Effects(*row) for row in zip(*corrected([bad, good, leaving, moving]), strict=True)]

    def _ground(self, first: FirstTally) -> Ground:
        volume = first.situations.volume
        order = np.argsort(-volume, kind="stable")[: self.most_touchpoints]
        judged = tuple(int(code) for code in order if volume[code])
        place = np.full(max(len(volume), 1), len(judged), np.uint16)
        place[list(judged)] = np.arange(len(judged), dtype=np.uint16)
        names = tuple(name for name, _ in first.attributes)
        return Ground(first, situations.coarsen(first.situations, names, self.max_strata), judged, place)


def _first(journeys: Journeys, flags: NDArray[np.uint8], bins: NDArray[np.uint8]) -> FirstTally:
    valued = ~np.isnan(journeys.value)
    owners = np.searchsorted(journeys.offsets, np.flatnonzero(valued), side="right")
    return FirstTally(
        situations=situations.tally_situations(journeys, flags, bins),
        persons=int(np.count_nonzero(np.diff(journeys.offsets))),
        touches=journeys.touches,
        value=int(np.rint(journeys.value[valued].astype(np.float64) * VALUE_PARTS).astype(np.int64).sum()),
        valued_persons=len(np.unique(owners)),
        landscape=journeys.landscape,
        attributes=tuple((a.name, a.labels) for a in journeys.attributes),
    )


def _risks(
    journeys: Journeys,
    flags: NDArray[np.uint8],
    where: tuple[NDArray[np.uint16], NDArray[np.uint16]],
    ground: Ground,
) -> RiskTally:
    strata, judged = where
    return RiskTally(
        kernel.risk_table(
            strata, judged, journeys.experience, flags, (ground.coarsening.strata, ground.columns)
        ),
        kernel.person_quarters(
            journeys.offsets, journeys.time, judged, journeys.experience, (ground.columns, QUARTER_SECONDS)
        ),
    )


def _clusters(
    journeys: Journeys,
    flags: NDArray[np.uint8],
    where: tuple[NDArray[np.uint16], NDArray[np.uint16]],
    contrasts: tuple[Arms, ...],
) -> ClusterTally:
    strata, judged = where
    rated = []
    for arms, sides, outcome in zip(contrasts[:2], (BAD_ARMS, GOOD_ARMS), (LEFT, MOVED_ON), strict=True):
        treated, control = influence(arms)
        table = np.full((*arms.treated.shape, len(sides), 2), np.nan)
        table[:, :, sides == 1] = treated[:, :, None]
        table[:, :, sides == 0] = control[:, :, None]
        rated.append(
            kernel.rated_sums(
                journeys.offsets, strata, judged, journeys.experience, flags, outcome, table, sides
            )
        )
    touched = []
    for arms, outcome in zip(contrasts[2:], (LEFT, MOVED_ON), strict=True):
        treated, control = (np.nan_to_num(np.moveaxis(part, 1, 2)).copy() for part in influence(arms))
        touched.append(
            kernel.touched_sums(journeys.offsets, strata, judged, flags, outcome, treated, control)
        )
    return ClusterTally((*rated, *touched))
