"""Values about who is who: facts, what follows from them, and what contradicts itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import pgettext_lazy

from wegmarke.record.contracts import Persons

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from numpy.typing import NDArray


class Kind(models.TextChoices):
    """How a fact came about: what kind of message named two identifiers, or what was done by hand."""

    IDENTIFY = "identify", pgettext_lazy("identity", "Logged in or registered")
    TRACK = "track", pgettext_lazy("identity", "Event of both")
    PAGE = "page", pgettext_lazy("identity", "Page view of both")
    SCREEN = "screen", pgettext_lazy("identity", "Screen view of both")
    GROUP = "group", pgettext_lazy("identity", "Account of both")
    ALIAS = "alias", pgettext_lazy("identity", "New id instead of the old one")
    JOIN = "join", pgettext_lazy("identity", "Joined by hand")
    SEPARATION = "separation", pgettext_lazy("identity", "Separated by hand")

    @property
    def by_hand(self) -> bool:
        """Whether somebody decided it, who can take it back."""
        return self in {Kind.JOIN, Kind.SEPARATION}


class Says(IntEnum):
    """What a fact says of its two identifiers, the only thing that matters for who is who."""

    SEEN = 0  # one message named both
    ALIAS = 1  # its sender says that the one id was used before, the other from now on
    JOIN = 2
    SEPARATION = 3


SAYS = {Kind.ALIAS: Says.ALIAS, Kind.JOIN: Says.JOIN, Kind.SEPARATION: Says.SEPARATION}
"""What the kinds say; all others were merely seen together."""


class Why(StrEnum):
    """Why something is open that only a person can decide."""

    SEVERAL_PERSONS = "several_persons"  # a visitor is linked with several persons: shared device or mailbox
    HELD_APART = "held_apart"  # an alias or a join leads round a separation by hand
    BOTH_LINKED = "both_linked"  # two visitors separated by hand are linked with the same person


class NoSuchFactError(LookupError):
    """There is no such fact."""


class NotByHandError(ValidationError):
    """What messages said cannot be taken back, only overruled by a separation; nothing was done."""


class NotPossibleError(ValidationError):
    """These two identifiers cannot be joined or separated so; nothing was done."""


@dataclass(frozen=True, slots=True)
class SeenLink:
    """Two identifiers that messages of one kind and source named together, and in how many messages."""

    one: str
    other: str
    kind: Kind
    source: int
    source_name: str
    messages: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in force, one a row, in any order; `number` tells which came first and is never used twice."""

    number: NDArray[np.int64]
    says: NDArray[np.int8]
    one: pa.StringArray = field(repr=False)
    other: pa.StringArray = field(repr=False)

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, str, str]]) -> Self:
        """Return rows of number, what it says (`Says`), and the two identifiers as columns."""
        columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
        return cls(
            np.array(columns[0], np.int64),
            np.array(columns[1], np.int8),
            pa.array(columns[2], pa.string()),
            pa.array(columns[3], pa.string()),
        )

    @classmethod
    def together(cls, parts: Sequence[Self]) -> Self:
        """Return the facts of several as one."""
        if not parts:
            return cls.of([])
        return cls(
            np.concatenate([part.number for part in parts]),
            np.concatenate([part.says for part in parts]),
            pa.concat_arrays([part.one for part in parts]),
            pa.concat_arrays([part.other for part in parts]),
        )

    def __len__(self) -> int:
        """Count the facts."""
        return len(self.number)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Identifiers that stay persons of their own because facts contradict each other, and with whom."""

    why: Why
    identifiers: tuple[str, ...]
    persons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who is who: every identifier that links name, and the name of its person.

    One person's identifiers stand together, visitors first, each in the order they were first named.
    """

    identifiers: pa.StringArray = field(repr=False)
    names: pa.StringArray = field(repr=False)
    conflicts: tuple[Conflict, ...] = ()

    def persons(self) -> Persons:
        """Return the persons of several identifiers, as journeys are built by them."""
        counts = self.names.value_counts()
        several = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
        kept = pc.is_in(self.names, value_set=several)
        return Persons(self.identifiers.filter(kept), self.names.filter(kept))

    def person_of(self, identifier: str) -> str:
        """Return the name of the person an identifier belongs to; its own where nothing is known."""
        at = pc.index(self.identifiers, identifier).as_py()
        return identifier if at < 0 else self.names[at].as_py()

    def persons_of(self, identifiers: Iterable[str]) -> dict[str, str]:
        """Return the names of the persons several identifiers belong to; faster than one by one."""
        listed = dict.fromkeys(identifiers)
        found = pc.is_in(self.identifiers, value_set=pa.array(list(listed), pa.string()))
        both = (column.filter(found).to_pylist() for column in (self.identifiers, self.names))
        return {one: one for one in listed} | dict(zip(*both, strict=True))

    def members(self, name: str) -> tuple[str, ...]:
        """Return all identifiers of one person."""
        return tuple(self.identifiers.filter(pc.equal(self.names, name)).to_pylist()) or (name,)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as pages show it; `by` and `withdrawn_by` are empty where the system did it or nobody did."""

    number: int
    kind: Kind
    one: str
    other: str
    source: str
    messages: int
    made_at: datetime
    last_at: datetime
    by: str
    reason: str
    withdrawn_at: datetime | None
    withdrawn_by: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One person that open identifiers may be: in how many messages the two were named together, and when."""

    person: str
    messages: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A conflict with what speaks for each person, the most messages first."""

    why: Why
    identifiers: tuple[str, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One identifier of a person, and how often and when messages named it together with another."""

    identifier: str
    messages: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonShown:
    """One person as a page shows them; `shortened` where more identifiers or facts are left out."""

    name: str
    members: tuple[Member, ...]
    conflicts: tuple[OpenConflict, ...]
    facts: tuple[Fact, ...]
    shortened: bool
