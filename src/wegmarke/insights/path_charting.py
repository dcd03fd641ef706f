"""The charts of the journey, the funnels, the paths and the trend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wegmarke.insights import figures
from wegmarke.insights.charting import caption, interval_item
from wegmarke.insights.path_tables import silence_or_name
from wegmarke.ui.charts import Chart, ChartKind
from wegmarke.ui.numbers import NONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from wegmarke.analysis.insight import (
        Estimate,
        ExperienceInsight,
        FlowLink,
        FunnelInsight,
        LastActionsInsight,
        PathsInsight,
        TrendInsight,
        TrendPoint,
    )
    from wegmarke.insights.contracts import Analysis
    from wegmarke.insights.names import Names

MOST_ACTIONS = 12
MOST_ON_CURVE = 60
MOST_PER_STEP = 6
SHOWN_STEPS = 5
DAY = 86_400
LEAST_SHARE_OF_FLOW = 0.004
OTHERS = "\0others"  # no touchpoint is called this


def _caption(analysis: Analysis) -> str:
    return caption(analysis.period.start, analysis.period.end, analysis.persons)


def experience_trend(analysis: Analysis) -> Chart | None:
    """Return how experience moved month by month; None where nothing was rated."""
    return _trend(
        analysis,
        name="trend-experience",
        title=_("Net experience"),
        about=_("Net experience (good minus bad) month by month: %(first)s in %(from)s, %(last)s in %(to)s."),
        figure=lambda p: p.experience,
        show=figures.net,
        meaning=_("Good minus bad among the rated touches, from \N{MINUS SIGN}100 to +100"),
        data={"axis": {"name": _("good minus bad"), "unit": "net"}, "role": "accent"},
    )


def leaving_trend(analysis: Analysis) -> Chart | None:
    """Return how many left month by month; None where leaving is not known."""
    return _trend(
        analysis,
        name="trend-leaving",
        title=_("Leaving"),
        about=_("Share of the month's persons who left: %(first)s in %(from)s, %(last)s in %(to)s."),
        figure=lambda p: p.leaving,
        show=figures.share,
        meaning=_("Share of the month's persons who left"),
        data={"axis": {"name": _("share of persons"), "unit": "percent"}, "role": "bad", "zero": True},
    )


def _trend(  # noqa: PLR0913 - what differs between two charts of one shape; all by keyword
    analysis: Analysis,
    *,
    name: str,
    title: str,
    about: str,
    figure: Callable[[TrendPoint], Estimate | None],
    show: Callable[[Estimate], str],
    meaning: str,
    data: dict[str, Any],
) -> Chart | None:
    trend: TrendInsight = analysis.trend
    known = [(p, value) for p in trend.points if (value := figure(p)) is not None]
    if not known:
        return None
    points, rows = [], []
    open_months = _open_months(analysis)
    for place, point in enumerate(trend.points):
        value, month = figure(point), figures.month(point.start)
        is_open = place in open_months
        points.append(
            {"label": month, "estimate": None, "text": NONE}
            if value is None
            else interval_item(value, month, show(value), open=is_open)
        )
        rows.append((month, NONE if value is None else show(value), figures.count(point.persons)))
    shown = {place for place, point in enumerate(points) if point["estimate"] is not None}
    notes = [meaning, _caption(analysis)]
    if shown & open_months:
        notes.append(_("hollow: a month not wholly in the data"))
    if max(shown) < len(points) - 1 and (quiet := _quiet_days(analysis)):
        notes.append(_("months of which silence is not known yet (%(time)s) are left out") % {"time": quiet})
    said = {
        "first": show(known[0][1]), "from": figures.month(known[0][0].start),
        "last": show(known[-1][1]), "to": figures.month(known[-1][0].start),
    }  # fmt: skip
    return Chart(
        kind=ChartKind.LINE, name=name, title=title,
        description=about % said, caption=" · ".join(notes),
        data={"points": points, **data}, columns=(_("Month"), title, _("Persons")), rows=tuple(rows),
    )  # fmt: skip


def _open_months(analysis: Analysis) -> set[int]:
    """Return the places of months that are not wholly in the data: the first, the last."""
    trend, begin = analysis.trend, analysis.period.start
    late = bool(trend.points) and begin - trend.points[0].start > DAY
    return ({0} if late else set()) | (set() if trend.last_complete else {len(trend.points) - 1})


def _quiet_days(analysis: Analysis) -> str:
    """Say how long a silence must last to be leaving; empty where leaving is something else."""
    leaving = analysis.plan.leaving
    return "" if leaving is None or leaving.quiet_days is None else figures.days(leaving.quiet_days)


def experience_curve(analysis: Analysis, names: Names) -> Chart | None:
    """Return the experience along the journey, touchpoint by touchpoint; None where nothing was rated."""
    lived: ExperienceInsight = analysis.lived
    rated = [(t, t.experience) for t in lived.touchpoints if t.experience is not None][:MOST_ON_CURVE]
    if not rated:
        return None
    items, rows = [], []
    for t, experience in rated:
        name, text = names.touchpoint(t.touchpoint), figures.net(experience)
        items.append(interval_item(experience, name, text, _felt(experience), group=names.phase(t.phase)))
        rows.append((name, names.phase(t.phase), text, figures.count(experience.n)))
    worst = min(rated, key=lambda pair: pair[1].estimate)
    best = max(rated, key=lambda pair: pair[1].estimate)
    return Chart(
        kind=ChartKind.CURVE,
        name="experience-curve",
        title=_("Experience along the journey"),
        description=_("Net experience of %(count)s touchpoints with intervals, from %(worst)s to %(best)s.")
        % {
            "count": figures.count(len(rated)),
            "worst": f"{names.touchpoint(worst[0].touchpoint)} {figures.net(worst[1])}",
            "best": f"{names.touchpoint(best[0].touchpoint)} {figures.net(best[1])}",
        },
        caption=_("Good minus bad among the rated touches, from \N{MINUS SIGN}100 to +100")
        + " · "
        + _caption(analysis),
        data={"items": items, "axis": {"name": _("good minus bad"), "unit": "net"}},
        columns=(_("Touchpoint"), _("Phase"), _("Net experience"), _("Rated touches")),
        rows=tuple(rows),
    )


def _felt(value: Estimate) -> str:
    if value.high < 0:
        return "bad"
    return "good" if value.low > 0 else "quiet"


def funnel(insight: FunnelInsight, names: Names, title: str) -> Chart:
    """Return the steps as bars of those who started."""
    items, rows = [], []
    for place, step in enumerate(insight.steps, start=1):
        name = f"{place}. {names.touchpoint(step.touchpoint)}"
        # All who begin are all who begin: the first share has no interval.
        share = figures.percent(1) if place == 1 else figures.share(step.share)
        text = f"{figures.count(step.persons)} · {share}"
        item = interval_item(step.share, name, text, "accent")
        items.append({**item, "low": None, "high": None} if place == 1 else item)
        transfer = NONE if place == 1 else figures.share(step.transfer)
        rows.append((name, figures.count(step.persons), share, transfer))
    first, last = insight.steps[0], insight.steps[-1]
    return Chart(
        kind=ChartKind.FUNNEL,
        name="funnel",
        title=title,
        description=_("Of %(persons)s persons who began, %(share)s reached the last of %(steps)s steps.")
        % {
            "persons": figures.count(first.persons),
            "share": figures.share(last.share),
            "steps": figures.count(len(insight.steps)),
        },
        caption=_("Window: %(time)s from the first step · lines: 95%% intervals")
        % {"time": figures.days(insight.window_days)},
        data={"items": items, "most": 1, "axis": {"name": _("share of those who began"), "unit": "percent"}},
        columns=(_("Step"), _("Persons"), _("Of the first step"), _("Of the step before")),
        rows=tuple(rows),
    )


def instead(insight: FunnelInsight, place: int, names: Names) -> Chart | None:
    """Return what those did who stopped at one step (counted from 0); None where nobody stopped."""
    step = insight.steps[place]
    others = step.instead[:MOST_PER_STEP]
    if not others:
        return None
    items, rows = [], []
    for other in others:
        name = silence_or_name(other.touchpoint, names)
        text = f"{figures.small_share(other.share)} · {figures.count(other.persons)}"
        role = "unknown" if other.touchpoint is None else "accent"
        items.append({"label": name, "estimate": other.share, "text": text, "role": role})
        rows.append((name, figures.count(other.persons), figures.small_share(other.share)))
    stopped = sum(other.persons for other in step.instead)
    name = names.touchpoint(step.touchpoint)
    return Chart(
        kind=ChartKind.BARS,
        name=f"instead-{place + 1}",
        title=_("After “%(name)s” instead") % {"name": name},
        description=_("%(persons)s persons stopped after %(name)s; most of them then: %(most)s.")
        % {"persons": figures.count(stopped), "name": name, "most": f"{rows[0][0]} ({rows[0][2]})"},
        caption=_("n = %(n)s persons who did not reach the next step") % {"n": figures.count(stopped)},
        data={"items": items, "axis": {"name": "", "unit": "percent"}},
        columns=(_("Instead"), _("Persons"), _("Share")),
        rows=tuple(rows),
    )


def last_actions(insight: LastActionsInsight, names: Names) -> Chart | None:
    """Return what stands last before leaving more often than its frequency explains."""
    shown = insight.actions[:MOST_ACTIONS]
    if not shown:
        return None
    items, rows = [], []
    for action in shown:
        name, text = names.touchpoint(action.touchpoint), figures.ratio(action.lift)
        role = "bad" if action.lift.low > 1 else "good" if action.lift.high < 1 else "unknown"
        items.append(interval_item(action.lift, name, text, role))
        rows.append((name, figures.count(action.last), text))
    return Chart(
        kind=ChartKind.INTERVALS,
        name="last-actions",
        title=_("Last action before leaving"),
        description=_(
            "Lift of the last actions before leaving with intervals; highest: %(name)s with %(lift)s."
        )
        % {"name": rows[0][0], "lift": rows[0][2]},
        caption=_("Lift: 1 = as often as its frequency alone explains · n = %(left)s who left")
        % {"left": figures.count(insight.left)},
        data={"items": items, "reference": 1, "log": True, "axis": {"name": _("lift"), "unit": "ratio"}},
        columns=(_("Touchpoint"), _("Last before leaving"), _("Lift")),
        rows=tuple(rows),
    )


def sankey(paths: PathsInsight, names: Names) -> Chart | None:
    """Return the first steps of all journeys as flows, small ones gathered."""
    if not paths.flows:
        return None
    kept = _kept(paths)
    flows: dict[tuple[int, str, str | None], int] = {}
    for link in paths.flows:
        if link.step < SHOWN_STEPS:
            key = (link.step, _node(link, kept, target=False) or OTHERS, _node(link, kept, target=True))
            flows[key] = flows.get(key, 0) + link.persons
    links: list[dict[str, Any]] = []
    ends: dict[str, tuple[int, str | None]] = {}
    for (step, source, target), persons in sorted(flows.items(), key=lambda item: (item[0][0], -item[1])):
        goal = _node_id(step + 1, target)
        links.append({"source": _node_id(step, source), "target": goal, "value": persons, "step": step})
        ends[_node_id(step, source)] = (step, source)
        ends[goal] = (step + 1, target)
    nodes = [_drawn(node, step, key, names) for node, (step, key) in ends.items()]
    _weigh(nodes, links)
    rows = tuple(
        (str(step + 1), _label(source, names), _label(target, names), figures.count(persons))
        for (step, source, target), persons in sorted(flows.items(), key=lambda item: (item[0][0], -item[1]))
    )
    begin = max((n for n in nodes if n["step"] == 0), key=lambda n: n["value"])
    return Chart(
        kind=ChartKind.SANKEY,
        name="first-steps",
        title=_("The first steps"),
        description=_(
            "Flows of %(persons)s persons over their first %(steps)s steps; most begin with %(name)s (%(n)s)."
        )
        % {
            "persons": figures.count(paths.persons),
            "steps": figures.count(SHOWN_STEPS),
            "name": begin["label"],
            "n": figures.count(begin["value"]),
        },
        caption=_("n = %(persons)s persons; rare touchpoints are gathered under “other”")
        % {"persons": figures.count(paths.persons)},
        data={"nodes": nodes, "links": links, "steps": SHOWN_STEPS},
        columns=(_("Step"), _("From"), _("To"), _("Persons")),
        rows=rows,
    )


def _kept(paths: PathsInsight) -> dict[int, set[str]]:
    """Return for each column of the picture the touchpoints frequent enough to be drawn by themselves."""
    volume: dict[int, dict[str, int]] = {}
    for link in paths.flows:
        if link.step == 0:
            column = volume.setdefault(0, {})
            column[link.source] = column.get(link.source, 0) + link.persons
        if link.target is not None:
            column = volume.setdefault(link.step + 1, {})
            column[link.target] = column.get(link.target, 0) + link.persons
    least = paths.persons * LEAST_SHARE_OF_FLOW
    return {
        step: {
            key
            for key in sorted(column, key=lambda k: (-column[k], k))[:MOST_PER_STEP]
            if column[key] >= least
        }
        for step, column in volume.items()
    }


def _node(link: FlowLink, kept: dict[int, set[str]], *, target: bool) -> str | None:
    """Return the node a flow starts from or goes to; None is the end of the journey."""
    key, step = (link.target, link.step + 1) if target else (link.source, link.step)
    if key is None or key in kept.get(step, ()):
        return key
    return OTHERS


def _node_id(step: int, key: str | None) -> str:
    return f"{step} end" if key is None else f"{step} at {key}"


def _label(key: str | None, names: Names) -> str:
    if key is None:
        return _("End")
    return _("other") if key == OTHERS else names.touchpoint(key)


def _drawn(node: str, step: int, key: str | None, names: Names) -> dict[str, Any]:
    role = "quiet" if key is None else "unknown" if key == OTHERS else "accent"
    return {"id": node, "label": _label(key, names), "step": step, "role": role, "value": 0, "text": ""}


def _weigh(nodes: list[dict[str, Any]], links: list[dict[str, Any]]) -> None:
    """Write on each node how many persons pass it: what comes in, or for the first step what goes out."""
    by_id = {node["id"]: node for node in nodes}
    for link in links:
        by_id[link["target"]]["value"] += link["value"]
        if link["step"] == 0:
            by_id[link["source"]]["value"] += link["value"]
    for node in nodes:
        node["text"] = figures.count(node["value"])
