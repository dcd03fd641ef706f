"""Strata of like situations just before a touch: how they are cut, and why there.

Coarsened exact matching (Iacus, King & Porro 2012) compares touches only with touches in the same stratum.
The budget of strata is spent where it matters: from one stratum on, the cut is added next that explains most
of who leaves, who moves on and who has a bad experience, measured against how many strata it costs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wegmarke.analysis.insight import SituationLevel
from wegmarke.analysis.kernels import moments as kernel
from wegmarke.analysis.outcomes import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys, Landscape

MINUTE, HOUR = 60, 3600
SECONDS = np.array(
    [
        *(0, 1, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE),
        *(HOUR * h for h in (1, 2, 4, 8, 12)),
        *(
            DAY * d
            for d in (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365, 545, 730, 1095, 1825)
        ),
    ],
    np.int64,
)
"""Where time may be cut: moments people name, so that a page can say "more than 30 days"."""

COUNTS = np.array([0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 500], np.int64)
"""Where counts may be cut."""

RECENT_WINDOW = 30 * DAY
KINDS = ("tenure", "days_since_last", "touches_30_days", "bad_so_far", "phase")
LEAST_TOUCHES_PER_STRATUM = 50
LEAST_CHI_SQUARE = 10.0
"""A cut must explain clearly more than chance would (about 1 per outcome)."""


@dataclass(frozen=True, slots=True)
class SituationTally:
    """How often each fine bin occurs before a touch at risk, and what followed.

    The last axis is touches, left, moved on, bad. `volume` counts touches per touchpoint.
    """

    features: NDArray[np.int64]
    attributes: tuple[NDArray[np.int64], ...]
    volume: NDArray[np.int64]

    def __add__(self, other: SituationTally) -> SituationTally:
        """Return the tally of both groups."""
        return SituationTally(
            self.features + other.features,
            tuple(a + b for a, b in zip(self.attributes, other.attributes, strict=True)),
            self.volume + other.volume,
        )


@dataclass(frozen=True, slots=True)
class Factor:
    """One feature or attribute and the level each of its fine bins belongs to."""

    kind: str
    name: str
    level: NDArray[np.int64]
    levels: int


@dataclass(frozen=True, slots=True)
class Coarsening:
    """The chosen levels of all factors; a stratum is one combination of levels."""

    factors: tuple[Factor, ...]
    strata: int

    def weights(self) -> tuple[NDArray[np.int64], tuple[NDArray[np.int64], ...]]:
        """Return what each fine bin adds to the stratum code: [feature, bin], and [label] per attribute."""
        features = np.zeros((kernel.FEATURES, 256), np.int64)
        attributes = []
        step = 1
        for place, factor in enumerate(self.factors):
            if place < kernel.FEATURES:
                features[place, : len(factor.level)] = factor.level * step
            else:
                attributes.append(factor.level * step)
            step *= factor.levels
        return features, tuple(attributes)

    def levels_of(self, stratum: int) -> tuple[int, ...]:
        """Return the level of each factor in a stratum."""
        levels = []
        for factor in self.factors:
            levels.append(stratum % factor.levels)
            stratum //= factor.levels
        return tuple(levels)


def bins_of(journeys: Journeys) -> NDArray[np.uint8]:
    """Return the fine bins of the situation before each touch."""
    return kernel.situation_bins(
        journeys.offsets,
        journeys.time,
        journeys.touchpoint,
        journeys.experience,
        np.array(journeys.landscape.phase or (0,), np.uint8),
        SECONDS,
        COUNTS,
        RECENT_WINDOW,
    )


def tally_situations(journeys: Journeys, flags: NDArray[np.uint8], bins: NDArray[np.uint8]) -> SituationTally:
    """Count fine bins, and what followed them."""
    return SituationTally(
        kernel.feature_histograms(bins, journeys.experience, flags),
        tuple(
            kernel.attribute_histogram(
                journeys.offsets, a.codes, journeys.experience, flags, max(len(a.labels), 1)
            )
            for a in journeys.attributes
        ),
        np.bincount(
            journeys.touchpoint[(flags & 1).astype(np.bool_)], minlength=len(journeys.landscape.touchpoints)
        ),
    )


def strata_of(journeys: Journeys, bins: NDArray[np.uint8], coarsening: Coarsening) -> NDArray[np.uint16]:
    """Return the stratum of each touch."""
    features, attributes = coarsening.weights()
    base = np.zeros(max(journeys.persons, 1), np.int64)
    for attribute, weight in zip(journeys.attributes, attributes, strict=True):
        base[: journeys.persons] += weight[attribute.codes]
    return kernel.strata_of(journeys.offsets, bins, features, base)


def coarsen(tally: SituationTally, names: tuple[str, ...], max_strata: int) -> Coarsening:
    """Choose the levels; `names` are those of the attributes, in the order of the tally."""
    tables = [*tally.features, *tally.attributes]
    ordered = [kind != "phase" for kind in KINDS] + [False] * len(names)
    levels = [np.zeros(len(table), np.int64) for table in tables]
    counts = [1] * len(tables)
    total = tables[0].sum(axis=0)
    budget = max(1, min(max_strata, int(total[0]) // LEAST_TOUCHES_PER_STRATUM))
    while True:
        best = _best_cut(tables, levels, counts, ordered, (total, budget))
        if best is None:
            break
        place, level = best
        levels[place], counts[place] = level, counts[place] + 1
    factors = tuple(
        Factor(kind, name, level, count)
        for (kind, name), level, count in zip(
            [*((k, k) for k in KINDS), *(("attribute", n) for n in names)], levels, counts, strict=True
        )
    )
    return Coarsening(factors, math.prod(counts))


def _best_cut(
    tables: list[NDArray[np.int64]],
    levels: list[NDArray[np.int64]],
    counts: list[int],
    ordered: list[bool],
    limits: tuple[NDArray[np.int64], int],
) -> tuple[int, NDArray[np.int64]] | None:
    """Return the factor and its new levels that explain most per cost, or None."""
    total, budget = limits
    product = math.prod(counts)
    best: tuple[float, int, NDArray[np.int64]] | None = None
    for place, table in enumerate(tables):
        if product // counts[place] * (counts[place] + 1) > budget:
            continue
        before = _explained(table, levels[place], total)
        for candidate in _refinements(table, levels[place], counts[place], ordered=ordered[place]):
            gain = _explained(table, candidate, total) - before
            merit = gain / math.log((counts[place] + 1) / counts[place])
            if gain > LEAST_CHI_SQUARE and (best is None or merit > best[0]):
                best = (merit, place, candidate)
    return None if best is None else best[1:]


def _explained(table: NDArray[np.int64], level: NDArray[np.int64], total: NDArray[np.int64]) -> float:
    """Return the chi-square between level and each of left, moved on and bad, added up."""
    n = np.bincount(level, weights=table[:, 0])
    chi = 0.0
    for column in (1, 2, 3):
        rate = total[column] / total[0] if total[0] else 0.0
        if not 0 < rate < 1:
            continue
        seen = np.bincount(level, weights=table[:, column])
        filled = n > 0
        chi += float((((seen - n * rate)[filled] ** 2) / (n[filled] * rate * (1 - rate))).sum())
    return chi


def _refinements(
    table: NDArray[np.int64], level: NDArray[np.int64], count: int, *, ordered: bool
) -> list[NDArray[np.int64]]:
    """Return every way to cut one level in two: at a bound, or one label split off where there is no order.

    Neither side may hold less than one in fifty touches.
    """
    least = table[:, 0].sum() / 50
    filled = np.flatnonzero(table[:, 0])
    found = []
    if ordered:
        for bound in filled[1:]:
            members = level == level[bound]
            upper = members & (np.arange(len(level)) >= bound)
            if level[bound - 1] != level[bound] or table[upper, 0].sum() < least:
                continue
            if table[members & ~upper, 0].sum() >= least:
                found.append(np.where(np.arange(len(level)) >= bound, level + 1, level))
    else:
        for label in filled:
            if (
                level[label] == 0
                and table[label, 0] >= least
                and table[level == 0, 0].sum() > table[label, 0]
            ):
                new = level.copy()
                new[label] = count
                found.append(new)
    return found


def describe(
    coarsening: Coarsening, landscape: Landscape, labels: tuple[tuple[str, ...], ...]
) -> tuple[SituationLevel, ...]:
    """Return the levels as a page shows them; factors with one level are left out."""
    return tuple(
        _level(factor, _names(place, factor, landscape, labels))
        for place, factor in enumerate(coarsening.factors)
        if factor.levels > 1
    )


def words(
    coarsening: Coarsening, stratum: int, landscape: Landscape, labels: tuple[tuple[str, ...], ...]
) -> tuple[str, ...]:
    """Return one stratum as `name=value` per factor with more than one level.

    A value is a label, `other`, or the bounds `from..to` (`to` left out in the highest level; seconds for
    tenure and days_since_last).
    """
    found = []
    for place, (factor, level) in enumerate(
        zip(coarsening.factors, coarsening.levels_of(stratum), strict=True)
    ):
        if factor.levels == 1:
            continue
        shown = _level(factor, _names(place, factor, landscape, labels))
        if shown.cuts:
            above = f"{shown.cuts[level + 1]:g}" if level + 1 < len(shown.cuts) else ""
            found.append(f"{factor.name}={shown.cuts[level]:g}..{above}")
        else:
            found.append(f"{factor.name}={shown.labels[level - 1] if level else 'other'}")
    return tuple(found)


def _names(
    place: int, factor: Factor, landscape: Landscape, labels: tuple[tuple[str, ...], ...]
) -> tuple[str, ...]:
    if factor.kind == "phase":
        return ("", *landscape.phases)
    return labels[place - kernel.FEATURES] if factor.kind == "attribute" else ()


def _level(factor: Factor, names: tuple[str, ...]) -> SituationLevel:
    """Return the lower bounds of an ordered factor, or the labels split off from the others."""
    firsts = [int(np.flatnonzero(factor.level == k)[0]) for k in range(factor.levels)]
    if factor.kind in ("phase", "attribute"):
        return SituationLevel(
            factor.kind, factor.name, factor.levels, (), tuple(names[k] for k in firsts[1:])
        )
    edges = SECONDS if factor.kind in ("tenure", "days_since_last") else COUNTS
    return SituationLevel(factor.kind, factor.name, factor.levels, tuple(float(edges[k]) for k in firsts), ())
