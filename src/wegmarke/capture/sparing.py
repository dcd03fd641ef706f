"""Rows of files that may come into the log: those of erased persons from before the erasure may not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from wegmarke.people.erasure.queries import erased

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(slots=True)
class Sparing:
    """What leaves rows of one chunk out, and how many events stayed; `file` is all events of the file."""

    file: pa.Table
    events: int = 0

    def spare(
        self, events: pa.Table | None, traits: pa.Table | None
    ) -> tuple[pa.Table | None, pa.Table | None]:
        """Return the rows that may stay. Traits, which bear no time, stay where an event of the file does.

        Called while the log is held, so that nobody is erased between this and the append.
        """
        columns = [table.column("person") for table in (events, traits) if table is not None]
        found = erased(one for column in columns for one in column.unique().to_pylist())
        if found and events is not None:
            events = events.filter(_stays(events, found))
        if found and traits is not None:
            back = self.file.filter(_stays(self.file, found)).column("person").unique()
            gone = pa.array([one for one in found if pc.index(back, one).as_py() < 0], pa.string())
            traits = traits.filter(pc.invert(pc.is_in(traits.column("person"), value_set=gone)))
        self.events = 0 if events is None else events.num_rows
        return events, traits


def _stays(events: pa.Table, found: Mapping[str, datetime]) -> pa.ChunkedArray:
    time = events.column("time")
    since = pa.array(list(found.values()), pa.timestamp("us", tz="UTC"))
    place = pc.index_in(events.column("person"), value_set=pa.array(list(found), pa.string()))
    return pc.fill_null(pc.greater_equal(time, pc.take(since, place)), True)
