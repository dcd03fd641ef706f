"""Every write, fsync and rename of the record: one place to see their order and make them fail."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray


def reached(step: str) -> None:
    """Name a step of a write; tests replace this to end the process there."""


def write(path: Path, content: bytes | memoryview) -> None:
    """Write a new file and make its content durable; not yet its name."""
    with path.open("xb", buffering=0) as file:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(file.fileno(), rest) :]
        reached("written")
        os.fsync(file.fileno())


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write an array as .npy and make its content durable."""
    with path.open("wb") as file:
        np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def write_columns(path: Path, rows: int, blocks: Iterable[NDArray[Any]]) -> None:
    """Write a new file of columns one behind the other, block by block, and make its content durable.

    Each block holds the same columns (its first axis) of the next rows; together they have `rows` rows. The
    memory needed is that of one block.
    """
    with path.open("xb", buffering=0) as file:
        done = 0
        for block in blocks:
            for at, column in enumerate(block):
                _write_at(file.fileno(), column, (at * rows + done) * column.itemsize)
            done += block.shape[1]
            reached("block written")
        os.fsync(file.fileno())


def _write_at(descriptor: int, content: NDArray[Any], offset: int) -> None:
    rest = memoryview(content.tobytes())
    while rest:
        written = os.pwrite(descriptor, rest, offset)
        rest, offset = rest[written:], offset + written


def remove(paths: Iterable[Path]) -> None:
    """Remove files, as far as they are there, and make that durable."""
    paths = list(paths)
    for path in paths:
        path.unlink(missing_ok=True)
        reached("removed")
    sync_folders(path.parent for path in paths)


def sync_folders(folders: Iterable[Path]) -> None:
    """Make the names in these folders durable."""
    for folder in sorted(set(folders)):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder with a durable name, its parents as well."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folders([folder.parent])


def rename(source: Path, target: Path) -> None:
    """Rename a file; `sync_folders` of both folders makes it durable."""
    os.rename(source, target)  # noqa: PTH104 - the same call the tests watch


@contextmanager
def locked(path: Path, *, wait: float) -> Iterator[bool]:
    """Hold an exclusive lock on a file, waiting at most so many seconds; yields whether it is held.

    The lock belongs to the open file: it excludes threads and processes alike, and the system ends it with
    the process, however that ends.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield _try_to_lock(descriptor, time.monotonic() + wait)
    finally:
        os.close(descriptor)


def _try_to_lock(descriptor: int, deadline: float) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.01)
        else:
            return True
