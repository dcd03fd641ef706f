"""How far each person came through ordered steps within a window."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def _furthest(
    steps: NDArray[np.int64],
    code: int,
    time: int,
    window: int,
    began: NDArray[np.int64],
    begins: bool,  # noqa: FBT001 - as every argument of a kernel
) -> int:
    """Extend the chains of one person by a touch; return the furthest step it completes, -1 for none.

    began[k] is when the youngest chain that reached step k began, -1 before any. `begins` says whether a
    chain may begin with this touch.
    """
    best = -1
    # From the last step to the first, so that one touch completes one step of a chain only.
    for k in range(len(steps) - 1, -1, -1):
        if steps[k] != code:
            continue
        if k == 0:
            if begins:
                began[0] = time
                best = max(best, 0)
        elif began[k - 1] >= 0 and time - began[k - 1] <= window:
            began[k] = began[k - 1]
            best = max(best, k)
    return best


@njit(nogil=True, cache=True)
def funnel_months(
    offsets: NDArray[np.int64],
    time: NDArray[np.int32],
    touchpoint: NDArray[np.unsignedinteger],
    steps: NDArray[np.int64],
    window: int,
    starts: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return [month, 2]: persons who took the first step in it, and those of them who reached the last.

    `starts` holds the first second of each month and of the one after the last, on the scale of `time`. Only
    chains that begin in the month count for it; they may end later, within the window.
    """
    months = np.zeros((len(starts) - 1, 2), np.int64)
    began = np.empty(len(steps), np.int64)
    for person in range(len(offsets) - 1):
        last = offsets[person + 1]
        i, month = offsets[person], 0
        while i < last:
            if touchpoint[i] != steps[0] or time[i] < starts[0]:
                i += 1
                continue
            while month < len(months) and time[i] >= starts[month + 1]:
                month += 1
            if month == len(months):
                break
            end = starts[month + 1]
            began[:] = -1
            best, j, following = 0, i, last
            while j < last and np.int64(time[j]) < end + window:
                if time[j] >= end and following == last:
                    following = j
                best = max(best, _furthest(steps, touchpoint[j], time[j], window, began, time[j] < end))
                j += 1
            months[month, 0] += 1
            months[month, 1] += best == len(steps) - 1
            i = min(following, j)
    return months


@njit(nogil=True, cache=True)
def funnel_counts(
    offsets: NDArray[np.int64],
    time: NDArray[np.int32],
    touchpoint: NDArray[np.unsignedinteger],
    steps: NDArray[np.int64],
    window: int,
    touchpoints: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return persons whose best chain ended at each step, and what those did next.

    The window in seconds counts from the first step; other touches may stand between; the best chain of a
    person counts, as in ClickHouse's windowFunnel. The second array is [step, next touchpoint], its last
    column silence until the window closed; next means after the latest touch that reached this step.
    """
    size = len(steps)
    ended = np.zeros(size, np.int64)
    instead = np.zeros((size, touchpoints + 1), np.int64)
    # began[k]: when the youngest chain that reached step k began; reached[k]: which touch completed it.
    began = np.empty(size, np.int64)
    reached = np.empty(size, np.int64)
    for person in range(len(offsets) - 1):
        first, last = offsets[person], offsets[person + 1]
        best = -1
        began[:] = -1
        for i in range(first, last):
            code = touchpoint[i]
            # From the last step to the first, so that one touch completes one step of a chain only.
            for k in range(size - 1, -1, -1):
                if steps[k] != code:
                    continue
                if k == 0:
                    began[0] = time[i]
                elif began[k - 1] >= 0 and time[i] - began[k - 1] <= window:
                    began[k] = began[k - 1]
                else:
                    continue
                reached[k] = i
                best = max(best, k)
        if best < 0:
            continue
        ended[best] += 1
        following = reached[best] + 1
        if following < last and time[following] - began[best] <= window:
            instead[best, touchpoint[following]] += 1
        else:
            instead[best, touchpoints] += 1
    return ended, instead
