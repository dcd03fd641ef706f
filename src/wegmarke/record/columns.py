"""Small helpers between Arrow tables and NumPy arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray


def encoded(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], pa.StringArray]:
    """Return one code per row (-1 where null) and the distinct texts behind the codes.

    Takes texts and texts already encoded; the texts may hold some that no row uses.
    """
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    elif column.type.index_type != pa.int32():
        # each chunk has a dictionary of its own; all of them together may need wider codes
        column = column.cast(pa.dictionary(pa.int32(), column.type.value_type))
    column = column.unify_dictionaries()
    if column.num_chunks == 0:
        return np.zeros(0, np.int32), pa.array([], pa.string())
    texts = column.chunk(0).dictionary.cast(pa.string())
    if pc.count_distinct(texts, mode="all").as_py() != len(texts):
        return encoded(column.cast(pa.string()))
    return np.concatenate([_codes(chunk) for chunk in column.chunks]), texts


def _codes(chunk: pa.DictionaryArray) -> NDArray[np.int32]:
    indices = chunk.indices if chunk.null_count == 0 else pc.fill_null(chunk.indices.cast(pa.int32()), -1)
    codes: NDArray[np.int32] = indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return codes


def afresh(rows: pa.Table) -> pa.Table:
    """Return rows whose columns with codes hold the texts of these rows only.

    Such a column keeps all texts of the rows it was taken from, and a file would be written with them: names
    of events of somebody else, which erasing that person would not find.
    """
    columns = [pa.chunked_array(map(_without_unused, column.chunks), column.type) for column in rows.columns]
    return pa.table(columns, schema=rows.schema)


def has_unused(column: pa.ChunkedArray) -> bool:
    """Say whether a column with codes holds texts that no row uses."""
    return any(not _used(chunk).all() for chunk in column.chunks if pa.types.is_dictionary(chunk.type))


def _used(chunk: pa.DictionaryArray) -> NDArray[np.bool_]:
    used = np.zeros(len(chunk.dictionary), np.bool_)
    used[chunk.indices.drop_null().to_numpy(zero_copy_only=False)] = True
    return used


def _without_unused(chunk: pa.Array) -> pa.Array:
    if not pa.types.is_dictionary(chunk.type) or (used := _used(chunk)).all():
        return chunk
    code = pa.array(np.cumsum(used) - 1, pa.int64()).cast(chunk.type.index_type)
    return pa.DictionaryArray.from_arrays(code.take(chunk.indices), chunk.dictionary.filter(pa.array(used)))


def floats(column: pa.ChunkedArray) -> NDArray[np.float32] | None:
    """Return the numbers with NaN for null, or None where no row has one."""
    if column.null_count == len(column):
        return None
    filled = pc.fill_null(column, float("nan")) if column.null_count else column
    numbers: NDArray[np.float32] = filled.to_numpy().astype(np.float32, copy=False)
    return numbers


def microseconds(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return times as microseconds since 1970 (UTC)."""
    times: NDArray[np.int64] = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_numpy()
    return times
