"""Two people at one card: what both changed differently, and what was merged in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wegmarke.atlas.cards import history
from wegmarke.atlas.fields import name_of
from wegmarke.plan import queries as plans

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.safestring import SafeString

    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Edit, Touchpoint

CHOICE = "choice-"
THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field both changed: mine and theirs in words, who changed it and when, what was chosen."""

    field: str
    label: str
    mine: SafeString | None
    theirs: SafeString | None
    who: str
    at: datetime | None
    take_theirs: bool

    @property
    def name(self) -> str:
        """What the choice is called in the form."""
        return CHOICE + self.field


def conflicts(
    fields: Iterable[str], mine: Touchpoint, theirs: Touchpoint, at: Here, *, chosen: Iterable[str] = ()
) -> tuple[Conflict, ...]:
    """Return the fields both changed; `chosen` are those of which theirs is taken."""
    edits = plans.edits_of(history.KIND, theirs.key)
    return tuple(
        _conflict(field, (mine, theirs), at, edits, take_theirs=field in set(chosen)) for field in fields
    )


def _conflict(
    field: str, states: tuple[Touchpoint, Touchpoint], at: Here, edits: tuple[Edit, ...], *, take_theirs: bool
) -> Conflict:
    mine, theirs = states
    last = next((edit for edit in edits if any(change.name == field for change in edit.changes)), None)
    return Conflict(
        field=field,
        label=name_of(field),
        mine=history.field_in_words(field, mine, at),
        theirs=history.field_in_words(field, theirs, at),
        who="" if last is None else last.version.saved_by or "",
        at=None if last is None else last.version.saved_at,
        take_theirs=take_theirs,
    )


def merged_in_silence(key: str, *, after: int, before: int) -> tuple[tuple[str, str], ...]:
    """Return who changed which field between two versions (both excluded): (account, field in words)."""
    found = [
        (edit.version.saved_by or "", name_of(change.name))
        for edit in plans.edits_of(history.KIND, key)
        for change in edit.changes
        if after < edit.version.version < before and change.name
    ]
    return tuple(dict.fromkeys(found))
