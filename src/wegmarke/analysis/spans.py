"""Calendar months and quarters (UTC) of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys
    from wegmarke.analysis.outcomes import Period

MONTHS_OF_A_QUARTER = 3


def month_starts(period: Period) -> NDArray[np.int64]:
    """Return the first second (Unix) of each month of the period, and of the month after the last."""
    return _starts(period, 1)


def quarter_starts(period: Period) -> NDArray[np.int64]:
    """Return the first second (Unix) of each quarter of the period, and of the quarter after the last."""
    return _starts(period, MONTHS_OF_A_QUARTER)


def _starts(period: Period, months: int) -> NDArray[np.int64]:
    first, last = (
        int(np.datetime64(end, "s").astype("datetime64[M]").astype(np.int64))  # months since January 1970
        for end in (period.start, period.end)
    )
    first -= first % months
    starts = first + months * np.arange((last - first) // months + 2)
    return starts.astype("datetime64[M]").astype("datetime64[s]").astype(np.int64)


def places_of(journeys: Journeys, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each touch's span; a touch outside all of them gets their number."""
    spans = len(starts) - 1
    place = np.searchsorted(starts - journeys.epoch, journeys.time, side="right") - 1
    place[(place < 0) | (place >= spans)] = spans
    return place


def is_complete(starts: NDArray[np.int64], period: Period) -> bool:
    """Tell whether the data go on to the end of the last span."""
    return bool(starts[-1] <= period.end + 1)
