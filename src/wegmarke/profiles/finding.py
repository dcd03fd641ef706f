"""Find persons by the beginning of an id, a name or an address; else show who was seen last."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from wegmarke.people import queries as people
from wegmarke.people.identifiers import known, visitor
from wegmarke.profiles.contracts import Found
from wegmarke.profiles.naming import SEARCHED, called, latest
from wegmarke.record import queries as record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from wegmarke.record.found import TraitRow

SHOWN: Final = 30
MOST_NAMES: Final = 60


def persons(text: str) -> tuple[Found, ...]:
    """Return persons that fit a text, the exact id first; raises `LogDamagedError`."""
    text = text.replace("\0", "").strip()
    if not text:
        return ()
    hints: dict[str, str] = {one: "" for one in (known(text), visitor(text)) if record.is_known(one)}
    hints |= dict.fromkeys(people.found(text, limit=SHOWN), "") | hints
    for one in record.persons_beginning(people.begins(text), limit=SHOWN):
        hints.setdefault(one, "")
    searched = [name for name, _persons in record.trait_names() if record.plain_name(name) in SEARCHED]
    for row in record.persons_with(searched, text, limit=MOST_NAMES) if searched else ():
        hints.setdefault(row.person, f"{row.name}: {row.value}")
    return _found(hints, {})


def seen_last() -> tuple[Found, ...]:
    """Return the persons with the newest events, the newest first; raises `LogDamagedError`."""
    seen = record.last_seen(limit=SHOWN)
    return _found(dict.fromkeys(one for one, _at in seen), dict(seen))


def named(identifiers: Sequence[str]) -> tuple[Found, ...]:
    """Return the persons some identifiers belong to; raises `LogDamagedError`."""
    return _found(dict.fromkeys(identifiers, ""), {}, most=len(identifiers))


def _found(
    hints: Mapping[str, str | None], seen: Mapping[str, datetime], *, most: int = SHOWN
) -> tuple[Found, ...]:
    """Bring identifiers together as persons, in the order of their first; say what each is called."""
    resolution = people.resolution()
    names = resolution.persons_of(hints)
    whose = dict.fromkeys(names[one] for one in hints)
    members = {person: resolution.members(person) for person in list(whose)[:most]}
    traits = _by_person(record.traits_of([one for own in members.values() for one in own]))
    found = []
    for person, own in members.items():
        hint = next((hints[one] for one in hints if names[one] == person and hints[one]), "")
        last_at = max((seen[one] for one in own if one in seen), default=None) or last_touch(person)
        told = latest(row for one in own for row in traits.get(one, ()))
        found.append(Found(person, called(told, own), own, last_at, hint or ""))
    return tuple(found)


def last_touch(person: str) -> datetime | None:
    """Return when somebody was last met, by the current journeys."""
    journey = record.journey_of(person)
    return (
        None
        if journey is None or len(journey.time) == 0
        else datetime.fromtimestamp(int(journey.time[-1]), UTC)
    )


def _by_person(rows: Iterable[TraitRow]) -> dict[str, list[TraitRow]]:
    grouped: dict[str, list[TraitRow]] = {}
    for row in rows:
        grouped.setdefault(row.person, []).append(row)
    return grouped
