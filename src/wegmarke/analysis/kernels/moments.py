"""The passes of the moments that matter: situations before each touch, the risk table, clustered sums."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from wegmarke.analysis.kernels.outcomes import AT_RISK, LEFT, MOVED_ON

TENURE, SINCE_LAST, RECENT, BAD_SO_FAR, PHASE = range(5)
FEATURES = 5

TOUCHED, RISK_LEFT, RISK_MOVED = range(3)

TREATED_SQUARE, CONTROL_SQUARE, PRODUCT, TREATED_PERSONS, CONTROL_PERSONS = range(5)
SUMS = 5


@njit(nogil=True, cache=True)
def _bin(value: int, edges: NDArray[np.int64]) -> int:
    """Return the last bin whose lower bound is at most `value`; edges[0] must be the smallest value."""
    low, high = 0, len(edges)
    while high - low > 1:
        middle = (low + high) // 2
        if edges[middle] <= value:
            low = middle
        else:
            high = middle
    return low


@njit(nogil=True, cache=True)
def situation_bins(
    offsets: NDArray[np.int64],
    time: NDArray[np.int32],
    touchpoint: NDArray[np.unsignedinteger],
    experience: NDArray[np.uint8],
    phase: NDArray[np.uint8],
    seconds: NDArray[np.int64],
    counts: NDArray[np.int64],
    window: int,
) -> NDArray[np.uint8]:
    """Return the situation just before each touch as fine bins [touch, feature].

    TENURE and SINCE_LAST are bins of `seconds` (a first touch has waited longest: the last bin); RECENT, the
    touches of the last `window` seconds, and BAD_SO_FAR are bins of `counts`; PHASE is the phase of the
    latest touch that had one, 0 before.
    """
    bins = np.zeros((len(time), FEATURES), np.uint8)
    longest = len(seconds) - 1
    for person in range(len(offsets) - 1):
        first = offsets[person]
        oldest = first
        bad = 0
        now_in = np.uint8(0)
        for i in range(first, offsets[person + 1]):
            while np.int64(time[i]) - time[oldest] > window:
                oldest += 1
            bins[i, TENURE] = _bin(np.int64(time[i]) - time[first], seconds)
            bins[i, SINCE_LAST] = _bin(np.int64(time[i]) - time[i - 1], seconds) if i > first else longest
            bins[i, RECENT] = _bin(i - oldest, counts)
            bins[i, BAD_SO_FAR] = _bin(bad, counts)
            bins[i, PHASE] = now_in
            bad += experience[i] == 1
            here = phase[touchpoint[i]]
            if here > 0:
                now_in = here
    return bins


@njit(nogil=True, cache=True)
def feature_histograms(
    bins: NDArray[np.uint8], experience: NDArray[np.uint8], flags: NDArray[np.uint8]
) -> NDArray[np.int64]:
    """Return counts [feature, bin, (touches, left, moved on, bad)] over the touches at risk."""
    table = np.zeros((FEATURES, 256, 4), np.int64)
    for i in range(len(flags)):
        if flags[i] & AT_RISK == 0:
            continue
        left = (flags[i] & LEFT) != 0
        moved = (flags[i] & MOVED_ON) != 0
        bad = experience[i] == 1
        for f in range(FEATURES):
            b = bins[i, f]
            table[f, b, 0] += 1
            table[f, b, 1] += left
            table[f, b, 2] += moved
            table[f, b, 3] += bad
    return table


@njit(nogil=True, cache=True)
def attribute_histogram(
    offsets: NDArray[np.int64],
    codes: NDArray[np.unsignedinteger],
    experience: NDArray[np.uint8],
    flags: NDArray[np.uint8],
    labels: int,
) -> NDArray[np.int64]:
    """Return counts [label, (touches, left, moved on, bad)] over the touches at risk."""
    table = np.zeros((labels, 4), np.int64)
    for person in range(len(offsets) - 1):
        row = table[codes[person]]
        for i in range(offsets[person], offsets[person + 1]):
            if flags[i] & AT_RISK:
                row[0] += 1
                row[1] += (flags[i] & LEFT) != 0
                row[2] += (flags[i] & MOVED_ON) != 0
                row[3] += experience[i] == 1
    return table


@njit(nogil=True, cache=True)
def strata_of(
    offsets: NDArray[np.int64], bins: NDArray[np.uint8], weights: NDArray[np.int64], base: NDArray[np.int64]
) -> NDArray[np.uint16]:
    """Return the stratum of each touch: `base` of its person plus `weights[feature, bin]`."""
    strata = np.empty(len(bins), np.uint16)
    for person in range(len(offsets) - 1):
        own = base[person]
        for i in range(offsets[person], offsets[person + 1]):
            code = own
            for f in range(FEATURES):
                code += weights[f, bins[i, f]]
            strata[i] = code
    return strata


@njit(nogil=True, cache=True)
def risk_table(
    strata: NDArray[np.uint16],
    judged: NDArray[np.uint16],
    experience: NDArray[np.uint8],
    flags: NDArray[np.uint8],
    size: tuple[int, int],
) -> NDArray[np.int64]:
    """Return counts [stratum, touchpoint, experience, (touches, left, moved on)] over the touches at risk."""
    table = np.zeros((size[0], size[1], 4, 3), np.int64)
    for i in range(len(flags)):
        if flags[i] & AT_RISK:
            cell = table[strata[i], judged[i], experience[i]]
            cell[TOUCHED] += 1
            cell[RISK_LEFT] += (flags[i] & LEFT) != 0
            cell[RISK_MOVED] += (flags[i] & MOVED_ON) != 0
    return table


@njit(nogil=True, cache=True)
def person_quarters(
    offsets: NDArray[np.int64],
    time: NDArray[np.int32],
    judged: NDArray[np.uint16],
    experience: NDArray[np.uint8],
    size: tuple[int, int],
) -> NDArray[np.int64]:
    """Return per touchpoint the distinct (person, quarter) pairs with a bad and with a good experience.

    `size` is the number of touchpoints and the length of a quarter in seconds.
    """
    touchpoints, quarter = size
    counts = np.zeros((touchpoints, 2), np.int64)
    seen = np.full((touchpoints, 2), -1, np.int64)
    owner = np.full((touchpoints, 2), -1, np.int64)
    for person in range(len(offsets) - 1):
        for i in range(offsets[person], offsets[person + 1]):
            felt = experience[i]
            if felt != 1 and felt != 3:  # noqa: PLR1714, PLR2004 - numba is faster so
                continue
            side = 0 if felt == 1 else 1
            here = np.int64(time[i]) // quarter
            t = judged[i]
            if owner[t, side] != person or seen[t, side] != here:
                counts[t, side] += 1
                owner[t, side] = person
                seen[t, side] = here
    return counts


@njit(nogil=True, cache=True)
def rated_sums(
    offsets: NDArray[np.int64],
    strata: NDArray[np.uint16],
    judged: NDArray[np.uint16],
    experience: NDArray[np.uint8],
    flags: NDArray[np.uint8],
    outcome: int,
    influence: NDArray[np.float64],
    arm: NDArray[np.int8],
) -> NDArray[np.int64]:
    """Add up the influence of rated touches per person, then squares and products over persons.

    `influence` is [stratum, touchpoint, experience, outcome 0/1]; `arm[experience]` is 1 for treated, 0 for
    control, -1 for neither. Returns [touchpoint, SUMS].
    """
    touchpoints = influence.shape[1]
    sums = np.zeros((touchpoints, SUMS), np.int64)
    own = np.zeros((touchpoints, 4), np.float64)
    met = np.empty(touchpoints, np.int64)
    for person in range(len(offsets) - 1):
        count = 0
        for i in range(offsets[person], offsets[person + 1]):
            side = arm[experience[i]]
            if side < 0 or flags[i] & AT_RISK == 0:
                continue
            t = judged[i]
            amount = influence[strata[i], t, experience[i], 1 if flags[i] & outcome else 0]
            if np.isnan(amount):
                continue  # outside common support
            if own[t, 2] == 0 and own[t, 3] == 0:
                met[count] = t
                count += 1
            own[t, 1 - side] += amount
            own[t, 3 - side] += 1
        for k in range(count):
            t = met[k]
            a, b = own[t, 0], own[t, 1]
            # Whole numbers per person: sums of them are the same however the persons are split.
            sums[t, TREATED_SQUARE] += np.int64(np.rint(a * a))
            sums[t, CONTROL_SQUARE] += np.int64(np.rint(b * b))
            sums[t, PRODUCT] += np.int64(np.rint(a * b))
            sums[t, TREATED_PERSONS] += own[t, 2] > 0
            sums[t, CONTROL_PERSONS] += own[t, 3] > 0
            own[t, :] = 0
    return sums


@njit(nogil=True, cache=True)
def touched_sums(
    offsets: NDArray[np.int64],
    strata: NDArray[np.uint16],
    judged: NDArray[np.uint16],
    flags: NDArray[np.uint8],
    outcome: int,
    treated: NDArray[np.float64],
    control: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Like `rated_sums`, for touched by T against touched by anything else in the same stratum.

    `treated` and `control` are [stratum, outcome 0/1, touchpoint]; a touch adds the whole control row of its
    stratum but for its own touchpoint, so the inner loop runs over neighbouring numbers.
    """
    touchpoints = treated.shape[2]
    sums = np.zeros((touchpoints, SUMS), np.int64)
    a = np.zeros(touchpoints, np.float64)
    b = np.zeros(touchpoints, np.float64)
    came = np.zeros(touchpoints, np.int64)
    for person in range(len(offsets) - 1):
        touches = 0
        for i in range(offsets[person], offsets[person + 1]):
            if flags[i] & AT_RISK == 0:
                continue
            y = 1 if flags[i] & outcome else 0
            s, t = strata[i], judged[i]
            row = control[s, y]
            for k in range(touchpoints):
                b[k] += row[k]
            b[t] -= row[t]
            a[t] += treated[s, y, t]
            came[t] += 1
            touches += 1
        if touches == 0:
            continue
        for k in range(touchpoints):
            sums[k, TREATED_SQUARE] += np.int64(np.rint(a[k] * a[k]))
            sums[k, CONTROL_SQUARE] += np.int64(np.rint(b[k] * b[k]))
            sums[k, PRODUCT] += np.int64(np.rint(a[k] * b[k]))
            sums[k, TREATED_PERSONS] += came[k] > 0
            sums[k, CONTROL_PERSONS] += touches > came[k]
            a[k] = 0.0
            b[k] = 0.0
            came[k] = 0
    return sums
