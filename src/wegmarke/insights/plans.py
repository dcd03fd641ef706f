"""The plan insights are computed under, where there is one and where there is none."""

from __future__ import annotations

from wegmarke.plan import queries as plans
from wegmarke.plan.contracts import Plan, Text

NO_PLAN = 0
WITHOUT_PLAN = Plan(name=Text(de="Ohne Plan", en="Without a plan"), unbound_names_are_touchpoints=True)
"""Before there is a plan, every event name is a touchpoint of its own."""


def current() -> tuple[int, Plan]:
    """Return basis and plan as they stand; basis 0 is the absence of a plan.

    The basis changes only where figures do, so that editing a name or a purpose computes nothing anew.
    """
    saved = plans.current()
    return (NO_PLAN, WITHOUT_PLAN) if saved is None else (saved.basis, saved.plan)


def of_basis(basis: int) -> Plan:
    """Return the newest plan with these figures, so that pages show today's names."""
    return (plans.newest_of_basis(basis) if basis != NO_PLAN else None) or WITHOUT_PLAN
