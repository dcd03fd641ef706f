"""What leaving and moving on mean, as the import asks it, and the plan that comes of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext, override

from wegmarke.capture.contracts import Meaning, Name
from wegmarke.plan import queries as plans
from wegmarke.plan import services as plan_services
from wegmarke.plan.contracts import Leaving, Plan, Text
from wegmarke.plan.rules import properties_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from wegmarke.team.models import User

# Names that most often mean leaving, so that they stand first in the list; people decide.
_LEAVING = re.compile(
    r"cancel|churn|unsubscri|terminat|withdraw|declin|close[ds]?.?account|opt.?out|"
    r"k[üu]e?ndig|storn|abmeld|abgemeld|gek[üu]e?ndig|widerruf|abwander",
    re.IGNORECASE,
)


def save_plan(change: Meaning | None, *, attributes: tuple[str, ...], by: User | None, now: datetime) -> None:
    """Save what the person said, and the `attributes` to add; with neither, a plan stays as it is."""
    current = plans.current()
    if current is not None and change is None:
        if _missing(current.plan, attributes):
            # on the newest version, which may be another one by the time it is locked
            plan_services.add_attributes(attributes, by=by, now=now)
        return
    plan = _first_plan() if current is None else current.plan
    wanted = plan if change is None else _with_meaning(plan, change)
    wanted = replace(wanted, attributes=(*plan.attributes, *_missing(plan, attributes)))
    if current is None or wanted != plan:
        based_on = change.based_on if change is not None else None
        plan_services.save(plan=wanted, by=by, now=now, based_on=based_on)


def new_attributes(attributes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the attributes of a file that an existing plan does not look at yet."""
    current = plans.current()
    return () if current is None else _missing(current.plan, attributes)


def _missing(plan: Plan, attributes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(attributes) if name not in plan.attributes)


def plan_reads_properties() -> bool:
    """Say whether a rule of the plan looks at the properties of events."""
    current = plans.current()
    return current is not None and bool(properties_of(current.plan))


def _with_meaning(plan: Plan, change: Meaning) -> Plan:
    leaving = None
    if change.leaving:
        leaving = Leaving(touchpoints=change.leaving)
    elif change.quiet_days is not None:
        leaving = Leaving(quiet_days=change.quiet_days)
    return replace(plan, leaving=leaving, moving_on=change.moving_on, horizon_days=change.horizon_days)


def _first_plan() -> Plan:
    """Return the plan of a site that has none: every event name is a touchpoint."""
    names = {}
    for language in ("de", "en"):
        with override(language):
            names[language] = gettext("First plan")
    return Plan(name=Text(**names), unbound_names_are_touchpoints=True)


def current_meaning() -> Meaning | None:
    """Return what the current plan says, or None where there is no plan."""
    current = plans.current()
    if current is None:
        return None
    leaving = current.plan.leaving
    return Meaning(
        leaving=leaving.touchpoints if leaving else (),
        quiet_days=leaving.quiet_days if leaving else None,
        moving_on=current.plan.moving_on,
        horizon_days=current.plan.horizon_days,
        based_on=current.version,
    )


def names_to_choose(counted: Iterable[tuple[str, int]], *, language: str) -> tuple[Name, ...]:
    """Return what can be chosen as leaving or moving on.

    The touchpoints of the plan come first, then names of the file, first those that sound like leaving.

    Under a plan whose touchpoints are all named by hand, only those can be meant.
    """
    current = plans.current()
    plan = current.plan if current else None
    known = [Name(t.key, t.name.in_language(language), None) for t in (plan.touchpoints if plan else ())]
    if plan is not None and not plan.unbound_names_are_touchpoints:
        return tuple(known)
    found = {name: Name(name, name, count, _LEAVING.search(name) is not None) for name, count in counted}
    meant = (*plan.moving_on, *(plan.leaving.touchpoints if plan.leaving else ())) if plan else ()
    others = found | {key: Name(key, key, None) for key in meant if key not in found}
    for name in known:
        others.pop(name.key, None)
    return (*known, *sorted(others.values(), key=lambda name: not name.sounds_like_leaving))
