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
def same_as_first(
    offsets: NDArray[np.int64],
    touchpoint: NDArray[np.unsignedinteger],
    persons: NDArray[np.int64],
    representatives: NDArray[np.int64],
    longest: int,
) -> NDArray[np.bool_]:
    """Tell for each person whether their touchpoints really equal those of their representative."""
    same = np.ones(len(persons), np.bool_)
    for k in range(len(persons)):
        a, b = offsets[persons[k]], offsets[representatives[k]]
        size = offsets[persons[k] + 1] - a
        other = offsets[representatives[k] + 1] - b
        if longest > 0:
            size, other = min(size, longest), min(other, longest)
        if size != other:
            same[k] = False
            continue
        for i in range(size):
            if touchpoint[a + i] != touchpoint[b + i]:
                same[k] = False
                break
    return same


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
