"""Attributes of persons from their traits: a code per person, few enough labels to compare like with like."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wegmarke.analysis.journeys import Attribute
from wegmarke.record.columns import encoded
from wegmarke.record.personal import is_personal_trait

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MAX_LABELS: Final = 250
MAX_LABELS_UNASKED: Final = 50
OTHER: Final = "…other"
NONE: Final = ""


@dataclass(frozen=True, slots=True)
class RawAttribute:
    """One trait of some persons before labels are agreed on: a code per person (-1 without) and its texts."""

    name: str
    codes: NDArray[np.int32]
    labels: tuple[str, ...]

    def counts(self) -> Counter[str]:
        """Count persons per label; `NONE` counts those without the trait."""
        counts = np.bincount(self.codes + 1, minlength=len(self.labels) + 1)
        counted = Counter({self.labels[code]: int(n) for code, n in enumerate(counts[1:]) if n})
        if counts[0]:
            counted[NONE] += int(counts[0])
        return counted


def raw_attributes(traits: pa.Table | None, persons: pa.StringArray) -> list[RawAttribute]:
    """Read the traits of these persons, in order of first appearance; a later row replaces an earlier one.

    Personal ones are none: an address compares nobody with like persons.
    """
    if traits is None or traits.num_rows == 0:
        return []
    at = pc.fill_null(pc.index_in(traits.column("person").cast(pa.string()), value_set=persons), -1)
    person = at.to_numpy().astype(np.int32, copy=False)
    name, names = encoded(traits.column("name"))
    value, values = encoded(traits.column("value"))
    known = person >= 0
    raw = []
    for code in dict.fromkeys(name.tolist()):
        if is_personal_trait(names[code].as_py()):
            continue
        rows = np.flatnonzero((name == code) & known)
        codes = np.full(len(persons), -1, np.int32)
        codes[person[rows]] = value[rows]  # repeated persons: the last row stays
        raw.append(_compact(names[code].as_py(), codes, values))
    return raw


def _compact(name: str, codes: NDArray[np.int32], values: pa.StringArray) -> RawAttribute:
    """Keep only the labels somebody has."""
    used, compact = np.unique(codes, return_inverse=True)
    labels = values.take(pa.array(used[used >= 0])).to_pylist()
    return RawAttribute(name, (compact - int(len(used) > len(labels))).astype(np.int32), tuple(labels))


def agree_on_labels(
    groups: Sequence[tuple[Sequence[RawAttribute], int]], wanted: Sequence[str]
) -> list[tuple[str, tuple[str, ...]]]:
    """Choose the attributes and their labels over all groups of persons (each with its number of persons).

    `wanted` names the attributes; where it is empty, all with at most `MAX_LABELS_UNASKED` labels are taken.
    Labels stand by frequency, then name; `NONE` first where a person lacks the trait; above `MAX_LABELS` the
    rare ones become `OTHER`. Traits nobody has are left out.
    """
    names = wanted or dict.fromkeys(raw.name for group, _ in groups for raw in group)
    agreed = []
    for name in names:
        counts = _counted(groups, name)
        none = counts.pop(NONE, 0) > 0
        if counts and (wanted or len(counts) <= MAX_LABELS_UNASKED):
            agreed.append((name, (NONE, *_most_frequent(counts)) if none else _most_frequent(counts)))
    return agreed


def _counted(groups: Sequence[tuple[Sequence[RawAttribute], int]], name: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for group, persons in groups:
        raw = _named(group, name)
        counts.update(raw.counts() if raw else {NONE: persons})
    return counts


def _most_frequent(counts: Counter[str]) -> tuple[str, ...]:
    labels = sorted(counts, key=lambda label: (-counts[label], label))
    if len(labels) > MAX_LABELS:
        labels = [*labels[: MAX_LABELS - 1], OTHER]
    return tuple(labels)


def _named(group: Sequence[RawAttribute], name: str) -> RawAttribute | None:
    return next((one for one in group if one.name == name), None)


def attribute(group: Sequence[RawAttribute], name: str, labels: tuple[str, ...], persons: int) -> Attribute:
    """Code one group of persons with the agreed labels."""
    raw = _named(group, name)
    if raw is None:
        return Attribute(name, np.zeros(persons, np.uint8), labels)
    place = {label: code for code, label in enumerate(labels)}
    other = place.get(OTHER, 0)
    table = np.array([*(place.get(label, other) for label in raw.labels), place.get(NONE, other)], np.uint8)
    return Attribute(name, table[raw.codes], labels)
