"""Columns of a row as one JSON object, built for many rows at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER = r"^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$"
_COMMA_NUMBER = r"^-?(0|[1-9]\d{0,14}),\d{1,15}$"
_CONTROL = r"[\x00-\x1f]"


def json_objects(batch: pa.RecordBatch, columns: Sequence[str], *, decimal: str = ".") -> pa.StringArray:
    """Return one JSON object per row with the cells of these columns; null where all of them are empty.

    Texts that are numbers or truth values become such; figures with leading zeros stay texts, since they are
    codes. With `decimal` `,` a figure such as `12,5` is a number, too.
    """
    if not columns:
        return pa.nulls(len(batch), pa.string())
    pieces = []
    for name in columns:
        key = "," + json.dumps(name, ensure_ascii=False) + ":"
        pieces.append(
            pc.fill_null(pc.binary_join_element_wise(key, _literals(batch.column(name), decimal), ""), "")
        )
    inside = pc.utf8_slice_codeunits(pc.binary_join_element_wise(*pieces, ""), start=1)
    objects = pc.binary_join_element_wise("{", inside, "}", "")
    return pc.if_else(pc.equal(inside, ""), pa.scalar(None, pa.string()), objects)


def _literals(column: pa.Array, decimal: str) -> pa.StringArray:
    """Return each value as JSON, null for an empty one."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _literals(column.dictionary, decimal).take(column.indices)
    if pa.types.is_null(kind):
        return pa.nulls(len(column), pa.string())
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return column.cast(pa.string())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        figures = column.cast(pa.float64(), safe=False)
        texts = [None if x is None or x - x != 0 else json.dumps(x) for x in figures.to_pylist()]
        return pa.array(texts, pa.string())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _texts(column.cast(pa.string()), decimal)
    return _texts(pa.array([None if x is None else str(x) for x in column.to_pylist()], pa.string()), decimal)


def _texts(column: pa.StringArray, decimal: str) -> pa.StringArray:
    column = pc.utf8_trim_whitespace(column)
    escaped = pc.replace_substring(pc.replace_substring(column, "\\", "\\\\"), '"', '\\"')
    quoted = pc.binary_join_element_wise('"', escaped, '"', "")
    control = pc.fill_null(pc.match_substring_regex(column, _CONTROL), fill_value=False)
    if pc.any(control).as_py():
        spelled = [json.dumps(text, ensure_ascii=False) for text in column.filter(control).to_pylist()]
        quoted = pc.replace_with_mask(quoted, control, pa.array(spelled, pa.string()))
    plain = pc.match_substring_regex(column, _NUMBER)
    lower = pc.utf8_lower(column)
    plain = pc.or_(plain, pc.is_in(lower, pa.array(["true", "false"])))
    literal = pc.if_else(plain, lower, quoted)
    if decimal == ",":
        with_comma = pc.match_substring_regex(column, _COMMA_NUMBER)
        literal = pc.if_else(with_comma, pc.replace_substring(column, ",", "."), literal)
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), literal)
