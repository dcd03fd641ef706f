"""Taking over, copying and looking at journey models before they are saved or removed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wegmarke.atlas.journeys.shipped import completed, with_own_keys
from wegmarke.plan import queries, services
from wegmarke.plan.rules import FIRST

if TYPE_CHECKING:
    from datetime import datetime

    from wegmarke.plan.contracts import Journey, Plan, PlanVersion
    from wegmarke.team.models import User


@dataclass(frozen=True, slots=True)
class Lost:
    """What stands in phases that would be gone: names of touchpoints and of goals, as keys."""

    touchpoints: tuple[str, ...]
    goals: tuple[str, ...]

    def __bool__(self) -> bool:
        """Say whether anything is lost at all."""
        return bool(self.touchpoints or self.goals)


def lost(plan: Plan, gone: set[str]) -> Lost:
    """Return what refers to these phases and steps."""
    return Lost(
        tuple(
            one.key
            for one in plan.touchpoints
            if gone & set(one.phases) or any(content.phase in gone for content in one.content)
        ),
        tuple(one.key for one in plan.goals if gone & set(one.phases)),
    )


def adopt(journey: Journey, *, by: User | None, now: datetime) -> tuple[PlanVersion, str]:
    """Take a shipped model into the plan; return the version and the key it got there.

    Where the only journey is a nameless beginning of this very model, that one is filled up.
    """
    current = queries.current()
    if current is not None and len(current.plan.journeys) == 1:
        begun = completed(current.plan.journeys[0], journey)
        if begun is not None:
            return services.save_journey(begun, based_on=current.version, by=by, now=now), begun.key
    own, _became = with_own_keys(journey, current.plan if current else FIRST)
    return services.save_journey(own, based_on=None, by=by, now=now), own.key


def duplicate(key: str, name_of_copy: Journey, *, by: User | None, now: datetime) -> tuple[PlanVersion, str]:
    """Copy a model with everything that stands in it, under the names of `name_of_copy`.

    Raises `UnknownPartError`, `PlanChangedError`.
    """
    current = queries.current()
    original = current.plan.journey(key) if current else None
    if current is None or original is None:
        raise services.UnknownPartError(key)
    named = replace(original, name=name_of_copy.name, audience=name_of_copy.audience)
    copy, became = with_own_keys(named, current.plan)
    plan = replace(
        current.plan,
        journeys=(*current.plan.journeys, copy),
        touchpoints=tuple(
            replace(one, phases=(*one.phases, *(became[k] for k in one.phases if k in became)))
            for one in current.plan.touchpoints
        ),
    )
    return services.save(plan, by=by, now=now, based_on=current.version), copy.key
