"""Rows of files that may come into the log: those of erased persons from before the erasure may not.

Asked while the log is held, so that nobody is erased between the answer and the append.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wegmarke.people.erasure.queries import erased

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from numpy.typing import NDArray


def may_come(events: pa.Table) -> NDArray[np.bool_]:
    """Say for each event whether it may come."""
    found = _erased(events)
    if not found:
        return np.ones(events.num_rows, np.bool_)
    stays: NDArray[np.bool_] = _stays(events, found).to_numpy().astype(np.bool_)
    return stays


def traits_of(traits: pa.Table | None, file: pa.Table) -> pa.Table | None:
    """Return the traits that may come. They bear no time: they stay where an event of their `file` does."""
    found = {} if traits is None else _erased(traits)
    if traits is None or not found:
        return traits
    back = file.filter(_stays(file, found)).column("person").unique()
    gone = pa.array([one for one in found if pc.index(back, one).as_py() < 0], pa.string())
    return traits.filter(pc.invert(pc.is_in(traits.column("person"), value_set=gone)))


def _erased(rows: pa.Table) -> Mapping[str, datetime]:
    return erased(rows.column("person").unique().to_pylist())


def _stays(events: pa.Table, found: Mapping[str, datetime]) -> pa.ChunkedArray:
    time = events.column("time")
    since = pa.array(list(found.values()), pa.timestamp("us", tz="UTC"))
    place = pc.index_in(events.column("person"), value_set=pa.array(list(found), pa.string()))
    return pc.fill_null(pc.greater_equal(time, pc.take(since, place)), True)
