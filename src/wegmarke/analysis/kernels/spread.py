"""Products of what persons felt at one touchpoint with what they felt at all of them."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def residual_products(
    offsets: NDArray[np.int64],
    touchpoint: NDArray[np.unsignedinteger],
    experience: NDArray[np.uint8],
    group: NDArray[np.int64],
    column: NDArray[np.int64],
    mean: NDArray[np.float64],
    weight: NDArray[np.float64],
    unit: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return [group, column] the sums over persons of (residual there) * (residuals at all columns).

    `group` is per person, `column` per touchpoint code (-1: passed over). A rated touch has the residual
    (-1, 0 or 1, less `mean`) * `weight`, both [group, column]; weight 0 passes it over. The last column is
    the sum of squares over all columns. Products are counted in whole `unit`s, [group, column + 1]: whole
    numbers add up to the same however the persons are split.
    """
    columns = mean.shape[1]
    sums = np.zeros((mean.shape[0], columns + 1), np.int64)
    own = np.zeros(columns, np.float64)
    came = np.zeros(columns, np.bool_)
    met = np.empty(columns, np.int64)
    for person in range(len(offsets) - 1):
        g = group[person]
        count = 0
        for i in range(offsets[person], offsets[person + 1]):
            felt = experience[i]
            if felt == 0:
                continue
            c = column[touchpoint[i]]
            if c < 0 or weight[g, c] == 0:
                continue
            if not came[c]:
                came[c] = True
                met[count] = c
                count += 1
            own[c] += (np.float64(felt) - 2.0 - mean[g, c]) * weight[g, c]
        total = 0.0
        for k in range(count):
            total += own[met[k]]
        for k in range(count):
            c = met[k]
            sums[g, c] += np.int64(np.rint(own[c] * total / unit[g, c]))
            own[c] = 0.0
            came[c] = False
        if count > 0:
            sums[g, columns] += np.int64(np.rint(total * total / unit[g, columns]))
    return sums
