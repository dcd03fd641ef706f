"""Bound events by person, where persons have several identifiers.

The bound log lies by identifier, as the log does. Rows of identifiers that share a person are taken from the
partitions they lie in and put with the partition of the person, whenever journeys are laid out: who is who
may change with every message, and what is kept must not depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wegmarke.record.bound_log import ROW
from wegmarke.record.laying import BoundEvents
from wegmarke.record.layout import partitions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from wegmarke.record.bound_log import Part, Rows
    from wegmarke.record.contracts import Persons

ALONE: Final = -1


@dataclass(frozen=True, slots=True)
class _Source:
    """One partition: the place of each identifier among the listed, and its listed rows by where they go."""

    part: Part
    place: NDArray[np.int64]
    leaving: NDArray[np.int64]
    ends: NDArray[np.int64]

    def to(self, partition: int) -> tuple[Rows, NDArray[np.int64]]:
        """Return the rows that go to a partition, in order of arrival, and the place of each."""
        start = int(self.ends[partition - 1]) if partition else 0
        rows = self.part.rows[self.leaving[start : int(self.ends[partition])]]
        return rows, self.place[rows["person"]]


@dataclass(slots=True)
class Gathered:
    """Rows of each partition by person: first whoever is alone, as they came, then the others.

    Rows of persons with several identifiers stand one identifier after another in the order of `persons`:
    between two of them nobody knows which row arrived first.
    """

    parts: Sequence[Part]
    persons: Persons
    names: Sequence[str]
    _sources: list[_Source] = field(init=False)

    def __post_init__(self) -> None:
        """Find the listed rows of every partition."""
        count = len(self.parts)
        lies_in = partitions_of(self.persons.identifiers, count)
        goes_to = partitions_of(self.persons.persons, count)
        self._sources = [self._source(at, lies_in, goes_to) for at in range(count)]

    def _source(self, at: int, lies_in: NDArray[np.int32], goes_to: NDArray[np.int32]) -> _Source:
        part, count = self.parts[at], len(self.parts)
        listed = np.flatnonzero(lies_in == at)
        here = self.persons.identifiers.take(pa.array(listed))
        found = pc.fill_null(pc.index_in(part.ids, value_set=here), ALONE).to_numpy().astype(np.int64)
        place = np.where(found == ALONE, ALONE, listed[found] if len(listed) else ALONE)
        if not len(listed) or (place == ALONE).all():
            return _Source(part, place, np.zeros(0, np.int64), np.zeros(count, np.int64))
        places = place[part.rows["person"]]
        rows = np.flatnonzero(places != ALONE)
        target = goes_to[places[rows]]
        order = np.argsort(target, kind="stable")
        return _Source(part, place, rows[order], np.cumsum(np.bincount(target, minlength=count)))

    def partition(self, at: int) -> BoundEvents:
        """Return the events of the persons of one partition."""
        own = self._sources[at]
        rows, ids = own.part.rows, own.part.ids
        alone = own.place == ALONE
        if not alone.all():
            rows = rows[alone[rows["person"]]]
        code = (np.cumsum(alone) - 1).astype(np.int32)
        person, persons = code[rows["person"]], ids.filter(pa.array(alone)) if not alone.all() else ids
        moved, places = self._arriving(at)
        if len(moved):
            theirs, names = self._named(places)
            person = np.concatenate([person, theirs + np.int32(len(persons))])
            persons = pa.concat_arrays([persons, names])
            rows = np.concatenate([rows, moved])
        return self._events(rows, person, persons)

    def _arriving(self, at: int) -> tuple[Rows, NDArray[np.int64]]:
        """Return the rows of persons with several identifiers, and the place of each, in their order."""
        pairs = [source.to(at) for source in self._sources]
        rows = np.concatenate([np.empty(0, ROW), *(rows for rows, _places in pairs)])
        places = np.concatenate([np.zeros(0, np.int64), *(places for _rows, places in pairs)])
        order = np.argsort(places, kind="stable")
        return rows[order], places[order]

    def _named(self, places: NDArray[np.int64]) -> tuple[NDArray[np.int32], pa.StringArray]:
        """Code the persons of rows in order of their place, by first appearance."""
        distinct, which = np.unique(places, return_inverse=True)
        named = self.persons.persons.take(pa.array(distinct)).dictionary_encode()
        codes = named.indices.to_numpy().astype(np.int32)
        return codes[which], named.dictionary

    def _events(self, rows: Rows, person: NDArray[np.int32], persons: pa.StringArray) -> BoundEvents:
        return BoundEvents(
            person=person,
            persons=persons,
            time=_column(rows, "time"),
            touchpoint=_column(rows, "touchpoint"),
            experience=_column(rows, "experience"),
            value=_column(rows, "value"),
            name=_column(rows, "name"),
            names=self.names,
        )


def _column(rows: Rows, name: str) -> NDArray[Any]:
    """Return one column, close together in memory, as kernels like it."""
    return np.ascontiguousarray(rows[name])
