"""In which phase of a journey each touch really happens: by days, or by what was entered before."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

TOUCHES, PERSONS, PLANNED, PLANNED_SQUARE, PLANNED_TOUCHES, TOUCHES_SQUARE = range(6)
COLUMNS = 6


@njit(nogil=True, cache=True)
def placements(
    offsets: NDArray[np.int64],
    time: NDArray[np.int32],
    touchpoint: NDArray[np.unsignedinteger],
    planned: NDArray[np.uint16],
    enters: NDArray[np.uint16],
    anchors: NDArray[np.bool_],
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    by_day: bool,  # noqa: FBT001 - as every argument of a kernel
    counts: NDArray[np.int64],
    sums: NDArray[np.int64],
) -> None:
    """Add to `counts` [touchpoint, phase] and `sums` [touchpoint, column]; phase 0 stands for none.

    With `by_day` a touch lies in the first phase whose window (seconds after the person's first touch at an
    anchor) holds it; a person without an anchor is in no phase. Otherwise it lies in the phase the person has
    entered last (`enters`, counted from 1; the touch itself counts), or in its own planned one before any.
    `planned` is the phase the plan puts a touchpoint into; with x touches of a person there, y of them in the
    planned phase, the columns hold the sums of x, of persons, and of y, y*y, x*y and x*x.
    """
    touchpoints = len(planned)
    own = np.zeros((touchpoints, 2), np.int64)
    met = np.empty(touchpoints, np.int64)
    for person in range(len(offsets) - 1):
        first, last = offsets[person], offsets[person + 1]
        start = np.int64(-1)
        if by_day:
            for i in range(first, last):
                if anchors[touchpoint[i]]:
                    start = np.int64(time[i])
                    break
        count, reached = 0, np.int64(0)
        for i in range(first, last):
            code = touchpoint[i]
            phase = np.int64(0)
            if not by_day:
                if enters[code] > 0:
                    reached = np.int64(enters[code])
                phase = reached if reached > 0 else np.int64(planned[code])
            elif start >= 0:
                since = np.int64(time[i]) - start
                for k in range(len(begins)):
                    if begins[k] <= since < ends[k]:
                        phase = np.int64(k + 1)
                        break
            counts[code, phase] += 1
            if own[code, 0] == 0:
                met[count] = code
                count += 1
            own[code, 0] += 1
            own[code, 1] += phase == planned[code]
        for k in range(count):
            code = met[k]
            x, y = own[code, 0], own[code, 1]
            sums[code, TOUCHES] += x
            sums[code, PERSONS] += 1
            sums[code, PLANNED] += y
            sums[code, PLANNED_SQUARE] += y * y
            sums[code, PLANNED_TOUCHES] += x * y
            sums[code, TOUCHES_SQUARE] += x * x
            own[code, :] = 0
