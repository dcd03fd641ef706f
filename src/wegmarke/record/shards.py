"""Journeys on disk: one folder a build, in it one folder a partition with a flat file per column.

    journeys/<key>/journeys.json            landscape, labels of the attributes, epoch, number of shards
    journeys/<key>/shard-003/offsets.npy    time.npy  touchpoint.npy  experience.npy  value.npy
    journeys/<key>/shard-003/attribute-00.npy …
    journeys/<key>/shard-003/persons.arrow  the ids, Arrow IPC

Columns are memory-mapped, so all processes share them through the page cache.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from wegmarke.analysis.journeys import Attribute, Journeys, Landscape, StartedBy
from wegmarke.record import disk
from wegmarke.record.contracts import Shard
from wegmarke.record.errors import BuildGoneError

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLUMNS: Final = ("offsets", "time", "touchpoint", "experience", "value")


class _Labels(msgspec.Struct, frozen=True):
    name: str
    labels: tuple[str, ...]


class _Description(msgspec.Struct, frozen=True):
    shards: int
    epoch: int
    touchpoints: tuple[str, ...]
    phases: tuple[str, ...]
    phase: tuple[int, ...]
    started_by: tuple[int, ...]
    attributes: tuple[_Labels, ...]
    unbound: tuple[int, ...]


def shard_folder(build: Path, shard: int) -> Path:
    """Return the folder of one shard."""
    return build / f"shard-{shard:03d}"


def write_columns(folder: Path, journeys: Journeys, persons: pa.StringArray) -> None:
    """Write the columns and persons of one shard; the attributes follow when labels are agreed on."""
    disk.make_folder(folder)
    for name in COLUMNS:
        disk.write_array(folder / f"{name}.npy", getattr(journeys, name))
    sink = pa.BufferOutputStream()
    batch = pa.record_batch([persons], names=["person"])
    with pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)
    disk.write(folder / "persons.arrow", memoryview(sink.getvalue()))


def recode(folder: Path, table: NDArray[np.unsignedinteger]) -> None:
    """Give the touches of one shard other touchpoint codes: code c becomes table[c]."""
    codes = np.load(folder / "touchpoint.npy")
    disk.write_array(folder / "touchpoint.npy", table[codes])


def write_attribute(folder: Path, at: int, codes: NDArray[np.unsignedinteger]) -> None:
    """Write the codes of one attribute."""
    disk.write_array(folder / f"attribute-{at:02d}.npy", codes)


def write_description(
    build: Path,
    landscape: Landscape,
    attributes: list[tuple[str, tuple[str, ...]]],
    *,
    epoch: int,
    unbound: list[int],
) -> None:
    """Write what all shards share, then make all names of the build durable."""
    description = _Description(
        shards=len(unbound),
        epoch=epoch,
        touchpoints=landscape.touchpoints,
        phases=landscape.phases,
        phase=landscape.phase,
        started_by=tuple(int(one) for one in landscape.started_by),
        attributes=tuple(_Labels(name, labels) for name, labels in attributes),
        unbound=tuple(unbound),
    )
    disk.write(build / "journeys.json", msgspec.json.encode(description))
    disk.sync_folders([build, *(shard_folder(build, at) for at in range(len(unbound)))])


@lru_cache(maxsize=2)  # the current build and the one a running analysis may still hold
def open_shards(build: str) -> tuple[Shard, ...]:
    """Map all shards of a build; raises `BuildGoneError` where its files were removed."""
    folder = Path(build)
    try:
        description = msgspec.json.decode((folder / "journeys.json").read_bytes(), type=_Description)
        landscape = Landscape(
            description.touchpoints,
            description.phases,
            description.phase,
            tuple(StartedBy(one) for one in description.started_by),
        )
        return tuple(_open(folder, at, description, landscape) for at in range(description.shards))
    except FileNotFoundError as error:
        msg = f"the journeys {folder.name} are gone"
        raise BuildGoneError(msg) from error


def _open(build: Path, at: int, description: _Description, landscape: Landscape) -> Shard:
    folder = shard_folder(build, at)
    columns = {name: _mapped(folder / f"{name}.npy") for name in COLUMNS}
    attributes = tuple(
        Attribute(labels.name, _mapped(folder / f"attribute-{place:02d}.npy"), labels.labels)
        for place, labels in enumerate(description.attributes)
    )
    journeys = Journeys(**columns, landscape=landscape, epoch=description.epoch, attributes=attributes)
    with pa.memory_map(str(folder / "persons.arrow")) as source:
        persons = pa.ipc.open_file(source).read_all().column("person")
    ids = persons.chunk(0) if persons.num_chunks else pa.array([], pa.string())
    return Shard(journeys, ids, description.unbound[at])


def _mapped(path: Path) -> NDArray[Any]:
    """Map one column copy-on-write.

    Not read-only: Numba compiles its kernels a second time for read-only arrays. Nobody writes, so nothing
    is copied.
    """
    array: NDArray[Any] = np.load(path, mmap_mode="c").view(np.ndarray)
    return array
