"""Counting what follows what."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def transition_counts(
    offsets: NDArray[np.int64], touchpoint: NDArray[np.unsignedinteger], touchpoints: int
) -> NDArray[np.int64]:
    """Return counts [source, target]; the last row is the start of a journey, the last column its end."""
    counts = np.zeros((touchpoints + 1, touchpoints + 1), np.int64)
    # Flat over all neighbours, then repaired at the borders of persons: no branch in the long loop.
    for i in range(len(touchpoint) - 1):
        counts[touchpoint[i], touchpoint[i + 1]] += 1
    for person in range(len(offsets) - 1):
        first, last = offsets[person], offsets[person + 1]
        if first == last:
            continue
        if first > 0:
            counts[touchpoint[first - 1], touchpoint[first]] -= 1
        counts[touchpoints, touchpoint[first]] += 1
        counts[touchpoint[last - 1], touchpoints] += 1
    return counts


@njit(nogil=True, cache=True)
def journey_hashes(
    offsets: NDArray[np.int64], touchpoint: NDArray[np.unsignedinteger], longest: int
) -> NDArray[np.uint64]:
    """Return one 64-bit hash per person over the first `longest` touchpoints (0: all) and their number."""
    hashes = np.empty(len(offsets) - 1, np.uint64)
    for person in range(len(offsets) - 1):
        first, last = offsets[person], offsets[person + 1]
        if longest > 0 and last - first > longest:
            last = first + longest
        h = np.uint64(1469598103934665603) ^ np.uint64(last - first)
        for i in range(first, last):
            # splitmix64 step: every bit of the code reaches every bit of the hash
            h += np.uint64(touchpoint[i]) + np.uint64(0x9E3779B97F4A7C15)
            h = (h ^ (h >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            h = (h ^ (h >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            h ^= h >> np.uint64(31)
        hashes[person] = h
    return hashes


@njit(nogil=True, cache=True)
def _equal(codes: NDArray[np.unsignedinteger], a: int, b: int, size: int) -> bool:
    """Tell whether the `size` codes from a on are those from b on."""
    for i in range(size):  # noqa: SIM110 - machine code
        if codes[a + i] != codes[b + i]:
            return False
    return True


@njit(nogil=True, cache=True)
def group_journeys(
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    codes: NDArray[np.unsignedinteger],
    hashes: NDArray[np.uint64],
    weights: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first place of each distinct journey, in this order, and the weights of its like added up.

    A table of places by hash, open-addressed. Where hashes are equal the codes are compared as well, so a
    collision costs time and changes nothing.
    """
    slots = 1
    while slots < 2 * len(starts):
        slots *= 2
    table = np.full(slots, -1, np.int64)
    first = np.empty(len(starts), np.int64)
    counts = np.zeros(len(starts), np.int64)
    found = 0
    for j in range(len(starts)):
        slot = np.int64(hashes[j] & np.uint64(slots - 1))
        while True:
            group = table[slot]
            if group < 0:
                table[slot] = found
                first[found] = j
                counts[found] = weights[j]
                found += 1
                break
            like = first[group]
            if (
                hashes[like] == hashes[j]
                and sizes[like] == sizes[j]
                and _equal(codes, starts[like], starts[j], sizes[j])
            ):
                counts[group] += weights[j]
                break
            slot = (slot + 1) & (slots - 1)
    return first[:found].copy(), counts[:found].copy()


@njit(nogil=True, cache=True)
def _stands_before(
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    codes: NDArray[np.unsignedinteger],
    counts: NDArray[np.int64],
    pair: tuple[int, int],
) -> bool:
    """Tell whether the first of two journeys stands before the second: more often, shorter, lower codes."""
    a, b = pair
    if counts[a] != counts[b]:
        return bool(counts[a] > counts[b])
    if sizes[a] != sizes[b]:
        return bool(sizes[a] < sizes[b])
    for i in range(sizes[a]):
        one, other = codes[starts[a] + i], codes[starts[b] + i]
        if one != other:
            return bool(one < other)
    return False


@njit(nogil=True, cache=True)
def most_frequent(
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    codes: NDArray[np.unsignedinteger],
    counts: NDArray[np.int64],
    top: int,
) -> NDArray[np.int64]:
    """Return the places of the `top` most frequent journeys, in order; ties by length, then by codes."""
    best = np.empty(min(top, len(starts)), np.int64)
    if len(best) == 0:
        return best
    held = 0
    for j in range(len(starts)):
        if held == len(best):
            if not _stands_before(starts, sizes, codes, counts, (j, best[held - 1])):
                continue
            held -= 1
        place = held
        while place > 0 and _stands_before(starts, sizes, codes, counts, (j, best[place - 1])):
            best[place] = best[place - 1]
            place -= 1
        best[place] = j
        held += 1
    return best


@njit(nogil=True, cache=True)
def flow_counts(
    offsets: NDArray[np.int64], touchpoint: NDArray[np.unsignedinteger], steps: int, touchpoints: int
) -> NDArray[np.int64]:
    """Return counts [step, source, target] over the first `steps` moves; target `touchpoints` is the end."""
    counts = np.zeros((steps, touchpoints, touchpoints + 1), np.int64)
    for person in range(len(offsets) - 1):
        first, last = offsets[person], offsets[person + 1]
        for step in range(min(steps, last - first)):
            i = first + step
            target = touchpoint[i + 1] if i + 1 < last else touchpoints
            counts[step, touchpoint[i], target] += 1
    return counts
