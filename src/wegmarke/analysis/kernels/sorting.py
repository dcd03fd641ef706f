"""Kernel of the order of touches: by person, then time, then arrival."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FEW = 48
"""So many touches of one person are sorted by insertion; more by merging."""


@njit(nogil=True, cache=True)
def sort_touches(
    person: NDArray[np.int32], time: NDArray[np.int64], persons: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the order of touches given in order of arrival, and the offsets of the persons.

    Two passes put touches with their persons; within a person they mostly are in order already.
    """
    offsets = np.zeros(persons + 1, np.int64)
    for at in range(len(person)):
        offsets[person[at] + 1] += 1
    for one in range(persons):
        offsets[one + 1] += offsets[one]
    free = offsets[:-1].copy()
    order = np.empty(len(person), np.int64)
    for at in range(len(person)):
        one = person[at]
        order[free[one]] = at
        free[one] += 1
    for one in range(persons):
        own = order[offsets[one] : offsets[one + 1]]
        if len(own) > FEW:
            own[:] = own[np.argsort(time[own], kind="mergesort")]
            continue
        for at in range(1, len(own)):
            moved, place = own[at], at
            while place > 0 and time[own[place - 1]] > time[moved]:
                own[place] = own[place - 1]
                place -= 1
            own[place] = moved
    return order, offsets
