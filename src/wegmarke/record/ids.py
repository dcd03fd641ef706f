"""Message ids that are known for good: sorted flat files, searched through the page cache.

    high, low, content      one column behind the other, 64 bits a value, little endian, sorted by (high, low)

Looking up maps the columns and searches them; no file is read as a whole. Merging reads them block by block.
Beyond the size of each file, which is checked whenever it is opened, checksums are compared when files are
merged: comparing them at each look-up would read everything each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from wegmarke.record.contracts import Known
from wegmarke.record.errors import InvalidBatchError, LogDamagedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from wegmarke.record.contracts import MessageIds

    Words = NDArray[np.uint64]

WORD: Final = np.dtype("<u8")
COLUMNS: Final = 3
ROW_BYTES: Final = COLUMNS * WORD.itemsize
BLOCK: Final = 1_000_000
"""Ids of each file that are merged at a time; more only where more than that share their upper half."""


@dataclass(frozen=True, slots=True)
class IdFile:
    """The columns of one file, mapped."""

    high: Words
    low: Words
    content: Words


def opened(path: Path, rows: int) -> IdFile:
    """Map a file; raises `LogDamagedError` where its size is not that of so many ids."""
    size = path.stat().st_size
    if size != rows * ROW_BYTES:
        msg = f"{path} is not what was written: {size} bytes instead of {rows * ROW_BYTES}"
        raise LogDamagedError(msg)
    columns = np.memmap(path, WORD, "r", shape=(COLUMNS, rows)).view(np.ndarray)
    return IdFile(*columns)


def sorted_columns(ids: MessageIds) -> NDArray[np.uint64]:
    """Return the columns of a file of these ids; raises `InvalidBatchError` where an id repeats."""
    order = np.lexsort((ids.low, ids.high))
    columns = np.stack([ids.high[order], ids.low[order], ids.content[order]]).astype(WORD, copy=False)
    if _repeated(columns[0], columns[1]).any():
        msg = "the same message id twice in a batch; `known` tells which to leave out"
        raise InvalidBatchError(msg)
    return columns


def judge(ids: MessageIds, files: Iterable[IdFile]) -> NDArray[np.int8]:
    """Say for each id whether it is known (`Known`), from these files or from earlier in `ids` itself."""
    order = np.lexsort((ids.low, ids.high))  # stable: the first of the same ids stays first
    high, low, content = ids.high[order], ids.low[order], ids.content[order]
    repeated = _repeated(high, low)
    first = np.flatnonzero(~repeated)
    found, stored = _look_up(high[first], low[first], files)
    group = np.cumsum(~repeated) - 1
    compared = np.where(found, stored, content[first])[group]
    verdict = np.where(content == compared, Known.SAME, Known.DIFFERENT).astype(np.int8)
    verdict[first[~found]] = Known.NEW
    result = np.empty(len(order), np.int8)
    result[order] = verdict
    return result


def _repeated(high: Words, low: Words) -> NDArray[np.bool_]:
    """Mark the ids equal to the one before."""
    repeated = np.zeros(len(high), np.bool_)
    repeated[1:] = (high[1:] == high[:-1]) & (low[1:] == low[:-1])
    return repeated


def _look_up(high: Words, low: Words, files: Iterable[IdFile]) -> tuple[NDArray[np.bool_], Words]:
    """Return which sorted, different ids stand in one of the files, and with which content."""
    found = np.zeros(len(high), np.bool_)
    stored = np.zeros(len(high), np.uint64)
    for file in files:
        open_ = np.flatnonzero(~found)
        at, here = _places(file, high[open_], low[open_])
        found[open_[here]] = True
        stored[open_[here]] = file.content[at[here]]
    return found, stored


def _places(file: IdFile, high: Words, low: Words) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return where each id stands in a file, and whether it does."""
    at = np.searchsorted(file.high, high)
    last = len(file.high) - 1
    near = np.minimum(at, last)
    same_high = (at <= last) & (file.high[near] == high)
    found = same_high & (file.low[near] == low)
    others = np.flatnonzero(same_high & ~found)
    if len(others):  # different ids with the same upper half
        end = np.searchsorted(file.high, high[others], "right")
        at[others] = _bisected(file.low, at[others], end, low[others])
        found[others] = (at[others] < end) & (file.low[np.minimum(at[others], last)] == low[others])
    return at, found


def _bisected(
    column: Words, start: NDArray[np.intp], end: NDArray[np.intp], wanted: Words
) -> NDArray[np.intp]:
    """Return the first place in each sorted stretch that is not below what is wanted there."""
    start, end = start.copy(), end.copy()
    while (searching := start < end).any():
        middle = (start + end) // 2
        below = searching & (column[np.where(searching, middle, 0)] < wanted)
        start = np.where(below, middle + 1, start)
        end = np.where(searching & ~below, middle, end)
    return start


def merged(files: Sequence[IdFile], block: int = BLOCK) -> Iterator[NDArray[np.uint64]]:
    """Return the columns of one file of all these ids, block by block."""
    borders = np.unique(np.concatenate([file.high[block::block] for file in files]))
    cuts = [np.array([0, *np.searchsorted(file.high, borders), len(file.high)]) for file in files]
    for at in range(len(borders) + 1):
        parts = [
            [column[cut[at] : cut[at + 1]] for column in (file.high, file.low, file.content)]
            for file, cut in zip(files, cuts, strict=True)
        ]
        high, low, content = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((low, high))
        yield np.stack([high[order], low[order], content[order]])
