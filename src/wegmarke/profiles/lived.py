"""The strand of what customers lived: events of the log and what the plan makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from wegmarke.analysis.journeys import Experience
from wegmarke.atlas import links
from wegmarke.profiles.contracts import Entry, Feel, Strand
from wegmarke.profiles.naming import names
from wegmarke.profiles.weaving import MOST_AT_ONCE, runs
from wegmarke.record import queries as record
from wegmarke.ui.numbers import number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from wegmarke.insights.names import Names
    from wegmarke.profiles.contracts import Subject, Wanted
    from wegmarke.record.found import BoundEvent

FEELS: Final = {
    Experience.UNKNOWN: Feel.UNSAID,
    Experience.BAD: Feel.BAD,
    Experience.NEUTRAL: Feel.NEUTRAL,
    Experience.GOOD: Feel.GOOD,
}
FIRST: Final = 100
"""Events read for a page at first; where few may fit all of them at once, for each look takes a while."""
MOST_FACTS: Final = 200
DEEPEST: Final = 6
_DECODE: Final = msgspec.json.Decoder()


def _read(subject: Subject, wanted: Wanted) -> Iterator[Entry]:
    called = names()
    planned = bool(subject.bindings.touchpoints)

    def some(before: datetime | None, limit: int) -> tuple[list[Entry], bool]:
        page = record.events_of(
            subject.identifiers, subject.bindings, before=before, since=wanted.since, limit=limit
        )
        return [_entry(event, called, planned=planned) for event in page.events], page.more

    return runs(some, wanted.before, first=MOST_AT_ONCE if wanted.only_events or wanted.text else FIRST)


def _entry(event: BoundEvent, called: Names, *, planned: bool) -> Entry:
    title = event.name if event.touchpoint is None else called.touchpoint(event.touchpoint)
    said = [] if title == event.name else [event.name]
    if event.rating is not None:
        rating = number(event.rating, 0 if event.rating.is_integer() else 1)
        said.append(
            _("rating %(rating)s") % {"rating": f"{rating} ({event.scale})" if event.scale else rating}
        )
    if event.value is not None:
        said.append(_("value %(value)s") % {"value": number(event.value, 2)})
    return Entry(
        at=event.time,
        strand="event",
        title=title,
        said=" · ".join(said),
        whose=event.person,
        address=links.card(event.touchpoint or ""),
        touchpoint=event.touchpoint,
        phase=event.phase,
        phase_name="" if event.phase is None else called.phase(event.phase),
        feel=FEELS[Experience(event.experience)],
        unbound=planned and event.touchpoint is None,
        facts=facts(event.properties),
    )


def facts(properties: str | None) -> tuple[tuple[str, str], ...]:
    """Return the properties of an event as pairs of texts, inner ones by their dotted names."""
    if not properties:
        return ()
    try:
        whole = _DECODE.decode(properties)
    except (msgspec.DecodeError, RecursionError):
        return (("", properties),)
    return tuple(_pairs("", whole, 0))[:MOST_FACTS]


def _pairs(name: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    if isinstance(value, dict) and depth < DEEPEST:
        for key, inner in value.items():
            yield from _pairs(f"{name}.{key}" if name else key, inner, depth + 1)
    elif isinstance(value, str):
        yield name, value
    elif value is not None:
        yield name, msgspec.json.encode(value).decode()


def _state(_subject: Subject) -> object:
    return record.log_state().change


EVENTS: Final = Strand("event", pgettext_lazy("time line", "Lived"), _read, _state)
