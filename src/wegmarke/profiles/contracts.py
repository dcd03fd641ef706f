"""Values of time lines: entries, what is asked for, a page of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from django.utils.functional import Promise

    from wegmarke.record.contracts import Bindings


class Feel(StrEnum):
    """How a touch was lived through; `UNSAID` where nobody said and no rule says."""

    UNSAID = "unsaid"
    BAD = "bad"
    NEUTRAL = "neutral"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a time line, in the reader's language.

    `whose` is the identifier it came with, `address` where its title leads, `facts` are names and values to
    unfold. Only what customers lived has a `touchpoint`, a `phase` or a `feel`; `unbound` marks events no
    rule of the plan takes.
    """

    at: datetime
    strand: str
    title: str
    said: str = ""
    whose: str = ""
    address: str = ""
    touchpoint: str | None = None
    phase: str | None = None
    phase_name: str = ""
    feel: Feel | None = None
    unbound: bool = False
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries of a time line: the newest before a moment, narrowed down.

    `before` leaves out entries at this moment and later, `since` those before it. Empty sets and texts
    narrow nothing down.
    """

    strands: frozenset[str] = frozenset()
    touchpoint: str = ""
    phase: str = ""
    feel: Feel | None = None
    text: str = ""
    since: datetime | None = None
    before: datetime | None = None

    @property
    def only_events(self) -> bool:
        """Whether only what customers lived can be meant."""
        return bool(self.touchpoint or self.phase or self.feel)

    @property
    def narrow(self) -> bool:
        """Whether anything but the period is narrowed down."""
        return bool(self.strands or self.only_events or self.text)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose time line: identifiers as the log has them, accounts they belong to are known by them.

    `account` is the key of an account whose contacts they are, or empty.
    """

    identifiers: tuple[str, ...]
    bindings: Bindings
    account: str = ""


@dataclass(frozen=True, slots=True)
class Strand:
    """One kind of entries. Rooms that know of one offer it; `strands.STRANDS` joins them.

    `read` yields the entries of somebody before `Wanted.before` and from `Wanted.since` on, the newest first,
    narrowed down or not. `state` is a cheap value that changes when the entries may have changed.
    """

    key: str
    label: Promise
    read: Callable[[Subject, Wanted], Iterator[Entry]]
    state: Callable[[Subject], object]


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, the newest first.

    `older` is the moment before which there are more, or None. `exhausted` where the search for entries that
    fit was broken off there, having looked at very many that did not.
    """

    entries: tuple[Entry, ...]
    older: datetime | None = None
    exhausted: bool = False


@dataclass(frozen=True, slots=True)
class Trait:
    """What somebody is like: the last value said, when and from where (None: not known)."""

    name: str
    value: str
    at: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One person as a list shows them: the name to call them by, their ids, when they were last seen."""

    person: str
    name: str
    identifiers: tuple[str, ...]
    last_at: datetime | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One touch in the picture of a journey; `x` from 0 to 1."""

    x: float
    feel: Feel
    text: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Lane:
    """The touches in one phase."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Lived:
    """What the journeys say of somebody, as of the build they are from.

    `touchpoints` counts touches by the key of the touchpoint, the most first. `ticks` are places from 0 to 1
    on the axis of time and what stands there.
    """

    touches: int
    first_at: datetime
    last_at: datetime
    last_touchpoint: str
    bad: int
    last_bad_at: datetime | None
    last_bad_touchpoint: str
    touchpoints: tuple[tuple[str, int], ...] = ()
    lanes: tuple[Lane, ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
