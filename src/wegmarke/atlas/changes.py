"""What differs between two plans, in words: items by name, fields and values as people call them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wegmarke.atlas.fields import KINDS, ORDERS, name_of
from wegmarke.atlas.values import Values, named_in
from wegmarke.plan.parts import ORDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from wegmarke.plan.contracts import Change, Plan


class State(StrEnum):
    """What happened to an item."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldWords:
    """One field that differs; an empty text stands for nothing.

    Of an order `said` names the entries that moved, in place of `before` and `after`.
    """

    name: str
    before: str = ""
    after: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class ItemWords:
    """One item with the fields that differ, or all of its fields where it came or went.

    `kind` and `key` are those of the changes; the plan itself has neither.
    """

    kind: str
    key: str
    title: str
    state: State
    fields: tuple[FieldWords, ...]


def in_words(changes: Iterable[Change], *plans: Plan | None) -> tuple[ItemWords, ...]:
    """Return changes item by item in the active language; `plans` know the names, the last one first."""
    changes = tuple(changes)
    values = Values([plan for plan in plans if plan is not None], _brought(changes))
    return tuple(
        _item(kind, key, tuple(group), values)
        for (kind, key), group in groupby(changes, key=lambda one: (one.kind, one.key))
    )


def summary(items: Sequence[ItemWords]) -> str:
    """Say in one line how much differs: 2 touchpoints changed, 1 new; empty for nothing."""
    parts = []
    for kind in KINDS:
        of_kind = [one for one in items if one.kind == kind]
        counts = {state: sum(one.state is state for one in of_kind) for state in State}
        parts += [_counted(kind, state, count) for state, count in counts.items() if count]
    return ", ".join(parts)


def _counted(kind: str, state: State, count: int) -> str:
    if not kind:
        return _("settings of the plan")
    what = _many(count)[kind]
    said = {
        State.NEW: _("%(what)s new"),
        State.GONE: _("%(what)s removed"),
        State.CHANGED: _("%(what)s changed"),
    }
    return said[state] % {"what": what}


def _many(n: int) -> Mapping[str, str]:
    texts = {
        "journeys": ngettext("%(n)d journey model", "%(n)d journey models", n),
        "touchpoints": ngettext("%(n)d touchpoint", "%(n)d touchpoints", n),
        "funnels": ngettext("%(n)d funnel", "%(n)d funnels", n),
        "goals": ngettext("%(n)d goal", "%(n)d goals", n),
        "promises": ngettext("%(n)d promise", "%(n)d promises", n),
    }
    return {kind: text % {"n": n} for kind, text in texts.items()}


def _brought(changes: Sequence[Change]) -> dict[tuple[str, str], object]:
    """Return the names items bring with them, so that one that is gone is still called by its name."""
    found: dict[tuple[str, str], object] = {}
    for change in changes:
        for side in (change.before, change.after):
            if not change.name and isinstance(side, dict):
                found.update(named_in(change.kind, change.key, side))
    return found


def _item(kind: str, key: str, changes: tuple[Change, ...], values: Values) -> ItemWords:
    whole = next((one for one in changes if not one.name), None)
    if whole is None:
        title = values.title(kind, key)
        if not key and kind:  # only its order
            title = str(ORDERS[kind])
        return ItemWords(kind, key, title, State.CHANGED, tuple(_changed(kind, key, changes, values)))
    state = State.NEW if whole.before is None else State.GONE
    fields = whole.after if state is State.NEW else whole.before
    return ItemWords(
        kind, key, values.title(kind, key), state, tuple(_whole(kind, key, fields, state, values))
    )


def _whole(kind: str, key: str, fields: object, state: State, values: Values) -> Iterator[FieldWords]:
    for name, value in fields.items() if isinstance(fields, dict) else ():
        if name in ("key", ORDER) or (name == "name" and kind):  # the title says it already
            continue
        text = values.said(kind, key, name, value)
        label = name_of(name)
        yield FieldWords(label, "", text) if state is State.NEW else FieldWords(label, text, "")


def _changed(kind: str, key: str, changes: Iterable[Change], values: Values) -> Iterator[FieldWords]:
    for change in changes:
        if change.name == ORDER:
            moved = _moved(list(_keys(change.before)), list(_keys(change.after)))
            yield FieldWords(_("Moved"), said=values.names(kind, moved))
            continue
        before, after = values.differing(kind, key, change.name, (change.before, change.after))
        yield FieldWords(name_of(change.name), before, after)


def _keys(order: object) -> tuple[str, ...]:
    return tuple(order) if isinstance(order, list | tuple) else ()


def _moved(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return the fewest entries that must have moved to make one order of the other, in their new order."""
    place = {key: at for at, key in enumerate(before)}
    kept = [key for key in after if key in place]
    ends: list[int] = []  # of runs of each length, the smallest last place
    links: dict[str, str | None] = {}
    tails: list[str] = []
    for key in kept:
        at = bisect_left(ends, place[key])
        links[key] = tails[at - 1] if at else None
        ends[at:], tails[at:] = [place[key], *ends[at + 1 :]], [key, *tails[at + 1 :]]
    stayed: set[str] = set()
    last = tails[-1] if tails else None
    while last is not None:
        stayed.add(last)
        last = links[last]
    return [key for key in kept if key not in stayed]
