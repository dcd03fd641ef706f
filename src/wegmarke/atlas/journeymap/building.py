"""From plan and figures to what stands on a journey map, in the reader's language and formats."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wegmarke.analysis.insight import MomentClass
from wegmarke.atlas import channels
from wegmarke.atlas.journeymap import wordings
from wegmarke.atlas.journeymap.content import (
    Card,
    Chip,
    Column,
    Happens,
    Kind,
    Lane,
    Map,
    Mark,
    Move,
    Slot,
    View,
)
from wegmarke.atlas.journeymap.placing import place
from wegmarke.atlas.lived_places import OUTSIDE
from wegmarke.insights import figures
from wegmarke.insights.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wegmarke.analysis.insight import Moment, PhaseExperience
    from wegmarke.atlas.journeymap.placing import Placed, Placing
    from wegmarke.insights.contracts import Analysis, Stored
    from wegmarke.plan.contracts import Journey, Phase, Plan, Text, Touchpoint

MOST_CHIPS, MOST_LINES, MOST_MOMENTS, MOST_QUOTES = 6, 5, 3, 2
MOST_MOVES = 400
MEASURED = (Lane.PATH, Lane.EXPERIENCE, Lane.MOMENTS, Lane.VOLUME)
PROVEN = (MomentClass.BREAKS, MomentClass.ANNOYS_COSTS, MomentClass.ADVANCES, MomentClass.DELIGHTS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asked to see."""

    journey: Journey
    view: View = View.BOTH
    lanes: frozenset[Lane] = frozenset(Lane)


@dataclass(frozen=True, slots=True)
class Sources:
    """What a map is made of, and how it is said and linked."""

    plan: Plan
    version: int
    stored: Stored | None
    said: Callable[[Text], str]
    link: Callable[[str], str]
    may_move: Callable[[Touchpoint], bool]
    quotes: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def analysis(self) -> Analysis | None:
        """The figures, where there are any."""
        return None if self.stored is None else self.stored.analysis


def build(sources: Sources, wanted: Wanted) -> Map:
    """Say what stands on the map; without figures it is the journey as planned."""
    if sources.stored is None:
        wanted = replace(wanted, view=View.PLANNED)
    maker = _Maker(sources, wanted)
    columns = maker.columns()
    lanes = {
        lane: title
        for lane, title in wordings.lane_titles(sources.plan).items()
        if maker.shows(lane, columns)
    }
    marks = {card.mark: None for column in columns for card in column.cards if card.mark}
    kinds = {card.kind for column in columns for card in column.cards}
    elsewhere = any(card.happens and card.happens.elsewhere for column in columns for card in column.cards)
    title = wordings.title(sources, wanted.journey)
    return Map(
        title=title,
        subtitle=wordings.subtitle(sources, wanted),
        columns=columns,
        lanes=lanes,
        touchpoints_title=_("Touchpoints"),
        moves=maker.moves() if Lane.PATH in lanes else (),
        legend=wordings.legend(tuple(marks), kinds, lanes, elsewhere=elsewhere),
        caption=wordings.caption(sources, wanted, counted=maker.placing.counted),
        label=title,
        axis=(figures.signed(-100), figures.signed(0), figures.signed(100)),
        drop_off_title=_("Drop-off"),
        counted=maker.placing.counted,
    )


class _Maker:
    """Makes the columns of one map; numbers the touchpoints from left to right."""

    def __init__(self, sources: Sources, wanted: Wanted) -> None:
        self.sources, self.wanted = sources, wanted
        analysis = sources.analysis
        self.placing: Placing = place(sources.plan, wanted.journey, analysis, wanted.view)
        insight = analysis.moments if analysis is not None and wanted.view is not View.PLANNED else None
        self.moments: Mapping[str, Moment] = {m.touchpoint: m for m in insight.moments} if insight else {}
        self.phases = {phase.key: sources.said(phase.name) or phase.key for phase in wanted.journey.phases}
        self.touchpoints = {one.key: one for one in sources.plan.touchpoints}
        self.number = 0
        self._once: dict[str, tuple[Happens | None, Mark | None, str]] = {}

    def shows(self, lane: Lane, columns: Sequence[Column]) -> bool:
        """Leave out lanes that were switched off, and those that have nothing to say."""
        if lane not in self.wanted.lanes:
            return False
        every = [card for column in columns for card in column.cards]
        if lane in (Lane.PATH, Lane.VOLUME):
            return any(card.lived for card in every)
        has: Mapping[Lane, Callable[[Column], object]] = {
            Lane.GOAL: lambda column: column.goal,
            Lane.CHANNEL: lambda column: column.channels,
            Lane.OWNER: lambda column: column.owners,
            Lane.PLANNED: lambda column: column.planned,
            Lane.MOMENTS: lambda column: column.moments,
            Lane.QUOTES: lambda column: column.quotes,
        }
        if lane is Lane.EXPERIENCE:
            return any(card.lived and card.lived.experience for card in every)
        return any(has[lane](column) for column in columns)

    def columns(self) -> tuple[Column, ...]:
        """Return a column per phase, and one for what stands in none."""
        found = [self._column(phase) for phase in self.wanted.journey.phases]
        if self.placing.places.get(OUTSIDE) or not found:
            slot = self._slot(OUTSIDE, "")
            if self.placing.left_out:
                n = self.placing.left_out
                more = ngettext("%(n)s more event name", "%(n)s more event names", n) % {
                    "n": figures.count(n)
                }
                slot = replace(slot, more=more)
            found.append(self._said(Column(OUTSIDE, _("Without phase"), (slot,), outside=True)))
        return tuple(found)

    def _column(self, phase: Phase) -> Column:
        said = self.sources.said
        steps = phase.steps if self.wanted.view is not View.LIVED else ()
        slots = []
        if not steps or self.placing.places.get(phase.key):
            whole = self._slot(phase.key, self.phases[phase.key])
            slots.append(replace(whole, steps_of_phase=bool(steps)))
        slots += [self._slot(step.key, said(step.name) or step.key) for step in steps]
        column = Column(
            phase.key,
            self.phases[phase.key],
            tuple(slots),
            window=wordings.window(phase),
            goal=said(phase.goal),
        )
        return self._said(column)

    def _slot(self, at: str, name: str) -> Slot:
        placed = self.placing.places.get(at, ())
        if self.wanted.view is View.LIVED:
            placed = tuple(sorted(placed, key=lambda one: -self._persons(one)))
        else:
            placed = tuple(sorted(placed, key=lambda one: one.kind in (Kind.ALSO, Kind.HERE_LIVED)))
        return Slot(at, name, tuple(self._card(one) for one in placed))

    def _persons(self, placed: Placed) -> int:
        fact = self.placing.facts.get(placed.key)
        return fact.persons if fact else 0

    def _card(self, placed: Placed) -> Card:
        touchpoint, sources = placed.touchpoint, self.sources
        second = placed.kind in (Kind.ALSO, Kind.HERE_LIVED)
        if not second:
            self.number += 1
        fact = None if second else self.placing.facts.get(placed.key)
        name = (sources.said(touchpoint.name) if touchpoint else "") or placed.key
        channel = touchpoint.channel if touchpoint else None
        happens, mark, url = self._everywhere(placed)
        card = Card(
            key=placed.key,
            number=0 if second else self.number,
            name=name,
            kind=placed.kind,
            icon=channels.icon_of(channel),
            about="" if second else wordings.about(touchpoint),
            note=wordings.note(placed, self.phases, self.wanted.view),
            lived=wordings.lived(fact) if fact else None,
            happens=happens,
            mark=mark,
            url=url,
            movable=touchpoint is not None
            and self.wanted.view is not View.LIVED
            and sources.may_move(touchpoint),
        )
        return replace(card, label=wordings.label(card))

    def _everywhere(self, placed: Placed) -> tuple[Happens | None, Mark | None, str]:
        """Return what all cards of a touchpoint say, each of them said once."""
        if placed.key not in self._once:
            self._once[placed.key] = (
                wordings.happens(placed.lived, self.phases) if placed.lived else None,
                self._mark(placed.key),
                self.sources.link(placed.key),
            )
        return self._once[placed.key]

    def _mark(self, key: str) -> Mark | None:
        moment = self.moments.get(key)
        if moment is None or moment.moment_class is MomentClass.UNPROVEN:
            return None
        words = CLASSES[moment.moment_class]
        return Mark(words.mark, words.role, str(words.name))

    def _said(self, column: Column) -> Column:
        """Add what is said about a column as a whole."""
        own = [card for card in column.cards if card.number]
        parts = [(card, self.touchpoints.get(card.key)) for card in own]
        known = [(card, touchpoint) for card, touchpoint in parts if touchpoint is not None]
        return replace(
            column,
            channels=_channel_chips([touchpoint for _card, touchpoint in known]),
            owners=_owner_chips([touchpoint for _card, touchpoint in known]),
            planned=wordings.planned(known, self.sources.said, MOST_LINES),
            moments=self._moments_of(own),
            quotes=self._quotes_of(own),
            **self._figures_of(column.key, own),
        )

    def _moments_of(self, cards: Sequence[Card]) -> tuple[tuple[Mark, str], ...]:
        found = [
            (card, self.moments[card.key])
            for card in cards
            if card.mark and self.moments[card.key].moment_class in PROVEN
        ]
        found.sort(key=lambda pair: -wordings.weight(pair[1]))
        return tuple(
            (card.mark, wordings.moment(card, moment)) for card, moment in found[:MOST_MOMENTS] if card.mark
        )

    def _quotes_of(self, cards: Sequence[Card]) -> tuple[str, ...]:
        found = [(card.number, quote) for card in cards for quote in self.sources.quotes.get(card.key, ())]
        return tuple(
            _("“%(quote)s” (%(number)s)") % {"quote": q, "number": n} for n, q in found[:MOST_QUOTES]
        )

    def _figures_of(self, key: str, cards: Sequence[Card]) -> dict[str, Any]:
        """Return the phase's own figures where just these were counted in it, else only touches."""
        analysis = self.sources.analysis
        if analysis is None or self.wanted.view is View.PLANNED:
            return {}
        own = {card.key for card in cards if card.lived}
        counted = {t.touchpoint for t in analysis.lived.touchpoints if t.phase == key and t.touches}
        phase: PhaseExperience | None = next((p for p in analysis.lived.phases if p.phase == key), None)
        if phase is None or own != counted or not own:
            touches = sum(self.placing.facts[one].touches for one in own)
            return {"volume_text": wordings.touches(touches) if touches else ""}
        return wordings.phase_figures(phase)

    def moves(self) -> tuple[Move, ...]:
        """Return how customers go on, most frequent first."""
        analysis = self.sources.analysis
        if analysis is None:
            return ()
        # They come with the most frequent first.
        between = (t for t in analysis.paths.transitions if t.source != t.target)
        every = (Move(t.source, t.target, t.count) for t in between if t.source and t.target)
        return tuple(islice(every, MOST_MOVES))


def _channel_chips(touchpoints: Sequence[Touchpoint]) -> tuple[Chip, ...]:
    found = Counter(one.channel for one in touchpoints if one.channel)
    shown = [
        Chip(f"{channels.name_of(name)} {n}", channels.icon_of(name))
        for name, n in found.most_common(MOST_CHIPS)
    ]
    if missing := sum(not one.channel for one in touchpoints):
        shown.append(Chip(_("no channel: %(n)s") % {"n": missing}, warns=True))
    return tuple(shown)


def _owner_chips(touchpoints: Sequence[Touchpoint]) -> tuple[Chip, ...]:
    """Count by department; where none is named, by owner."""
    found = Counter(
        one.department or ", ".join(one.owners) for one in touchpoints if one.department or one.owners
    )
    shown = [Chip(f"{name} {n}") for name, n in found.most_common(MOST_CHIPS)]
    if missing := sum(not one.department and not one.owners for one in touchpoints):
        shown.append(Chip(_("nobody: %(n)s") % {"n": missing}, warns=True))
    return tuple(shown)
