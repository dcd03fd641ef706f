"""For every touch: is its outcome known, was the person still there, did they leave, did they move on."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

AT_RISK = 1
LEFT = 2
MOVED_ON = 4

NEVER = np.int64(2**62)
"""A time that no horizon reaches."""


@njit(nogil=True, cache=True)
def outcome_flags(
    offsets: NDArray[np.int64],
    time: NDArray[np.int32],
    touchpoint: NDArray[np.unsignedinteger],
    leaving: NDArray[np.bool_],
    advancing: NDArray[np.bool_],
    phase: NDArray[np.uint16],
    by_customer: NDArray[np.bool_],
    quiet: int,
    horizon: int,
    end: int,
) -> NDArray[np.uint8]:
    """Return one byte per touch of the flags AT_RISK, LEFT and MOVED_ON.

    `leaving`, `advancing`, `phase` and `by_customer` have one entry per touchpoint. `phase` other than 0
    makes the first touch in a later phase an advance. `quiet` in seconds, 0 where leaving is an event.
    AT_RISK: the outcome of the horizon can be seen within the data, the touch is not the leaving itself, and
    the person has not left before it. LEFT and MOVED_ON look at what comes after the touch, up to `horizon`
    seconds; a silence counts when it begins within the horizon, and is seen `quiet` seconds later.
    """
    flags = np.zeros(len(time), np.uint8)
    for person in range(len(offsets) - 1):
        first, last = offsets[person], offsets[person + 1]
        if quiet > 0:
            _silences(flags, first, last, time, touchpoint, by_customer, quiet, horizon)
        else:
            _departures(flags, first, last, time, touchpoint, leaving, advancing, horizon)
        _advances(flags, first, last, time, touchpoint, advancing, phase, by_customer, horizon)
        for i in range(first, last):
            if time[i] + np.int64(horizon) + quiet > end or leaving[touchpoint[i]]:
                flags[i] &= ~np.uint8(AT_RISK)
    return flags


@njit(nogil=True, cache=True)
def _departures(flags, first, last, time, touchpoint, leaving, advancing, horizon):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Leaving is a touch. Who has left is no longer at risk until an advance brings them back."""
    pending = first
    gone = False
    for j in range(first, last):
        code = touchpoint[j]
        if leaving[code]:
            for i in range(pending, j):
                if np.int64(time[j]) - time[i] <= horizon:
                    flags[i] |= np.uint8(LEFT)
            pending = j
            gone = True
        else:
            if gone and advancing[code]:
                gone = False
            if not gone:
                flags[j] |= np.uint8(AT_RISK)


@njit(nogil=True, cache=True)
def _silences(flags, first, last, time, touchpoint, by_customer, quiet, horizon):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Leaving is silence of `quiet` seconds; it happens at the customer's own touch after which it begins.

    A contact by the company during a silence that has not lasted long enough meets somebody who may still
    come back, so it is at risk; whether the silence began before or after it must not decide that.
    """
    # Backwards: `departure` is the first own touch after which the person falls silent.
    departure = NEVER
    following = NEVER
    i = last - 1
    while i >= first:
        # Run back to the latest touch of the customer, then judge the company's touches after it.
        c = i
        while c >= first and not by_customer[touchpoint[c]]:
            c -= 1
        if c < first:
            break  # only contacts by the company before the first own touch: nobody there who could leave
        falls_silent = following - time[c] > quiet
        if falls_silent:
            departure = np.int64(time[c])
        for j in range(c, i + 1):
            if falls_silent and j > c and departure + quiet <= time[j]:
                continue  # gone already when this contact came
            flags[j] |= np.uint8(AT_RISK)
            if departure - time[j] <= horizon:
                flags[j] |= np.uint8(LEFT)
        following = np.int64(time[c])
        i = c - 1


@njit(nogil=True, cache=True)
def _advances(flags, first, last, time, touchpoint, advancing, phase, by_customer, horizon):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Look for moving on: the next goal, or the next phase reached by the customer's own step."""
    pending = first
    reached = 0
    for j in range(first, last):
        code = touchpoint[j]
        later = phase[code] > reached and by_customer[code]
        if advancing[code] or (later and reached > 0):
            for i in range(pending, j):
                if np.int64(time[j]) - time[i] <= horizon:
                    flags[i] |= np.uint8(MOVED_ON)
            pending = j
        if later:
            reached = phase[code]
