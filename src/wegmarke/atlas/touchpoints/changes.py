"""Changing many touchpoints at once: what a form says, done to one touchpoint after another. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wegmarke.plan.contracts import Plan, Touchpoint


class How(StrEnum):
    """What is done to a list of a touchpoint."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class ListChange:
    """How a list is changed, and by which entries."""

    how: How
    entries: tuple[str, ...]

    def of(self, before: Sequence[str]) -> tuple[str, ...]:
        """Return the list after it; the order of what stays is kept."""
        if self.how is How.REPLACE:
            return self.entries
        if self.how is How.ADD:
            return (*before, *(one for one in self.entries if one not in before))
        return tuple(one for one in before if one not in self.entries)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is done to each touchpoint: `fields` to set (None empties one), lists to change."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    lists: Mapping[str, ListChange] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Say whether anything is to be done."""
        return bool(self.fields or self.lists)

    def of(self, touchpoint: Touchpoint) -> Touchpoint:
        """Return a touchpoint as it is afterwards."""
        changed: dict[str, Any] = dict(self.fields)
        for name, change in self.lists.items():
            changed[name] = change.of(getattr(touchpoint, name))
        return replace(touchpoint, **changed)


@dataclass(frozen=True, slots=True)
class Reference:
    """Something in the plan that names a touchpoint; `kind` is a list of a document or a field of the plan.

    `key` is that of the part (a goal, a funnel, a phase), empty for leaving and moving on.
    """

    touchpoint: str
    kind: str
    key: str = ""


def references(plan: Plan, keys: frozenset[str]) -> tuple[Reference, ...]:
    """Return what in the plan names one of these touchpoints."""
    found: list[Reference] = []
    for goal in plan.goals:
        found += [Reference(key, "goals", goal.key) for key in goal.touchpoints if key in keys]
    for funnel in plan.funnels:
        found += [Reference(key, "funnels", funnel.key) for key in dict.fromkeys(funnel.steps) if key in keys]
    for journey in plan.journeys:
        for phase in journey.phases:
            found += [Reference(key, "phases", phase.key) for key in phase.entered_by if key in keys]
    if plan.leaving is not None:
        found += [Reference(key, "leaving") for key in plan.leaving.touchpoints if key in keys]
    found += [Reference(key, "moving_on") for key in plan.moving_on if key in keys]
    return tuple(found)
