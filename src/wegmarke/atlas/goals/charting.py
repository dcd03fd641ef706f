"""The picture of a goal: its months with intervals, the target, and where the line leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wegmarke.atlas import measures
from wegmarke.atlas.goals import wording
from wegmarke.atlas.goals.rules import month_of
from wegmarke.insights.charting import interval_item
from wegmarke.plan.contracts import SHARES, Measure
from wegmarke.ui.charts import Chart, ChartKind
from wegmarke.ui.numbers import NONE

if TYPE_CHECKING:
    from wegmarke.atlas.goals.contracts import Standing

MOST_MONTHS = 24
MOST_AHEAD = 12
_UNITS = {Measure.NET_EXPERIENCE: "net", Measure.PERSONS: "count", Measure.TOUCHES: "count"}


def chart(one: Standing, name: str) -> Chart | None:
    """Return the chart of a goal under a name of its own on the page; None without a complete month."""
    months = [month for month in one.measured.months if month.whole][-MOST_MONTHS:]
    if not months:
        return None
    metric = one.goal.metric
    points, rows = [], []
    for month in months:
        label, text = wording.month(month.number), wording.value(metric.measure, month.value)
        points.append(interval_item(month.value, label, text))
        rows.append((label, text, wording.n_of(metric.measure, month.value) or NONE))
    notes = [_("bars: 95% intervals"), _("dashed: the target")]
    if one.ahead is not None:
        label, text = wording.month(month_of(one.goal.until)), wording.value(metric.measure, one.ahead)
        gap = min(month_of(one.goal.until) - months[-1].number - 1, MOST_AHEAD)
        points += [{"label": "", "estimate": None, "text": ""}] * max(0, gap)
        points.append(interval_item(one.ahead, label, text, open=True))
        rows.append((_("%(month)s (projected)") % {"month": label}, text, NONE))
        notes.append(_("hollow: projected to the deadline"))
    data: dict[str, Any] = {
        "points": points,
        "axis": {"unit": _UNITS.get(metric.measure, "percent")},
        "reference": metric.target,
        "reference_text": _("Target %(target)s") % {"target": measures.target(metric)},
        "zero": metric.measure in SHARES or metric.measure in (Measure.PERSONS, Measure.TOUCHES),
    }
    title = str(measures.MEASURES[metric.measure])
    return Chart(
        kind=ChartKind.LINE,
        name=name,
        title=title,
        description=_("%(measure)s from %(first)s to %(last)s: %(sentence)s")
        % {
            "measure": title,
            "first": rows[0][0],
            "last": wording.month(months[-1].number),
            "sentence": wording.sentence(one),
        },
        caption=" · ".join(notes),
        data=data,
        columns=(_("Month"), title, _("Observations")),
        rows=tuple(rows),
    )
