"""Which small files to write into one, so that there are few and no row is written anew too often.

A run of files is worth merging where there are at least `FAN` of them and the largest is at most half of the
whole: each time a row is written anew its file at least doubles, so a row is written anew at most as often as
the size doubles from the smallest file to the largest, and usually once for every factor of `FAN`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FAN: Final = 8


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
            if len(run) >= FAN and 2 * max(own) <= sum(own):
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
    total = 0
    for at in run:
        total += weights[at]
        if total > most and at > run.start + 1:
            return range(run.start, at)
    return run
