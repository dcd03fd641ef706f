"""Which candidates a page shows, in which order, and the same as a table for a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from wegmarke.atlas import channels
from wegmarke.atlas.discovery import wording
from wegmarke.insights.names import Names
from wegmarke.insights.tables import Cell, Column, Row, Table
from wegmarke.ui import numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wegmarke.atlas.discovery.contracts import Candidate
    from wegmarke.plan.contracts import Plan

OPEN, LIKE, TECHNICAL, LEFT_ALONE = "", "like", "technical", "left-alone"
NO_PHASE = "-"
PER_PAGE: Final = 100
"""Rows with fields of a page; Django takes a thousand fields at most."""

SORTS: Mapping[str, tuple[object, Callable[[Candidate, str], object]]] = {
    "persons": (gettext_lazy("Customers"), lambda one, _language: -one.persons),
    "events": (gettext_lazy("Events"), lambda one, _language: -one.events),
    "last": (gettext_lazy("Last seen"), lambda one, _language: -one.last),
    "first": (gettext_lazy("First seen"), lambda one, _language: one.first),
    "name": (gettext_lazy("Name"), lambda one, language: one.name.in_language(language).casefold()),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The state of the page as its address says it."""

    show: str = OPEN
    text: str = ""
    channel: str = ""
    phase: str = ""
    sort: str = "persons"
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """Read the query of an address; what it does not know, it leaves out."""
        page = query.get("page", "1")
        return cls(
            show=query["show"] if query.get("show") in {LIKE, TECHNICAL, LEFT_ALONE} else OPEN,
            text=query.get("q", "").strip()[:100],
            channel=query.get("channel", "")[:100],
            phase=query.get("phase", "")[:100],
            sort=query["sort"] if query.get("sort") in SORTS else "persons",
            page=max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 5 else 1,  # noqa: PLR2004
        )

    def as_query(self) -> dict[str, str]:
        """Return what an address with this state says; what is as usual is left out."""
        sort = "" if self.sort == "persons" else self.sort
        page = str(self.page) if self.page > 1 else ""
        return {
            "show": self.show,
            "q": self.text,
            "channel": self.channel,
            "phase": self.phase,
            "sort": sort,
            "page": page,
        }


def within(wanted: Wanted, count: int) -> Wanted:
    """Return the same with the last page there is, where the one asked for is not there (any more)."""
    return replace(wanted, page=min(wanted.page, max(1, -(-count // PER_PAGE))))


def kind_of(candidate: Candidate, plan: Plan) -> str:
    """Say under which heading a candidate stands."""
    if candidate.technical:
        return TECHNICAL
    if candidate.like is not None and plan.touchpoint(candidate.like) is not None:
        return LIKE
    return OPEN


def chosen(
    candidates: Sequence[Candidate], wanted: Wanted, plan: Plan, language: str
) -> tuple[Candidate, ...]:
    """Return the candidates a page shows, of all its pages, in order."""
    kept = [one for one in candidates if kind_of(one, plan) == wanted.show and _fits(one, wanted)]
    key = SORTS[wanted.sort][1]
    return tuple(sorted(kept, key=lambda one: (key(one, language), one.key)))


def _fits(one: Candidate, wanted: Wanted) -> bool:
    words = wanted.text.casefold()
    text = " ".join((one.name.de, one.name.en, *(wording.rule(rule) for rule in one.rules))).casefold()
    return (
        words in text
        and wanted.channel in ("", one.channel or NO_PHASE)
        and wanted.phase in ("", one.phase or NO_PHASE)
    )


def day(seconds: int) -> str:
    """Format a day in the reader's language."""
    # Translators: a day in Django's format characters
    form = pgettext("format of a day", "j M Y")
    return formats.date_format(datetime.fromtimestamp(seconds, UTC).date(), form)


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def as_table(candidates: Sequence[Candidate], plan: Plan, language: str) -> Table:
    """Return candidates as a table for a file."""
    names = Names(plan)
    columns = (
        Column("name", _("Proposed name")),
        Column("rule", _("Binding rule")),
        Column("channel", _("Channel")),
        Column("phase", _("Phase")),
        Column("persons", _("Customers"), number=True),
        Column("share", _("Share of all customers"), number=True),
        Column("events", _("Events"), number=True),
        Column("first", _("First seen")),
        Column("last", _("Last seen")),
        Column("hints", _("May tell the experience")),
        Column("like", _("Looks like")),
    )
    rows = [
        (
            one.name.in_language(language),
            wording.rules(one),
            one.channel and channels.name_of(one.channel),
            None if one.phase is None else names.phase(one.phase),
            one.persons,
            round(one.share, 4),
            one.events,
            _iso(one.first),
            _iso(one.last),
            ", ".join(one.hints),
            None if one.like is None else names.touchpoint(one.like),
        )
        for one in candidates
    ]
    cells = tuple(Row(tuple(Cell(_shown(value), value) for value in row)) for row in rows)
    return Table("discovery", _("Discovery"), columns, cells)


def _shown(value: str | float | None) -> str:
    return numbers.NONE if value is None else str(value)
