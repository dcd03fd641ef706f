"""Try binding rules on the log before they are saved: what they match, and who else claims it.

A partition holds all events of its persons, and which persons it holds is decided by a hash. Any partitions
are therefore a fair sample of the persons, and what was counted in them can be scaled up.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Max, Sum

from wegmarke.record.binding import matched, name_test
from wegmarke.record.columns import encoded, microseconds
from wegmarke.record.contracts import BindingRule, Example, Overlap, RulePreview
from wegmarke.record.layout import existing_log
from wegmarke.record.models import Batch, LogFile
from wegmarke.record.personal import shown_properties
from wegmarke.record.reading import as_of, read_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from wegmarke.record.contracts import Bindings, TouchpointBinding
    from wegmarke.record.layout import LogLayout

BUDGET: Final = 2_000_000
"""Events looked at, at most; but one whole partition always is."""
BLOCK: Final = 250_000  # events compared with all touchpoints at a time, which bounds the memory
COLUMNS: Final = ("person", "time", "name", "properties")


@dataclass(slots=True)
class _Found:
    """What was found so far; `newest` are the newest events of each name, of different persons."""

    events: int = 0
    persons: int = 0
    taken_before: int = 0
    overlaps: Counter[str] = field(default_factory=Counter)
    newest: dict[str, list[Example]] = field(default_factory=dict)


def preview(
    rules: tuple[BindingRule, ...], bindings: Bindings, touchpoint: str | None, *, examples: int = 10
) -> RulePreview:
    """Answer what `rules` would match in the log if they were the rules of `touchpoint`.

    `bindings` are those of the plan; the touchpoint's own rules in them are left out of the comparison. A
    touchpoint they do not name (or None) is a new one, which comes after all others. Raises
    `LogDamagedError`.
    """
    layout = existing_log()
    change = Batch.objects.aggregate(last=Max("sequence", default=0))["last"]
    chosen, share = _chosen(change)
    others = [one for one in bindings.touchpoints if one.touchpoint != touchpoint]
    place = next(
        (at for at, one in enumerate(bindings.touchpoints) if one.touchpoint == touchpoint), len(others)
    )
    found = _Found()
    if layout is not None and rules:
        for partition in chosen:
            table = _possible(layout, partition, rules, change=change)
            _look_at(found, table, rules, (others, place), examples=examples)
    return _as_preview(found, share, examples)


def _chosen(change: int) -> tuple[list[int], float]:
    """Return the partitions to look at and which share of all events they hold."""
    files = LogFile.objects.filter(as_of(change), kind=LogFile.Kind.EVENTS)
    sizes = dict(files.values_list("partition").annotate(rows=Sum("rows")).order_by("partition"))
    chosen: list[int] = []
    looked_at = 0
    for partition, rows in sizes.items():
        if chosen and looked_at + rows > BUDGET:
            break
        chosen.append(partition)
        looked_at += rows
    return chosen, looked_at / sum(sizes.values()) if looked_at else 1.0


def _possible(layout: LogLayout, partition: int, rules: tuple[BindingRule, ...], *, change: int) -> pa.Table:
    tests = [name_test(rule) for rule in rules]
    return read_named(
        layout,
        partition,
        lambda name: any(test(name) for test in tests),
        change=change,
        columns=COLUMNS,
    )


def _look_at(
    found: _Found,
    table: pa.Table,
    rules: tuple[BindingRule, ...],
    others: tuple[Sequence[TouchpointBinding], int],
    *,
    examples: int,
) -> None:
    blocks = range(0, table.num_rows, BLOCK)
    parts = [_matching(found, table.slice(at, BLOCK), rules, others) for at in blocks]
    if not any(part.num_rows for part in parts):
        return
    matching = pa.concat_tables(parts)
    found.events += matching.num_rows
    found.persons += pc.count_distinct(matching.column("person")).as_py()
    _keep_newest(found.newest, matching, examples)


def _matching(
    found: _Found,
    block: pa.Table,
    rules: tuple[BindingRule, ...],
    others: tuple[Sequence[TouchpointBinding], int],
) -> pa.Table:
    """Return the events of a block that match, and count the touchpoints that claim them, too."""
    touchpoints, place = others
    name, texts = encoded(block.column("name"))
    names = texts.to_pylist()
    [own] = matched(name, names, block.column("properties"), [rules])
    matching = block.filter(pa.array(own))
    claims = matched(name[own], names, matching.column("properties"), [one.rules for one in touchpoints])
    taken = np.zeros(matching.num_rows, np.bool_)
    for at, (one, claimed) in enumerate(zip(touchpoints, claims, strict=True)):
        if claimed.any():
            found.overlaps[one.touchpoint] += int(claimed.sum())
            if at < place:
                taken |= claimed
    found.taken_before += int(taken.sum())
    return matching


def _keep_newest(newest: dict[str, list[Example]], matching: pa.Table, examples: int) -> None:
    """Keep per event name the newest events, each of another person as far as there are enough persons."""
    name, _texts = encoded(matching.column("name"))
    person, _ids = encoded(matching.column("person"))
    latest = np.argsort(-microseconds(matching.column("time")), kind="stable")
    latest = latest[np.argsort(name[latest], kind="stable")]
    starts = np.flatnonzero(np.diff(name[latest], prepend=-1))
    chosen: list[NDArray[np.int64]] = []
    for rows in np.split(latest, starts[1:]):
        _persons, first = np.unique(person[rows], return_index=True)
        chosen.append(rows[np.unique([*np.sort(first)[:examples], *range(min(examples, len(rows)))])])
    for row in matching.take(np.concatenate(chosen)).to_pylist():
        newest.setdefault(row["name"], []).append(_example(row))
    for known in newest.values():
        known[:] = _different(known, examples)


def _different(found: Iterable[Example], examples: int) -> list[Example]:
    """Return the newest first, persons not seen yet before others, each event at most once."""
    ordered = sorted(found, key=lambda one: one.time, reverse=True)
    seen: set[str] = set()
    first: list[Example] = []
    again: list[Example] = []
    for one in ordered:
        (again if one.person in seen else first).append(one)
        seen.add(one.person)
    return [*first, *again][:examples]


def _example(row: dict[str, Any]) -> Example:
    return Example(row["person"], row["time"], row["name"], shown_properties(row["properties"]))


def _as_preview(found: _Found, share: float, examples: int) -> RulePreview:
    names = sorted(found.newest, key=lambda name: found.newest[name][0].time, reverse=True)
    turns = zip_longest(*(found.newest[name] for name in names))
    mixed = [one for turn in turns for one in turn if one is not None][: max(examples, 0)]
    return RulePreview(
        events=round(found.events / share),
        persons=round(found.persons / share),
        share_looked_at=share,
        examples=tuple(sorted(mixed, key=lambda one: one.time, reverse=True)),
        overlaps=tuple(Overlap(key, round(events / share)) for key, events in found.overlaps.most_common()),
        taken_before=round(found.taken_before / share),
    )
