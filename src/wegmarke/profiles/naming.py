"""What somebody is called: by their traits where these say a name, else by an id."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wegmarke.insights.names import Names
from wegmarke.people.identifiers import is_visitor, shown
from wegmarke.plan import queries as plans
from wegmarke.plan.rules import FIRST
from wegmarke.profiles.contracts import Trait
from wegmarke.record.queries import plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wegmarke.people.consent.contracts import Purpose
    from wegmarke.plan.contracts import Plan
    from wegmarke.record.found import TraitRow

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
WHOLE: Final = ("name", "fullname", "displayname")
FIRST_NAMES: Final = ("firstname", "vorname", "givenname")
LAST_NAMES: Final = ("lastname", "nachname", "surname", "familyname")
MAILS: Final = ("email", "mail", "emailaddress")
SEARCHED: Final = frozenset(
    {
        *WHOLE,
        *FIRST_NAMES,
        *LAST_NAMES,
        *MAILS,
        "username",
        "phone",
        "telephone",
        "telefon",
        "mobile",
        "company",
    }
)
"""Traits by which somebody is looked for."""


def plan() -> Plan:
    """Return the plan as it stands; before there is one, that of an installation just begun."""
    saved = plans.current()
    return FIRST if saved is None else saved.plan


def names() -> Names:
    """Return what touchpoints and phases are called in the language of the reader."""
    return Names(plan())


def purpose_name(of: Purpose | None) -> str:
    """Return what a purpose of consent is called in the language of the reader; None is all of them."""
    return _("Everything") if of is None else of.name(get_language() or "en")


def latest(rows: Iterable[TraitRow]) -> tuple[Trait, ...]:
    """Return the last value of each trait, by name; what was taken away again is left out."""
    last = {row.name: row for row in sorted(rows, key=lambda row: row.at or LONG_AGO)}
    return tuple(
        Trait(row.name, row.value, row.at, row.source or "")
        for _name, row in sorted(last.items())
        if row.value is not None
    )


def called(traits: Iterable[Trait], identifiers: Iterable[str]) -> str:
    """Return what to call somebody: a name, else an address, else their first known id."""
    said = {plain_name(trait.name): trait.value.strip() for trait in traits}
    listed = list(identifiers)
    known = next((one for one in listed if not is_visitor(one)), listed[0] if listed else "")
    parts = [_first(said, FIRST_NAMES), _first(said, LAST_NAMES)]
    name = _first(said, WHOLE) or " ".join(filter(None, parts)) or _first(said, MAILS)
    return name or shown(known)


def _first(said: Mapping[str, str], wanted: Iterable[str]) -> str:
    return next((said[one] for one in wanted if said.get(one)), "")
