"""Ratings of a touch: figures on a known scale, or words for bad, neutral and good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wegmarke.capture.files.numbers import Figures, read_numbers
from wegmarke.record.contracts import Scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

RANGE = {Scale.CSAT: (1, 5), Scale.CES: (1, 7), Scale.NPS: (0, 10), Scale.BAD_NEUTRAL_GOOD: (-1, 1)}

WORDS = {
    "bad": -1,
    "negative": -1,
    "schlecht": -1,
    "negativ": -1,
    "neutral": 0,
    "good": 1,
    "positive": 1,
    "gut": 1,
    "positiv": 1,
}
_WORDS = pa.array(list(WORDS), pa.string())
_WORTH = np.array([*WORDS.values(), np.nan], np.float32)


def read_ratings(column: pa.Array, scale: Scale) -> Figures:
    """Read raw answers; on the scale bad-neutral-good words in English and German count, too."""
    figures = read_numbers(column)
    if scale is not Scale.BAD_NEUTRAL_GOOD:
        return figures
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return figures
    words = pc.utf8_lower(pc.utf8_trim_whitespace(column.cast(pa.string())))
    worth = _WORTH[pc.fill_null(pc.index_in(words, _WORDS), len(WORDS)).to_numpy(zero_copy_only=False)]
    known = ~np.isnan(worth)
    return Figures(
        np.where(known, worth, figures.point), np.where(known, worth, figures.comma), figures.empty
    )


def outside(ratings: NDArray[np.float32], scale: Scale) -> NDArray[np.bool_]:
    """Say which ratings lie outside their scale; NaN does not."""
    low, high = RANGE[scale]
    wrong: NDArray[np.bool_] = (ratings < low) | (ratings > high)
    if scale is Scale.BAD_NEUTRAL_GOOD:
        wrong |= ~np.isnan(ratings) & (ratings != np.round(ratings))
    return wrong


def in_words(scale: Scale) -> str:
    """Return a scale with its ends, for example `nps (0 … 10)`."""
    low, high = RANGE[scale]
    return f"{scale.value} ({low} … {high})"
