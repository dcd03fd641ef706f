"""Where the log lies and how it is divided.

    log/log.json                          format, number of partitions, hash: written once, never changed
    log/events/partition=3/0000000012-….parquet
    log/traits/partition=3/0000000012-….parquet
    log/ids/partition=0/0000000012-….ids  message ids, sorted; see `ids`
    log/_staging/                         files of changes that are not committed, or not yet renamed
    log/_superseded/                      files that others took the place of, kept for whoever reads them
    log/_compacting/                      files being written from others, before they are staged

Names with a leading `_` or `.` are passed over by readers of Parquet folders (Spark, Hive, Arrow).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
from django.conf import settings

from wegmarke.record import disk
from wegmarke.record.errors import LogDamagedError

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

FORMAT: Final = 1
PARTITIONS: Final = 8
ROWS: Final = ("events", "traits")
"""The kinds of files that hold rows and are divided by person."""
IDS: Final = "ids"


class _Description(msgspec.Struct, frozen=True):
    format: int
    partitions: int
    hash: str


@dataclass(frozen=True, slots=True)
class LogLayout:
    """A log folder and its number of partitions."""

    folder: Path
    partitions: int

    @property
    def staging(self) -> Path:
        """Return the folder of files that are not committed, or not yet renamed."""
        return self.folder / "_staging"

    @property
    def aside(self) -> Path:
        """Return the folder of files that others took the place of."""
        return self.folder / "_superseded"

    @property
    def compacting(self) -> Path:
        """Return the folder of files that are being written from others."""
        return self.folder / "_compacting"

    def committed(self, path: str) -> Path:
        """Return where a committed file belongs; `path` as the database names it."""
        return self.folder / path

    def staged(self, path: str) -> Path:
        """Return where the same file lies before it is renamed."""
        return self.staging / flat(path)

    def superseded(self, path: str) -> Path:
        """Return where the same file lies once another has taken its place."""
        return self.aside / flat(path)

    def places(self, path: str) -> tuple[Path, Path, Path]:
        """Return where a file may lie, in the order in which it moves through its life."""
        return self.staged(path), self.committed(path), self.superseded(path)

    def file(self, kind: str, partition: int, name: str) -> str:
        """Name a file inside the log folder."""
        return f"{kind}/partition={partition}/{name}.{'ids' if kind == IDS else 'parquet'}"

    def folders(self) -> list[Path]:
        """Return the folders of committed files."""
        divided = [(kind, at) for kind in ROWS for at in range(self.partitions)]
        return [self.folder / kind / f"partition={at}" for kind, at in [*divided, (IDS, 0)]]

    def make_folders(self) -> None:
        """Make what is not there yet; logs of earlier versions lack some."""
        for folder in [*self.folders(), self.staging, self.aside, self.compacting]:
            disk.make_folder(folder)


def flat(path: str) -> str:
    """Name a file where all kinds and partitions lie in one folder."""
    return path.replace("/", "+")


def log_folder() -> Path:
    """Return the log folder of this installation."""
    return Path(settings.DATA_DIR) / "log"


def existing_log() -> LogLayout | None:
    """Open the log, or None where nothing was ever written."""
    folder = log_folder()
    try:
        content = (folder / "log.json").read_bytes()
    except FileNotFoundError:
        return None
    try:
        description = msgspec.json.decode(content, type=_Description)
    except msgspec.DecodeError as error:
        msg = f"{folder / 'log.json'} cannot be read: {error}"
        raise LogDamagedError(msg) from error
    if (description.format, description.hash) != (FORMAT, "crc32"):
        msg = f"{folder / 'log.json'} describes a log this version does not know: {description}"
        raise LogDamagedError(msg)
    return LogLayout(folder, description.partitions)


def open_log() -> LogLayout:
    """Open the log for writing; make it where nothing was ever written."""
    found = existing_log()
    if found:
        if not found.compacting.is_dir():  # the last one that is made
            found.make_folders()
        return found
    layout = LogLayout(log_folder(), getattr(settings, "RECORD_PARTITIONS", PARTITIONS))
    layout.make_folders()
    with disk.locked(layout.folder / ".creating", wait=10):
        if not (layout.folder / "log.json").exists():
            draft = layout.folder / ".log.json"
            draft.unlink(missing_ok=True)
            disk.write(draft, msgspec.json.encode(_Description(FORMAT, layout.partitions, "crc32")))
            disk.rename(draft, layout.folder / "log.json")
            disk.sync_folders([layout.folder])
    return existing_log() or layout


def partition_of(person: str, partitions: int) -> int:
    """Return the partition of a person: CRC-32 of the id in UTF-8, modulo the number of partitions."""
    return zlib.crc32(person.encode()) % partitions


def partitions_of(persons: pa.StringArray, partitions: int) -> NDArray[np.int32]:
    """Return the partition of each person."""
    return np.fromiter(
        (partition_of(person, partitions) for person in persons.to_pylist()), np.int32, len(persons)
    )
