"""Where on a journey model the touches of each touchpoint happen, against the plan as it stands. Pure.

The figures are those of `analysis.placement`; the method is in docs/methods/placement.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wegmarke.analysis.insight import Estimate
    from wegmarke.analysis.map_insight import PlacementInsight, TouchpointPlacement
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Journey, Plan, Touchpoint

OUTSIDE = ""
"""The phase of what happens in none."""
HALF = 0.5


@dataclass(frozen=True, slots=True)
class LivedPlace:
    """Where a touchpoint happens: the phase (key) most of its touches lie in, `OUTSIDE` for none.

    `as_planned` is the share of its touches in the phase the plan puts it into; None where the plan puts it
    into no phase, or into another one than when this was counted. `elsewhere` says that the interval of this
    share lies wholly below one half, and that most touches lie in no other phase the plan names as well.
    `several` says that the plan names more than one phase of this journey; the first one counts as planned.
    """

    phase: str
    touches: int
    persons: int
    as_planned: Estimate | None = None
    elsewhere: bool = False
    several: bool = False


def lived_places(plan: Plan, journey: Journey, analysis: Analysis) -> Mapping[str, LivedPlace] | None:
    """Return where each touchpoint that was met happens; None where this model was not counted yet.

    A model whose phases, windows or beginnings were changed since the figures counts as another model.
    """
    placement = _placement_of(journey, analysis)
    if placement is None:
        return None
    planned = {one.key: one for one in plan.touchpoints}
    return {
        one.touchpoint: _place(one, planned.get(one.touchpoint), journey) for one in placement.touchpoints
    }


def _placement_of(journey: Journey, analysis: Analysis) -> PlacementInsight | None:
    counted = analysis.plan.journey(journey.key)
    if counted is None or _course(counted) != _course(journey):
        return None
    return analysis.placement.get(journey.key)


def _course(journey: Journey) -> tuple[object, ...]:
    return tuple((one.key, one.from_day, one.to_day, one.entered_by) for one in journey.phases)


def _place(found: TouchpointPlacement, touchpoint: Touchpoint | None, journey: Journey) -> LivedPlace:
    mostly = OUTSIDE if found.mostly is None else found.mostly
    home = None if touchpoint is None else journey.place_of(touchpoint)
    if touchpoint is None or home is None or home.key != found.planned or found.as_planned is None:
        return LivedPlace(mostly, found.touches, found.persons)
    named = {phase.key for key in touchpoint.phases if (phase := journey.phase_of(key)) is not None}
    elsewhere = found.as_planned.high < HALF and mostly not in named - {home.key}
    return LivedPlace(
        phase=mostly,
        touches=found.touches,
        persons=found.persons,
        as_planned=found.as_planned,
        elsewhere=elsewhere,
        several=len(named) > 1,
    )
