"""The plan insights are computed under, where there is one and where there is none."""

from __future__ import annotations

from wegmarke.plan import queries as plans
from wegmarke.plan.contracts import Plan, Text

NO_PLAN = 0
WITHOUT_PLAN = Plan(name=Text(de="Ohne Planung", en="Without a plan"), unbound_names_are_touchpoints=True)
"""Before there is a plan, every event name is a touchpoint of its own."""


def current() -> tuple[int, Plan]:
    """Return version and plan as they stand; version 0 is the absence of a plan."""
    saved = plans.current()
    return (NO_PLAN, WITHOUT_PLAN) if saved is None else (saved.version, saved.plan)


def version(number: int) -> Plan:
    """Return the plan of one version."""
    return WITHOUT_PLAN if number == NO_PLAN else plans.version(number).plan
