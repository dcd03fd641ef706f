"""The dot plot of experience by touchpoint, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.atlas import links
from wegmarke.atlas.brand.rules import rated
from wegmarke.insights import figures
from wegmarke.insights.charting import caption, interval_item
from wegmarke.ui.charts import Chart, ChartKind

if TYPE_CHECKING:
    from wegmarke.analysis.insight import Estimate
    from wegmarke.analysis.map_insight import SpreadCell, SpreadInsight
    from wegmarke.insights.contracts import Analysis
    from wegmarke.insights.names import Names

MOST_ROWS = 40


def dots(
    cells: dict[str, SpreadCell], insight: SpreadInsight, analysis: Analysis, names: Names
) -> Chart | None:
    """Return the net experience of each rated touchpoint, best first; None where nobody rated."""
    chosen = [
        (one, one.experience)
        for one in cells.values()
        if one.experience is not None and rated(one) >= insight.least_raters
    ]
    if not chosen:
        return None
    chosen.sort(key=lambda pair: -pair[1].estimate)
    shown = chosen[:MOST_ROWS]
    items, rows = [], []
    for cell, experience in shown:
        name, said = names.touchpoint(cell.touchpoint), figures.net(experience)
        role, mark = _marked(cell)
        items.append(interval_item(experience, name, said, role, mark=mark, url=links.card(cell.touchpoint)))
        rows.append((name, said, figures.count(experience.n)))
    first, last = shown[0], shown[-1]
    return Chart(
        kind=ChartKind.INTERVALS,
        name="brand-experience",
        title=_("Net experience by touchpoint"),
        description=_(
            "Net experience of %(count)s touchpoints, best first: from %(best)s with %(high)s to %(worst)s "
            "with %(low)s."
        )
        % {
            "count": figures.count(len(shown)),
            "best": names.touchpoint(first[0].touchpoint),
            "high": figures.net(first[1]),
            "worst": names.touchpoint(last[0].touchpoint),
            "low": figures.net(last[1]),
        },
        caption=_("▲ demonstrably better than the others, ▼ worse")
        + " · "
        + caption(analysis.period.start, analysis.period.end, _persons(insight, cells)),
        data={
            "items": items,
            "reference": 0,
            "axis": {"name": _("good minus bad, in points"), "unit": "net"},
        },
        columns=(_("Touchpoint"), _("Net experience (interval)"), _("Rated touches")),
        rows=tuple(rows),
    )


def _persons(insight: SpreadInsight, cells: dict[str, SpreadCell]) -> int:
    group = next((one.group for one in cells.values()), "")
    return next((one.persons for one in insight.groups if one.group == group), 0)


def _marked(cell: SpreadCell) -> tuple[str, str]:
    if not cell.inconsistent or cell.difference is None:
        return "quiet", ""
    return ("bad", "▼") if cell.difference.estimate < 0 else ("good", "▲")


def range_of(value: Estimate) -> str:
    """Say an interval of net experience without its estimate, in points."""
    exponent = figures.percent_exponent(value.low, value.high)
    return figures.to(figures.signed(value.low * 100, exponent), figures.signed(value.high * 100, exponent))
