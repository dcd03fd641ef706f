"""What stands on each page: from a stored analysis to what its template shows. Nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wegmarke.analysis.insight import MomentClass
from wegmarke.analysis.journeys import StartedBy
from wegmarke.insights import (
    catalogue,
    charting,
    evidence,
    figures,
    moment_tables,
    path_charting,
    wording,
)
from wegmarke.insights.links import evidence_link, in_sentence, with_query
from wegmarke.insights.names import Names
from wegmarke.insights.words import CLASSES
from wegmarke.ui.numbers import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.utils.safestring import SafeString

    from wegmarke.analysis.insight import Moment, MomentsInsight
    from wegmarke.insights.contracts import Analysis
    from wegmarke.insights.words import ClassWords
    from wegmarke.ui.charts import Chart

MOST_FINDINGS = 5
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

    @property
    def linked(self) -> SafeString:
        """The sentence, in which the name leads to the evidence."""
        return in_sentence(self.sentence, {self.name: self.url})


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many touchpoints are of a class."""

    key: str
    words: ClassWords
    count: int


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
        "too_short": _too_short(analysis),
        "counts": () if analysis.moments is None else class_counts(analysis.moments),
        "charts": known_charts(charts),
        "facts": facts(analysis),
        "unbound": figures.count(analysis.unbound) if analysis.unbound else "",
    }


def _too_short(analysis: Analysis) -> str:
    """Say how long the data must go on after a touch where they are too short to judge any; else empty."""
    insight, leaving = analysis.moments, analysis.plan.leaving
    if insight is None or insight.moments:
        return ""
    quiet = (leaving.quiet_days if leaving else None) or 0
    return figures.days_after_preposition(insight.horizon_days + quiet)


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
        "too_short": _too_short(analysis),
        "counts": class_counts(whole),
        "all_count": len(whole.moments),
        "moment_class": moment_class,
        "class_words": CLASSES[moment_class] if moment_class else None,
        "findings": findings,
        "charts": known_charts(charts),
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
        "support": evidence.said_once((e.title, evidence.support(e.effect)) for e in evidence.effects(found)),
        "has_effects": decisive is not None,
        "computed": how_computed(analysis),
        "not_said": (*not_said(), *_not_blamed(found)),
        "funnel": _funnel_through(analysis, key, names),
        "own_funnel": with_query(reverse("insights:funnels"), {"from": key}) + "#own",
    }


def _funnel_through(analysis: Analysis, key: str, names: Names) -> tuple[str, str] | None:
    """Return name and address of a funnel of the plan that leads through a touchpoint."""
    through = (f.key for f in analysis.plan.funnels if key in f.steps and f.key in analysis.funnels)
    found = next(through, None)
    if found is None:
        return None
    return names.funnel(found), with_query(reverse("insights:funnels"), {"funnel": found})


def _not_blamed(moment: Moment) -> tuple[str, ...]:
    """Say why the touch itself is not blamed for leaving where the company does not start it."""
    if moment.touch_on_leaving is None or moment.started_by is StartedBy.COMPANY:
        return ()
    if moment.started_by is StartedBy.CUSTOMER:
        return (
            _(
                "It does not blame the touch itself for leaving: customers start it, so it may go with "
                "leaving without causing it."
            ),
        )
    return (
        _(
            "It does not blame the touch itself for leaving: the plan does not say that the company starts "
            "it, so it may go with leaving without causing it."
        ),
    )


def not_said() -> tuple[str, ...]:
    """Return what the figures do not say."""
    return (
        _(
            "It does not say what would happen to one single person; it is an average over all who were met "
            "here."
        ),
        _(
            "It compares like with like as far as that was recorded; a cause nobody recorded may still play "
            "a part."
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
        return _("silence of %(time)s, counted from the customer's last own touch") % {
            "time": figures.days(leaving.quiet_days)
        }
    return ", ".join(names.touchpoint(key) for key in leaving.touchpoints)


def known_charts(charts: Iterable[Chart | None]) -> tuple[Chart, ...]:
    """Return the charts that have something to show."""
    return tuple(chart for chart in charts if chart is not None)
