"""All kinds of entries a time line is woven of, in the order in which those of one moment stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wegmarke.plan.rules import bindings_of
from wegmarke.profiles.contracts import Subject
from wegmarke.profiles.lived import EVENTS
from wegmarke.profiles.naming import plan
from wegmarke.profiles.told import ACCOUNTS, CONSENT, IDENTITIES, TRAITS
from wegmarke.profiles.weaving import fitting, page_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wegmarke.profiles.contracts import Page, Strand, Wanted

STRANDS: Final[Sequence[Strand]] = (EVENTS, TRAITS, IDENTITIES, CONSENT, ACCOUNTS)


def subject(identifiers: Iterable[str], *, account: str = "") -> Subject:
    """Return whose time line is asked for, seen with the plan as it stands."""
    return Subject(tuple(dict.fromkeys(identifiers)), bindings_of(plan()), account)


def page(subject: Subject, wanted: Wanted, *, size: int) -> Page:
    """Return a page of somebody's time line; raises `LogDamagedError`."""
    read = [strand.read(subject, wanted) for strand in _asked(wanted)]
    return page_of(read, fitting(wanted), size=size)


def state(subject: Subject) -> str:
    """Return a text that changes when anybody's time line may have changed, in a few short questions."""
    return ".".join(str(strand.state(subject)) for strand in STRANDS)


def _asked(wanted: Wanted) -> list[Strand]:
    if wanted.only_events:
        return [EVENTS]
    return [strand for strand in STRANDS if not wanted.strands or strand.key in wanted.strands]
