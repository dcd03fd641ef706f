"""Decisions about taking an example into a plan that is there already. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wegmarke.plan.contracts import Journey, Plan, Touchpoint
    from wegmarke.record.contracts import BindingRule


@dataclass(frozen=True, slots=True)
class Joined:
    """A plan with the touchpoints of an example added, and what that means for them.

    `added` and `there` are keys of touchpoints, `journeys` the keys of the journey models that came along;
    `unbound` are added ones that lost rules because touchpoints of the plan take these events already.
    """

    plan: Plan
    added: tuple[str, ...]
    there: tuple[str, ...]
    journeys: tuple[str, ...]
    unbound: tuple[str, ...]


def joined(plan: Plan, example: Plan) -> Joined:
    """Add to a plan what it lacks of an example: touchpoints, and journey models whose phases are new to it.

    Nothing of the plan itself changes; what leaving is, funnels and goals stay its own.
    """
    known = {one.key for one in plan.touchpoints}
    fresh = [one for one in example.touchpoints if one.key not in known]
    journeys = tuple(_new_journeys(plan, example.journeys))
    phases = plan.phase_keys | {key for journey in journeys for key in journey.phase_keys()}
    taken = {rule for one in plan.touchpoints for rule in one.rules}
    fitted = tuple(_fitted(one, phases, taken) for one in fresh)
    lost = [new.key for old, new in zip(fresh, fitted, strict=True) if len(new.rules) < len(old.rules)]
    return Joined(
        plan=replace(plan, journeys=(*plan.journeys, *journeys), touchpoints=(*plan.touchpoints, *fitted)),
        added=tuple(one.key for one in fitted),
        there=tuple(one.key for one in example.touchpoints if one.key in known),
        journeys=tuple(journey.key for journey in journeys),
        unbound=tuple(lost),
    )


def _new_journeys(plan: Plan, journeys: Iterable[Journey]) -> Iterable[Journey]:
    keys, phases = {one.key for one in plan.journeys}, plan.phase_keys
    for journey in journeys:
        if journey.key not in keys and not phases & set(journey.phase_keys()):
            yield journey


def _fitted(touchpoint: Touchpoint, phases: frozenset[str], taken: set[BindingRule]) -> Touchpoint:
    """Return a touchpoint without references to what the plan does not have."""
    always = {rule.event for rule in taken if not rule.where}
    return replace(
        touchpoint,
        phases=tuple(key for key in touchpoint.phases if key in phases),
        content=tuple(one for one in touchpoint.content if not one.phase or one.phase in phases),
        promises=(),
        rules=tuple(rule for rule in touchpoint.rules if rule not in taken and rule.event not in always),
    )
