"""Real paths: which touchpoint follows which, whole variants, and the first steps as flows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wegmarke.analysis.asking import OnePass
from wegmarke.analysis.estimates import share
from wegmarke.analysis.insight import FlowLink, PathsInsight, Transition, Variant
from wegmarke.analysis.kernels.paths import flow_counts, transition_counts
from wegmarke.analysis.variants import Variants

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys


DENSE_TOUCHPOINTS = 512
"""Up to here all pairs of touchpoints fit into one small table; above, only those that occur are kept."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each key occurs; keys ascend."""

    keys: NDArray[np.int64]
    counts: NDArray[np.int64]

    def __add__(self, other: Counts) -> Counts:
        """Return the counts of both."""
        keys, place = np.unique(np.concatenate([self.keys, other.keys]), return_inverse=True)
        counts = np.zeros(len(keys), np.int64)
        np.add.at(counts, place, np.concatenate([self.counts, other.counts]))
        return Counts(keys, counts)

    @classmethod
    def of_table(cls, table: NDArray[np.int64]) -> Counts:
        """Keep what is not 0; the key is the place in the flattened table."""
        flat = table.ravel()
        keys = np.flatnonzero(flat)
        return cls(keys.astype(np.int64), flat[keys])

    @classmethod
    def of_keys(cls, keys: NDArray[np.int64]) -> Counts:
        """Count keys as they come."""
        found, counts = np.unique(keys, return_counts=True)
        return cls(found.astype(np.int64), counts.astype(np.int64))


@dataclass(frozen=True, slots=True)
class PathsTally:
    """Counts of transitions, of whole variants (one entry per group of persons), and of the first moves.

    With K touchpoints a transition's key is source * (K + 1) + target, K being start or end; a move's key is
    (step * K + source) * (K + 1) + target. Variants are put together once, in the end: most journeys of many
    touches are lived by one person only, so every adding up would copy nearly all of them.
    """

    persons: int
    touches: int
    transitions: Counts
    variants: tuple[Variants, ...]
    flows: Counts
    touchpoints: tuple[str, ...]

    def __add__(self, other: PathsTally) -> PathsTally:
        """Return the tally of both groups."""
        return PathsTally(
            self.persons + other.persons,
            self.touches + other.touches,
            self.transitions + other.transitions,
            self.variants + other.variants,
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
        return PathsTally(
            persons=int(np.count_nonzero(np.diff(journeys.offsets))),
            touches=journeys.touches,
            transitions=count_transitions(journeys),
            variants=(Variants.of(journeys, self.longest),),
            flows=count_flows(journeys, self.first_steps),
            touchpoints=journeys.landscape.touchpoints,
        )

    def finish(self, found: tuple[Any, ...]) -> PathsInsight:
        """Return transitions and variants, most frequent first."""
        tally: PathsTally = found[0]
        variants = Variants.together(tally.variants)
        names = tally.touchpoints
        return PathsInsight(
            persons=tally.persons,
            touches=tally.touches,
            transitions=_transitions(tally),
            variants_total=len(variants),
            variants=tuple(
                Variant(tuple(names[c] for c in codes), persons, share(persons, tally.persons))
                for codes, persons in variants.most_frequent(self.top_variants)
            ),
            flows=_flows(tally),
        )


def count_transitions(journeys: Journeys) -> Counts:
    """Return how often each touchpoint follows each other one."""
    k = len(journeys.landscape.touchpoints)
    if k <= DENSE_TOUCHPOINTS:
        return Counts.of_table(transition_counts(journeys.offsets, journeys.touchpoint, k))
    if not journeys.touches:
        return Counts.of_keys(np.zeros(0, np.int64))
    codes = journeys.touchpoint.astype(np.int64)
    starts = journeys.offsets[:-1][np.diff(journeys.offsets) > 0]
    before = np.concatenate([[k], codes[:-1]])
    before[starts] = k
    ends = np.concatenate([starts[1:], [len(codes)]]) - 1
    return Counts.of_keys(np.concatenate([before * (k + 1) + codes, codes[ends] * (k + 1) + k]))


def count_flows(journeys: Journeys, steps: int) -> Counts:
    """Return how often persons go from one touchpoint to the next, or end, as their first, second, … move."""
    k = len(journeys.landscape.touchpoints)
    if k <= DENSE_TOUCHPOINTS:
        return Counts.of_table(flow_counts(journeys.offsets, journeys.touchpoint, steps, k))
    codes = np.concatenate([journeys.touchpoint.astype(np.int64), [k]])
    keys = []
    for step in range(steps):
        here = journeys.offsets[:-1] + step
        here = here[here < journeys.offsets[1:]]
        last = journeys.offsets[1:][journeys.offsets[:-1] + step < journeys.offsets[1:]] - 1
        target = np.where(here == last, k, codes[here + 1])
        keys.append((step * k + codes[here]) * (k + 1) + target)
    return Counts.of_keys(np.concatenate(keys) if keys else np.zeros(0, np.int64))


def _transitions(tally: PathsTally) -> tuple[Transition, ...]:
    names = (*tally.touchpoints, None)
    sources, targets = np.divmod(tally.transitions.keys, len(names))
    counts = tally.transitions.counts
    order = np.argsort(-counts, kind="stable")
    return tuple(Transition(names[sources[i]], names[targets[i]], int(counts[i])) for i in order)


def _flows(tally: PathsTally) -> tuple[FlowLink, ...]:
    names = (*tally.touchpoints, None)
    moves, targets = np.divmod(tally.flows.keys, len(names))
    steps, sources = np.divmod(moves, max(len(tally.touchpoints), 1))
    return tuple(
        FlowLink(int(step), tally.touchpoints[source], names[target], int(count))
        for step, source, target, count in zip(steps, sources, targets, tally.flows.counts, strict=True)
    )
