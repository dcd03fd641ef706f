"""Where touchpoints stand in the matrix phase by channel, and in that by department."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.analysis.load import PASSED_OVER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wegmarke.plan.contracts import Plan, Touchpoint

NOWHERE = ""
"""In the name of a cell: the plan names no phase, no channel, or no department."""


def by_channel(touchpoint: Touchpoint) -> str:
    """Return the channel of a touchpoint."""
    return touchpoint.channel or NOWHERE


def by_department(touchpoint: Touchpoint) -> str:
    """Return the department of a touchpoint."""
    return touchpoint.department or NOWHERE


def cells_of(
    plan: Plan, keys: Sequence[str], row: Callable[[Touchpoint], str] = by_channel
) -> tuple[tuple[int, ...], tuple[tuple[str, str], ...]]:
    """Return the cell of each touchpoint key and the cells as (phase, row), by phase, then row.

    A touchpoint with neither, or one the plan does not know, is passed over.
    """
    placed = {touchpoint.key: (_phase(plan, touchpoint), row(touchpoint)) for touchpoint in plan.touchpoints}
    phases = {phase.key: place for place, phase in enumerate(plan.phases)}
    names = sorted(
        {name for key in keys if any(name := placed.get(key, (NOWHERE, NOWHERE)))},
        key=lambda name: (phases.get(name[0], len(phases)), name[1]),
    )
    code = {name: place for place, name in enumerate(names)}
    return tuple(code.get(placed.get(key, (NOWHERE, NOWHERE)), PASSED_OVER) for key in keys), tuple(names)


def _phase(plan: Plan, touchpoint: Touchpoint) -> str:
    phase = plan.phase_of(touchpoint)
    return NOWHERE if phase is None else phase.key
