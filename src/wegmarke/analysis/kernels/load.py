"""How many touches and contacts each person has in each group of touches."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

TOUCHES, PERSONS, SQUARES = range(3)
ONE, TWO, THREE_TO_FIVE, SIX_TO_TEN, MORE = range(5)
BINS = 5
KINDS = 3 + BINS
"""Columns for touches; the same follow for contacts."""


@njit(nogil=True, cache=True)
def _bin(count: int) -> int:
    if count <= 2:  # noqa: PLR2004 - the bins are 1, 2, 3-5, 6-10, more
        return count - 1
    if count <= 5:  # noqa: PLR2004
        return THREE_TO_FIVE
    return SIX_TO_TEN if count <= 10 else MORE  # noqa: PLR2004


@njit(nogil=True, cache=True)
def load_sums(
    offsets: NDArray[np.int64],
    group: NDArray[np.unsignedinteger],
    touchpoint: NDArray[np.unsignedinteger],
    contact: NDArray[np.bool_],
    groups: int,
) -> NDArray[np.int64]:
    """Return [group, column]; touches whose group is `groups` are passed over.

    `contact[code]` tells whether a touch at this touchpoint is a contact. Columns: number of touches, persons
    with any, the sum over persons of their squared number, persons with 1, 2, 3-5, 6-10, more; then the same
    of contacts.
    """
    sums = np.zeros((groups, 2 * KINDS), np.int64)
    own = np.zeros((groups, 2), np.int64)
    met = np.empty(groups, np.int64)
    for person in range(len(offsets) - 1):
        count = 0
        for i in range(offsets[person], offsets[person + 1]):
            g = group[i]
            if g == groups:
                continue
            if own[g, 0] == 0:
                met[count] = g
                count += 1
            own[g, 0] += 1
            own[g, 1] += contact[touchpoint[i]]
        for k in range(count):
            g = met[k]
            for kind in range(2):
                n = own[g, kind]
                if n > 0:
                    first = kind * KINDS
                    sums[g, first + TOUCHES] += n
                    sums[g, first + PERSONS] += 1
                    sums[g, first + SQUARES] += n * n
                    sums[g, first + 3 + _bin(n)] += 1
            own[g, :] = 0
    return sums
