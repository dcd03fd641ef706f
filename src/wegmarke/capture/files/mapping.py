"""Which column of a file plays which part, and what reading a file gives."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from wegmarke.record.contracts import Scale

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from wegmarke.record.contracts import MessageIds


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What a person said about the columns of a file; None means: guess, or do without.

    `event_name` names every row where no column does. `properties` are kept with each event as JSON; None
    keeps all columns that play no other part, `()` none. `day_first` and `decimal` (`,` or `.`) settle what
    the column itself leaves open; `timezone` is where times without a zone were written down. With `complete`
    nothing is guessed: what is None is not in the file. `identity` is a column with an id of each row; rows
    without one are told apart by the columns `told_apart_by`, None for all that are read of an event.
    """

    person: str | None = None
    time: str | None = None
    event: str | None = None
    event_name: str | None = None
    experience: str | None = None
    scale: Scale | None = None
    value: str | None = None
    attributes: tuple[str, ...] = ()
    properties: tuple[str, ...] | None = ()
    timezone: str | None = None
    day_first: bool | None = None
    decimal: str | None = None
    encoding: str | None = None
    complete: bool = False
    identity: str | None = None
    told_apart_by: tuple[str, ...] | None = None

    def needed(self) -> tuple[str, ...]:
        """Return the columns a file must have, each once."""
        named = (self.person, self.time, self.event, self.experience, self.value, self.identity)
        wanted = (*(name for name in named if name), *self.attributes, *(self.properties or ()))
        return tuple(dict.fromkeys(wanted))

    def as_dict(self) -> dict[str, Any]:
        """Return plain values that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ColumnMapping:
        """Take what `as_dict` gave, also after it went through JSON."""
        known = {key: values[key] for key in cls.__dataclass_fields__ if key in values}
        for key in ("attributes", "properties", "told_apart_by"):
            if known.get(key) is not None:
                known[key] = tuple(known[key])
        if known.get("scale") is not None:
            known["scale"] = Scale(known["scale"])
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Guess:
    """One part, the column it was given, and why. `asked` is True where a person named the column."""

    part: str
    column: str
    reason: str
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """One file read: events and traits as the record wants them, and every row that was left out.

    `rejected` has the columns of `rejecting.REJECTED_SCHEMA`; `rows` counts all rows, rejected ones included.
    `notes` are sentences about what was settled on the way (time zone, order of day and month, decimal mark).
    `ids` says what each event is known by, where that was asked for.
    """

    file: str
    events: pa.Table
    traits: pa.Table | None
    rejected: pa.Table
    rows: int
    mapping: ColumnMapping
    guesses: tuple[Guess, ...] = ()
    notes: tuple[str, ...] = ()
    ids: MessageIds | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A first look at a file: its columns, some rows as text, and which column seems to be what.

    `estimated_rows` is exact where the file says it, an estimate from the first rows otherwise.
    """

    file: str
    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: ColumnMapping
    guesses: tuple[Guess, ...]
    estimated_rows: int
    missing: tuple[str, ...] = field(default=())
