"""The frame of a map: paper, columns and how many cards stand side by side in each. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wegmarke.atlas.journeymap.picture import Box, Words
from wegmarke.atlas.journeymap.wording import Type, shorten, width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wegmarke.atlas.journeymap.content import Card, Column, Map, Slot

TITLE = Type(25, bold=True)
SUBTITLE = Type(13)
HEAD = Type(14.5, bold=True)
STEP = Type(10.5, bold=True)
NAME = Type(11.5, bold=True)
BODY = Type(10.5)
SMALL = Type(9.5)
LANE = Type(10.5, bold=True)
TINY = Type(8.5)

GUTTER = 122.0
AXIS_ROOM = 46.0
TITLE_ROOM = GUTTER - AXIS_ROOM - 10
"""The margin holds the names of the rows and, right of them, the figures of an axis."""
PHASE_GAP = 8.0
CARD_GAP = 6.0
NARROWEST = 122.0
"""A card narrower than this holds no German name."""
WIDEST = 250.0


@dataclass(frozen=True, slots=True)
class Paper:
    """What is drawn on; without a height the picture is as high as it needs to be.

    A framed paper stands alone and carries title, legend and caption; on a page these stand around it.
    """

    width: float
    height: float | None = None
    margin: float = 0.0
    framed: bool = False

    def larger(self, factor: float) -> Paper:
        """Return the same paper seen from further away: everything on it comes out smaller."""
        height = None if self.height is None else self.height * factor
        return Paper(self.width * factor, height, self.margin * factor, self.framed)


@dataclass(frozen=True, slots=True)
class SlotFrame:
    """Where the cards of one slot stand: `across` of them side by side, each `card` wide."""

    slot: Slot
    x: float
    width: float
    across: int
    card: float


@dataclass(frozen=True, slots=True)
class ColumnFrame:
    """Where one phase stands."""

    column: Column
    x: float
    width: float
    slots: tuple[SlotFrame, ...]

    def spots(self) -> Iterator[tuple[float, float, Card]]:
        """Yield centre, width and card for each touchpoint on the way through the phase, evenly spread."""
        for slot in self.slots:
            cards = [card for card in slot.slot.cards if card.number]
            for k, card in enumerate(cards):
                share = slot.width / len(cards)
                yield slot.x + (k + 0.5) * share, share, card


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of a whole map; it may be wider than a paper that is too narrow for the phases."""

    left: float
    x: float
    width: float
    columns: tuple[ColumnFrame, ...]
    card: float

    @property
    def right(self) -> float:
        """Where the last column ends."""
        return self.x + self.width


def frame_of(content: Map, paper: Paper) -> Frame:
    """Share the width of the paper among phases: each slot has one column of cards, the fullest get more."""
    slots = [slot for column in content.columns for slot in column.slots]
    left = paper.margin
    x = left + GUTTER
    gaps = PHASE_GAP * max(0, len(content.columns) - 1)
    room = paper.width - paper.margin - x - gaps
    across = _across([len(slot.cards) for slot in slots], int((room + CARD_GAP) // (NARROWEST + CARD_GAP)))
    inside = CARD_GAP * (sum(across) - len(content.columns))
    card = max(NARROWEST, (room - inside) / max(1, sum(across)))
    columns = []
    at, place = x, 0
    for column in content.columns:
        frames = []
        start = at
        for slot in column.slots:
            wide = across[place] * card + (across[place] - 1) * CARD_GAP
            frames.append(SlotFrame(slot, at, wide, across[place], card))
            at += wide + CARD_GAP
            place += 1
        columns.append(ColumnFrame(column, start, at - CARD_GAP - start, tuple(frames)))
        at += PHASE_GAP - CARD_GAP
    return Frame(left, x, at - PHASE_GAP - x, tuple(columns), card)


def _across(counts: Sequence[int], most: int) -> list[int]:
    """Give each slot one column, then one more to whichever is highest, as long as there is room and need."""
    across = [1] * len(counts)
    for _ in range(most - len(counts)):
        rows = [math.ceil(count / columns) for count, columns in zip(counts, across, strict=True)]
        if not rows or max(rows) <= 1:
            break
        across[rows.index(max(rows))] += 1
    return across


def paragraph(  # noqa: PLR0913 - place, room and look of words; by keyword
    text: str,
    *,
    x: float,
    y: float,
    room: float,
    kind: Type,
    look: str = "ink",
    lines: int = 2,
    anchor: str = "start",
) -> tuple[list[Words], float]:
    """Set a text into lines below y; return them and where they end."""
    found = []
    for line in wrap(text, kind, room, lines):
        found.append(Words(x, y + kind.size, line, kind, look, width(line, kind), anchor))
        y += kind.line
    return found, y


def line(  # noqa: PLR0913 - place, room and look of words; by keyword
    text: str, *, x: float, y: float, room: float, kind: Type, look: str = "ink", anchor: str = "start"
) -> Words:
    """Set a text into one line on the base line y, cut where there is no room."""
    shown = shorten(text, kind, room)
    return Words(x, y, shown, kind, look, width(shown, kind), anchor)


def column_box(column: ColumnFrame, top: float, height: float) -> Box:
    """Return the part of a phase between two heights."""
    return Box(column.x, top, column.width, height)
