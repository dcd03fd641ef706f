"""The log as today's rules bind it, kept between builds: journeys are laid out from it, never from Parquet.

    journeys/bound/names.json                 event names; rows hold their places
    journeys/bound/partition-003/rows.bin     one ROW an event, in order of arrival
    journeys/bound/partition-003/ids.jsonl    identifiers in order of their first event, a list a batch
    journeys/bound/partition-003/state.json   how much of both counts, and of what log and which rules it is

A build binds what the log has more, appends it, and only then says so in `state.json`; what lies behind that
is of a build that was cut off, and is written over. Other rules, rows of the log written anew, or another
database make a partition void: its state is removed before anything is written over, and it is bound from the
beginning. So what is kept never matters for the result, only for the time it takes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from wegmarke.record import disk
from wegmarke.record.laying import bound_events
from wegmarke.record.models import Batch
from wegmarke.record.reading import read_after

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from wegmarke.record.contracts import Bindings
    from wegmarke.record.laying import BoundEvents
    from wegmarke.record.layout import LogLayout

FORMAT: Final = 1
ROW: Final = np.dtype(
    [
        ("time", "<i8"),
        ("person", "<i4"),
        ("touchpoint", "<i4"),
        ("name", "<i4"),
        ("value", "<f4"),
        ("experience", "u1"),
    ]
)
Rows = np.ndarray[Any, np.dtype[np.void]]


class _Names(msgspec.Struct):
    """All event names, and the change of the log as of which the first of them was kept."""

    since: int
    names: list[str] = []


class _State(msgspec.Struct, frozen=True):
    """What a partition was bound from, and how much of its files counts."""

    rules: str
    change: int
    batch: str
    rows: int = 0
    ids_bytes: int = 0
    names: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """The bound events of one partition; codes of `rows["person"]` are places in `ids`."""

    rows: Rows
    ids: pa.StringArray


NO_PART: Final = Part(np.empty(0, ROW), pa.array([], pa.string()))
"""A partition of a log that is not there yet."""


def bound_folder() -> Path:
    """Return the folder of what is kept."""
    return Path(settings.DATA_DIR) / "journeys" / "bound"


def forget() -> None:
    """Remove all that is kept; the next build binds the whole log."""
    shutil.rmtree(bound_folder(), ignore_errors=True)


def forget_older(change: int) -> None:
    """Remove all that is kept if some of it was bound before a change of the log, as erasure has to."""
    names = _read(bound_folder() / "names.json", _Names)
    if names is None or names.since < change:
        forget()


@dataclass(slots=True)
class BoundLog:
    """The bound log as of one change. Whoever uses it holds the lock of building."""

    layout: LogLayout
    bindings: Bindings
    change: int
    _names: _Names = field(init=False)
    _rules: str = field(init=False)
    _batch: str = field(init=False)
    _folder: Path = field(init=False)

    def __post_init__(self) -> None:
        """Read the names."""
        self._folder = bound_folder()
        disk.make_folder(self._folder)
        self._rules = rules_of(self.bindings)
        self._batch = _batch_at(self.change)
        self._names = _read(self._folder / "names.json", _Names) or _Names(self.change)

    @property
    def names(self) -> list[str]:
        """Return the event names that codes of rows are places in."""
        return self._names.names

    def part(self, at: int) -> Part:
        """Return one partition, after binding what the log has more. Raises as `read_partition` does."""
        folder = self._folder / f"partition-{at:03d}"
        disk.make_folder(folder)
        stored = _read(folder / "state.json", _State)
        state = self._valid(at, stored)
        new = read_after(self.layout, "events", at, skip=state.rows, change=self.change)
        if new is None:
            state = self._nothing()
            new = read_after(self.layout, "events", at, skip=0, change=self.change)
        ids = _ids(folder, state)
        void = stored is not None and not state.rows
        if void:
            _remove(folder / "state.json")
        if new is not None and (new.num_rows or void):
            state, ids = self._append(folder, state, ids, bound_events(new, self.bindings))
        return Part(_rows(folder, state), ids)

    def _nothing(self) -> _State:
        return _State(self._rules, self.change, self._batch)

    def _valid(self, at: int, state: _State | None) -> _State:
        """Return what counts of a partition: nothing where it is of other rules or of another log."""
        if state is None or state.rules != self._rules or state.names > len(self.names):
            return self._nothing()
        if state.change > self.change or state.batch != _batch_at(state.change):
            return self._nothing()
        later = Batch.objects.filter(sequence__gt=state.change, sequence__lte=self.change)
        return self._nothing() if later.filter(rewritten=at).exists() else state

    def _append(
        self, folder: Path, state: _State, ids: pa.StringArray, bound: BoundEvents
    ) -> tuple[_State, pa.StringArray]:
        """Append bound events; they count once the state says so."""
        known = pc.fill_null(pc.index_in(bound.persons, value_set=ids), -1).to_numpy().astype(np.int32)
        fresh = known < 0
        known[fresh] = len(ids) + np.arange(int(fresh.sum()), dtype=np.int32)
        added = bound.persons.filter(pa.array(fresh))
        rows = np.empty(len(bound.person), ROW)
        rows["person"] = known[bound.person]
        rows["name"] = self._places(bound.names)[bound.name]
        for name in ("time", "touchpoint", "value", "experience"):
            rows[name] = getattr(bound, name)
        _put(folder / "rows.bin", state.rows * ROW.itemsize, memoryview(rows.tobytes()))
        line = msgspec.json.encode(added.to_pylist()) + b"\n" if len(added) else b""
        _put(folder / "ids.jsonl", state.ids_bytes, memoryview(line))
        new = _State(
            self._rules,
            self.change,
            self._batch,
            state.rows + len(rows),
            state.ids_bytes + len(line),
            len(self.names),
        )
        disk.reached("bound rows written")
        _write(folder / "state.json", new)
        return new, pa.concat_arrays([ids, added])

    def _places(self, names: Sequence[str]) -> NDArray[np.int32]:
        """Return the place of each name, after adding those that are new, durably."""
        place = {name: at for at, name in enumerate(self.names)}
        for name in names:
            place.setdefault(name, len(place))
        if len(place) > len(self.names):
            self._names.names = list(place)
            _write(self._folder / "names.json", self._names)
        return np.array([place[name] for name in names], np.int32)


def rules_of(bindings: Bindings) -> str:
    """Return what tells whether events would be bound in the same way."""
    rules = [(one.rules, one.experience, one.otherwise) for one in bindings.touchpoints]
    return hashlib.sha256(repr((FORMAT, rules)).encode()).hexdigest()


def _batch_at(change: int) -> str:
    """Say which batch a change was: a database from a backup may have another one of that number."""
    found = Batch.objects.filter(sequence=change).values_list("batch_key", "created_at").first()
    return "" if found is None else f"{found[0]} {found[1].timestamp()}"


def _rows(folder: Path, state: _State) -> Rows:
    if not state.rows:
        return np.empty(0, ROW)
    return np.memmap(folder / "rows.bin", ROW, "r", shape=(state.rows,)).view(np.ndarray)


def _ids(folder: Path, state: _State) -> pa.StringArray:
    if not state.ids_bytes:
        return pa.array([], pa.string())
    with (folder / "ids.jsonl").open("rb") as file:
        lines = file.read(state.ids_bytes).splitlines()
    return pa.array([one for line in lines for one in msgspec.json.decode(line)], pa.string())


def _read(file: Path, kind: Any) -> Any:  # noqa: ANN401 - of that kind, or None
    """Read what stands in a file; None where it is missing or is none of ours."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def _write(file: Path, content: object) -> None:
    """Replace a small file as a whole, durably."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    disk.write(new, msgspec.json.encode(content))
    disk.rename(new, file)
    disk.sync_folders([file.parent])


def _remove(file: Path) -> None:
    """Remove a file, durably, before what it speaks of is written over."""
    file.unlink(missing_ok=True)
    disk.sync_folders([file.parent])


def _put(file: Path, place: int, content: memoryview) -> None:
    """Write content at a place of a file, which ends behind it, durably."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.ftruncate(descriptor, place)
        while content:
            written = os.pwrite(descriptor, content, place)
            content, place = content[written:], place + written
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
