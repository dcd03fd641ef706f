"""The journey as lived: volume, experience and drop-off per touchpoint and per phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wegmarke.analysis.asking import OnePass
from wegmarke.analysis.estimates import bad_share, drop_off, net_experience
from wegmarke.analysis.insight import ExperienceInsight, PhaseExperience, TouchpointExperience
from wegmarke.analysis.kernels.groups import BAD, GOOD, NEUTRAL, PERSONS, TOUCHES, group_sums
from wegmarke.analysis.outcomes import Outcome, Period, last_actions_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys, Landscape


@dataclass(frozen=True, slots=True)
class LivedTally:
    """Sums per touchpoint and per phase; see `group_sums`."""

    touchpoints: NDArray[np.int64]
    phases: NDArray[np.int64]
    persons: int
    touches: int
    landscape: Landscape

    def __add__(self, other: LivedTally) -> LivedTally:
        """Return the tally of both groups."""
        return LivedTally(
            self.touchpoints + other.touchpoints,
            self.phases + other.phases,
            self.persons + other.persons,
            self.touches + other.touches,
            self.landscape,
        )


@dataclass(frozen=True, slots=True)
class LivedQuestion(OnePass):
    """What persons lived through at each touchpoint, and where they left."""

    outcome: Outcome
    period: Period

    def tally(self, journeys: Journeys, found: tuple[Any, ...]) -> LivedTally:  # noqa: ARG002 - one pass
        """Count per touchpoint and per phase."""
        landscape = journeys.landscape
        last = last_actions_of(journeys, self.outcome, self.period.end)
        phases = len(landscape.phases)
        # Phase 1 becomes group 0; a touchpoint without a phase falls into the group that is passed over.
        place = np.array([p - 1 if p else phases for p in landscape.phase] or [0], np.uint16)
        return LivedTally(
            touchpoints=group_sums(
                journeys.offsets,
                journeys.touchpoint.astype(np.uint16),
                journeys.experience,
                last,
                len(landscape.touchpoints),
            ),
            phases=group_sums(
                journeys.offsets, place[journeys.touchpoint], journeys.experience, last, phases
            ),
            persons=int(np.count_nonzero(np.diff(journeys.offsets))),
            touches=journeys.touches,
            landscape=landscape,
        )

    def finish(self, found: tuple[Any, ...]) -> ExperienceInsight:
        """Return touchpoints in order of phase, then of volume."""
        tally: LivedTally = found[0]
        landscape = tally.landscape
        order = sorted(
            range(len(landscape.touchpoints)),
            key=lambda k: (landscape.phase[k] or 2**31, -int(tally.touchpoints[k, TOUCHES]), k),
        )
        leaving = self.outcome.knows_leaving
        return ExperienceInsight(
            touchpoints=tuple(_touchpoint(k, tally, leaving=leaving) for k in order),
            phases=tuple(
                PhaseExperience(
                    phase=name,
                    touches=int(sums[TOUCHES]),
                    persons=int(sums[PERSONS]),
                    experience=net_experience(sums),
                    drop_off=drop_off(sums) if leaving and sums[PERSONS] else None,
                )
                for name, sums in zip(landscape.phases, tally.phases, strict=True)
            ),
            persons=tally.persons,
            touches=tally.touches,
        )


def _touchpoint(k: int, tally: LivedTally, *, leaving: bool) -> TouchpointExperience:
    sums, landscape = tally.touchpoints[k], tally.landscape
    phase = landscape.phase[k]
    return TouchpointExperience(
        touchpoint=landscape.touchpoints[k],
        phase=landscape.phases[phase - 1] if phase else None,
        touches=int(sums[TOUCHES]),
        persons=int(sums[PERSONS]),
        bad=int(sums[BAD]),
        neutral=int(sums[NEUTRAL]),
        good=int(sums[GOOD]),
        experience=net_experience(sums),
        drop_off=drop_off(sums) if leaving and sums[PERSONS] else None,
        bad_share=bad_share(sums),
    )
