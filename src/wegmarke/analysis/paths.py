"""Real paths: which touchpoint follows which, whole variants, and the first steps as flows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wegmarke.analysis.asking import OnePass
from wegmarke.analysis.estimates import share
from wegmarke.analysis.insight import FlowLink, PathsInsight, Transition, Variant
from wegmarke.analysis.kernels.paths import flow_counts, journey_hashes, same_as_first, transition_counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys


@dataclass(frozen=True, slots=True)
class PathsTally:
    """Counts of transitions, of whole variants (keyed by their codes), and of the first moves."""

    persons: int
    touches: int
    transitions: NDArray[np.int64]
    variants: Mapping[tuple[int, ...], int]
    flows: NDArray[np.int64]
    touchpoints: tuple[str, ...]

    def __add__(self, other: PathsTally) -> PathsTally:
        """Return the tally of both groups."""
        variants = dict(self.variants)
        for codes, persons in other.variants.items():
            variants[codes] = variants.get(codes, 0) + persons
        return PathsTally(
            self.persons + other.persons,
            self.touches + other.touches,
            self.transitions + other.transitions,
            variants,
            self.flows + other.flows,
            self.touchpoints,
        )


@dataclass(frozen=True, slots=True)
class PathsQuestion(OnePass):
    """`first_steps` moves are kept for the flow picture; `longest` cuts variants (0: the whole journey)."""

    first_steps: int = 5
    top_variants: int = 50
    longest: int = 0

    def tally(self, journeys: Journeys, found: tuple[Any, ...]) -> PathsTally:  # noqa: ARG002 - one pass
        """Count transitions, variants and first moves."""
        k = len(journeys.landscape.touchpoints)
        return PathsTally(
            persons=int(np.count_nonzero(np.diff(journeys.offsets))),
            touches=journeys.touches,
            transitions=transition_counts(journeys.offsets, journeys.touchpoint, k),
            variants=count_variants(journeys, self.longest),
            flows=flow_counts(journeys.offsets, journeys.touchpoint, self.first_steps, k),
            touchpoints=journeys.landscape.touchpoints,
        )

    def finish(self, found: tuple[Any, ...]) -> PathsInsight:
        """Return transitions and variants, most frequent first."""
        tally: PathsTally = found[0]
        ranked = sorted(tally.variants.items(), key=lambda item: (-item[1], len(item[0]), item[0]))
        names = tally.touchpoints
        return PathsInsight(
            persons=tally.persons,
            touches=tally.touches,
            transitions=_transitions(tally),
            variants_total=len(tally.variants),
            variants=tuple(
                Variant(tuple(names[c] for c in codes), persons, share(persons, tally.persons))
                for codes, persons in ranked[: self.top_variants]
            ),
            flows=_flows(tally),
        )


def count_variants(journeys: Journeys, longest: int) -> dict[tuple[int, ...], int]:
    """Return how many persons lived each sequence; persons without a touch are left out.

    Journeys are grouped by a 64-bit hash and then compared touch by touch with their group's first, so a
    collision of hashes cannot merge two variants.
    """
    offsets, codes = journeys.offsets, journeys.touchpoint
    persons = np.flatnonzero(np.diff(offsets)).astype(np.int64)
    if not len(persons):
        return {}
    hashes = journey_hashes(offsets, codes, longest)[persons]
    _, first, group, counts = np.unique(hashes, return_index=True, return_inverse=True, return_counts=True)
    same = same_as_first(offsets, codes, persons, persons[first][group], longest)
    counts = counts - np.bincount(group[~same], minlength=len(counts))
    variants: dict[tuple[int, ...], int] = {}
    for person, count in zip(persons[first], counts, strict=True):
        variants[_codes(journeys, int(person), longest)] = int(count)
    for person in persons[~same]:
        key = _codes(journeys, int(person), longest)
        variants[key] = variants.get(key, 0) + 1
    return variants


def _codes(journeys: Journeys, person: int, longest: int) -> tuple[int, ...]:
    first, last = int(journeys.offsets[person]), int(journeys.offsets[person + 1])
    if longest:
        last = min(last, first + longest)
    return tuple(journeys.touchpoint[first:last].tolist())


def _transitions(tally: PathsTally) -> tuple[Transition, ...]:
    names = (*tally.touchpoints, None)
    sources, targets = np.nonzero(tally.transitions)
    counts = tally.transitions[sources, targets]
    order = np.argsort(-counts, kind="stable")
    return tuple(Transition(names[sources[i]], names[targets[i]], int(counts[i])) for i in order)


def _flows(tally: PathsTally) -> tuple[FlowLink, ...]:
    names = (*tally.touchpoints, None)
    steps, sources, targets = np.nonzero(tally.flows)
    return tuple(
        FlowLink(int(step), tally.touchpoints[source], names[target], int(tally.flows[step, source, target]))
        for step, source, target in zip(steps, sources, targets, strict=True)
    )
