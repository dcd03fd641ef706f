"""The touchpoints as rows: on the page, and as the table of the files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.atlas import channels, links
from wegmarke.atlas.fields import WORDS, choices, said, word_of
from wegmarke.atlas.touchpoints.understanding import CHOICES, COLUMNS, FACETS
from wegmarke.atlas.verdict_words import VERDICTS
from wegmarke.atlas.verdicts import judged
from wegmarke.insights import figures
from wegmarke.insights.tables import NOTHING, Cell, Column, Row, Table, text
from wegmarke.ui.numbers import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from wegmarke.analysis.insight import TouchpointExperience
    from wegmarke.atlas.pages import Here
    from wegmarke.atlas.touchpoints.filters import Filters
    from wegmarke.atlas.verdicts import Verdict
    from wegmarke.insights.words import ClassWords
    from wegmarke.plan.contracts import Journey, Plan, Text, Touchpoint

    SortKey = tuple[int, float, str]

SEPARATOR = "; "
FIRST_SCREEN = 50
_VERDICT_ORDER = {verdict: place for place, verdict in enumerate(VERDICTS)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One touchpoint as the list shows it: words in the reader's language, figures as they are read."""

    touchpoint: Touchpoint
    key: str
    name: str
    url: str
    phase: str
    phases: str
    place: int
    channel: str
    department: str
    owners: str
    status: str
    started_by: str
    nature: str
    verdict: Verdict | None
    verdict_words: ClassWords | None
    lived: TouchpointExperience | None
    persons: str
    net: tuple[str, str]
    rated: str
    editable: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under the phase that places them, or without a heading.

    Those that stand `later` lie below the first screen; the page draws them after the others.
    """

    heading: str
    entries: tuple[Entry, ...]
    later: bool = False


def phase_names(plan: Plan, said: Callable[[Text], str]) -> dict[str, str]:
    """Return the names of all phases and steps by key, a step behind its phase's name."""
    return {key: name for journey in plan.journeys for key, name in _phases_of(journey, said)}


def phase_groups(at: Here) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the phases and steps by journey model, under its name where there are several."""
    journeys = [journey for journey in at.plan.journeys if journey.phases]
    return [
        (at.journey_name(journey) if len(journeys) > 1 else "", list(_phases_of(journey, at.said)))
        for journey in journeys
    ]


def _phases_of(journey: Journey, said: Callable[[Text], str]) -> Iterator[tuple[str, str]]:
    for phase in journey.phases:
        name = said(phase.name) or phase.key
        yield phase.key, name
        for step in phase.steps:
            yield step.key, f"{name} / {said(step.name)}"


class Entries:
    """Makes entries; looks up names and figures once for all of them."""

    def __init__(self, at: Here) -> None:
        """Look at this plan and these figures."""
        self._at = at
        self.phases = phase_names(at.plan, at.said)
        self._places = {phase.key: place for place, phase in enumerate(at.plan.phases)}
        self._steps = {step.key: phase.key for phase in at.plan.phases for step in phase.steps}
        found = at.stored.analysis if at.stored else None
        judgements = judged(found, at.plan) if found else {}
        self._verdicts = {key: one.verdict for key, one in judgements.items()}
        self._lived = {one.touchpoint: one for one in found.lived.touchpoints} if found else {}
        self._said = {name: {word: str(one) for word, one in choices(name)} for name in _FIXED}
        self._words = {found: _words_of(one) for found, one in VERDICTS.items()}

    def of(self, touchpoint: Touchpoint) -> Entry:
        """Return the entry of one touchpoint."""
        one, at = touchpoint, self._at
        leading = self._leading(one)
        lived, verdict = self._lived.get(one.key), self._verdicts.get(one.key)
        return Entry(
            touchpoint=one,
            key=one.key,
            name=at.said(one.name) or one.key,
            url=links.card(one.key),
            phase=self.phases.get(leading, ""),
            phases=SEPARATOR.join(self.phases.get(key, key) for key in one.phases),
            place=self._places.get(leading, len(self._places)),
            channel=channels.name_of(one.channel) if one.channel else "",
            department=one.department or "",
            owners=SEPARATOR.join(one.owners),
            status=self._said["status"][one.status.value],
            started_by=self._said["started_by"].get(word_of(one.started_by), ""),
            nature=self._said["nature"].get(word_of(one.nature), ""),
            verdict=verdict,
            verdict_words=None if verdict is None else self._words[verdict],
            lived=lived,
            persons="" if lived is None else figures.count(lived.persons),
            net=_net(lived),
            rated="" if lived is None or lived.experience is None else figures.count(lived.experience.n),
            editable=at.may_edit_touchpoint(one),
        )

    def _leading(self, touchpoint: Touchpoint) -> str:
        """Return the phase of the leading journey that places a touchpoint; empty where none does."""
        for key in touchpoint.phases:
            place = self._steps.get(key, key)
            if place in self._places:
                return place
        return ""

    def ordered(self, touchpoints: Iterable[Touchpoint], filters: Filters) -> list[Entry]:
        """Return entries as the address wants them sorted: along the journey where it says nothing."""
        entries = sorted(map(self.of, touchpoints), key=lambda one: one.place)
        if filters.sort:
            order = _SORTS[filters.sort]
            known = [one for one in entries if order(one) is not None]
            missing = [one for one in entries if order(one) is None]
            known.sort(key=lambda one: order(one) or (0, 0.0, ""), reverse=filters.descending)
            entries = [*known, *missing]
        if filters.grouped:
            entries.sort(key=lambda one: one.place)
        return entries


def _words_of(one: ClassWords) -> ClassWords:
    """Return the words of a verdict in the language of the reader, said once for all rows."""
    return replace(one, name=str(one.name))


_FIXED = ("status", "started_by", "nature")


def _net(lived: TouchpointExperience | None) -> tuple[str, str]:
    """Return the net experience and its interval."""
    if lived is None or lived.experience is None:
        return ("", "")
    figure, _open, interval = figures.net_in_brief(lived.experience).partition(" (")
    return (figure, interval.removesuffix(")"))


def _by_words(words: Callable[[Entry], str]) -> Callable[[Entry], SortKey | None]:
    def key(entry: Entry) -> SortKey | None:
        found = words(entry)
        return (0, 0.0, found.casefold()) if found else None

    return key


def _by_figure(figure: Callable[[Entry], float | None]) -> Callable[[Entry], SortKey | None]:
    def key(entry: Entry) -> SortKey | None:
        value = figure(entry)
        return None if value is None else (0, float(value), "")

    return key


_SORTS: Mapping[str, Callable[[Entry], SortKey | None]] = {
    "name": _by_words(lambda one: one.name),
    "phase": _by_figure(lambda one: one.place if one.phase else None),
    "channel": _by_words(lambda one: one.channel),
    "department": _by_words(lambda one: one.department),
    "owners": _by_words(lambda one: one.owners),
    "status": _by_figure(lambda one: list(WORDS["status"]).index(one.touchpoint.status.value)),
    "started_by": _by_words(lambda one: one.started_by),
    "nature": _by_words(lambda one: one.nature),
    "verdict": _by_figure(lambda one: None if one.verdict is None else _VERDICT_ORDER[one.verdict]),
    "persons": _by_figure(lambda one: one.lived.persons if one.lived else None),
    "experience": _by_figure(
        lambda one: one.lived.experience.estimate if one.lived and one.lived.experience else None
    ),
}


def grouped(entries: Sequence[Entry], *, by_phase: bool) -> tuple[Group, ...]:
    """Return entries under their phases, in order; those of one screen and the others where not wanted."""
    if not by_phase:
        first, others = tuple(entries[:FIRST_SCREEN]), tuple(entries[FIRST_SCREEN:])
        return tuple(Group("", some, some is others) for some in (first, others) if some)
    places: dict[int, list[Entry]] = {}
    for entry in entries:
        places.setdefault(entry.place, []).append(entry)
    before = 0
    groups = []
    for ones in places.values():
        groups.append(Group(ones[0].phase or _("Without phase"), tuple(ones), before >= FIRST_SCREEN))
        before += len(ones)
    return tuple(groups)


def table(entries: Sequence[Entry], at: Here) -> Table:
    """Return the table of the files: all that can be imported again under its heading, and the figures."""
    titles = {name: str(title) for name, title in COLUMNS.items()}
    numbers = {"per_quarter", "cost", "minutes", "target"}
    columns = (
        *(Column(name, title, number=name in numbers) for name, title in titles.items()),
        Column("verdict", _("Verdict")),
        Column("persons", _("Persons"), number=True),
        Column("experience", _("Net experience"), number=True, interval=True),
        Column("rated", _("Rated touches"), number=True),
    )
    promises = {one.key: at.said(one.name) for one in at.plan.promises}
    return Table(
        "touchpoints",
        _("Touchpoints"),
        columns,
        tuple(Row(_cells(entry, at, list(titles), promises)) for entry in entries),
    )


def _cells(entry: Entry, at: Here, fields: Sequence[str], promises: Mapping[str, str]) -> tuple[Cell, ...]:
    found = {**_said(entry.touchpoint, at, promises), "phases": entry.phases, "name": entry.name}
    lived = entry.lived
    net = lived.experience if lived else None
    return (
        *(_cell(found.get(name)) for name in fields),
        text(str(entry.verdict_words.name)) if entry.verdict_words else NOTHING,
        _cell(lived.persons if lived else None),
        NOTHING if net is None else Cell(NONE, net.estimate, net.low, net.high),
        _cell(net.n if net else None),
    )


def _said(one: Touchpoint, at: Here, promises: Mapping[str, str]) -> dict[str, str | float | None]:
    return {
        "key": one.key,
        "channel": channels.name_of(one.channel) if one.channel else "",
        "department": one.department,
        "owners": SEPARATOR.join(one.owners),
        **{name: said(name, getattr(one, name)) for name in ("status", *FACETS)},
        "purpose": at.said(one.purpose),
        "timing": at.said(one.timing),
        "notes": at.said(one.notes),
        "per_quarter": one.per_quarter,
        "cost": one.cost,
        "minutes": one.minutes,
        "measure": str(CHOICES["measure"][one.metric.measure.value]) if one.metric else "",
        "target": one.metric.target if one.metric else None,
        "promises": SEPARATOR.join(promises.get(key, key) for key in one.promises),
    }


def _cell(value: str | float | None) -> Cell:
    return NOTHING if value in (None, "") else Cell(str(value), value)
