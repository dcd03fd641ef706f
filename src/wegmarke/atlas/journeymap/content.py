"""What stands on a journey map, said already in the reader's language; where it stands is `layout`'s.

Pure values: `building` makes them from plan and figures, the page's list shows the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wegmarke.analysis.insight import Estimate


class View(StrEnum):
    """What is drawn: the journey as planned, as lived, or the one upon the other."""

    PLANNED = "planned"
    LIVED = "lived"
    BOTH = "both"


class Lane(StrEnum):
    """The rows of the map below its phases, from top to bottom; the touchpoints' own row is always there."""

    GOAL = "goal"
    CHANNEL = "channel"
    OWNER = "owner"
    PLANNED = "planned"
    PATH = "path"
    EXPERIENCE = "experience"
    MOMENTS = "moments"
    VOLUME = "volume"
    QUOTES = "quotes"


class Kind(StrEnum):
    """How a card stands in its column."""

    PLAIN = "plain"
    ALSO = "also"  # the touchpoint has another, more important phase
    HERE_LIVED = "here-lived"  # planned elsewhere, but this is where customers meet it
    NEVER = "never"  # planned, live, and not once in the record
    UNPLANNED = "unplanned"  # in the record, but not in the plan
    NOT_LIVE = "not-live"  # an idea, paused or retired


@dataclass(frozen=True, slots=True)
class Mark:
    """A verdict: its sign, the colour that repeats it, and its name."""

    sign: str
    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Lived:
    """What the record says about one touchpoint, as figures and as words."""

    persons: int
    experience: Estimate | None
    drop_off: Estimate | None
    persons_text: str
    experience_text: str
    drop_off_text: str
    brief: str


@dataclass(frozen=True, slots=True)
class Happens:
    """Where the touches of one touchpoint happen: mostly in `phase`, `as_planned` of them where they should.

    `said` is the sentence about it, `text` the share with its interval; both are empty without a share.
    """

    phase: str
    touches: int
    touches_text: str
    as_planned: Estimate | None = None
    text: str = ""
    said: str = ""
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One touchpoint at one place; `number` finds it again in other lanes, 0 for a second mention."""

    key: str
    number: int
    name: str
    kind: Kind
    icon: str = "channel"
    about: str = ""
    note: str = ""
    lived: Lived | None = None
    happens: Happens | None = None
    mark: Mark | None = None
    url: str = ""
    label: str = ""
    movable: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """Where cards stand: a phase or a step inside one; `key` is empty for the place without a phase."""

    key: str
    name: str
    cards: tuple[Card, ...]
    steps_of_phase: bool = False
    more: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A short fact with a sign; `warns` where something is missing."""

    text: str
    icon: str = ""
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One phase with everything that is said about it as a whole."""

    key: str
    name: str
    slots: tuple[Slot, ...]
    window: str = ""
    goal: str = ""
    channels: tuple[Chip, ...] = ()
    owners: tuple[Chip, ...] = ()
    planned: tuple[str, ...] = ()
    moments: tuple[tuple[Mark, str], ...] = ()
    quotes: tuple[str, ...] = ()
    experience: Estimate | None = None
    experience_text: str = ""
    volume_text: str = ""
    outside: bool = False

    @property
    def cards(self) -> tuple[Card, ...]:
        """All cards of the phase."""
        return tuple(card for slot in self.slots for card in slot.cards)


@dataclass(frozen=True, slots=True)
class Move:
    """How often customers go from one touchpoint (key) to another."""

    source: str
    target: str
    count: int


@dataclass(frozen=True, slots=True)
class Map:
    """A whole journey map.

    `lanes` holds the lanes that are shown, each with its title and what it measures in small print. Without
    `counted` the figures do not know where on this journey touches happen, and all stands as planned.
    """

    title: str
    subtitle: str
    columns: tuple[Column, ...]
    lanes: Mapping[Lane, tuple[str, str]] = field(default_factory=dict)
    touchpoints_title: str = ""
    moves: tuple[Move, ...] = ()
    legend: tuple[tuple[Mark, str], ...] = ()
    caption: tuple[str, ...] = ()
    label: str = ""
    axis: tuple[str, str, str] = ("-100", "0", "+100")
    drop_off_title: str = ""
    counted: bool = True
