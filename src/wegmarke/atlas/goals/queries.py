"""What other pages ask about goals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.atlas.goals.measuring import measured
from wegmarke.atlas.goals.rules import is_about, standing
from wegmarke.plan import queries as plans

if TYPE_CHECKING:
    from datetime import date

    from wegmarke.atlas.goals.contracts import Standing
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Goal, Plan


def goals_of(touchpoint: str) -> tuple[Goal, ...]:
    """Return the goals a touchpoint serves: those that name it, one of its phases or a funnel with it."""
    saved = plans.current()
    found = None if saved is None else saved.plan.touchpoint(touchpoint)
    if saved is None or found is None:
        return ()
    return tuple(goal for goal in saved.plan.goals if is_about(goal, found, saved.plan))


def standings(plan: Plan, analysis: Analysis | None, today: date) -> tuple[Standing, ...]:
    """Return how all goals of a plan stand today, in its order."""
    return tuple(standing(goal, measured(goal, plan, analysis), today) for goal in plan.goals)
