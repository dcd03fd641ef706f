"""The charts of the pages: from insights to values the browser draws, with the same numbers as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wegmarke.analysis.insight import MomentClass
from wegmarke.analysis.journeys import StartedBy
from wegmarke.insights import evidence, figures
from wegmarke.insights.wording import SIGNIFICANT
from wegmarke.insights.words import CLASSES
from wegmarke.ui.charts import Chart, ChartKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wegmarke.analysis.insight import Effect, Estimate, Moment, MomentsInsight
    from wegmarke.insights.names import Names

MOST_ROWS = 15
Item = dict[str, Any]


def no_link(_key: str) -> str:
    """Link nowhere: a report has no pages."""
    return ""


def interval_item(value: Estimate | Effect, label: str, text: str, role: str = "accent", **more: Any) -> Item:
    """Return one row of a chart with its interval."""
    return {
        "label": label, "estimate": value.estimate, "low": value.low, "high": value.high,
        "text": text, "role": role, **more,
    }  # fmt: skip


def caption(start: int, end: int, persons: int) -> str:
    """Say what the data of a chart are: period and n."""
    return _("%(period)s · n = %(persons)s persons · lines: 95%% intervals") % {
        "period": figures.period(start, end),
        "persons": figures.count(persons),
    }


def _band(margin: float) -> dict[str, Any]:
    return {
        "low": -margin,
        "high": margin,
        "text": _("immaterial: ±%(margin)s") % {"margin": figures.exact_points(margin)},
    }


def effects_on(
    insight: MomentsInsight, names: Names, link: Callable[[str], str] = no_link, *, leaving: bool
) -> Chart | None:
    """Return the chart of effects on leaving or on moving on, what matters first; None without any."""
    chosen = [(m, e) for m in insight.moments if (e := _effect_on(m, leaving=leaving)) is not None]
    if not chosen:
        return None
    chosen.sort(key=lambda pair: not _is_about(pair[0], leaving=leaving))
    shown = chosen[:MOST_ROWS]
    items, rows = [], []
    for moment, effect in shown:
        words = CLASSES[moment.moment_class]
        own = _is_about(moment, leaving=leaving)
        name, text = names.touchpoint(moment.touchpoint), figures.points(effect)
        role = words.role if own else "unknown"
        items.append(
            interval_item(
                effect, name, text, role, mark=words.mark if own else "", url=link(moment.touchpoint)
            )
        )
        rows.append((name, str(words.name), text, figures.count(effect.n)))
    title = _("Effect on leaving") if leaving else _("Effect on moving on")
    return Chart(
        kind=ChartKind.INTERVALS,
        name="effects-on-leaving" if leaving else "effects-on-moving-on",
        title=title,
        description=_effects_description(insight, shown, names, leaving=leaving),
        caption=_shown_caption(len(shown), len(chosen), insight),
        data={
            "items": items, "reference": 0, "band": _band(insight.margin),
            "axis": {"name": _("percentage points"), "unit": "points"},
        },
        columns=(_("Touchpoint"), _("Class"), _("Effect in points (interval)"), _("Touches judged")),
        rows=tuple(rows),
    )  # fmt: skip


def _effect_on(moment: Moment, *, leaving: bool) -> Effect | None:
    """Return the effect to draw: the experience's, or the touch's where that carries the verdict."""
    if leaving:
        touch_first = moment.moment_class is MomentClass.ANNOYS_COSTS
        own, touch = moment.bad_on_leaving, moment.touch_on_leaving
    else:
        good = moment.good_on_moving_on
        proven = good is not None and good.low > 0 and good.q <= SIGNIFICANT
        touch_first = moment.moment_class is MomentClass.ADVANCES and not proven
        own, touch = good, moment.touch_on_moving_on
    return (touch or own) if touch_first else (own or touch)


ABOUT_LEAVING = (MomentClass.BREAKS, MomentClass.ANNOYS_COSTS, MomentClass.ANNOYS_HARMLESS)
ABOUT_MOVING_ON = (MomentClass.ADVANCES, MomentClass.DELIGHTS)


def _is_about(moment: Moment, *, leaving: bool) -> bool:
    return moment.moment_class in (ABOUT_LEAVING if leaving else ABOUT_MOVING_ON)


def _effects_description(
    insight: MomentsInsight, shown: Sequence[tuple[Moment, Effect]], names: Names, *, leaving: bool
) -> str:
    proven = [(m, e) for m, e in shown if _is_about(m, leaving=leaving)]
    moment, effect = (proven or list(shown))[0]
    values = {
        "count": figures.count(len(shown)),
        "proven": figures.count(len(proven)),
        "name": names.touchpoint(moment.touchpoint),
        "points": figures.points(effect),
        "margin": figures.exact_points(insight.margin),
    }
    if leaving:
        text = _(
            "Effects of %(count)s touchpoints on leaving with intervals, %(proven)s of them with a "
            "verdict; first %(name)s with %(points)s percentage points. "
            "The band of %(margin)s around zero is immaterial."
        )
    else:
        text = _(
            "Effects of %(count)s touchpoints on moving on with intervals, %(proven)s of them with a "
            "verdict; first %(name)s with %(points)s percentage points. "
            "The band of %(margin)s around zero is immaterial."
        )
    return text % values


def _shown_caption(shown: int, of: int, insight: MomentsInsight) -> str:
    text = caption(insight.start, insight.end, insight.persons)
    if shown == of:
        return text
    more = _("%(shown)s of %(all)s touchpoints, all of them in the table") % {
        "shown": figures.count(shown), "all": figures.count(of),
    }  # fmt: skip
    return f"{text} · {more}"


def pareto(insight: MomentsInsight, names: Names, link: Callable[[str], str] = no_link) -> Chart | None:
    """Return the few that make most of the effect: persons lost or won per quarter, with cumulated shares."""
    chosen = [
        (m, size)
        for m in insight.moments
        if m.cumulated_share is not None and (size := size_of(m)) is not None
    ]
    chosen = chosen[:MOST_ROWS]
    if not chosen:
        return None
    items, rows = [], []
    for moment, size in chosen:
        words = CLASSES[moment.moment_class]
        name = names.touchpoint(moment.touchpoint)
        together = figures.percent(moment.cumulated_share or 0)
        text = _("%(size)s · together %(share)s") % {"size": figures.size(size), "share": together}
        items.append(
            interval_item(
                size, name, text, words.role,
                mark=words.mark, cumulated=moment.cumulated_share, brief=figures.size(size),
                url=link(moment.touchpoint),
            )
        )  # fmt: skip
        rows.append((name, str(words.name), figures.size(size), together))
    many, share = _most_of(chosen)
    return Chart(
        kind=ChartKind.PARETO,
        name="pareto",
        title=_("The few that make most of the effect"),
        description=_(
            "Persons lost or won per quarter for %(count)s touchpoints; the first %(many)s make %(share)s "
            "of the effect."
        )
        % {"count": figures.count(len(chosen)), "many": figures.count(many), "share": share},
        caption=_("Persons lost (▼ ◆) or won (▲ ★) per quarter · dashed line: cumulated share")
        + " · "
        + caption(insight.start, insight.end, insight.persons),
        data={"items": items, "reference": 0, "axis": {"name": _("persons per quarter"), "unit": "count"}},
        columns=(_("Touchpoint"), _("Class"), _("Persons per quarter (interval)"), _("Cumulated share")),
        rows=tuple(rows),
    )


def _most_of(chosen: Sequence[tuple[Moment, Estimate]], enough: float = 0.8) -> tuple[int, str]:
    """Return how many make at least `enough` of the effect, and how much that is."""
    for many, (moment, _size) in enumerate(chosen, start=1):
        if (moment.cumulated_share or 0) >= enough:
            return many, figures.percent(moment.cumulated_share or 0)
    return len(chosen), figures.percent(chosen[-1][0].cumulated_share or 0)


def size_of(moment: Moment) -> Estimate | None:
    """Return the size that counts for a verdict: persons lost where it costs, won where it helps."""
    if _is_about(moment, leaving=True):
        return moment.lost_persons_per_quarter
    return moment.won_persons_per_quarter


def evidence_effects(moment: Moment, insight: MomentsInsight, name: str) -> Chart | None:
    """Return all effects of one touchpoint, the plain comparison hollow beside each."""
    effects = evidence.effects(moment)
    if not effects:
        return None
    items, rows = [], []
    for named in effects:
        text = figures.points(named.effect)
        blamable = named.effect is not moment.touch_on_leaving or moment.started_by is StartedBy.COMPANY
        proven = blamable and abs(named.effect.estimate) >= insight.margin
        role = _role(named.effect, on_leaving=named.on_leaving) if proven else "unknown"
        items.append(interval_item(named.effect, named.title, text, role, crude=named.effect.crude))
        exponent = figures.percent_exponent(named.effect.low, named.effect.high)
        crude = figures.signed(named.effect.crude * 100, exponent)
        rows.append((named.title, text, crude, figures.count(named.effect.n)))
    return Chart(
        kind=ChartKind.INTERVALS,
        name="evidence-effects",
        title=_("Effects within %(time)s") % {"time": figures.days_after_preposition(insight.horizon_days)},
        description=_("Effects of %(name)s: %(effects)s.")
        % {"name": name, "effects": "; ".join(f"{row[0]} {row[1]}" for row in rows)},
        caption=_("Filled: like situations compared · hollow: plain comparison")
        + " · "
        + caption(insight.start, insight.end, insight.persons),
        data={
            "items": items, "reference": 0, "band": _band(insight.margin),
            "axis": {"name": _("percentage points"), "unit": "points"},
        },
        columns=(
            _("Effect"), _("Like situations compared (points)"), _("Plain comparison (points)"),
            _("Touches judged"),
        ),
        rows=tuple(rows),
    )  # fmt: skip


def _role(effect: Effect, *, on_leaving: bool) -> str:
    if effect.low <= 0 <= effect.high or effect.q > SIGNIFICANT:
        return "unknown"
    return "bad" if (effect.estimate > 0) == on_leaving else "good"
