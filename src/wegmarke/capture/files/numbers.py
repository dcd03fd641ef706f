"""Figures in texts: a point or a comma before the decimals, decided for the whole column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

_POINT = r"^[+-]?(\d{1,18}|\d{1,3}(,\d{3}){1,5})(\.\d*)?([eE][+-]?\d{1,2})?$"
_COMMA = r"^[+-]?(\d{1,18}|\d{1,3}(\.\d{3}){1,5})(,\d*)?$"
_AROUND = r"^[\s€$£]+|(EUR|USD|CHF|GBP)$|[\s€$£%]+$|\s?(EUR|USD|CHF|GBP|€|\$|£)$"

_NOTHING = pa.array(["", "nan", "na", "n/a", "#n/a", "null", "none"])
"""What programs write where there is no answer."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of some rows, NaN where there is none; `point` and `comma` are the two ways to read them.

    `empty` marks rows without an answer; a NaN elsewhere could not be read that way.
    """

    point: NDArray[np.float32]
    comma: NDArray[np.float32]
    empty: NDArray[np.bool_]


def read_numbers(column: pa.Array) -> Figures:
    """Read a column of numbers or of texts that look like numbers."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return read_numbers(column.cast(kind.value_type))
    if pa.types.is_null(kind):
        nothing = np.full(len(column), np.nan, np.float32)
        return Figures(nothing, nothing, np.ones(len(column), bool))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _texts(pc.utf8_trim_whitespace(column.cast(pa.string())))
    if pa.types.is_boolean(kind) or pa.types.is_nested(kind) or pa.types.is_temporal(kind):
        nothing = np.full(len(column), np.nan, np.float32)
        return Figures(nothing, nothing, pc.is_null(column).to_numpy(zero_copy_only=False))
    figures = _finite(column.cast(pa.float64(), safe=False))
    return Figures(figures, figures, pc.is_null(column, nan_is_null=True).to_numpy(zero_copy_only=False))


def _finite(column: pa.Array) -> NDArray[np.float32]:
    figures: NDArray[np.float64] = column.to_numpy(zero_copy_only=False).astype(np.float64)
    figures[~(np.abs(figures) < np.finfo(np.float32).max)] = np.nan
    narrow: NDArray[np.float32] = figures.astype(np.float32)
    return narrow


def _texts(column: pa.StringArray) -> Figures:
    column = pc.fill_null(column, "")
    empty = pc.is_in(pc.utf8_lower(column), value_set=_NOTHING).to_numpy(zero_copy_only=False)
    plain = pc.replace_substring_regex(column, _AROUND, "")
    point, comma = pc.match_substring_regex(plain, _POINT), pc.match_substring_regex(plain, _COMMA)
    as_point = _cast(pc.if_else(point, pc.replace_substring(plain, ",", ""), None))
    switched = pc.replace_substring(pc.replace_substring(plain, ".", ""), ",", ".")
    return Figures(as_point, _cast(pc.if_else(comma, switched, None)), empty)


def _cast(column: pa.StringArray) -> NDArray[np.float32]:
    return _finite(pc.cast(pc.replace_substring_regex(column, r"^\+|\.$", ""), pa.float64()))
