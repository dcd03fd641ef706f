"""What stands on the card of a touchpoint: the sentence, the design card with its gaps, what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wegmarke.atlas import links, measures, rule_words
from wegmarke.atlas.cards import history, measured, wording
from wegmarke.atlas.fields import FIELDS, said
from wegmarke.insights import figures
from wegmarke.insights.links import evidence_link, with_query

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from wegmarke.analysis.insight import TouchpointExperience
    from wegmarke.atlas.cards.labels import Label
    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Content, Journey, Touchpoint

DESIGN = ("purpose", "timing", "per_quarter", "channel", "owners", "department", "cost", "minutes")
FACETS = ("nature", "planned", "started_by", "worth", "media")


@dataclass(frozen=True, slots=True)
class Line:
    """One field with its value in words; None is a gap. `anchor` leads to the field in the form."""

    field: str
    label: Label
    value: SafeString | None
    anchor: str


@dataclass(frozen=True, slots=True)
class JourneyPhases:
    """The phases of one journey, each with whether the touchpoint stands in it; its steps behind it."""

    name: str
    phases: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: what, how much with interval, on what it rests, and where it leads."""

    label: str
    text: str
    note: str
    url: str


def lines(fields: tuple[str, ...], touchpoint: Touchpoint, at: Here) -> tuple[Line, ...]:
    """Return fields of the card with their values in the reader's language."""
    return tuple(
        Line(field, FIELDS[field], _value(field, touchpoint, at), links.anchor(field)) for field in fields
    )


def _value(field: str, touchpoint: Touchpoint, at: Here) -> SafeString | None:
    if field in {"purpose", "timing"}:
        said = at.said(getattr(touchpoint, field))
        return said or None  # type: ignore[return-value]  # the template escapes it
    return history.field_in_words(field, touchpoint, at)


def content_rows(touchpoint: Touchpoint, at: Here) -> tuple[tuple[str, str, str], ...]:
    """Return what is said to whom in which phase."""
    return tuple(_content_row(one, at) for one in touchpoint.content)


def _content_row(one: Content, at: Here) -> tuple[str, str, str]:
    phase = wording.phase_name(at.plan, one.phase, at.language) if one.phase else _("every phase")
    return one.segment or _("Everybody"), phase, at.said(one.text)


def journeys(touchpoint: Touchpoint, at: Here) -> tuple[JourneyPhases, ...]:
    """Return the phases of all journeys, those of the touchpoint marked."""
    return tuple(
        JourneyPhases(at.journey_name(journey), _phases(journey, touchpoint, at))
        for journey in at.plan.journeys
        if journey.phases
    )


def _phases(journey: Journey, touchpoint: Touchpoint, at: Here) -> tuple[tuple[str, bool], ...]:
    found = []
    for phase in journey.phases:
        steps = [step for step in phase.steps if step.key in touchpoint.phases]
        name = at.said(phase.name) or phase.key
        if steps:
            name += wording.INTO + ", ".join(at.said(step.name) or step.key for step in steps)
        found.append((name, phase.key in touchpoint.phases or bool(steps)))
    return tuple(found)


def funnels(key: str, at: Here) -> tuple[tuple[str, str, str], ...]:
    """Return the funnels a touchpoint is in: name, address, which step of how many."""
    found = []
    for funnel in at.plan.funnels:
        if key not in funnel.steps:
            continue
        place = _("step %(step)s of %(steps)s") % {
            "step": funnel.steps.index(key) + 1,
            "steps": len(funnel.steps),
        }
        known = at.stored is not None and funnel.key in at.stored.analysis.funnels
        url = with_query(reverse("insights:funnels"), {"funnel": funnel.key}) if known else ""
        found.append((at.said(funnel.name) or funnel.key, url, place))
    return tuple(found)


def figures_of(key: str, at: Here) -> tuple[Figure, ...]:
    """Return what was measured at a touchpoint: volume, experience, drop-off."""
    if at.stored is None:
        return ()
    lived = measures.lived_at(key, at.stored.analysis)
    if lived is None:
        return ()
    journey = f"{reverse('insights:journey')}#table-journey"
    judged = at.stored.analysis.moments
    is_judged = judged is not None and any(m.touchpoint == key for m in judged.moments)
    evidence = evidence_link(key) if is_judged else journey
    found = [
        Figure(_("Touches"), figures.count(lived.touches), _period(at), journey),
        Figure(_("Persons"), figures.count(lived.persons), _share_of_all(lived, at), journey),
    ]
    if lived.experience is not None:
        found.append(
            Figure(_("Net experience"), figures.net(lived.experience), _rated(lived), evidence),
        )
    if lived.drop_off is not None:
        note = _("of %(n)s persons left right after it") % {"n": figures.count(lived.drop_off.n)}
        found.append(Figure(_("Drop-off"), figures.share(lived.drop_off), note, journey))
    return tuple(found)


def _period(at: Here) -> str:
    period = at.stored.analysis.period if at.stored else None
    return "" if period is None else figures.period(period.start, period.end)


def _share_of_all(lived: TouchpointExperience, at: Here) -> str:
    everybody = at.stored.analysis.persons if at.stored else 0
    if not everybody:
        return ""
    return _("%(share)s of all %(n)s persons") % {
        "share": figures.small_share(lived.persons / everybody),
        "n": figures.count(everybody),
    }


def _rated(lived: TouchpointExperience) -> str:
    return _("n = %(n)s rated touches: %(bad)s bad, %(neutral)s neutral, %(good)s good") % {
        "n": figures.count(measured.rated(lived)),
        "bad": figures.count(lived.bad),
        "neutral": figures.count(lived.neutral),
        "good": figures.count(lived.good),
    }


def design(touchpoint: Touchpoint, at: Here) -> dict[str, Any]:
    """Return everything the plan says about a touchpoint."""
    metric = touchpoint.metric
    analysis = at.stored.analysis if at.stored else None
    return {
        "design": lines(DESIGN, touchpoint, at),
        "facets": lines(FACETS, touchpoint, at),
        "metric": "" if metric is None else measures.in_words(metric),
        "actual": None if metric is None else measured.actual(metric, touchpoint.key, analysis),
        "content": content_rows(touchpoint, at),
        "journeys": journeys(touchpoint, at),
        "rules": [rule_words.as_html(one) for one in rule_words.rules(touchpoint)],
        "felt": [rule_words.as_html(rule_words.felt(one)) for one in touchpoint.experience],
        "otherwise": rule_words.as_text(rule_words.otherwise(touchpoint)),
        "promises": history.field_in_words("promises", touchpoint, at),
        "notes": at.said(touchpoint.notes),
        "status": said("status", touchpoint.status),
    }
