"""Sums per group of touches (touchpoints, phases, months, cells), with what clustered variances need."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

TOUCHES, PERSONS, BAD, NEUTRAL, GOOD, RATERS, SQUARE, CROSS, SIZE, LEAVERS = range(10)
GOOD_SQUARE, BAD_SQUARE, BAD_SIZE = range(10, 13)
COLUMNS = 13
NEVER = 2**40  # beyond any time in seconds

LAST_LAST, LAST_ALL, ALL_ALL, LAST_TOUCHES, LAST_LASTS, ALL_TOUCHES, ALL_LASTS, LASTS, TOUCHED = range(9)


@njit(nogil=True, cache=True)
def group_sums(
    offsets: NDArray[np.int64],
    group: NDArray[np.unsignedinteger],
    experience: NDArray[np.uint8],
    last: NDArray[np.bool_],
    groups: int,
) -> NDArray[np.int64]:
    """Return [group, column]; touches whose group is `groups` are passed over.

    TOUCHES, BAD, NEUTRAL, GOOD count touches; PERSONS, RATERS and LEAVERS count distinct persons who came,
    rated, or had their last action before leaving there. With good, bad, s = good - bad and n = rated touches
    of one person, the others are sums over persons: SQUARE of s*s, CROSS of s*n, SIZE of n*n, GOOD_SQUARE of
    good*good, BAD_SQUARE of bad*bad and BAD_SIZE of bad*n.
    """
    sums = np.zeros((groups, COLUMNS), np.int64)
    own = np.zeros((groups, 5), np.int64)  # of the person at hand: net, rated, touches, last actions, bad
    met = np.empty(groups, np.int64)
    for person in range(len(offsets) - 1):
        count = 0
        for i in range(offsets[person], offsets[person + 1]):
            g = group[i]
            if g == groups:
                continue
            if own[g, 2] == 0:
                met[count] = g
                count += 1
            own[g, 2] += 1
            own[g, 3] += last[i]
            felt = experience[i]
            if felt > 0:
                own[g, 1] += 1
                own[g, 0] += np.int64(felt) - 2
                own[g, 4] += felt == 1
                sums[g, BAD + felt - 1] += 1
        for k in range(count):
            g = met[k]
            net, rated, bad = own[g, 0], own[g, 1], own[g, 4]
            good = net + bad
            sums[g, TOUCHES] += own[g, 2]
            sums[g, PERSONS] += 1
            sums[g, RATERS] += rated > 0
            sums[g, SQUARE] += net * net
            sums[g, CROSS] += net * rated
            sums[g, SIZE] += rated * rated
            sums[g, LEAVERS] += own[g, 3] > 0
            sums[g, GOOD_SQUARE] += good * good
            sums[g, BAD_SQUARE] += bad * bad
            sums[g, BAD_SIZE] += bad * rated
            own[g, :] = 0
    return sums


@njit(nogil=True, cache=True)
def first_and_last(
    touchpoint: NDArray[np.unsignedinteger], time: NDArray[np.int32], touchpoints: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the time of the first and of the last touch per touchpoint; without any, first > last."""
    first = np.full(touchpoints, NEVER, np.int64)
    last = np.full(touchpoints, -NEVER, np.int64)
    for i in range(len(time)):
        k, t = touchpoint[i], np.int64(time[i])
        first[k] = min(first[k], t)
        last[k] = max(last[k], t)
    return first, last


@njit(nogil=True, cache=True)
def last_action_flags(
    offsets: NDArray[np.int64],
    time: NDArray[np.int32],
    touchpoint: NDArray[np.unsignedinteger],
    leaving: NDArray[np.bool_],
    by_customer: NDArray[np.bool_],
    quiet: int,
    end: int,
) -> NDArray[np.bool_]:
    """Mark the last action before each leaving.

    With `quiet` 0: the touch right before a leaving touch. Otherwise the customer's own touch after which
    they stayed silent for `quiet` seconds within the data.
    """
    last = np.zeros(len(time), np.bool_)
    for person in range(len(offsets) - 1):
        before = -1
        for i in range(offsets[person], offsets[person + 1]):
            code = touchpoint[i]
            if quiet > 0:
                if by_customer[code]:
                    if before >= 0 and np.int64(time[i]) - time[before] > quiet:
                        last[before] = True
                    before = i
            elif leaving[code]:
                if before >= 0:
                    last[before] = True
                before = -1
            else:
                before = i
        if quiet > 0 and before >= 0 and np.int64(time[before]) + quiet <= end:
            last[before] = True
    return last


@njit(nogil=True, cache=True)
def last_action_products(
    offsets: NDArray[np.int64],
    touchpoint: NDArray[np.unsignedinteger],
    counted: NDArray[np.bool_],
    last: NDArray[np.bool_],
    touchpoints: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return per touchpoint, and over everything, the sums over persons that the variance of a lift needs.

    For a person let x and y be the last actions and touches at a touchpoint, n and m those at all counted
    ones. Per touchpoint: xx, xy, yy, xm, xn, ym, yn, x, y; over everything: nn, nm, mm, n, m.
    """
    each = np.zeros((touchpoints, 9), np.int64)
    overall = np.zeros(5, np.int64)
    own = np.zeros((touchpoints, 2), np.int64)
    met = np.empty(touchpoints, np.int64)
    for person in range(len(offsets) - 1):
        count, lasts, touches = 0, 0, 0
        for i in range(offsets[person], offsets[person + 1]):
            code = touchpoint[i]
            if not counted[code]:
                continue
            if own[code, 1] == 0:
                met[count] = code
                count += 1
            own[code, 0] += last[i]
            own[code, 1] += 1
            lasts += last[i]
            touches += 1
        for k in range(count):
            code = met[k]
            x, y = own[code, 0], own[code, 1]
            each[code, LAST_LAST] += x * x
            each[code, LAST_ALL] += x * y
            each[code, ALL_ALL] += y * y
            each[code, LAST_TOUCHES] += x * touches
            each[code, LAST_LASTS] += x * lasts
            each[code, ALL_TOUCHES] += y * touches
            each[code, ALL_LASTS] += y * lasts
            each[code, LASTS] += x
            each[code, TOUCHED] += y
            own[code, :] = 0
        overall[0] += lasts * lasts
        overall[1] += lasts * touches
        overall[2] += touches * touches
        overall[3] += lasts
        overall[4] += touches
    return each, overall
