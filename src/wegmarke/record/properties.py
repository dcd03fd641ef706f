"""Evaluate conditions over the properties of many events.

DuckDB (in memory, nothing outside reachable) takes the wanted values out of the JSON texts; the keys go in as
parameters, never as SQL. What a value means is then decided once per distinct value by `conditions.holds`, so
the fast way and the obvious way cannot drift apart.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wegmarke.record.conditions import MISSING, holds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import duckdb
    from numpy.typing import NDArray

    from wegmarke.record.contracts import Condition, Scalar

BLOCK: Final = 1_000_000  # events taken apart at a time, which bounds the memory
_EXTRACT: Final = "SELECT CASE WHEN json_valid(p) THEN json_extract(p, ?) END AS found FROM properties"


def evaluate(
    properties: pa.ChunkedArray, selected: NDArray[np.bool_], conditions: Sequence[Condition]
) -> list[NDArray[np.bool_]]:
    """Say for each selected event, in order, which conditions hold; one array per condition.

    Texts that are no JSON object have no properties.
    """
    keys = list(dict.fromkeys(condition.key for condition in conditions))
    blocks: list[list[NDArray[np.bool_]]] = [[np.zeros(0, np.bool_)] for _ in conditions]
    with _database(os.getpid()).cursor() as connection:
        for start in range(0, len(selected), BLOCK):
            wanted = selected[start : start + BLOCK]
            if not wanted.any():
                continue
            texts = properties.slice(start, BLOCK).filter(pa.array(wanted))
            found = dict(zip(keys, _extract(connection, texts, keys), strict=True))
            for condition, parts in zip(conditions, blocks, strict=True):
                codes, values = found[condition.key]
                parts.append(_truths(condition, values)[codes])
    return [np.concatenate(parts) for parts in blocks]


def coded(
    properties: pa.ChunkedArray,
    selected: NDArray[np.bool_],
    key: str,
    form: Callable[[object], Scalar | None],
) -> tuple[NDArray[np.int64], list[Scalar]]:
    """Return for each selected event the code of the form of one property (-1: none), and the forms.

    `form` is asked once per distinct value; 1, 1.0 and true are different forms.
    """
    forms: dict[tuple[type, Scalar], int] = {}
    blocks = [np.zeros(0, np.int64)]
    with _database(os.getpid()).cursor() as connection:
        for start in range(0, len(selected), BLOCK):
            wanted = selected[start : start + BLOCK]
            if not wanted.any():
                continue
            texts = properties.slice(start, BLOCK).filter(pa.array(wanted))
            [(codes, values)] = _extract(connection, texts, [key])
            formed = [None if value is MISSING else form(value) for value in values]
            table = [-1 if one is None else forms.setdefault((type(one), one), len(forms)) for one in formed]
            blocks.append(np.array([*table, -1], np.int64)[codes])
    return np.concatenate(blocks), [one for _type, one in forms]


_SEALED: Final[dict[str, Any]] = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}


@lru_cache(maxsize=1)
def _database(_process: int) -> duckdb.DuckDBPyConnection:
    """Open the database in memory once per process, since that takes longer than a small question.

    Each caller works on a cursor of its own, which sees none of the others' tables. A forked process opens
    its own: threads do not survive a fork.
    """
    import duckdb

    return duckdb.connect(":memory:", config=_SEALED)


def _truths(condition: Condition, values: list[object]) -> NDArray[np.bool_]:
    """One truth per distinct value; code -1 reads the last entry, which stands for a missing property."""
    return np.fromiter((holds(condition, value) for value in [*values, MISSING]), np.bool_, len(values) + 1)


def _extract(
    connection: duckdb.DuckDBPyConnection, texts: pa.ChunkedArray, keys: list[str]
) -> list[tuple[NDArray[np.int32], list[object]]]:
    """Take the values of all keys out in one pass: per key one code per text and the distinct values."""
    paths = [path for key in keys for path in _pointers(key)]
    connection.register("properties", pa.table({"p": texts}))
    table = connection.sql(_EXTRACT, params=[paths]).to_arrow_table()
    connection.unregister("properties")
    columns: list[list[pa.Array]] = [[] for _ in paths]
    for chunk in table.column("found").chunks:
        for at, column in enumerate(columns):
            column.append(pc.list_element(chunk, at))
    found = iter([pa.chunked_array(column, pa.string()) for column in columns])
    return [_distinct(_first_found([next(found) for _ in _pointers(key)])) for key in keys]


def _pointers(key: str) -> list[str]:
    """Write a key as JSON pointers: the key as it stands first, then as a dotted path."""
    whole = "/" + _escaped(key)
    path = "".join("/" + _escaped(part) for part in key.split("."))
    return [whole] if whole == path else [whole, path]


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _first_found(columns: list[pa.ChunkedArray]) -> pa.ChunkedArray:
    known = [pc.if_else(_is_null(one), pa.scalar(None, pa.string()), one) for one in columns]
    return pc.coalesce(*known) if len(known) > 1 else known[0]


def _is_null(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(pc.equal(column, "null"), fill_value=True)


def _distinct(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], list[object]]:
    encoded = column.combine_chunks().dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return codes, [_decoded(text) for text in encoded.dictionary.to_pylist()]


def _decoded(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:  # NaN and Infinity, which JSON does not know
        return MISSING
