"""The sentences and short forms on a journey map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wegmarke.atlas import channels
from wegmarke.atlas.journeymap.content import Happens, Kind, Lane, Lived, Mark, View
from wegmarke.atlas.phase_days import days
from wegmarke.insights import figures
from wegmarke.plan.contracts import Status
from wegmarke.plan.rules import is_named
from wegmarke.ui.numbers import NARROW_SPACE, when

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from wegmarke.analysis.insight import Moment, PhaseExperience, TouchpointExperience
    from wegmarke.atlas.journeymap.building import Sources, Wanted
    from wegmarke.atlas.journeymap.content import Card
    from wegmarke.atlas.journeymap.placing import Placed
    from wegmarke.atlas.lived_places import LivedPlace
    from wegmarke.plan.contracts import Journey, Phase, Plan, Text, Touchpoint

ELSEWHERE = "≠"
"""The sign of what demonstrably happens elsewhere than planned."""


def title(sources: Sources, journey: Journey) -> str:
    """Name the map: the company, and the journey model where it has a name of its own."""
    company = sources.said(sources.plan.name) if is_named(sources.plan) else ""
    name = sources.said(journey.name)
    return " · ".join(dict.fromkeys(part for part in (company, name) if part)) or _("Journey map")


def journey_name(journey: Journey, said: Callable[[Text], str]) -> str:
    """Name a journey model; one without a name is just the journey."""
    return said(journey.name) or _("Journey")


def view_name(view: View) -> str:
    """Name a view."""
    names = {
        View.PLANNED: _("as planned"),
        View.LIVED: _("as lived"),
        View.BOTH: _("planned and lived"),
    }
    return names[view]


def subtitle(sources: Sources, wanted: Wanted) -> str:
    """Say what is drawn for whom."""
    parts = [_("Journey map, %(view)s") % {"view": view_name(wanted.view)}]
    if audience := sources.said(wanted.journey.audience):
        parts.append(_("for %(audience)s") % {"audience": audience})
    if anchor := sources.said(wanted.journey.anchor):
        parts.append(_("day 0: %(anchor)s") % {"anchor": anchor})
    return " · ".join(parts)


def uncounted() -> str:
    """Say that the figures do not know yet where on this journey touches happen."""
    return _(
        "Where touches happen on this journey model is still to be computed; until then everything stands "
        "where it is planned."
    )


def caption(sources: Sources, wanted: Wanted, *, counted: bool = True) -> tuple[str, ...]:
    """Say what everything rests on: version, period, n, age, and what the lines are.

    Without `counted` the figures do not know where on this journey touches happen.
    """
    version = _("Plan version %(version)s") % {"version": sources.version}
    stored = sources.stored
    if stored is None or wanted.view is View.PLANNED:
        return (version,)
    analysis = stored.analysis
    facts = _("%(period)s · n = %(persons)s persons, %(touches)s touches · figures of %(when)s") % {
        "period": figures.period(analysis.period.start, analysis.period.end),
        "persons": figures.count(analysis.persons),
        "touches": figures.count(analysis.touches),
        "when": when(stored.computed_at),
    }
    return (
        f"{version} · {facts}",
        *(() if counted else (uncounted(),)),
        _(
            "Experience: share of good minus share of bad among rated touches; band and lines: 95% intervals "
            "that count persons. Drop-off: share of persons who left right after the touchpoint. The numbers "
            "are those on the cards."
        ),
    )


def lane_titles(plan: Plan) -> dict[Lane, tuple[str, str]]:
    """Name the lanes, with what they measure in small print; a plan without departments has owners."""
    only_owners = any(one.owners for one in plan.touchpoints) and not any(
        one.department for one in plan.touchpoints
    )
    return {
        Lane.GOAL: (_("Customer goal"), ""),
        Lane.CHANNEL: (_("Channels"), ""),
        Lane.OWNER: (_("Owners") if only_owners else _("Departments"), ""),
        Lane.PLANNED: (_("Planned"), ""),
        Lane.PATH: (_("Lived path"), _("main moves")),
        Lane.EXPERIENCE: (_("Experience"), _("net, with interval")),
        Lane.MOMENTS: (_("Moments that matter"), ""),
        Lane.VOLUME: (_("Volume"), _("persons")),
        Lane.QUOTES: (_("Quotes"), ""),
    }


def window(phase: Phase) -> str:
    """Say which days a phase covers."""
    return days(phase.from_day, phase.to_day)


def about(touchpoint: Touchpoint | None) -> str:
    """Say channel and who answers for a touchpoint, in few words."""
    if touchpoint is None:
        return ""
    channel = channels.name_of(touchpoint.channel) if touchpoint.channel else ""
    who = ", ".join(touchpoint.owners) or touchpoint.department or ""
    return " · ".join(part for part in (channel, who) if part)


def note(placed: Placed, phases: Mapping[str, str], view: View) -> str:
    """Say what is unusual about a card."""
    touchpoint = placed.touchpoint
    match placed.kind:
        case Kind.UNPLANNED:
            said = _("not in the plan")
        case Kind.ALSO:
            said = _("also here")
        case Kind.HERE_LIVED:
            home = phases.get(placed.home, "")
            said = _("planned: %(phase)s") % {"phase": home} if home else _("lived here")
        case Kind.NEVER:
            said = _("never seen") if touchpoint and touchpoint.rules else _("no binding rule")
        case Kind.NOT_LIVE:
            said = _status(touchpoint.status) if touchpoint else ""
        case _:
            said = _elsewhere(placed, phases, view)
    return said


def _status(status: Status) -> str:
    names = {
        Status.IDEA: pgettext("touchpoint", "idea"),
        Status.PAUSED: pgettext("touchpoint", "paused"),
        Status.RETIRED: pgettext("touchpoint", "retired"),
    }
    return names.get(status, "")


def _elsewhere(placed: Placed, phases: Mapping[str, str], view: View) -> str:
    """Say that a touchpoint mostly happens in another phase than it is planned in, with a sign if proven."""
    lived, home = placed.lived, phases.get(placed.home, "")
    if lived is None:
        return ""
    if lived.phase == placed.home:
        said = _("mostly elsewhere") if lived.elsewhere else ""
    elif view is not View.LIVED:
        said = _("lived: %(phase)s") % {"phase": phase_name(lived.phase, phases)}
    else:
        said = _("planned: %(phase)s") % {"phase": home} if home else _("without phase in the plan")
    return f"{ELSEWHERE} {said}" if lived.elsewhere else said


def phase_name(key: str, phases: Mapping[str, str]) -> str:
    """Name a phase, also the place of what happens in none."""
    return phases.get(key, key) if key else _("no phase")


def happens(place: LivedPlace, phases: Mapping[str, str]) -> Happens:
    """Say where the touches of a touchpoint happen, and how many of them as planned."""
    phase = phase_name(place.phase, phases)
    share = place.as_planned
    text = figures.share_in_brief(share) if share else ""
    said = ""
    if share:
        if place.elsewhere:
            begins = _("happens elsewhere, mostly: %(phase)s")
        else:
            begins = _("happens mostly: %(phase)s")
        if place.several:
            rest = _("of %(n)s touches %(share)s in the phase planned first")
        else:
            rest = _("of %(n)s touches %(share)s in the planned phase")
        said = f"{begins}; {rest}" % {"phase": phase, "n": figures.count(share.n), "share": text}
    n = figures.count(place.touches)
    return Happens(phase, place.touches, n, share, text, said, elsewhere=place.elsewhere)


def lived(fact: TouchpointExperience) -> Lived:
    """Say what the record knows about a touchpoint."""
    return Lived(
        persons=fact.persons,
        experience=fact.experience,
        drop_off=fact.drop_off,
        persons_text=figures.count(fact.persons),
        experience_text=figures.net_in_brief(fact.experience) if fact.experience else "",
        drop_off_text=figures.small_share(fact.drop_off.estimate) if fact.drop_off else "",
        brief=ngettext("%(n)s person", "%(n)s persons", fact.persons) % {"n": figures.count(fact.persons)},
    )


def label(card: Card) -> str:
    """Say a whole card in one sentence, for those who cannot see it."""
    parts = [f"{card.number}. {card.name}" if card.number else card.name]
    parts += [text for text in (card.about, card.note) if text]
    if card.mark:
        parts.append(card.mark.name)
    if card.happens and card.happens.said:
        parts.append(card.happens.said)
    if card.lived:
        parts.append(card.lived.brief)
        if card.lived.experience_text:
            parts.append(_("experience %(net)s") % {"net": card.lived.experience_text})
        if card.lived.drop_off:
            parts.append(_("drop-off %(share)s") % {"share": figures.share_in_brief(card.lived.drop_off)})
    return ", ".join(parts)


def planned(
    cards: Sequence[tuple[Card, Touchpoint]], said: Callable[[Text], str], most: int
) -> tuple[str, ...]:
    """Sum up how often customers are to be met, then name when."""
    counts = [t.per_quarter for _card, t in cards if t.per_quarter is not None]
    timed = [(card.number, text) for card, t in cards if (text := said(t.timing))]
    lines = []
    if counts:
        total = sum(counts)
        text = figures.number(total, 0 if float(total).is_integer() else -1)
        lines.append(_("%(n)s a quarter and customer") % {"n": text})
    lines += [f"{number}: {text}" for number, text in timed[:most]]
    if len(timed) > most:
        lines.append(_("and %(n)s more") % {"n": len(timed) - most})
    return tuple(lines)


def weight(moment: Moment) -> float:
    """Return how large a moment is, for ordering."""
    sizes = (moment.lost_persons_per_quarter, moment.won_persons_per_quarter)
    return max((size.estimate for size in sizes if size), default=0.0)


def moment(card: Card, moment: Moment) -> str:
    """Name a moment with its class and its size."""
    mark = card.mark.name if card.mark else ""
    text = _("%(name)s (%(number)s) %(class)s") % {"name": card.name, "number": card.number, "class": mark}
    size = moment.lost_persons_per_quarter
    if size and size.low > 0:
        range_ = figures.size_range(size)
        return _("%(moment)s: loses %(size)s persons a quarter") % {"moment": text, "size": range_}
    size = moment.won_persons_per_quarter
    if size and size.low > 0:
        range_ = figures.size_range(size)
        return _("%(moment)s: wins %(size)s persons a quarter") % {"moment": text, "size": range_}
    return text


def touches(n: int) -> str:
    """Say a number of touches."""
    return ngettext("%(n)s touch", "%(n)s touches", n) % {"n": figures.count(n)}


def phase_figures(phase: PhaseExperience) -> dict[str, Any]:
    """Say the figures of a whole phase."""
    volume = ngettext("%(n)s person", "%(n)s persons", phase.persons) % {"n": figures.count(phase.persons)}
    if phase.drop_off:
        volume += " · " + _("drop-off %(share)s") % {"share": figures.share_in_brief(phase.drop_off)}
    felt = phase.experience
    text = ""
    if felt:
        n = _("n = %(n)s") % {"n": figures.count(felt.n)}
        text = f"{figures.net_in_brief(felt)} · {n.replace(' ', NARROW_SPACE)}"
    return {"experience": felt, "experience_text": text, "volume_text": volume}


def legend(
    marks: Sequence[Mark], kinds: Collection[Kind], lanes: Collection[Lane], *, elsewhere: bool = False
) -> tuple[tuple[Mark, str], ...]:
    """Explain the signs that occur."""
    found = [(mark, mark.name) for mark in marks]
    if elsewhere:
        found.append((Mark(ELSEWHERE, "muted", ""), _("happens elsewhere: less than half as planned")))
    if Kind.NEVER in kinds or Kind.UNPLANNED in kinds:
        found.append((Mark("- -", "muted", ""), _("dashed: never seen, or not in the plan")))
    if any(kind in kinds for kind in (Kind.ALSO, Kind.HERE_LIVED, Kind.NOT_LIVE)):
        found.append((Mark("···", "muted", ""), _("dotted: second mention, or not live")))
    if Lane.PATH in lanes:
        found.append((Mark("→", "good", ""), _("arc: how often customers go on this way; dashed: back")))
    if Lane.EXPERIENCE in lanes:
        found.append((Mark("- - -", "muted", ""), _("dashed line with band: the whole phase")))
    return tuple(found)
