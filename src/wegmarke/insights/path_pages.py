"""What stands on the pages of the journey, the funnels and the paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wegmarke.insights import catalogue, figures, path_charting
from wegmarke.insights.links import evidence_link, in_sentence
from wegmarke.insights.names import Names
from wegmarke.insights.pages import NAMED, facts, known_charts
from wegmarke.insights.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.utils.safestring import SafeString

    from wegmarke.analysis.insight import Estimate, FunnelInsight, Moment, TouchpointExperience
    from wegmarke.insights.contracts import Analysis
    from wegmarke.insights.words import ClassWords

MOST_CARDS = 10
NEXT_TO_NOTHING = 0.0015


@dataclass(frozen=True, slots=True)
class Card:
    """One touchpoint on the journey."""

    key: str
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


def journey(analysis: Analysis) -> dict[str, Any]:
    """Return what stands on the page of the journey."""
    names = Names(analysis.plan)
    rated = [t for t in analysis.lived.touchpoints if t.experience is not None]
    return {
        "phases": phase_columns(analysis, names),
        "chart": path_charting.experience_curve(analysis, names),
        "sentence": _with_links(_journey_sentence(rated, names), analysis, names),
        "facts": facts(analysis),
    }


def _with_links(
    sentence: str, analysis: Analysis, names: Names, link: Callable[[str], str] = evidence_link
) -> SafeString:
    """Let the touchpoints a sentence names lead to their evidence."""
    judged = catalogue.moments_by_key(analysis)
    return in_sentence(sentence, {names.touchpoint(key): link(key) for key in judged})


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
    text = _(
        "The journey feels worst at “%(worst)s”, with a net experience of %(low)s, and best at “%(best)s”, "
        "with %(high)s."
    )
    return text % {
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
                experience=figures.net_in_brief(phase.experience) if phase and phase.experience else "",
                drop_off=_drop_off(phase.drop_off if phase else None),
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
        key=t.touchpoint,
        name=names.touchpoint(t.touchpoint),
        url=evidence_link(t.touchpoint) if judged else "",
        persons=figures.count(t.persons),
        touches=figures.count(t.touches),
        experience=figures.net_in_brief(t.experience) if t.experience else "",
        drop_off=_drop_off(t.drop_off),
        words=CLASSES[judged.moment_class] if judged and judged.moment_class in NAMED else None,
    )


def _drop_off(share: Estimate | None) -> str:
    """Say a drop-off on a card; one that is shown to be next to nothing is only noise there."""
    return "" if share is None or share.high < NEXT_TO_NOTHING else figures.share_in_brief(share)


def funnel(
    analysis: Analysis, insight: FunnelInsight, title: str, link: Callable[[str], str] = evidence_link
) -> dict[str, Any]:
    """Return what is shown of one funnel; `link` is the address of a touchpoint's evidence."""
    names = Names(analysis.plan)
    others = (path_charting.instead(insight, place, names) for place in range(len(insight.steps) - 1))
    return {
        "chart": path_charting.funnel(insight, names, title),
        "instead": known_charts(others),
        "sentence": _with_links(_funnel_sentence(insight, names), analysis, names, link),
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
        more = _("Most of these then fall silent (%(share)s).") % {"share": figures.small_share(first.share)}
    else:
        more = _("Most of these go to “%(name)s” instead (%(share)s).") % {
            "name": names.touchpoint(first.touchpoint),
            "share": figures.small_share(first.share),
        }
    return f"{text % values} {more}"


def paths(analysis: Analysis) -> dict[str, Any]:
    """Return what stands on the page of paths."""
    names = Names(analysis.plan)
    last = analysis.last_actions
    return {
        "sankey": path_charting.sankey(analysis.paths, names),
        "last_actions": None if last is None else path_charting.last_actions(last, names),
        "sentence": _with_links(_paths_sentence(analysis, names), analysis, names),
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
    lift = above[0].lift
    exponent = min(0, figures.worth_showing(lift.low, lift.high))
    text_of_lift = _(
        "Before leaving, “%(name)s” comes last %(lift)s times as often as its frequency explains; the "
        "interval is %(interval)s."
    )
    more = text_of_lift % {
        "name": names.touchpoint(above[0].touchpoint),
        "lift": figures.number(lift.estimate, exponent),
        "interval": figures.to(figures.number(lift.low, exponent), figures.number(lift.high, exponent)),
    }
    return f"{text} {more}"
