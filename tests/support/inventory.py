"""A plan without channels, for tests in which the pages fill them in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from support import insights

if TYPE_CHECKING:
    from wegmarke.plan.contracts import Plan


def plan() -> Plan:
    """Return the plan made by hand, with no channel said."""
    made = insights.plan()
    return replace(made, touchpoints=tuple(replace(one, channel=None) for one in made.touchpoints))
