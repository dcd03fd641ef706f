"""Journey models of the plan as the questions see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.analysis.placement import PhaseWindow

if TYPE_CHECKING:
    from wegmarke.plan.contracts import Journey, Plan


def phases_of(journey: Journey, plan: Plan) -> tuple[PhaseWindow, ...]:
    """Return the phases of a journey model with the touchpoints the plan puts into each."""
    placed: dict[str, list[str]] = {phase.key: [] for phase in journey.phases}
    for touchpoint in plan.touchpoints:
        if (phase := journey.place_of(touchpoint)) is not None:
            placed[phase.key].append(touchpoint.key)
    return tuple(
        PhaseWindow(phase.key, tuple(placed[phase.key]), phase.entered_by, phase.from_day, phase.to_day)
        for phase in journey.phases
    )
