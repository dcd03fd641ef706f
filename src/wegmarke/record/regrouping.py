"""Read the traits in the log by persons that have several identifiers.

The log lies by the identifier each message came with, and is never written anew because somebody turned out
to be somebody else. Whose traits a partition of journeys needs is therefore settled while they are built:
those of identifiers that share a person are taken out of the partitions they lie in and put down by the
partition of the person, once, on disk, so that no more than two partitions are in memory. Everybody else's
are read as they always were. (Events are gathered from the bound log, see `gathering`.)
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wegmarke.record import disk
from wegmarke.record.contracts import TRAITS_SCHEMA
from wegmarke.record.layout import partitions_of
from wegmarke.record.reading import read_of, read_partition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from wegmarke.record.contracts import Persons
    from wegmarke.record.layout import LogLayout

    Traits = Callable[[int], pa.Table]
    """Partition to the traits of its persons."""

KIND: Final = "traits"
PLACE: Final = "place"
_FAST: Final = pa.ipc.IpcWriteOptions(compression="lz4")


@contextmanager
def traits_by_person(
    layout: LogLayout | None, persons: Persons, folder: Path, *, change: int
) -> Iterator[Traits]:
    """Give the traits of each partition by person, as of one change; each row bears its person's name.

    Rows come in order of arrival. Those of persons with several identifiers stand last, one identifier after
    another in the order of `persons`: between two of them nobody knows which row arrived first. `folder` is
    used meanwhile and removed. Raises as `read_partition` does.
    """
    if layout is None:
        yield lambda _partition: TRAITS_SCHEMA.empty_table()
        return
    read = _Log(layout, change)
    if not len(persons):
        yield read.partition
        return
    disk.make_folder(folder)
    try:
        regrouped = _Regrouped(read, persons, folder)
        regrouped.put_down()
        yield regrouped.partition
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Log:
    """The log as of one change."""

    layout: LogLayout
    change: int

    def partition(self, partition: int) -> pa.Table:
        """Return the traits of one partition as they lie."""
        return read_partition(self.layout, KIND, partition, change=self.change)


@dataclass(slots=True)
class _Regrouped:
    """Traits of persons with several identifiers, put down by the partition of the person."""

    log: _Log
    persons: Persons
    folder: Path
    _lies_in: NDArray[np.int32] = field(init=False)
    _goes_to: NDArray[np.int32] = field(init=False)

    def __post_init__(self) -> None:
        """Find the partition of each identifier and of its person."""
        count = self.log.layout.partitions
        self._lies_in = partitions_of(self.persons.identifiers, count)
        self._goes_to = partitions_of(self.persons.persons, count)

    def put_down(self) -> None:
        """Write down the rows of all listed identifiers, in one pass."""
        with ExitStack() as open_files:
            writers: dict[int, pa.ipc.RecordBatchStreamWriter] = {}
            for partition in range(self.log.layout.partitions):
                for target, rows in self._leaving(partition):
                    if target not in writers:
                        stream = pa.ipc.new_stream(str(self._file(target)), rows.schema, options=_FAST)
                        writers[target] = open_files.enter_context(stream)
                    writers[target].write_table(rows)

    def _leaving(self, partition: int) -> Iterator[tuple[int, pa.Table]]:
        """Yield the listed rows of one partition by the partition they go to, under their person's name."""
        listed, identifiers = self._listed(partition)
        if not len(listed):
            return
        log = self.log
        for rows, found in read_of(log.layout, KIND, partition, identifiers, change=log.change):
            place = listed[found]
            names = self.persons.persons.take(pa.array(place))
            placed = (
                _unlimited(rows)
                .set_column(0, rows.schema.field(0), names)
                .append_column(PLACE, pa.array(place))
            )
            target = self._goes_to[place]
            for one in np.unique(target).tolist():
                yield one, placed.filter(pa.array(target == one))

    def _listed(self, partition: int) -> tuple[NDArray[np.int64], pa.StringArray]:
        """Return the places of the identifiers whose rows lie in one partition, and these themselves."""
        listed = np.flatnonzero(self._lies_in == partition)
        return listed, self.persons.identifiers.take(pa.array(listed))

    def partition(self, partition: int) -> pa.Table:
        """Return the traits of the persons of one partition."""
        rows = self.log.partition(partition)
        _places, listed = self._listed(partition)
        if len(listed):
            rows = rows.filter(pc.invert(pc.is_in(rows.column("person"), value_set=listed)))
        file = self._file(partition)
        if not file.exists():
            return rows
        with pa.memory_map(str(file)) as source:
            moved = pa.ipc.open_stream(source).read_all()
        order = np.argsort(moved.column(PLACE).to_numpy(), kind="stable")
        return pa.concat_tables([_unlimited(rows), moved.drop_columns([PLACE]).take(pa.array(order))])

    def _file(self, partition: int) -> Path:
        return self.folder / f"{partition}.arrow"


def _unlimited(rows: pa.Table) -> pa.Table:
    """Return rows whose columns may hold any number of texts.

    Files keep the few scales there are with codes of 8 bits; rows of many files may hold more nonsense.
    """
    texts = [one.with_type(pa.string()) if pa.types.is_dictionary(one.type) else one for one in rows.schema]
    return rows.cast(pa.schema(texts))
