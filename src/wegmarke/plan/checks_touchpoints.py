"""What is wrong with the touchpoints of a plan; a part of `plan.checks`. Pure."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from wegmarke.analysis.journeys import MAX_TOUCHPOINTS
from wegmarke.plan.contracts import SHARES, Measure
from wegmarke.plan.findings import Finding, gettext_noop
from wegmarke.plan.plain import LARGEST_WHOLE
from wegmarke.plan.plain_rules import exact, plain_rule
from wegmarke.record.contracts import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from wegmarke.plan.contracts import Metric, Plan, Text, Touchpoint
    from wegmarke.record.contracts import BindingRule, Condition

KEY = re.compile(r"\w(?:[\w.-]*\w)?")
"""A key stands in addresses, files and tables: letters, digits, `_`, and `.` or `-` inside."""
MAX_KEY = 100
ORDERED = (Operator.ABOVE, Operator.AT_LEAST, Operator.BELOW, Operator.AT_MOST)


def check_touchpoints(plan: Plan) -> Iterator[Finding]:
    """Yield what is wrong with the touchpoints and with the events that are none."""
    yield from check_keys("touchpoints", [touchpoint.key for touchpoint in plan.touchpoints])
    if len(plan.touchpoints) > MAX_TOUCHPOINTS:
        yield Finding("touchpoints", gettext_noop("At most %(most)d touchpoints."), {"most": MAX_TOUCHPOINTS})
    promises = frozenset(promise.key for promise in plan.promises)
    phases = plan.phase_keys
    taken: dict[str, str] = {}
    for place, touchpoint in enumerate(plan.touchpoints):
        path = f"touchpoints[{place}]"
        yield from check_name(f"{path}.name", touchpoint.name)
        yield from check_named_phases(f"{path}.phases", touchpoint.phases, phases)
        yield from _owners(f"{path}.owners", touchpoint.owners)
        yield from _design(path, touchpoint)
        yield from _content(f"{path}.content", touchpoint, phases)
        yield from _promises(f"{path}.promises", touchpoint, promises)
        yield from _binding_rules(path, touchpoint, taken)
        yield from _experience_rules(path, touchpoint)
    for at, rule in enumerate(plan.not_touchpoints):
        yield from check_rule(f"not_touchpoints[{at}]", rule)


def _experience_rules(path: str, touchpoint: Touchpoint) -> Iterator[Finding]:
    for at, rule in enumerate(touchpoint.experience):
        here = f"{path}.experience[{at}]"
        if not rule.when:
            yield Finding(here, gettext_noop("This rule has no condition; use “otherwise” instead."))
        yield from _conditions(here, rule.when)


def _owners(path: str, owners: Sequence[str]) -> Iterator[Finding]:
    for at, owner in enumerate(owners):
        if not owner.strip():
            yield Finding(f"{path}[{at}]", gettext_noop("A name is missing."))
    for at, owner in twice(owners):
        yield Finding(f"{path}[{at}]", gettext_noop("“%(owner)s” is there twice."), {"owner": owner})


def _design(path: str, touchpoint: Touchpoint) -> Iterator[Finding]:
    """Check the figures of the design card."""
    for name in ("per_quarter", "cost", "minutes"):
        value = getattr(touchpoint, name)
        if value is not None and not (is_number(value) and value >= 0):
            yield Finding(f"{path}.{name}", gettext_noop("This number cannot be below 0."))
    if touchpoint.metric is not None:
        yield from check_metric(f"{path}.metric", touchpoint.metric)
        if touchpoint.metric.measure in (Measure.LEAVING, Measure.CONVERSION):
            problem = gettext_noop("“%(measure)s” is no measure of a single touchpoint.")
            yield Finding(f"{path}.metric", problem, {"measure": touchpoint.metric.measure.value})


def _content(path: str, touchpoint: Touchpoint, phases: frozenset[str]) -> Iterator[Finding]:
    for at, content in enumerate(touchpoint.content):
        if not content.text:
            yield Finding(f"{path}[{at}]", gettext_noop("The text is missing."))
        if content.phase and content.phase not in phases:
            problem = gettext_noop("There is no phase “%(phase)s” in the plan.")
            yield Finding(f"{path}[{at}].phase", problem, {"phase": content.phase})


def _promises(path: str, touchpoint: Touchpoint, promises: frozenset[str]) -> Iterator[Finding]:
    for at, promise in enumerate(touchpoint.promises):
        if promise not in promises:
            problem = gettext_noop("There is no promise “%(promise)s” in the plan.")
            yield Finding(f"{path}[{at}]", problem, {"promise": promise})


def check_metric(path: str, metric: Metric) -> Iterator[Finding]:
    """Yield what is wrong with a target."""
    lowest = -1.0 if metric.measure is Measure.NET_EXPERIENCE else 0.0
    highest = 1.0 if metric.measure in (*SHARES, Measure.NET_EXPERIENCE) else math.inf
    if not (is_number(metric.target) and lowest <= metric.target <= highest):
        problem = gettext_noop("The target of “%(measure)s” lies between %(lowest)g and %(highest)g.")
        values = {"measure": metric.measure.value, "lowest": lowest, "highest": highest}
        yield Finding(path, problem, values)


def check_name(path: str, name: Text) -> Iterator[Finding]:
    """Yield that a name is missing."""
    if not name:
        yield Finding(path, gettext_noop("A name is missing."))


def twice(named: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield what stands in a list for the second time, with its place."""
    seen: set[str] = set()
    for at, name in enumerate(named):
        if name in seen:
            yield at, name
        seen.add(name)


def check_keys(path: str, keys: Sequence[str]) -> Iterator[Finding]:
    """Yield keys that are none and keys that are there twice."""
    seen: set[str] = set()
    for place, key in enumerate(keys):
        yield from check_key(f"{path}[{place}].key", key, seen)


def check_key(here: str, key: str, seen: set[str]) -> Iterator[Finding]:
    """Yield what is wrong with one key; `seen` remembers those before it."""
    if not KEY.fullmatch(key) or len(key) > MAX_KEY:
        yield Finding(
            here,
            gettext_noop("“%(key)s” is no key: use letters, digits, “_”, “.” and “-”, at most %(most)d."),
            {"key": key, "most": MAX_KEY},
        )
    if key in seen:
        yield Finding(here, gettext_noop("The key “%(key)s” is there twice."), {"key": key})
    seen.add(key)


def check_named_phases(path: str, named: Sequence[str], known: frozenset[str]) -> Iterator[Finding]:
    """Yield phases that are not in the plan or named twice."""
    for at, phase in enumerate(named):
        if phase not in known:
            problem = gettext_noop("There is no phase “%(phase)s” in the plan.")
            yield Finding(f"{path}[{at}]", problem, {"phase": phase})
    for at, phase in twice(named):
        yield Finding(
            f"{path}[{at}]", gettext_noop("The phase “%(phase)s” is there twice."), {"phase": phase}
        )


def _binding_rules(path: str, touchpoint: Touchpoint, taken: dict[str, str]) -> Iterator[Finding]:
    """Check the rules of one touchpoint; `taken` remembers who has a rule already: the first one binds."""
    for at, rule in enumerate(touchpoint.rules):
        here = f"{path}.events[{at}]"
        yield from check_rule(here, rule)
        itself = exact(plain_rule(rule))
        earlier = taken.get(exact(rule.event)) or taken.get(itself)
        if earlier is not None:
            yield Finding(
                here,
                gettext_noop(
                    "“%(event)s” always goes to the touchpoint “%(earlier)s”, which stands earlier."
                ),
                {"event": rule.event, "earlier": earlier},
            )
        taken.setdefault(itself, touchpoint.key)


def check_rule(path: str, rule: BindingRule) -> Iterator[Finding]:
    """Yield what is wrong with one binding rule."""
    if not rule.event.strip():
        yield Finding(path, gettext_noop("The name of the event is missing."))
    yield from _conditions(f"{path}.where", rule.where)


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
        return None if is_number(value) else gettext_noop("“%(operator)s” needs a number.")
    if condition.operator is Operator.IN:
        fits = isinstance(value, tuple) and value and all(_is_scalar(one) for one in value)
        return None if fits else gettext_noop("“%(operator)s” needs a list of values.")
    if condition.operator is Operator.EXISTS:
        return None if isinstance(value, bool) else gettext_noop("“%(operator)s” needs true or false.")
    if condition.operator in (Operator.CONTAINS, Operator.LIKE):
        return None if isinstance(value, str) and value else gettext_noop("“%(operator)s” needs a text.")
    return (
        None if _is_scalar(value) else gettext_noop("“%(operator)s” needs a text, a number, true or false.")
    )


def is_number(value: object) -> bool:
    """Say whether a value is a number that can be counted with: finite, and not larger than is told apart."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_WHOLE


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | bool) or is_number(value)
