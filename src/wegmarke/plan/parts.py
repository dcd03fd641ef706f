"""A plan taken apart into what is stored, compared and merged one by one. Pure.

The parts are the plan's own fields (kind and key empty, with the order of all others) and one part per
journey, touchpoint, funnel, goal and promise; each is plain values in the format of documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wegmarke.plan import plain
from wegmarke.plan.contracts import Change, Plan
from wegmarke.plan.plain_rules import exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from wegmarke.plan.plain_rules import Plain

    Place = tuple[str, str]
    Parts = dict[Place, Plain]

OWN = ("", "")
ORDER = "order"
WRITERS: Mapping[str, Callable[[Any], Plain]] = {
    "journeys": plain.plain_journey,
    "touchpoints": plain.plain_touchpoint,
    "funnels": plain.plain_funnel,
    "goals": plain.plain_goal,
    "promises": plain.plain_promise,
}
"""The lists of a plan whose entries have keys, by the name of the list, in the order of documents."""
READERS: Mapping[str, Callable[[Plain], Any]] = {
    "journeys": plain.journey_of,
    "touchpoints": plain.touchpoint_of,
    "funnels": plain.funnel_of,
    "goals": plain.goal_of,
    "promises": plain.promise_of,
}

TOGETHER = (("measure", "target", "funnel", "start"), ("since", "until"))
"""Fields of a goal that make sense only together: a target is one of its measure."""


def parts_of(plan: Plan) -> Parts:
    """Take a plan apart."""
    own = plain.plain_plan(plan)
    for name in (*WRITERS, "phases"):
        own.pop(name, None)
    order = {kind: [one.key for one in getattr(plan, kind)] for kind in WRITERS if getattr(plan, kind)}
    parts: Parts = {OWN: {**own, ORDER: order}}
    for kind, write in WRITERS.items():
        parts.update({(kind, one.key): write(one) for one in getattr(plan, kind)})
    return parts


def plan_of(parts: Mapping[Place, Plain]) -> Plan:
    """Put a plan together again; `plan_of(parts_of(plan)) == plan`."""
    own = dict(parts[OWN])
    order: Mapping[str, list[str]] = own.pop(ORDER)
    lists = {kind: [parts[kind, key] for key in order.get(kind, ())] for kind in WRITERS}
    return plain.plan_of({**own, **lists})


def exact_parts(plan: Plan) -> dict[Place, str]:
    """Take a plan apart into texts as they are stored; plans that differ in anything differ in these."""
    return {place: exact(part) for place, part in parts_of(plan).items()}


def changes_between(before: Plan | None, after: Plan) -> tuple[Change, ...]:
    """Return what differs, field by field, in the order of documents; against no plan everything is new."""
    old = {} if before is None else parts_of(before)
    return tuple(changes_of_parts(old, parts_of(after)))


def changes_of_parts(old: Mapping[Place, Plain], new: Mapping[Place, Plain]) -> Iterator[Change]:
    """Yield what differs between two plans, or two selections of the same parts of them."""
    places = [*new, *(place for place in old if place not in new)]
    kinds = ["", *WRITERS]
    for place in sorted(places, key=lambda one: kinds.index(one[0])):
        kind, key = place
        if place not in old or (place not in new and place != OWN):
            yield Change(kind, key, "", old.get(place), new.get(place))
        elif exact(old[place]) != exact(new[place]):
            yield from _changed_fields(kind, key, old[place], new[place])


def _changed_fields(kind: str, key: str, old: Plain, new: Plain) -> Iterator[Change]:
    for name in (*new, *(name for name in old if name not in new)):
        before, after = old.get(name), new.get(name)
        if name == ORDER:
            yield from _changed_orders(before or {}, after or {})
        elif exact(before) != exact(after):
            yield Change(kind, key, name, before, after)


def _changed_orders(old: Plain, new: Plain) -> Iterator[Change]:
    """Yield the lists whose entries stand in another order; entries that came or went are changes already."""
    for kind in WRITERS:
        before, after = old.get(kind, []), new.get(kind, [])
        kept_before = [key for key in before if key in set(after)]
        kept_after = [key for key in after if key in set(before)]
        if kept_before != kept_after:
            yield Change(kind, "", ORDER, before, after)


def merged(base: Plain, mine: Plain, theirs: Plain) -> tuple[Plain, tuple[str, ...]]:
    """Merge two changes of one part field by field; return it with the fields both changed differently.

    In those the value is `mine`; the order of fields is that of `mine`, then what only they have. Fields that
    mean something only together are taken from one side together.
    """
    result: Plain = {}
    conflicts = []
    for name in (*mine, *(name for name in {**theirs, **base} if name not in mine)):
        group = next((one for one in TOGETHER if name in one), (name,))
        original, own, other = (exact([one.get(each) for each in group]) for one in (base, mine, theirs))
        if own not in (original, other) and other != original and not _alike(name, base, mine, theirs):
            conflicts.append(name)
        value = (theirs if own == original else mine).get(name)
        if value is not None:
            result[name] = value
    return result, tuple(conflicts)


def _alike(name: str, *sides: Plain) -> bool:
    """Say whether a field is the same on all sides."""
    return len({exact(side.get(name)) for side in sides}) == 1
