"""Everything that can be wrong with a plan. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from wegmarke.analysis.journeys import StartedBy
from wegmarke.plan.checks_touchpoints import (
    check_key,
    check_keys,
    check_metric,
    check_name,
    check_named_phases,
    check_touchpoints,
    is_number,
    twice,
)
from wegmarke.plan.composing import MAX_CHARACTERS, MAX_NODES
from wegmarke.plan.contracts import Measure
from wegmarke.plan.findings import MAX_FINDINGS, Finding, gettext_noop
from wegmarke.plan.plain import plain_plan
from wegmarke.plan.plain_rules import exact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wegmarke.plan.contracts import Funnel, Goal, Phase, Plan

MAX_LENGTH = MAX_CHARACTERS // 10
"""A character may take ten in a document: written by its number, or on a line of its own far to the right."""
_NOT_KEPT = re.compile(r"(?<!\\)(?:\\\\)*\\u0000|[\ud800-\udfff]")
"""NUL as JSON writes it, and halves of characters: no database keeps the one, no file the other."""
CURRENCY = re.compile(r"[A-Z]{3}")


def findings_of(plan: Plan) -> tuple[Finding, ...]:
    """Return what is wrong with a plan, in the order of the document; empty when it is valid.

    At most `MAX_FINDINGS` are returned.
    """
    return tuple(islice(_all_findings(plan), MAX_FINDINGS))


@dataclass(frozen=True, slots=True)
class _Known:
    """What parts of a plan may refer to; touchpoints None: any, where every event name is one of its own."""

    touchpoints: frozenset[str] | None
    phases: frozenset[str]
    funnels: frozenset[str]


def _known(plan: Plan) -> _Known:
    touchpoints = frozenset(touchpoint.key for touchpoint in plan.touchpoints)
    return _Known(
        touchpoints=None if plan.unbound_names_are_touchpoints else touchpoints,
        phases=plan.phase_keys,
        funnels=frozenset(funnel.key for funnel in plan.funnels),
    )


def _all_findings(plan: Plan) -> Iterator[Finding]:
    known = _known(plan)
    yield from _size(plan)
    yield from check_name("name", plan.name)
    yield from _journeys(plan, known)
    yield from check_touchpoints(plan)
    yield from _leaving(plan, known)
    yield from _known_touchpoints(known, "moving_on", plan.moving_on)
    yield from _numbers(plan)
    yield from _attributes(plan.attributes)
    yield from check_keys("funnels", [funnel.key for funnel in plan.funnels])
    for place, funnel in enumerate(plan.funnels):
        yield from _funnel(known, f"funnels[{place}]", funnel)
    yield from check_keys("goals", [goal.key for goal in plan.goals])
    for place, goal in enumerate(plan.goals):
        yield from _goal(known, f"goals[{place}]", goal)
    yield from check_keys("promises", [promise.key for promise in plan.promises])
    for place, promise in enumerate(plan.promises):
        yield from check_name(f"promises[{place}].name", promise.name)
    if plan.currency is not None and not CURRENCY.fullmatch(plan.currency):
        yield Finding(
            "currency",
            gettext_noop("“%(currency)s” is no currency: use three capital letters such as EUR."),
            {"currency": plan.currency},
        )


def _size(plan: Plan) -> Iterator[Finding]:
    """Check that the plan can be kept and, written out, is a document that can be read again."""
    plain = plain_plan(plan)
    if _values_in(plain) > MAX_NODES:
        yield Finding("", gettext_noop("The plan has more than %(most)d entries."), {"most": MAX_NODES})
    written = exact(plain)
    if len(written) > MAX_LENGTH:
        problem = gettext_noop("The plan has %(n)d characters; at most %(most)d can be kept.")
        yield Finding("", problem, {"n": len(written), "most": MAX_LENGTH})
    if _NOT_KEPT.search(written):
        yield Finding("", gettext_noop("A text of the plan holds a character that cannot be kept."))


def _values_in(plain: object) -> int:
    """Count values as they are counted when a document is read: keys, lists and what stands in them."""
    if isinstance(plain, dict):
        return 1 + len(plain) + sum(_values_in(value) for value in plain.values())
    if isinstance(plain, list):
        return 1 + sum(_values_in(value) for value in plain)
    return 1


def _journeys(plan: Plan, known: _Known) -> Iterator[Finding]:
    """Check journeys and phases; the keys of phases and steps differ over all journeys."""
    yield from check_keys("journeys", [journey.key for journey in plan.journeys])
    seen: set[str] = set()
    for at, journey in enumerate(plan.journeys):
        for place, phase in enumerate(journey.phases):
            yield from _phase(known, f"journeys[{at}].phases[{place}]", phase, seen)


def _phase(known: _Known, path: str, phase: Phase, seen: set[str]) -> Iterator[Finding]:
    yield from check_key(f"{path}.key", phase.key, seen)
    yield from check_name(f"{path}.name", phase.name)
    for at, step in enumerate(phase.steps):
        yield from check_key(f"{path}.steps[{at}].key", step.key, seen)
        yield from check_name(f"{path}.steps[{at}].name", step.name)
    yield from _known_touchpoints(known, f"{path}.entered_by", phase.entered_by)
    begins, ends = phase.from_day, phase.to_day
    for name, day in (("from_day", begins), ("to_day", ends)):
        if day is not None and not is_number(day):
            yield Finding(f"{path}.{name}", gettext_noop("A number is needed here."))
    if begins is not None and ends is not None and not begins < ends:
        yield Finding(f"{path}.to_day", gettext_noop("The phase ends before it begins."))


def _leaving(plan: Plan, known: _Known) -> Iterator[Finding]:
    leaving = plan.leaving
    if leaving is None:
        return
    if leaving.touchpoints and leaving.quiet_days is not None:
        yield Finding("leaving", gettext_noop("Leaving is either “touchpoints” or “quiet_days”, not both."))
    if not leaving.touchpoints and leaving.quiet_days is None:
        yield Finding("leaving", gettext_noop("Leaving needs “touchpoints” or “quiet_days”."))
    yield from _known_touchpoints(known, "leaving.touchpoints", leaving.touchpoints)
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


def _known_touchpoints(known: _Known, path: str, named: Sequence[str]) -> Iterator[Finding]:
    """Check references; where every event name is a touchpoint of its own, any name may be meant."""
    if known.touchpoints is None:
        return
    for at, key in enumerate(named):
        if key not in known.touchpoints:
            yield Finding(
                f"{path}[{at}]", gettext_noop("There is no touchpoint “%(key)s” in the plan."), {"key": key}
            )


def _is_above_zero(number: float) -> bool:
    return is_number(number) and number > 0


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
    for at, name in twice(attributes):
        problem = gettext_noop("The attribute “%(name)s” is there twice.")
        yield Finding(f"attributes[{at}]", problem, {"name": name})


def _funnel(known: _Known, path: str, funnel: Funnel) -> Iterator[Finding]:
    yield from check_name(f"{path}.name", funnel.name)
    if len(funnel.steps) < 2:  # noqa: PLR2004 - one step leads nowhere
        yield Finding(f"{path}.steps", gettext_noop("A funnel needs at least two steps."))
    yield from _known_touchpoints(known, f"{path}.steps", funnel.steps)
    if not _is_above_zero(funnel.window_days):
        yield Finding(f"{path}.window_days", gettext_noop("The window must be longer than 0 days."))


def _goal(known: _Known, path: str, goal: Goal) -> Iterator[Finding]:
    yield from check_name(f"{path}.name", goal.name)
    yield from check_metric(f"{path}.target", goal.metric)
    yield from _known_touchpoints(known, f"{path}.touchpoints", goal.touchpoints)
    yield from check_named_phases(f"{path}.phases", goal.phases, known.phases)
    if goal.since is not None and goal.since >= goal.until:
        yield Finding(f"{path}.until", gettext_noop("The goal ends before it begins."))
    wants_funnel = goal.metric.measure is Measure.CONVERSION
    if wants_funnel and goal.funnel not in known.funnels:
        problem = gettext_noop("“conversion” needs the key of a funnel of the plan.")
        yield Finding(f"{path}.funnel", problem)
    if goal.funnel is not None and not wants_funnel:
        yield Finding(f"{path}.funnel", gettext_noop("A funnel belongs to the measure “conversion” only."))
    if wants_funnel and (goal.touchpoints or goal.phases):
        problem = gettext_noop("A conversion is that of its funnel, not of touchpoints or phases.")
        yield Finding(f"{path}.touchpoints", problem)
