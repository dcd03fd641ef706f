"""Values between the reading of batches and the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


class Reason(StrEnum):
    """Why an event was refused; the page has a sentence for each."""

    MALFORMED = "malformed"  # not JSON, not UTF-8, a number that is none
    WRONG_TYPE = "wrong_type"  # a field has a value of another type than the specification says
    UNKNOWN_TYPE = "unknown_type"  # neither track, page, screen, identify, group nor alias
    NOBODY = "nobody"  # neither userId nor anonymousId
    NO_NAME = "no_name"  # a track without an event name, a group without a group
    TOO_LONG = "too_long"  # an id or a name, or the event as a whole
    TOO_DEEP = "too_deep"  # nested further than anybody can read
    TIME = "time"  # no time, or one outside the years the log holds, or in the future
    OTHER_CONTENT = "other_content"  # the same message id came before, with other content
    ENDED_THE_WORKER = "ended_the_worker"  # its batch ended the worker process more than once


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a batch was sent under: the type its path says ("" for a batch), and when it came."""

    type: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why, and exactly what and where."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Link:
    """Two identifiers that one message names together: the same person, as far as its sender knows."""

    one: str
    other: str
    kind: str


@dataclass(frozen=True, slots=True)
class Group:
    """An account a message names, and what it says of the account itself."""

    key: str
    traits: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened, as the log takes it; `properties` is a JSON object as text."""

    name: str
    properties: str | None = None
    value: float | None = None
    rating: float | None = None
    scale: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message that can be used: who, when, and what it says.

    `person` is the identifier the log keeps; a message may tell that something `happened`, `traits` of the
    person, a `link` to another identifier, an `account` the person belongs to, what they `agreed` to (a
    choice of theirs where `chosen`), or several of these. `message_id` is None where the client gave none.
    `content` is what must be the same when the same message comes again; `stamped` the time its client gave,
    before it was set right.
    """

    person: str
    time: datetime
    message_id: str | None
    content: bytes
    happened: Happened | None = None
    traits: Mapping[str, str | None] = field(default_factory=dict)
    link: Link | None = None
    account: Group | None = None
    stamped: datetime | None = None
    agreed: Mapping[str, bool] = field(default_factory=dict)
    chosen: bool = False

    @property
    def earliest(self) -> datetime:
        """When it happened, or when its client says so, whichever is earlier: a replay may look new."""
        return min(self.time, self.stamped) if self.stamped else self.time


@dataclass(frozen=True, slots=True)
class Read:
    """One event of a batch: as a message, or refused; then `raw` is its JSON text as it came."""

    message: Message | None = None
    refusal: Refusal | None = None
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """All events of one batch, in their order."""

    events: Sequence[Read]
    sent_at: datetime | None = None
