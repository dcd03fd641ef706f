"""What a row of a file is known by, so that the next export that holds it again adds nothing.

A row with an id of its own is known by that id and the name of its event. Any other row is known by person,
time, event and the cells that tell rows apart, and by which of the equal rows of its file it is: two equal
rows stay two, in whatever order they come.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wegmarke.record.contracts import EVENT_SCHEMA, MessageIds

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_WHOLE: Final = r"(:-?[0-9]+)\.0+([,}])"
"""A whole number with decimals: a workbook writes 2.0 where a text file has 2."""


def ids_of(events: pa.Table, *, namespace: str, given: pa.ChunkedArray, apart: pa.ChunkedArray) -> MessageIds:
    """Return what each event is known by within a namespace, and a digest of what it says.

    `given` is the row's own id (empty where it has none), `apart` the cells that tell rows apart, as text.
    """
    n = events.num_rows
    own = pc.fill_null(pc.not_equal(given, ""), fill_value=False)
    name = events.column("name").cast(pa.string())
    by_id = _joined(["id", given, name])
    cells = pc.replace_substring_regex(apart, _WHOLE, r"\1\2")
    by_row = _joined(["row", events.column("person"), _text(events.column("time")), name, cells])
    numbers = _hashed(pc.if_else(own, by_id, by_row), namespace.encode(), 16).reshape(n, 2)
    high, low = numbers[:, 0].copy(), numbers[:, 1].copy()
    at = _ordinals(high, low)
    at[own.to_numpy().astype(bool)] = 0
    said = [_text(events.column(column)) for column in EVENT_SCHEMA.names if column != "properties"] + [cells]
    return MessageIds(high, low + at * _SPREAD, _hashed(_joined(said), b"", 8))


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return column.cast(pa.int64()).cast(pa.string())
    return column.cast(pa.string())


def _joined(parts: list[pa.ChunkedArray | str]) -> pa.ChunkedArray:
    """Return the parts as one text each; lengths in front keep "ab" + "c" apart from "a" + "bc"."""
    pieces: list[pa.ChunkedArray | str] = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
            continue
        text = pc.fill_null(part, "")
        pieces += [pc.binary_length(text).cast(pa.string()), text]
    return pc.binary_join_element_wise(*pieces, "\x1f")


def _hashed(texts: pa.ChunkedArray, salt: bytes, size: int) -> NDArray[np.uint64]:
    """Return the hash of each text as numbers of 64 bits."""
    start = blake2b(b"import\0%s\0" % salt, digest_size=size)
    digests = bytearray()
    for chunk in texts.chunks:
        for text in chunk.to_pylist():
            one = start.copy()
            one.update(text.encode())
            digests += one.digest()
    return np.frombuffer(bytes(digests), np.uint64)


def _ordinals(high: NDArray[np.uint64], low: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Count for each row how many rows before it have the same hash."""
    order = np.lexsort((low, high))  # stable, so that equal rows stay in the order of the file
    first = np.ones(len(order), np.bool_)
    first[1:] = (high[order][1:] != high[order][:-1]) | (low[order][1:] != low[order][:-1])
    place = np.arange(len(order))
    begin = np.maximum.accumulate(np.where(first, place, 0))
    ordinals = np.empty(len(order), np.uint64)
    ordinals[order] = place - begin
    return ordinals
