"""By month, by group and by cell: one touchpoint consistent, one inconsistent, one seen only long ago."""

from __future__ import annotations

from wegmarke.analysis.estimates import share
from wegmarke.analysis.insight import Estimate
from wegmarke.analysis.map_insight import (
    Difference,
    LoadCell,
    LoadInsight,
    MonthlyCell,
    MonthlyInsight,
    MonthlyTouchpoint,
    PlacementInsight,
    SpreadCell,
    SpreadGroup,
    SpreadInsight,
    TouchpointPlacement,
)

START, END = 1_700_000_000, 1_730_000_000
MONTHS = (
    *(1_698_796_800, 1_701_388_800, 1_704_067_200, 1_706_745_600, 1_709_251_200, 1_711_929_600),
    *(1_714_521_600, 1_717_200_000, 1_719_792_000, 1_722_470_400, 1_725_148_800, 1_727_740_800),
)
"""November 2023 to October 2024 (UTC), as the hand-made analysis covers them."""

QUARTERS = (1_696_118_400, 1_704_067_200, 1_711_929_600, 1_719_792_000, 1_727_740_800)
GROUPS = {"": ("",), "Segment": ("Privat", "Gewerbe", "…other"), "Region": ("Nord", "Süd", "")}
SIZES = (1.0, 0.4, 0.1)
INCONSISTENT = 1  # place of the touchpoint that stands out
LONG_AGO = 4  # … that was met in the first two months only
NEVER = 6  # … that was never met


def around(value: float, half: float, n: int) -> Estimate:
    return Estimate(value, max(value - half, -1.0), min(value + half, 1.0), n)


def monthly(keys: tuple[str, ...]) -> MonthlyInsight:
    """Return months for each touchpoint; the last of them are not yet complete."""
    return MonthlyInsight(tuple(_by_month(i, key) for i, key in enumerate(keys)), MONTHS, last_complete=False)


def _by_month(i: int, key: str) -> MonthlyTouchpoint:
    if i == NEVER:
        return MonthlyTouchpoint(key, None, None, ())
    months = MONTHS[:2] if i == LONG_AGO else MONTHS
    cells = tuple(
        MonthlyCell(
            start,
            *(90 - 5 * (i % 8) + place, 60 - 5 * (i % 8), 8, 12, 20),
            experience=None if i % 5 == 4 else around(0.3 - 0.1 * (i % 4) + 0.01 * place, 0.15, 40),
            drop_off=None if start == MONTHS[-1] else Estimate(0.05, 0.01, 0.14, 60 - 5 * (i % 8)),
            bad_share=share(8, 40),
        )
        for place, start in enumerate(months)
    )
    last = months[-1] + 86_400 * 20 if i == LONG_AGO else END - 3600 * (i + 1)
    return MonthlyTouchpoint(key, START + 4000 * (i + 1), last, cells)


def spread(keys: tuple[str, ...], attribute: str = "") -> SpreadInsight:
    """Return the touchpoints by group; one is inconsistent in every group large enough to tell."""
    groups = GROUPS[attribute]
    return SpreadInsight(
        attribute=attribute or None,
        groups=tuple(
            SpreadGroup(
                group,
                *(int(5000 * size), int(2000 * size), int(400 * size), int(600 * size), int(1000 * size)),
                experience=around(0.3, 0.03 / size**0.5, int(2000 * size)),
                compared=0 if size < 0.2 else 5,
                spread=None if size < 0.2 else Estimate(0.18, 0.14, 0.23, int(2000 * size)),
            )
            for group, size in zip(groups, SIZES, strict=False)
        ),
        cells=tuple(
            _felt(i, key, group, size)
            for i, key in enumerate(keys)
            for group, size in zip(groups, SIZES, strict=False)
            if i != NEVER
        ),
        margin=0.10,
        least_raters=20,
    )


def _felt(i: int, key: str, group: str, size: float) -> SpreadCell:
    stands_out = i == INCONSISTENT
    rated = 0 if i == LONG_AGO else int(400 * size)
    value, away = (-0.1, -0.42) if stands_out else (0.3 + 0.01 * (i % 3), 0.05)
    difference = None
    if rated >= 100:
        q = 0.0001 if stands_out else 0.4
        difference = Difference(away, away - 0.09, away + 0.09, rated, q / 2, q)
    bad, good = round(rated * (0.4 - value / 2)), round(rated * (0.4 + value / 2))
    return SpreadCell(
        key,
        group,
        *(int(800 * size) + 3, int(500 * size) + 2, bad, rated - bad - good, good),
        experience=around(value, 0.08, rated) if rated else None,
        difference=difference,
        inconsistent=stands_out and difference is not None,
    )


def load(attribute: str = "", rows: tuple[str, str] = ("web", "mail")) -> LoadInsight:
    """Return five quarters; use by mail is crowded, purchase by mail was met in the first one only."""
    groups = GROUPS[attribute]
    web, mail = rows
    cells = (("purchase", web), ("purchase", mail), ("use", mail), ("use", ""))
    spans = [
        (quarter, group, size) for quarter in QUARTERS for group, size in zip(groups, SIZES, strict=False)
    ]
    return LoadInsight(
        attribute=attribute or None,
        groups=groups,
        quarters=QUARTERS,
        cells=tuple(
            _crowd(cell, group, (quarter, int(900 * size)), each=(2, 1, 7, 1)[k])
            for quarter, group, size in spans
            for k, cell in enumerate(cells)
            if k != 1 or quarter == QUARTERS[0]
        ),
        totals=tuple(
            _crowd((), group, (quarter, int(900 * size)), each=10) for quarter, group, size in spans
        ),
        last_complete=False,
    )


def _crowd(cell: tuple[str, ...], group: str, span: tuple[int, int], *, each: int) -> LoadCell:
    quarter, active = span
    met = active // 3
    mean = met * each / active
    by_company = cell not in {("purchase", "web"), ("purchase", "Shop")}
    spot = (0, 1, 2, 3, 3, 3, 4, 4, 4, 4, 4)[each]
    counted = tuple(active - met if k == 0 else met if k == spot else 0 for k in range(6))
    return LoadCell(
        cell,
        group,
        quarter,
        active,
        touches=met * each,
        persons=met,
        contacts=met * each if by_company else 0,
        touches_each=Estimate(mean, mean * 0.9, mean * 1.1, active),
        contacts_each=Estimate(mean, mean * 0.9, mean * 1.1, active)
        if by_company
        else Estimate(0.0, 0.0, 3.85 / active, active),
        touched=counted,
        contacted=counted if by_company else (active, 0, 0, 0, 0, 0),
    )


def placement(keys: tuple[str, ...]) -> PlacementInsight:
    """Each touchpoint mostly where it is planned, but the third, which happens in the other phase."""
    phases = ("purchase", "use")

    def one(place: int, key: str) -> TouchpointPlacement:
        planned, other = phases[place % 2], phases[1 - place % 2]
        counts = {planned: 800, other: 200} if place != 2 else {planned: 100, other: 900}
        share = counts[planned] / 1000
        return TouchpointPlacement(
            key,
            planned,
            1000,
            500,
            0,
            tuple((phase, counts[phase]) for phase in phases),
            Estimate(share, share - 0.03, share + 0.03, 1000),
        )

    return PlacementInsight(
        phases, by_day=False, touchpoints=tuple(one(i, key) for i, key in enumerate(keys))
    )
