"""Whole journeys that are alike: how many persons lived each, and which are the most frequent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wegmarke.analysis.kernels.paths import group_journeys, journey_hashes, most_frequent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys


@dataclass(frozen=True, slots=True)
class Variants:
    """Journeys that differ, and how many persons lived each.

    The codes of journey j are `codes[starts[j] : starts[j] + sizes[j]]`. In `hashes` equal journeys have
    equal numbers, and different ones nearly always have different ones.
    """

    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    codes: NDArray[np.unsignedinteger]
    hashes: NDArray[np.uint64]
    counts: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many journeys differ."""
        return len(self.starts)

    @classmethod
    def of(cls, journeys: Journeys, longest: int) -> Variants:
        """Count the journeys of a group of persons, cut after `longest` touches (0: never).

        Persons without a touch are left out.
        """
        sizes = np.diff(journeys.offsets)
        hashes = journey_hashes(journeys.offsets, journeys.touchpoint, longest)
        if longest:
            sizes = np.minimum(sizes, longest)
        lived = sizes > 0
        every = cls(
            starts=journeys.offsets[:-1][lived],
            sizes=sizes[lived],
            codes=journeys.touchpoint,
            hashes=hashes[lived],
            counts=np.ones(int(np.count_nonzero(lived)), np.int64),
        )
        return every.grouped()

    @classmethod
    def together(cls, parts: Sequence[Variants]) -> Variants:
        """Return the variants of several groups of persons."""
        if len(parts) == 1:
            return parts[0]
        before = np.cumsum([0, *(len(part.codes) for part in parts[:-1])])

        def column(name: str) -> NDArray[Any]:
            return np.concatenate([getattr(part, name) for part in parts])

        every = cls(
            starts=np.concatenate([part.starts + at for part, at in zip(parts, before, strict=True)]),
            sizes=column("sizes"),
            codes=column("codes"),
            hashes=column("hashes"),
            counts=column("counts"),
        )
        return every.grouped()

    def grouped(self) -> Variants:
        """Return each journey once."""
        first, counts = group_journeys(self.starts, self.sizes, self.codes, self.hashes, self.counts)
        return Variants(self.starts[first], self.sizes[first], self.codes, self.hashes[first], counts)

    def most_frequent(self, top: int) -> list[tuple[tuple[int, ...], int]]:
        """Return the codes of the most frequent journeys and their persons; ties by length, then by codes."""
        best = most_frequent(self.starts, self.sizes, self.codes, self.counts, top)
        return [(self._codes(int(place)), int(self.counts[place])) for place in best]

    def _codes(self, place: int) -> tuple[int, ...]:
        start = int(self.starts[place])
        return tuple(self.codes[start : start + int(self.sizes[place])].tolist())
