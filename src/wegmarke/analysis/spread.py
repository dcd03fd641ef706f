"""Experience by group of persons, and whether the touchpoints keep the same promise to each group.

The method and how well its intervals cover: docs/methods/consistency.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from wegmarke.analysis.estimates import net_experience, net_experiences
from wegmarke.analysis.grouping import GroupRows, Pooled, grouped, pooled, values_of
from wegmarke.analysis.insight import Estimate
from wegmarke.analysis.kernels.groups import (
    BAD,
    COLUMNS,
    CROSS,
    GOOD,
    NEUTRAL,
    PERSONS,
    RATERS,
    SIZE,
    SQUARE,
    TOUCHES,
    group_sums,
)
from wegmarke.analysis.kernels.spread import residual_products
from wegmarke.analysis.map_insight import Difference, SpreadCell, SpreadGroup, SpreadInsight
from wegmarke.analysis.statistics.consistency import Means, apart_from_median, differences, spread
from wegmarke.analysis.statistics.multiplicity import benjamini_hochberg

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys

MARGIN = 0.10
LEAST_RATERS = 20
FALSE_CLAIMS = 0.05
PASSED_OVER = -1
PRECISION = 2.0**50
"""Sums of products stay below so many units: exact as whole numbers, and finer than any interval needs."""


@dataclass(frozen=True, slots=True)
class SpreadTally:
    """Sums per value and per touchpoint * values + value; see `group_sums`."""

    values: NDArray[np.int64]
    cells: GroupRows
    labels: tuple[str, ...]
    touchpoints: tuple[str, ...]

    def __add__(self, other: SpreadTally) -> SpreadTally:
        """Return the tally of both groups."""
        return SpreadTally(
            self.values + other.values, self.cells + other.cells, self.labels, self.touchpoints
        )


@dataclass(frozen=True, slots=True)
class ProductTally:
    """Products of residuals per group and compared touchpoint; see `residual_products`."""

    products: NDArray[np.int64]

    def __add__(self, other: ProductTally) -> ProductTally:
        """Return the tally of both groups."""
        return ProductTally(self.products + other.products)


@dataclass(frozen=True, slots=True)
class Compared:
    """What the first pass settles: the groups, and which touchpoints are compared in each of them.

    `cells` has rows per touchpoint * groups + group; `column` gives a touchpoint its place among those
    compared in any group (-1: none). The other arrays are [group, column], `weight` 0 where not compared.
    """

    pooled: Pooled
    groups: NDArray[np.int64]
    cells: GroupRows
    touchpoints: tuple[str, ...]
    column: NDArray[np.int64]
    mean: NDArray[np.float64]
    weight: NDArray[np.float64]
    squares: NDArray[np.float64]
    raters: NDArray[np.float64]

    def units(self) -> NDArray[np.float64]:
        """Return the unit in which each product is counted, [group, column + 1].

        By Cauchy & Schwarz no sum of products exceeds the root of both sums of squares, and that of the whole
        not the sum of all roots.
        """
        roots = np.sqrt(np.maximum(self.squares, 1e-18))
        whole = roots.sum(axis=1, keepdims=True)
        units: NDArray[np.float64] = np.concatenate([roots * whole, whole**2], axis=1) / PRECISION
        return np.where(units > 0, units, 1.0)


@dataclass(frozen=True, slots=True)
class SpreadQuestion:
    """How each group of persons feels at each touchpoint, and which touchpoints stand out.

    `attribute` makes the groups (the most frequent values, the rest as one); None: everybody is one.
    """

    passes: ClassVar[int] = 2

    attribute: str | None = None
    margin: float = MARGIN
    least_raters: int = LEAST_RATERS

    def tally(self, journeys: Journeys, found: tuple[Any, ...]) -> Any:  # noqa: ANN401 - one tally per pass
        """Count experiences first, then how they hang together within persons."""
        codes, labels = values_of(journeys, self.attribute)
        if found:
            compared: Compared = found[0]
            return _products(journeys, compared, compared.pooled.place[codes])
        touchpoints = journeys.landscape.touchpoints
        value = np.repeat(codes.astype(np.int64), np.diff(journeys.offsets))
        nowhere = np.zeros(journeys.touches, np.bool_)

        def count(group: NDArray[np.unsignedinteger], groups: int) -> NDArray[np.int64]:
            return group_sums(journeys.offsets, group, journeys.experience, nowhere, groups)

        cell = journeys.touchpoint * np.int64(len(labels)) + value
        return SpreadTally(
            values=count(value.astype(np.uint16), len(labels)),
            cells=grouped(cell, len(touchpoints) * len(labels), count),
            labels=labels,
            touchpoints=touchpoints,
        )

    def settle(self, tally: Any, found: tuple[Any, ...]) -> Any:  # noqa: ANN401 - each its own tally
        """Choose the groups and the touchpoints compared in them."""
        return tally if found else _compared(tally, self.least_raters)

    def finish(self, found: tuple[Any, ...]) -> SpreadInsight:
        """Return groups by size, touchpoints by their codes; what no group met is left out."""
        compared: Compared = found[0]
        means = _means_of(compared, found[1].products)
        judged = _judged(compared, means, self.margin)
        names, size = compared.pooled.names, len(compared.pooled.names)
        cells = []
        rows = compared.cells
        felt = net_experiences(rows.rows)
        for key, sums, experience in zip(rows.groups.tolist(), rows.rows, felt, strict=True):
            code, group = divmod(key, size)
            difference, inconsistent = judged.get((group, int(compared.column[code])), (None, False))
            cells.append(
                SpreadCell(
                    touchpoint=compared.touchpoints[code],
                    group=names[group],
                    **_counts(sums),
                    experience=experience,
                    difference=difference,
                    inconsistent=inconsistent,
                )
            )
        return SpreadInsight(
            attribute=self.attribute,
            groups=tuple(
                _group(name, sums, means.get(g))
                for g, (name, sums) in enumerate(zip(names, compared.groups, strict=True))
            ),
            cells=tuple(cells),
            margin=self.margin,
            least_raters=self.least_raters,
        )


def _products(journeys: Journeys, compared: Compared, group: NDArray[np.int64]) -> ProductTally:
    return ProductTally(
        residual_products(
            journeys.offsets,
            journeys.touchpoint,
            journeys.experience,
            group,
            compared.column,
            compared.mean,
            compared.weight,
            compared.units(),
        )
    )


def _compared(tally: SpreadTally, least_raters: int) -> Compared:
    groups = pooled(tally.labels, tally.values[:, PERSONS])
    size = len(groups.names)
    totals = np.zeros((size, COLUMNS), np.int64)
    met = tally.values[:, TOUCHES] > 0
    np.add.at(totals, groups.place[met], tally.values[met])
    code, value = np.divmod(tally.cells.groups, len(tally.labels))
    cells = tally.cells.regrouped(code * size + groups.place[value])
    code, group = np.divmod(cells.groups, size)
    enough = cells.rows[:, RATERS] >= max(least_raters, 2)
    codes = np.unique(code[enough])
    column = np.full(max(len(tally.touchpoints), 1), PASSED_OVER, np.int64)
    column[codes] = np.arange(len(codes))
    where = group[enough], column[code[enough]]
    rows = cells.rows[enough].astype(np.float64)
    rated = rows[:, BAD] + rows[:, NEUTRAL] + rows[:, GOOD]
    mean = (rows[:, GOOD] - rows[:, BAD]) / rated
    squares = rows[:, SQUARE] - 2 * mean * rows[:, CROSS] + mean**2 * rows[:, SIZE]

    def table(figures: NDArray[np.float64]) -> NDArray[np.float64]:
        filled = np.zeros((size, len(codes)))
        filled[where] = figures
        return filled

    return Compared(
        pooled=groups,
        groups=totals,
        cells=cells,
        touchpoints=tally.touchpoints,
        column=column,
        mean=table(mean),
        weight=table(1 / rated),
        squares=table(np.maximum(squares, 0.0) / rated**2),
        raters=table(rows[:, RATERS]),
    )


def _means_of(compared: Compared, products: NDArray[np.int64]) -> dict[int, tuple[Means, NDArray[np.intp]]]:
    """Return the compared means of each group that has at least two, with the columns they stand in."""
    sums = products * compared.units()
    found = {}
    for g in range(len(compared.pooled.names)):
        columns = np.flatnonzero(compared.weight[g])
        if len(columns) > 1:
            means = Means(
                mean=compared.mean[g, columns],
                squares=compared.squares[g, columns],
                products=sums[g, columns],
                whole=float(sums[g, -1]),
                raters=compared.raters[g, columns],
            )
            found[g] = means, columns
    return found


def _judged(
    compared: Compared, means: dict[int, tuple[Means, NDArray[np.intp]]], margin: float
) -> dict[tuple[int, int], tuple[Difference, bool]]:
    """Return, by (group, column), the difference of each compared touchpoint and whether it is named.

    Named is what differs from the average of the others by more than chance, and from both their average and
    their median by the margin.
    """
    where = [(g, column) for g, (_, columns) in means.items() for column in columns.tolist()]
    if not where:
        return {}
    rows = np.concatenate([np.array(differences(group)) for group, _ in means.values()], axis=1).T
    typical = np.concatenate([apart_from_median(group) for group, _ in means.values()])
    q = benjamini_hochberg(rows[:, 3])
    material = np.minimum(np.abs(rows[:, 0]), np.abs(typical)) >= margin
    named = ((q <= FALSE_CLAIMS) & material).tolist()
    return {
        place: (_difference(row, corrected, round(1 / float(compared.weight[place]))), name)
        for place, row, corrected, name in zip(where, rows.tolist(), q.tolist(), named, strict=True)
    }


def _difference(row: list[float], q: float, n: int) -> Difference:
    estimate, low, high, p = row
    return Difference(estimate, max(low, -2.0), min(high, 2.0), n, p, q)


def _group(name: str, sums: NDArray[np.int64], means: tuple[Means, NDArray[np.intp]] | None) -> SpreadGroup:
    between = None
    if means is not None:
        estimate, low, high = spread(means[0])
        between = Estimate(estimate, low, high, _rated(sums))
    return SpreadGroup(
        group=name,
        **_counts(sums),
        experience=net_experience(sums),
        compared=0 if means is None else means[0].places,
        spread=between,
    )


def _counts(sums: NDArray[np.int64]) -> dict[str, int]:
    columns = {"touches": TOUCHES, "persons": PERSONS, "bad": BAD, "neutral": NEUTRAL, "good": GOOD}
    return {name: int(sums[column]) for name, column in columns.items()}


def _rated(sums: NDArray[np.int64]) -> int:
    return int(sums[BAD] + sums[NEUTRAL] + sums[GOOD])
