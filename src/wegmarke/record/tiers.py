"""Which small files to write into one, so that there are few and no row is written anew too often.

A run of files is worth merging where there are at least `FAN` of them and the whole is at least `GROWTH`
times as large as the largest. So each time a row is written anew it comes into a file at least that much
larger than the one before, which bounds how often that can happen; and of files that are not worth merging
each is larger than a third of all smaller ones together, which bounds how many there can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FAN: Final = 8
GROWTH: Final = 4
LONGEST: Final = 256
"""Files merged at a time, which bounds a step where very many small ones have gathered."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What counts as small: sizes below `floor` count as `floor`, files of at least `large` are left alone.

    Merging ends before the new file would be larger than `most`. All in bytes.
    """

    floor: int
    large: int
    most: int


def run_to_merge(sizes: Sequence[int], limits: Sizes) -> range | None:
    """Return the places of the neighbours to merge, the smallest first; None where all is well."""
    weights = [max(size, limits.floor) for size in sizes]
    for bound in sorted({weight for weight in weights if weight < limits.large}):
        for run in _runs(weights, bound):
            own = [weights[at] for at in run]
            if len(run) >= FAN and GROWTH * max(own) <= sum(own):
                return _cut(run, weights, limits.most)
    return None


def _runs(weights: Sequence[int], bound: int) -> Iterator[range]:
    """Return the longest stretches of neighbours that weigh at most `bound` each."""
    start = 0
    for at, weight in enumerate([*weights, bound + 1]):
        if weight > bound:
            if at > start:
                yield range(start, at)
            start = at + 1


def _cut(run: range, weights: Sequence[int], most: int) -> range:
    """Return the beginning of a run that one step can merge, at least two files."""
    run, total = run[:LONGEST], 0
    for at in run:
        total += weights[at]
        if total > most and at > run.start + 1:
            return range(run.start, at)
    return run
