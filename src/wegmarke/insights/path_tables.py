"""The tables of the journey as lived, of funnels and of paths."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.insights import figures
from wegmarke.insights.tables import NOTHING, Cell, Column, Row, Table, text
from wegmarke.insights.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wegmarke.analysis.insight import (
        Estimate,
        ExperienceInsight,
        FunnelInsight,
        LastActionsInsight,
        Moment,
        PathsInsight,
        TrendInsight,
    )
    from wegmarke.insights.names import Names

MOST_SHOWN_STEPS = 12


def _shown(value: Estimate | None, show: Callable[[Estimate], str], times: float = 1.0) -> Cell:
    if value is None:
        return NOTHING
    return Cell(show(value), value.estimate * times, value.low * times, value.high * times)


def journey(
    lived: ExperienceInsight,
    names: Names,
    moments: Mapping[str, Moment],
    link: Callable[[str], str] = lambda _key: "",
) -> Table:
    """Return the touchpoints in the order of the journey: volume, experience, drop-off, class."""
    columns = (
        Column("touchpoint", _("Touchpoint")),
        Column("phase", _("Phase")),
        Column("class", _("Class")),
        Column("touches", _("Touches"), number=True),
        Column("persons", _("Persons"), number=True),
        Column("bad", _("Bad"), number=True),
        Column("neutral", _("Neutral"), number=True, aside=True),
        Column("good", _("Good"), number=True),
        Column("experience", _("Net experience"), number=True, interval=True),
        Column("drop_off", _("Drop-off"), number=True, interval=True),
    )
    rows = []
    for t in lived.touchpoints:
        moment = moments.get(t.touchpoint)
        words = None if moment is None else CLASSES[moment.moment_class]
        rows.append(
            Row(
                (
                    text(names.touchpoint(t.touchpoint), link(t.touchpoint) if moment else ""),
                    text(names.phase(t.phase)),
                    NOTHING if words is None else Cell(str(words.name), str(words.name), badge=words),
                    Cell(figures.count(t.touches), t.touches),
                    Cell(figures.count(t.persons), t.persons),
                    Cell(figures.count(t.bad), t.bad),
                    Cell(figures.count(t.neutral), t.neutral),
                    Cell(figures.count(t.good), t.good),
                    _shown(t.experience, figures.net, 100),
                    _shown(t.drop_off, figures.share),
                )
            )
        )
    return Table("journey", _("Touchpoints of the journey"), columns, tuple(rows))


def funnel(insight: FunnelInsight, names: Names) -> Table:
    """Return the steps of a funnel with who got there and what the others did most."""
    columns = (
        Column("step", _("Step"), number=True),
        Column("touchpoint", _("Touchpoint")),
        Column("persons", _("Persons"), number=True),
        Column("share", _("Of the first step"), number=True, interval=True),
        Column("transfer", _("Of the step before"), number=True, interval=True),
        Column("lost", _("Stopped here"), number=True),
    )
    rows = []
    for i, step in enumerate(insight.steps):
        following = insight.steps[i + 1].persons if i + 1 < len(insight.steps) else None
        lost = None if following is None else step.persons - following
        rows.append(
            Row(
                (
                    Cell(str(i + 1), i + 1),
                    text(names.touchpoint(step.touchpoint)),
                    Cell(figures.count(step.persons), step.persons),
                    Cell(figures.percent(1), 1.0, 1.0, 1.0) if i == 0 else _shown(step.share, figures.share),
                    NOTHING if i == 0 else _shown(step.transfer, figures.share),
                    NOTHING if lost is None else Cell(figures.count(lost), lost),
                )
            )
        )
    return Table("funnel", _("Steps of the funnel"), columns, tuple(rows))


def instead(insight: FunnelInsight, names: Names) -> Table:
    """Return for each step what those did next who did not reach the following one, silence included."""
    columns = (
        Column("after", _("After step")),
        Column("instead", _("Instead")),
        Column("persons", _("Persons"), number=True),
        Column("share", _("Share of those who stopped"), number=True),
    )
    rows = tuple(
        Row(
            (
                text(f"{i}. {names.touchpoint(step.touchpoint)}"),
                text(silence_or_name(other.touchpoint, names)),
                Cell(figures.count(other.persons), other.persons),
                Cell(figures.small_share(other.share), other.share),
            )
        )
        for i, step in enumerate(insight.steps, start=1)
        for other in step.instead
    )
    return Table("instead", _("What they did instead"), columns, rows)


def silence_or_name(key: str | None, names: Names) -> str:
    """Name a touchpoint, or the silence in its place."""
    return _("Silence") if key is None else names.touchpoint(key)


def transitions(paths: PathsInsight, names: Names) -> Table:
    """Return which touchpoint follows which, most frequent first."""
    total = sum(t.count for t in paths.transitions) or 1
    columns = (
        Column("source", _("From")),
        Column("target", _("To")),
        Column("count", _("Times"), number=True),
        Column("share", _("Share of all steps"), number=True),
    )
    rows = tuple(
        Row(
            (
                text(_("Start") if t.source is None else names.touchpoint(t.source)),
                text(_("End") if t.target is None else names.touchpoint(t.target)),
                Cell(partial(figures.count, t.count), t.count),
                Cell(partial(figures.percent, t.count / total, -1), t.count / total),
            )
        )
        for t in paths.transitions
    )
    return Table("transitions", _("What follows what"), columns, rows)


def variants(paths: PathsInsight, names: Names) -> Table:
    """Return the most frequent whole journeys."""
    columns = (
        Column("path", _("Journey")),
        Column("steps", _("Touches"), number=True),
        Column("persons", _("Persons"), number=True),
        Column("share", _("Share"), number=True, interval=True),
    )
    rows = tuple(
        Row(
            (
                Cell(_shortened(v.touchpoints, names), names.path(v.touchpoints)),
                Cell(figures.count(len(v.touchpoints)), len(v.touchpoints)),
                Cell(figures.count(v.persons), v.persons),
                _shown(v.share, figures.share),
            )
        )
        for v in paths.variants
    )
    return Table("variants", _("Most frequent journeys"), columns, rows)


def _shortened(keys: tuple[str, ...], names: Names) -> str:
    """Show a long journey by its beginning and the number of what follows."""
    if len(keys) <= MOST_SHOWN_STEPS:
        return names.path(keys)
    rest = len(keys) - MOST_SHOWN_STEPS + 1
    return (
        names.path(keys[: MOST_SHOWN_STEPS - 1]) + " → " + _("… and %(n)s more") % {"n": figures.count(rest)}
    )


def flows(paths: PathsInsight, names: Names) -> Table:
    """Return the first steps of all journeys as flows."""
    columns = (
        Column("step", _("Step"), number=True),
        Column("source", _("From")),
        Column("target", _("To")),
        Column("persons", _("Persons"), number=True),
    )
    rows = tuple(
        Row(
            (
                Cell(partial(str, f.step + 1), f.step + 1),
                text(names.touchpoint(f.source)),
                text(_("End") if f.target is None else names.touchpoint(f.target)),
                Cell(partial(figures.count, f.persons), f.persons),
            )
        )
        for f in sorted(paths.flows, key=lambda f: (f.step, -f.persons))
    )
    return Table("flows", _("First steps"), columns, rows)


def last_actions(insight: LastActionsInsight, names: Names) -> Table:
    """Return what stands last before leaving, highest lift first."""
    columns = (
        Column("touchpoint", _("Touchpoint")),
        Column("last", _("Last before leaving"), number=True),
        Column("share_of_last", _("Share of last actions"), number=True),
        Column("share_of_all", _("Share of all touches"), number=True),
        Column("lift", _("Lift"), number=True, interval=True),
    )
    rows = tuple(
        Row(
            (
                text(names.touchpoint(a.touchpoint)),
                Cell(figures.count(a.last), a.last),
                Cell(figures.percent(a.share_of_last, -1), a.share_of_last),
                Cell(figures.percent(a.share_of_all, -1), a.share_of_all),
                _shown(a.lift, figures.ratio),
            )
        )
        for a in insight.actions
    )
    return Table("last-actions", _("Last action before leaving"), columns, rows)


def trend(insight: TrendInsight) -> Table:
    """Return the months: how much happened, how it felt, how many left."""
    columns = (
        Column("month", _("Month")),
        Column("persons", _("Persons"), number=True),
        Column("touches", _("Touches"), number=True),
        Column("experience", _("Net experience"), number=True, interval=True),
        Column("leaving", _("Leaving"), number=True, interval=True),
    )
    rows = tuple(
        Row(
            (
                text(figures.month(p.start)),
                Cell(figures.count(p.persons), p.persons),
                Cell(figures.count(p.touches), p.touches),
                _shown(p.experience, figures.net, 100),
                _shown(p.leaving, figures.share),
            )
        )
        for p in insight.points
    )
    return Table("trend", _("Month by month"), columns, rows)
