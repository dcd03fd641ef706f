"""What can be done to the plan. Each call is one transaction and makes at most one version."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from wegmarke.plan import parts, queries, rights, store
from wegmarke.plan.checks import findings_of
from wegmarke.plan.contracts import Plan, Touchpoint
from wegmarke.plan.findings import Finding, PlanError, gettext_noop
from wegmarke.plan.models import Version
from wegmarke.plan.plain_rules import exact, plain_rule, same_rules
from wegmarke.plan.rules import FIRST, basis_of
from wegmarke.plan.store import Signed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

    from wegmarke.plan.contracts import Goal, Journey, PlanVersion, Promise
    from wegmarke.record.contracts import BindingRule
    from wegmarke.team.models import User


class PlanChangedError(RuntimeError):
    """Somebody saved another version in the meantime; nothing was saved."""


class PartChangedError(RuntimeError):
    """Somebody changed the same fields of the same part in the meantime; nothing was saved.

    `fields` names them as they are called in a document, `theirs` is the part as it stands now (None where it
    was removed), `version` the version to base the next attempt on.
    """

    def __init__(self, fields: tuple[str, ...], theirs: object, version: int) -> None:
        """Keep what the person needs to decide."""
        self.fields, self.theirs, self.version = fields, theirs, version
        super().__init__(", ".join(fields) or "removed")


class UnknownPartError(LookupError):
    """There is no such touchpoint, journey, goal, … in the plan; carries its key."""


def save(
    plan: Plan, *, by: User | None, now: datetime, comment: str = "", based_on: int | None = None
) -> PlanVersion:
    """Save a whole plan and return its version; where nothing changed, return the current one instead.

    Raises `PlanError` for a plan that makes no sense, `PlanChangedError` where the current version is not the
    one the change was `based_on`, `NotAllowedError`.
    """
    rights.require_plan(by)

    def change(_current: Plan, number: int) -> Plan:
        if based_on is not None and based_on != number:
            msg = f"the change was made on version {based_on}, the plan is at version {number}"
            raise PlanChangedError(msg)
        return plan

    return _change(change, Signed(by, now, comment))


def restore(
    number: int, *, by: User | None, now: datetime, comment: str = "", based_on: int | None = None
) -> PlanVersion:
    """Make an earlier version the current one again, as a version of its own; raises as `save` does."""
    return save(queries.version(number).plan, by=by, now=now, comment=comment, based_on=based_on)


def add_touchpoints(
    touchpoints: Sequence[Touchpoint], *, by: User | None, now: datetime, comment: str = ""
) -> PlanVersion:
    """Add touchpoints at the end, so that they take no events from those before them."""
    rights.require_plan(by)

    def change(plan: Plan, _number: int) -> Plan:
        return replace(plan, touchpoints=(*plan.touchpoints, *touchpoints))

    return _change(change, Signed(by, now, comment))


def change_touchpoint(
    touchpoint: Touchpoint, *, based_on: int, by: User | None, now: datetime, comment: str = ""
) -> PlanVersion:
    """Save a touchpoint that was changed on the version `based_on`, together with what others changed since.

    Raises `PartChangedError` where others changed the same fields, `UnknownPartError`, `PlanError`,
    `NotAllowedError`.
    """
    return _change_part("touchpoints", touchpoint, Signed(by, now, comment), based_on=based_on)


def change_touchpoints(
    keys: Collection[str],
    change: Callable[[Touchpoint], Touchpoint],
    *,
    by: User | None,
    now: datetime,
    comment: str = "",
) -> PlanVersion:
    """Change several touchpoints in one version; raises as `change_touchpoint` does."""

    def changed(plan: Plan, _number: int) -> Plan:
        _require_known("touchpoints", plan, keys)
        rights.require_touchpoints(by, (one for one in plan.touchpoints if one.key in keys))
        new = tuple(change(one) if one.key in keys else one for one in plan.touchpoints)
        for one, old in zip(new, plan.touchpoints, strict=True):
            _require_rules(by, old, one)
        return replace(plan, touchpoints=new)

    return _change(changed, Signed(by, now, comment))


def remove_touchpoints(
    keys: Collection[str], *, by: User | None, now: datetime, comment: str = ""
) -> PlanVersion:
    """Remove touchpoints. Raises `PlanError` naming what still refers to one, and then removes none."""
    return _remove("touchpoints", keys, Signed(by, now, comment))


def save_journey(
    journey: Journey, *, based_on: int | None, by: User | None, now: datetime, comment: str = ""
) -> PlanVersion:
    """Add a journey model, or change it where `based_on` names the version it was changed on.

    Touchpoints and goals lose the phases and steps that are gone. Raises `PlanError` naming the goals that
    look at nothing else.
    """
    return _save_part("journeys", journey, Signed(by, now, comment), based_on=based_on)


def lead_with_journey(key: str, *, by: User | None, now: datetime, comment: str = "") -> PlanVersion:
    """Let another journey model lead: figures are then computed along its phases."""
    rights.require_plan(by)

    def change(plan: Plan, _number: int) -> Plan:
        _require_known("journeys", plan, [key])
        return replace(plan, journeys=tuple(sorted(plan.journeys, key=lambda journey: journey.key != key)))

    return _change(change, Signed(by, now, comment))


def remove_journey(key: str, *, by: User | None, now: datetime, comment: str = "") -> PlanVersion:
    """Remove a journey model; touchpoints and goals lose its phases, which exist no more.

    Raises `PlanError` naming the goals that look at nothing but those phases: without them they would be
    goals of the whole company.
    """
    rights.require_plan(by)

    def change(plan: Plan, _number: int) -> Plan:
        _require_known("journeys", plan, [key])
        gone = {one for journey in plan.journeys if journey.key == key for one in journey.phase_keys()}
        left = tuple(journey for journey in plan.journeys if journey.key != key)
        return replace(_without_lost(plan, gone), journeys=left)

    return _change(change, Signed(by, now, comment))


def save_goal(
    goal: Goal, *, based_on: int | None, by: User | None, now: datetime, comment: str = ""
) -> PlanVersion:
    """Add a goal, or change it where `based_on` names the version it was changed on."""
    return _save_part("goals", goal, Signed(by, now, comment), based_on=based_on)


def remove_goal(key: str, *, by: User | None, now: datetime, comment: str = "") -> PlanVersion:
    """Remove a goal."""
    return _remove("goals", [key], Signed(by, now, comment))


def save_promise(
    promise: Promise, *, based_on: int | None, by: User | None, now: datetime, comment: str = ""
) -> PlanVersion:
    """Add a promise of the brand, or change it where `based_on` names the version it was changed on."""
    return _save_part("promises", promise, Signed(by, now, comment), based_on=based_on)


def remove_promise(key: str, *, by: User | None, now: datetime, comment: str = "") -> PlanVersion:
    """Remove a promise of the brand; touchpoints no longer have to keep it."""
    rights.require_plan(by)

    def change(plan: Plan, _number: int) -> Plan:
        _require_known("promises", plan, [key])
        kept = (
            replace(one, promises=tuple(promise for promise in one.promises if promise != key))
            for one in plan.touchpoints
        )
        promises = tuple(promise for promise in plan.promises if promise.key != key)
        return replace(plan, promises=promises, touchpoints=tuple(kept))

    return _change(change, Signed(by, now, comment))


def add_attributes(names: Sequence[str], *, by: User | None, now: datetime, comment: str = "") -> PlanVersion:
    """Let the plan look at attributes of persons as well; those it looks at already stay where they are."""
    rights.require_plan(by)

    def change(plan: Plan, _number: int) -> Plan:
        return replace(plan, attributes=tuple(dict.fromkeys((*plan.attributes, *names))))

    return _change(change, Signed(by, now, comment))


def leave_alone(
    rules: Sequence[BindingRule], *, by: User | None, now: datetime, comment: str = ""
) -> PlanVersion:
    """Remember that these events are no touchpoint; those remembered already stay as they are."""
    rights.require_plan(by)

    def change(plan: Plan, _number: int) -> Plan:
        together = {exact(plain_rule(rule)): rule for rule in (*plan.not_touchpoints, *rules)}
        return replace(plan, not_touchpoints=tuple(together.values()))

    return _change(change, Signed(by, now, comment))


def look_again(
    rules: Collection[BindingRule], *, by: User | None, now: datetime, comment: str = ""
) -> PlanVersion:
    """Forget that these events are no touchpoint."""
    rights.require_plan(by)
    forgotten = {exact(plain_rule(rule)) for rule in rules}

    def change(plan: Plan, _number: int) -> Plan:
        kept = (one for one in plan.not_touchpoints if exact(plain_rule(one)) not in forgotten)
        return replace(plan, not_touchpoints=tuple(kept))

    return _change(change, Signed(by, now, comment))


def _without_lost(plan: Plan, gone: set[str]) -> Plan:
    """Take phases and steps from touchpoints and goals; no goal may lose all it looks at."""
    if bound := tuple(_goals_within(plan, gone)):
        raise PlanError(bound)
    return replace(
        plan,
        touchpoints=tuple(_without_phases(one, gone) for one in plan.touchpoints),
        goals=tuple(_without_phases(one, gone) for one in plan.goals),
    )


def _goals_within(plan: Plan, phases: set[str]) -> Iterator[Finding]:
    for at, goal in enumerate(plan.goals):
        if goal.phases and not goal.touchpoints and phases.issuperset(goal.phases):
            problem = gettext_noop(
                "The goal “%(goal)s” looks only at phases that would be gone; change or remove it first."
            )
            yield Finding(f"goals[{at}].phases", problem, {"goal": goal.name.de or goal.name.en})


def _without_phases(one: Any, gone: set[str]) -> Any:  # noqa: ANN401 - a touchpoint or a goal
    changed: dict[str, Any] = {"phases": tuple(phase for phase in one.phases if phase not in gone)}
    if isinstance(one, Touchpoint):
        changed["content"] = tuple(content for content in one.content if content.phase not in gone)
    return replace(one, **changed)


def _require_known(kind: str, plan: Plan, keys: Collection[str]) -> None:
    known = {one.key for one in getattr(plan, kind)}
    for key in keys:
        if key not in known:
            raise UnknownPartError(key)


def _remove(kind: str, keys: Collection[str], signed: Signed) -> PlanVersion:
    rights.require_plan(signed.by)

    def change(plan: Plan, _number: int) -> Plan:
        _require_known(kind, plan, keys)
        kept = tuple(one for one in getattr(plan, kind) if one.key not in keys)
        return _with(plan, kind, kept)

    return _change(change, signed)


def _save_part(kind: str, part: Any, signed: Signed, *, based_on: int | None) -> PlanVersion:  # noqa: ANN401
    if based_on is not None:
        return _change_part(kind, part, signed, based_on=based_on)
    rights.require_plan(signed.by)

    def change(plan: Plan, _number: int) -> Plan:
        return _with(plan, kind, (*getattr(plan, kind), part))

    return _change(change, signed)


def _change_part(kind: str, part: Any, signed: Signed, *, based_on: int) -> PlanVersion:  # noqa: ANN401
    """Change one part; what others changed in its other fields since then is kept."""

    def change(plan: Plan, number: int) -> Plan:
        theirs = _part(plan, kind, part.key)
        base = _part(queries.version(based_on).plan, kind, part.key)
        if base is None:
            raise UnknownPartError(part.key)
        if theirs is None:
            raise PartChangedError((), None, number)
        if kind == "touchpoints":
            rights.require_touchpoints(signed.by, [theirs])
        else:
            rights.require_plan(signed.by)
        write, read = parts.WRITERS[kind], parts.READERS[kind]
        together, conflicts = parts.merged(write(base), write(part), write(theirs))
        if conflicts:
            raise PartChangedError(conflicts, theirs, number)
        new = read(together)
        if kind == "touchpoints":
            _require_rules(signed.by, theirs, new)
        if kind == "journeys":
            plan = _without_lost(plan, set(theirs.phase_keys()) - set(new.phase_keys()))
        return _with(plan, kind, tuple(new if one.key == part.key else one for one in getattr(plan, kind)))

    return _change(change, signed)


def _require_rules(by: User | None, old: Touchpoint, new: Touchpoint) -> None:
    if not same_rules(old.rules, new.rules):
        rights.require_rules(by)


def _with(plan: Plan, kind: str, items: tuple[Any, ...]) -> Plan:
    """Return the plan with other entries in one of its lists."""
    changed: dict[str, Any] = {kind: items}
    return replace(plan, **changed)


def _part(plan: Plan, kind: str, key: str) -> Any:  # noqa: ANN401 - whichever kind was asked for
    return next((one for one in getattr(plan, kind) if one.key == key), None)


@transaction.atomic
def _change(change: Callable[[Plan, int], Plan], signed: Signed) -> PlanVersion:
    """Apply a change to the newest version, which is locked until the next one stands."""
    last = _locked_newest()
    before = None if last is None else store.plan_at(last)
    plan = change(before or FIRST, last.number if last else 0)
    if last is not None and before is not None and parts.exact_parts(before) == parts.exact_parts(plan):
        return queries.contract_of(last)
    if senseless := findings_of(plan):
        raise PlanError(senseless)
    same_figures = before is not None and last is not None and basis_of(before) == basis_of(plan)
    basis = last.basis if last is not None and same_figures else None
    try:
        row = store.write(plan, before, basis=basis, signed=signed)
    except IntegrityError as error:  # only before there is a first version to lock
        msg = "somebody else saved a version at the same moment"
        raise PlanChangedError(msg) from error
    return queries.contract_of(row)


def _locked_newest() -> Version | None:
    """Lock the newest version; who waited for it looks whether it still is the newest."""
    rows = Version.objects.select_related("saved_by")
    while True:
        last = rows.select_for_update(of=("self",)).first()
        if last is None or not rows.filter(number__gt=last.number).exists():
            return last
