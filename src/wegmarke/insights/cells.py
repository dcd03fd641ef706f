"""Where touchpoints stand in the matrix phase by channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.analysis.load import PASSED_OVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wegmarke.plan.contracts import Plan, Touchpoint

NOWHERE = ""
"""In the name of a cell: the plan names no phase, or no channel."""


def phase_of(touchpoint: Touchpoint, plan: Plan) -> str | None:
    """Return the phase that places a touchpoint: the first it names that is a phase of the plan."""
    known = {phase.key for phase in plan.phases}
    return next((key for key in touchpoint.phases if key in known), None)


def cells_of(plan: Plan, keys: Sequence[str]) -> tuple[tuple[int, ...], tuple[tuple[str, str], ...]]:
    """Return the cell of each touchpoint key and the cells as (phase, channel), by phase, then channel.

    A touchpoint with neither, or one the plan does not know, is passed over.
    """
    placed = {
        touchpoint.key: (phase_of(touchpoint, plan) or NOWHERE, touchpoint.channel or NOWHERE)
        for touchpoint in plan.touchpoints
    }
    phases = {phase.key: place for place, phase in enumerate(plan.phases)}
    names = sorted(
        {name for key in keys if any(name := placed.get(key, (NOWHERE, NOWHERE)))},
        key=lambda name: (phases.get(name[0], len(phases)), name[1]),
    )
    code = {name: place for place, name in enumerate(names)}
    return tuple(code.get(placed.get(key, (NOWHERE, NOWHERE)), PASSED_OVER) for key in keys), tuple(names)
