"""Decisions about plans: what is wrong with one, and how the record binds events by it. Pure."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from wegmarke.analysis.journeys import MAX_TOUCHPOINTS, Experience, StartedBy
from wegmarke.plan.findings import Finding, gettext_noop
from wegmarke.record.contracts import Bindings, Operator, TouchpointBinding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from wegmarke.plan.contracts import Funnel, Plan, Text, Touchpoint
    from wegmarke.record.contracts import Condition

KEY = re.compile(r"\w(?:[\w.-]*\w)?")
"""A key stands in addresses, files and tables: letters, digits, `_`, and `.` or `-` inside."""
MAX_KEY = 100
CURRENCY = re.compile(r"[A-Z]{3}")
ORDERED = (Operator.ABOVE, Operator.AT_LEAST, Operator.BELOW, Operator.AT_MOST)


def bindings_of(plan: Plan) -> Bindings:
    """Return the plan as the record sees it: which events are which touchpoint, felt how."""
    return Bindings(
        touchpoints=tuple(_binding(touchpoint) for touchpoint in plan.touchpoints),
        phases=tuple(phase.key for phase in plan.phases),
        unbound_names_are_touchpoints=plan.unbound_names_are_touchpoints,
        attributes=plan.attributes,
    )


def _binding(touchpoint: Touchpoint) -> TouchpointBinding:
    otherwise = touchpoint.otherwise
    if otherwise is None:
        otherwise = Experience.NEUTRAL if touchpoint.experience else Experience.UNKNOWN
    return TouchpointBinding(
        touchpoint=touchpoint.key,
        rules=touchpoint.rules,
        experience=touchpoint.experience,
        otherwise=otherwise,
        phase=touchpoint.phases[0] if touchpoint.phases else None,
        started_by=touchpoint.started_by,
    )


def properties_of(plan: Plan) -> tuple[str, ...]:
    """Return the keys of the properties of events that rules of a plan look at, each once."""
    conditions = [one for touchpoint in plan.touchpoints for one in _conditions_of(touchpoint)]
    return tuple(dict.fromkeys(condition.key for condition in conditions))


def _conditions_of(touchpoint: Touchpoint) -> Iterator[Condition]:
    for rule in touchpoint.rules:
        yield from rule.where
    for felt in touchpoint.experience:
        yield from felt.when


def findings_of(plan: Plan) -> tuple[Finding, ...]:
    """Return everything that is wrong with a plan, in the order of the document; empty when it is valid."""
    return tuple(_all_findings(plan))


def _all_findings(plan: Plan) -> Iterator[Finding]:
    yield from _name("name", plan.name)
    yield from _keys("phases", [phase.key for phase in plan.phases])
    for place, phase in enumerate(plan.phases):
        yield from _name(f"phases[{place}].name", phase.name)
    yield from _touchpoints(plan)
    yield from _leaving(plan)
    yield from _known_touchpoints(plan, "moving_on", plan.moving_on)
    yield from _numbers(plan)
    yield from _attributes(plan.attributes)
    yield from _keys("funnels", [funnel.key for funnel in plan.funnels])
    for place, funnel in enumerate(plan.funnels):
        yield from _funnel(plan, f"funnels[{place}]", funnel)
    if plan.currency is not None and not CURRENCY.fullmatch(plan.currency):
        yield Finding(
            "currency",
            gettext_noop("“%(currency)s” is no currency: use three capital letters such as EUR."),
            {"currency": plan.currency},
        )


def _name(path: str, name: Text) -> Iterator[Finding]:
    if not (name.de.strip() or name.en.strip()):
        yield Finding(path, gettext_noop("A name is missing."))


def _keys(path: str, keys: Sequence[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, key in enumerate(keys):
        here = f"{path}[{place}].key"
        if not KEY.fullmatch(key) or len(key) > MAX_KEY:
            yield Finding(
                here,
                gettext_noop("“%(key)s” is no key: use letters, digits, “_”, “.” and “-”, at most %(most)d."),
                {"key": key, "most": MAX_KEY},
            )
        if key in seen:
            yield Finding(here, gettext_noop("The key “%(key)s” is there twice."), {"key": key})
        seen.add(key)


def _touchpoints(plan: Plan) -> Iterator[Finding]:
    yield from _keys("touchpoints", [touchpoint.key for touchpoint in plan.touchpoints])
    if len(plan.touchpoints) > MAX_TOUCHPOINTS:
        yield Finding("touchpoints", gettext_noop("At most %(most)d touchpoints."), {"most": MAX_TOUCHPOINTS})
    phases = {phase.key for phase in plan.phases}
    taken: dict[object, str] = {}
    for place, touchpoint in enumerate(plan.touchpoints):
        path = f"touchpoints[{place}]"
        yield from _name(f"{path}.name", touchpoint.name)
        yield from _touchpoint_phases(f"{path}.phases", touchpoint.phases, phases)
        yield from _binding_rules(path, touchpoint, taken)
        for at, rule in enumerate(touchpoint.experience):
            here = f"{path}.experience[{at}]"
            if not rule.when:
                yield Finding(here, gettext_noop("This rule has no condition; use “otherwise” instead."))
            yield from _conditions(here, rule.when)


def _touchpoint_phases(path: str, named: Sequence[str], known: set[str]) -> Iterator[Finding]:
    for at, phase in enumerate(named):
        if phase not in known:
            yield Finding(
                f"{path}[{at}]", gettext_noop("There is no phase “%(phase)s” in the plan."), {"phase": phase}
            )
        if phase in named[:at]:
            yield Finding(
                f"{path}[{at}]", gettext_noop("The phase “%(phase)s” is there twice."), {"phase": phase}
            )


def _binding_rules(path: str, touchpoint: Touchpoint, taken: dict[object, str]) -> Iterator[Finding]:
    """Check the rules of one touchpoint; `taken` remembers who has a rule already: the first one binds."""
    for at, rule in enumerate(touchpoint.rules):
        here = f"{path}.events[{at}]"
        if not rule.event.strip():
            yield Finding(here, gettext_noop("The name of the event is missing."))
        yield from _conditions(f"{here}.where", rule.where)
        earlier = taken.get((rule.event, ())) or taken.get((rule.event, rule.where))
        if earlier is not None:
            yield Finding(
                here,
                gettext_noop(
                    "“%(event)s” always goes to the touchpoint “%(earlier)s”, which stands earlier."
                ),
                {"event": rule.event, "earlier": earlier},
            )
        taken.setdefault((rule.event, rule.where), touchpoint.key)


def _conditions(path: str, conditions: Iterable[Condition]) -> Iterator[Finding]:
    for at, condition in enumerate(conditions):
        here = f"{path}[{at}]"
        if not condition.key.strip():
            yield Finding(here, gettext_noop("The name of the property is missing."))
        problem = _problem_of(condition)
        if problem is not None:
            yield Finding(here, problem, {"operator": condition.operator.value})


def _problem_of(condition: Condition) -> str | None:
    value = condition.value
    if condition.operator in ORDERED:
        return None if _is_number(value) else gettext_noop("“%(operator)s” needs a number.")
    if condition.operator is Operator.IN:
        fits = isinstance(value, tuple) and value and all(_is_scalar(one) for one in value)
        return None if fits else gettext_noop("“%(operator)s” needs a list of values.")
    if condition.operator is Operator.EXISTS:
        return None if isinstance(value, bool) else gettext_noop("“%(operator)s” needs true or false.")
    if condition.operator is Operator.CONTAINS:
        return None if isinstance(value, str) and value else gettext_noop("“%(operator)s” needs a text.")
    return (
        None if _is_scalar(value) else gettext_noop("“%(operator)s” needs a text, a number, true or false.")
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | bool) or _is_number(value)


def _leaving(plan: Plan) -> Iterator[Finding]:
    leaving = plan.leaving
    if leaving is None:
        return
    if leaving.touchpoints and leaving.quiet_days is not None:
        yield Finding("leaving", gettext_noop("Leaving is either “touchpoints” or “quiet_days”, not both."))
    if not leaving.touchpoints and leaving.quiet_days is None:
        yield Finding("leaving", gettext_noop("Leaving needs “touchpoints” or “quiet_days”."))
    yield from _known_touchpoints(plan, "leaving.touchpoints", leaving.touchpoints)
    if leaving.quiet_days is not None:
        yield from _quiet(plan, leaving.quiet_days)


def _quiet(plan: Plan, quiet_days: float) -> Iterator[Finding]:
    if not _is_above_zero(quiet_days):
        yield Finding("leaving.quiet_days", gettext_noop("The quiet period must be longer than 0 days."))
    if plan.touchpoints and all(t.started_by is StartedBy.COMPANY for t in plan.touchpoints):
        yield Finding(
            "leaving.quiet_days",
            gettext_noop("No touchpoint is started by the customer: everyone would count as silent."),
        )


def _known_touchpoints(plan: Plan, path: str, named: Sequence[str]) -> Iterator[Finding]:
    """Check references; where every event name is a touchpoint of its own, any name may be meant."""
    if plan.unbound_names_are_touchpoints:
        return
    known = {touchpoint.key for touchpoint in plan.touchpoints}
    for at, key in enumerate(named):
        if key not in known:
            yield Finding(
                f"{path}[{at}]", gettext_noop("There is no touchpoint “%(key)s” in the plan."), {"key": key}
            )


def _is_above_zero(number: float) -> bool:
    return math.isfinite(number) and number > 0


def _numbers(plan: Plan) -> Iterator[Finding]:
    if not _is_above_zero(plan.horizon_days):
        yield Finding("horizon_days", gettext_noop("The horizon must be longer than 0 days."))
    if not 0 < plan.margin < 1:
        yield Finding(
            "margin",
            gettext_noop(
                "The margin lies between 0 and 1; 0.02 means two percentage points, not %(margin)g."
            ),
            {"margin": plan.margin},
        )


def _attributes(attributes: Sequence[str]) -> Iterator[Finding]:
    for at, name in enumerate(attributes):
        path = f"attributes[{at}]"
        if not name.strip():
            yield Finding(path, gettext_noop("A name is missing."))
        if name in attributes[:at]:
            yield Finding(path, gettext_noop("The attribute “%(name)s” is there twice."), {"name": name})


def _funnel(plan: Plan, path: str, funnel: Funnel) -> Iterator[Finding]:
    yield from _name(f"{path}.name", funnel.name)
    if len(funnel.steps) < 2:  # noqa: PLR2004 - one step leads nowhere
        yield Finding(f"{path}.steps", gettext_noop("A funnel needs at least two steps."))
    yield from _known_touchpoints(plan, f"{path}.steps", funnel.steps)
    if not _is_above_zero(funnel.window_days):
        yield Finding(f"{path}.window_days", gettext_noop("The window must be longer than 0 days."))
