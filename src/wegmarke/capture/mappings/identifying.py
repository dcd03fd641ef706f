"""Where the rows of an import are known, and which saved mapping fits a file. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wegmarke.capture.files.mapping import ColumnMapping
    from wegmarke.capture.mappings.contracts import Saved


def settled(mapping: ColumnMapping, columns: Sequence[str]) -> ColumnMapping:
    """Name what a mapping leaves to the file, so that a later file with more columns means the same rows."""
    used = {
        mapping.person,
        mapping.time,
        mapping.event,
        mapping.experience,
        mapping.value,
        *mapping.attributes,
    }
    properties = mapping.properties
    if properties is None:
        properties = tuple(name for name in columns if name not in used)
    told = (*filter(None, (mapping.experience, mapping.value)), *properties)
    return replace(mapping, properties=properties, told_apart_by=tuple(sorted(set(told))))


def namespace_of(mapping: ColumnMapping, columns: Sequence[str]) -> str:
    """Return where rows read in this way are known: the same for every file read with the same columns."""
    whole = settled(mapping, columns)
    parts = [whole.person, whole.time, whole.event, whole.event_name, whole.identity, whole.told_apart_by]
    return "columns:" + hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def missing(saved: Saved, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns the mapping needs and a file does not have."""
    return tuple(name for name in saved.mapping.needed() if name not in columns)


def fitting(saved: Sequence[Saved], columns: Sequence[str]) -> tuple[Saved, ...]:
    """Return the mappings a file has all columns for; those that need the most of them first."""
    found = [one for one in saved if not missing(one, columns)]
    return tuple(sorted(found, key=lambda one: -len(one.mapping.needed())))


def nearly(saved: Sequence[Saved], columns: Sequence[str]) -> tuple[tuple[Saved, tuple[str, ...]], ...]:
    """Return the mappings of which a file has half of the columns or more, with what is missing."""
    found = [(one, missing(one, columns)) for one in saved]
    near = [(one, gone) for one, gone in found if gone and 2 * len(gone) <= len(one.mapping.needed())]
    return tuple(sorted(near, key=lambda pair: len(pair[1])))
