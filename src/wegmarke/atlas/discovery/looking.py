"""Go through the log and find what the plan does not know; the worker's part of discovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.atlas.discovery.patterns import called_alike
from wegmarke.atlas.discovery.rules import found_in
from wegmarke.atlas.discovery.splitting import splits_of, told_by
from wegmarke.plan.rules import bindings_of
from wegmarke.record import queries as record

if TYPE_CHECKING:
    from collections.abc import Callable

    from wegmarke.atlas.discovery.contracts import Found
    from wegmarke.plan.contracts import Plan

    Progress = Callable[[int, int], None]

PASSES = 2


def look(plan: Plan, progress: Progress) -> Found:
    """Return everything the log has and the plan has not; goes through the whole log twice.

    First a sample of each event name says how it is to be split, then all events are counted.
    `progress(done, steps)` is called after each partition. Raises `LogDamagedError`.
    """
    bindings = bindings_of(plan)
    ignored = plan.not_touchpoints
    called = called_alike(record.event_names())
    names = record.sample_unbound(bindings, ignored, called=called, progress=_of(progress, 0))
    rules = [
        (rule.event, tuple(condition.key for condition in rule.where))
        for rule in (*(rule for one in plan.touchpoints for rule in one.rules), *ignored)
    ]
    tellings = splits_of(names, told_by(rules, [name.name for name in names]))
    properties = {
        name.name: tuple(dict.fromkeys(key for event in name.sample for key in event.properties))
        for name in names
    }
    splits = {name: telling.split for name, telling in tellings.items()}
    tally = record.tally_unbound(bindings, ignored, splits, called=called, progress=_of(progress, 1))
    return found_in(tally, tellings, properties, plan)


def _of(progress: Progress, passes: int) -> Progress:
    return lambda done, steps: progress(passes * steps + done, PASSES * steps)
