"""Count different things by a few thousand small numbers that tell nothing about any of them. Pure.

HyperLogLog (Flajolet and others 2007) with the estimator of Otmar Ertl, "New cardinality estimation
algorithms for HyperLogLog sketches" (2017, algorithm 6), which has no bias at small or middle counts. A
digest of 64 bits chooses one of 2^12 registers by its first 12 bits; the register keeps the longest run of
zeros seen in the rest.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

BITS: Final = 12
REGISTERS: Final = 1 << BITS
LONGEST: Final = 64 - BITS
ERROR: Final = 1.04 / math.sqrt(REGISTERS)
"""Relative standard error of an estimate: 1.6 %."""


def empty() -> bytearray:
    """Return a sketch of nothing."""
    return bytearray(REGISTERS)


def add(registers: bytearray, digest: int) -> None:
    """Count one thing, by a digest of 64 bits."""
    at, rest = digest >> LONGEST, digest & ((1 << LONGEST) - 1)
    registers[at] = max(registers[at], LONGEST - rest.bit_length() + 1)


def together(one: bytes | bytearray, other: bytes | bytearray) -> bytearray:
    """Return the sketch of everything that is in either."""
    return bytearray(map(max, one, other))


def estimate(registers: bytes | bytearray) -> float:
    """Return how many different things were counted."""
    counts = Counter(registers)
    z = REGISTERS * _tau(1.0 - counts[LONGEST + 1] / REGISTERS)
    for run in range(LONGEST, 0, -1):
        z = 0.5 * (z + counts[run])
    z += REGISTERS * _sigma(counts[0] / REGISTERS)
    return REGISTERS * REGISTERS / (2.0 * math.log(2.0)) / z


def _sigma(x: float) -> float:
    if x == 1.0:
        return math.inf
    y, z, before = 1.0, x, -1.0
    while z != before:
        x *= x
        before = z
        z += x * y
        y += y
    return z


def _tau(x: float) -> float:
    if x in (0.0, 1.0):
        return 0.0
    y, z, before = 1.0, 1.0 - x, -1.0
    while z != before:
        x = math.sqrt(x)
        before = z
        y *= 0.5
        z -= (1.0 - x) ** 2 * y
    return z / 3.0
