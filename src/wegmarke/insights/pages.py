"""What stands on each page: from a stored analysis to what its template shows. Nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wegmarke.analysis.insight import MomentClass
from wegmarke.insights import (
    catalogue,
    charting,
    evidence,
    figures,
    moment_tables,
    path_charting,
    path_tables,
    wording,
)
from wegmarke.insights.links import evidence_link
from wegmarke.insights.names import Names
from wegmarke.insights.words import CLASSES
from wegmarke.ui.numbers import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from wegmarke.analysis.insight import FunnelInsight, Moment, MomentsInsight, TouchpointExperience
    from wegmarke.insights.contracts import Analysis
    from wegmarke.insights.words import ClassWords
    from wegmarke.ui.charts import Chart

MOST_FINDINGS = 5
MOST_CARDS = 10
PROVEN = (
    MomentClass.BREAKS,
    MomentClass.ANNOYS_COSTS,
    MomentClass.ADVANCES,
    MomentClass.DELIGHTS,
)
NAMED = (*PROVEN, MomentClass.ANNOYS_HARMLESS)
"""Classes marked on the journey; a mark for what nobody knows would only be noise there."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as a sentence with its size, its class and the way to its evidence."""

    sentence: str
    size: str
    words: ClassWords
    url: str
    name: str


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many touchpoints are of a class."""

    key: str
    words: ClassWords
    count: int


@dataclass(frozen=True, slots=True)
class Card:
    """One touchpoint on the journey."""

    name: str
    url: str
    persons: str
    touches: str
    experience: str
    drop_off: str
    words: ClassWords | None


@dataclass(frozen=True, slots=True)
class PhaseColumn:
    """One phase of the journey with its touchpoints; `hidden` of them stand in the table only."""

    name: str
    persons: str
    experience: str
    drop_off: str
    cards: tuple[Card, ...]
    hidden: int


def finding(
    moment: Moment, analysis: Analysis, insight: MomentsInsight, link: Callable[[str], str] = evidence_link
) -> Finding:
    """Say one finding."""
    names = Names(analysis.plan)
    name = names.touchpoint(moment.touchpoint)
    return Finding(
        sentence=wording.sentence(moment, insight, name),
        size=wording.size_sentence(moment, analysis.plan.currency),
        words=CLASSES[moment.moment_class],
        url=link(moment.touchpoint),
        name=name,
    )


def top_findings(
    analysis: Analysis, most: int = MOST_FINDINGS, link: Callable[[str], str] = evidence_link
) -> tuple[Finding, ...]:
    """Return what matters now: proven moments by size, then what annoys without harm."""
    insight = analysis.moments
    if insight is None:
        return ()
    proven = [m for m in insight.moments if m.moment_class in PROVEN]
    harmless = [m for m in insight.moments if m.moment_class is MomentClass.ANNOYS_HARMLESS]
    chosen = [*proven[: most - 1], *harmless[:1]] if harmless else proven[:most]
    return tuple(finding(m, analysis, insight, link) for m in chosen)


def class_counts(insight: MomentsInsight) -> tuple[ClassCount, ...]:
    """Count the touchpoints of each class."""
    return tuple(
        ClassCount(str(key), words, sum(m.moment_class is key for m in insight.moments))
        for key, words in CLASSES.items()
    )


def overview(analysis: Analysis) -> dict[str, Any]:
    """Return what stands on the overview."""
    charts = [path_charting.experience_trend(analysis), path_charting.leaving_trend(analysis)]
    return {
        "findings": top_findings(analysis),
        "counts": () if analysis.moments is None else class_counts(analysis.moments),
        "charts": _known(charts),
        "facts": facts(analysis),
        "unbound": figures.count(analysis.unbound) if analysis.unbound else "",
    }


def facts(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    """Return the few numbers that say what all figures rest on."""
    rows = [
        (_("Period"), figures.period(analysis.period.start, analysis.period.end)),
        (_("Persons"), figures.count(analysis.persons)),
        (_("Touches"), figures.count(analysis.touches)),
    ]
    if analysis.unbound:
        rows.append((_("Events without a touchpoint"), figures.count(analysis.unbound)))
    return tuple(rows)


def moments(analysis: Analysis, moment_class: MomentClass | None) -> dict[str, Any]:
    """Return what stands on the page of moments."""
    whole = analysis.moments
    if whole is None:
        return {"insight": None}
    insight = catalogue.of_class(whole, moment_class)
    names = Names(analysis.plan)
    charts = (
        charting.effects_on(insight, names, evidence_link, leaving=True),
        charting.effects_on(insight, names, evidence_link, leaving=False),
        charting.pareto(insight, names, evidence_link),
    )
    findings = (
        top_findings(analysis, most=3)
        if moment_class is None
        else tuple(finding(m, analysis, insight) for m in insight.moments[:3])
    )
    return {
        "insight": insight,
        "counts": class_counts(whole),
        "all_count": len(whole.moments),
        "moment_class": moment_class,
        "class_words": CLASSES[moment_class] if moment_class else None,
        "findings": findings,
        "charts": _known(charts),
        "computed": how_computed(analysis),
    }


def moment(analysis: Analysis, key: str) -> dict[str, Any] | None:
    """Return the evidence of one touchpoint; None where it was not judged."""
    insight = analysis.moments
    found = catalogue.moments_by_key(analysis).get(key)
    if insight is None or found is None:
        return None
    names = Names(analysis.plan)
    name = names.touchpoint(key)
    decisive = wording.telling_effect(found)
    return {
        "name": name,
        "moment": found,
        "finding": finding(found, analysis, insight),
        "needed": wording.touches_needed(found) if found.moment_class is MomentClass.UNPROVEN else "",
        "chart": charting.evidence_effects(found, insight, name),
        "shared": " · ".join(moment_tables.shared_situation(found, insight, names)),
        "crude": tuple((e.title, evidence.crude_against_adjusted(e.effect)) for e in evidence.effects(found)),
        "unmeasured": evidence.unmeasured_cause(found),
        "support": tuple((e.title, evidence.support(e.effect)) for e in evidence.effects(found)),
        "has_effects": decisive is not None,
        "computed": how_computed(analysis),
        "not_said": not_said(),
    }


def not_said() -> tuple[str, ...]:
    """Return what the figures do not say."""
    return (
        _(
            "It does not say what would happen to one single person; it is an average over all who were met here."
        ),
        _(
            "It compares like with like as far as that was recorded; a cause nobody recorded may still play a part."
        ),
        _("It does not say that removing the touchpoint would help: it says what its experiences do."),
    )


def how_computed(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    """Return the parameters the moments were computed with, in words."""
    insight = analysis.moments
    if insight is None:
        return facts(analysis)
    names = Names(analysis.plan)
    situation = ", ".join(evidence.feature_name(feature) for feature in insight.situation) or NONE
    rows = [
        *facts(analysis),
        (_("Touches judged"), figures.count(insight.judged_touches)),
        (_("Horizon"), figures.days(insight.horizon_days)),
        (_("Leaving"), _leaving(analysis, names)),
        (_("Material from"), figures.exact_points(insight.margin)),
        (
            _("Like situations"),
            _("%(n)s groups by %(features)s") % {"n": figures.count(insight.strata), "features": situation},
        ),
        (_("Leaving overall"), figures.percent(insight.leaving_rate, -1)),
        (_("Moving on overall"), figures.percent(insight.moving_on_rate, -1)),
    ]
    if insight.value_per_person is not None:
        rows.append(
            (_("Value of a customer"), figures.amount(insight.value_per_person, analysis.plan.currency))
        )
    return tuple(rows)


def _leaving(analysis: Analysis, names: Names) -> str:
    leaving = analysis.plan.leaving
    if leaving is None:
        return _("not set in the plan")
    if leaving.quiet_days is not None:
        return _("silence of %(time)s") % {"time": figures.days(leaving.quiet_days)}
    return ", ".join(names.touchpoint(key) for key in leaving.touchpoints)


def journey(analysis: Analysis) -> dict[str, Any]:
    """Return what stands on the page of the journey."""
    names = Names(analysis.plan)
    rated = [t for t in analysis.lived.touchpoints if t.experience is not None]
    return {
        "phases": phase_columns(analysis, names),
        "chart": path_charting.experience_curve(analysis, names),
        "sentence": _journey_sentence(rated, names),
        "facts": facts(analysis),
    }


def _journey_sentence(rated: Iterable[TouchpointExperience], names: Names) -> str:
    known = [(t, t.experience) for t in rated if t.experience is not None]
    if not known:
        return _(
            "Nobody has rated a touchpoint yet, so there is no experience curve, only volume and drop-off."
        )
    # The surest low and the surest high: by the bound, not by the figure of a handful of ratings.
    worst = min(known, key=lambda pair: pair[1].high)
    best = max(known, key=lambda pair: pair[1].low)
    if worst[0] is best[0]:
        return _("Rated so far is only “%(name)s”: %(figure)s.") % {
            "name": names.touchpoint(worst[0].touchpoint),
            "figure": figures.net(worst[1]),
        }
    return _("The journey feels worst at “%(worst)s” (%(low)s) and best at “%(best)s” (%(high)s).") % {
        "worst": names.touchpoint(worst[0].touchpoint),
        "low": figures.net(worst[1]),
        "best": names.touchpoint(best[0].touchpoint),
        "high": figures.net(best[1]),
    }


def phase_columns(analysis: Analysis, names: Names) -> tuple[PhaseColumn, ...]:
    """Return the phases in their order with their touchpoints; those without a phase at the end."""
    judged = catalogue.moments_by_key(analysis)
    by_phase: dict[str | None, list[TouchpointExperience]] = {p.phase: [] for p in analysis.lived.phases}
    for t in analysis.lived.touchpoints:
        by_phase.setdefault(t.phase, []).append(t)
    lived = {p.phase: p for p in analysis.lived.phases}
    columns = []
    for key, touchpoints in by_phase.items():
        phase = None if key is None else lived.get(key)
        chosen = _worth_a_card(touchpoints, judged)
        cards = tuple(_card(t, judged.get(t.touchpoint), names) for t in chosen)
        columns.append(
            PhaseColumn(
                name=names.phase(key),
                persons=figures.count(phase.persons) if phase else "",
                experience=figures.net(phase.experience, finest=0) if phase and phase.experience else "",
                drop_off=figures.share(phase.drop_off, finest=-1) if phase and phase.drop_off else "",
                cards=cards,
                hidden=len(touchpoints) - len(chosen),
            )
        )
    return tuple(columns)


def _worth_a_card(
    touchpoints: list[TouchpointExperience], judged: Mapping[str, Moment]
) -> list[TouchpointExperience]:
    """Return the touchpoints shown as cards: those with a verdict, then the most met, in their order."""
    with_verdict = [
        t for t in touchpoints if t.touchpoint in judged and judged[t.touchpoint].moment_class in NAMED
    ]
    others = [t for t in touchpoints if t not in with_verdict and t.touches]
    room = max(0, MOST_CARDS - len(with_verdict))
    chosen = {t.touchpoint for t in (*with_verdict, *others[:room])}
    return [t for t in touchpoints if t.touchpoint in chosen]


def _card(t: TouchpointExperience, judged: Moment | None, names: Names) -> Card:
    return Card(
        name=names.touchpoint(t.touchpoint),
        url=evidence_link(t.touchpoint) if judged else "",
        persons=figures.count(t.persons),
        touches=figures.count(t.touches),
        experience=figures.net(t.experience, finest=0) if t.experience else "",
        drop_off=figures.share(t.drop_off, finest=-1) if t.drop_off else "",
        words=CLASSES[judged.moment_class] if judged and judged.moment_class in NAMED else None,
    )


def funnel(analysis: Analysis, insight: FunnelInsight, title: str) -> dict[str, Any]:
    """Return what is shown of one funnel."""
    names = Names(analysis.plan)
    others = (path_charting.instead(insight, place, names) for place in range(len(insight.steps) - 1))
    return {
        "chart": path_charting.funnel(insight, names, title),
        "instead": _known(others),
        "sentence": _funnel_sentence(insight, names),
    }


def _funnel_sentence(insight: FunnelInsight, names: Names) -> str:
    steps = insight.steps
    if steps[0].persons == 0:
        return _("Nobody has begun this funnel in the data.")
    share = figures.share(steps[-1].share)
    place = max(range(1, len(steps)), key=lambda i: steps[i - 1].persons - steps[i].persons)
    lost = steps[place - 1].persons - steps[place].persons
    if lost == 0:
        return _("Everybody who begins gets to the end.")
    text = _(
        "%(share)s of those who begin get to the end; most are lost before “%(name)s”: %(lost)s persons."
    )
    values = {"share": share, "name": names.touchpoint(steps[place].touchpoint), "lost": figures.count(lost)}
    first = next(iter(steps[place - 1].instead), None)
    if first is None:
        return text % values
    if first.touchpoint is None:
        more = _("Most of these then fall silent (%(share)s).") % {"share": figures.percent(first.share)}
    else:
        more = _("Most of these go to “%(name)s” instead (%(share)s).") % {
            "name": names.touchpoint(first.touchpoint),
            "share": figures.percent(first.share),
        }
    return f"{text % values} {more}"


def paths(analysis: Analysis) -> dict[str, Any]:
    """Return what stands on the page of paths."""
    names = Names(analysis.plan)
    last = analysis.last_actions
    return {
        "sankey": path_charting.sankey(analysis.paths, names),
        "last_actions": None if last is None else path_charting.last_actions(last, names),
        "sentence": _paths_sentence(analysis, names),
        "variants_total": figures.count(analysis.paths.variants_total),
        "facts": facts(analysis),
    }


def _paths_sentence(analysis: Analysis, names: Names) -> str:
    found, last = analysis.paths, analysis.last_actions
    values = {"persons": figures.count(found.persons), "variants": figures.count(found.variants_total)}
    text = _("%(persons)s persons took %(variants)s different paths.") % values
    above = [a for a in last.actions if a.lift.low > 1] if last else []
    if not above:
        return text
    more = _("Before leaving, “%(name)s” comes last %(lift)s times as often as its frequency explains.") % {
        "name": path_tables.silence_or_name(above[0].touchpoint, names),
        "lift": figures.ratio(above[0].lift),
    }
    return f"{text} {more}"


def _known(charts: Iterable[Chart | None]) -> tuple[Chart, ...]:
    return tuple(chart for chart in charts if chart is not None)
