"""The rows of words: goals, channels, owners, planned steps, moments, quotes. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.atlas.journeymap.frame import BODY, HEAD, SMALL, line, paragraph
from wegmarke.atlas.journeymap.picture import Box, Icon, Rect, Shape, Words
from wegmarke.atlas.journeymap.wording import Type, shorten, width, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wegmarke.atlas.journeymap.content import Chip, Column
    from wegmarke.atlas.journeymap.frame import ColumnFrame, Frame
    from wegmarke.atlas.journeymap.picture import Item

INSET = 8.0
CHIP = 20.0
MOST_GOAL_LINES, MOST_QUOTE_LINES, MOST_MOMENT_LINES = 4, 4, 6
SIGN = Type(11, bold=True)


def heads(frame: Frame, top: float) -> tuple[list[Item], float]:
    """Draw the phases as arrows that point to the next one."""
    room = min((column.width for column in frame.columns), default=0.0) - 3 * INSET
    lines = max((len(wrap(c.column.name, HEAD, c.width - 3 * INSET, 2)) for c in frame.columns), default=1)
    windows = any(column.column.window for column in frame.columns) and room > 0
    height = 16 + lines * HEAD.line + (SMALL.line if windows else 0)
    items: list[Item] = []
    for place, column in enumerate(frame.columns):
        look = "head-out" if column.column.outside else "head"
        items.append(_arrow(column, top, height, look, first=place == 0))
        x = column.x + (INSET if place == 0 or column.column.outside else INSET + 6)
        name, y = paragraph(
            column.column.name, x=x, y=top + 7, room=column.width - 3 * INSET, kind=HEAD, look="on-head"
        )
        items += name
        if column.column.window:
            room = column.width - 3 * INSET
            items.append(
                line(column.column.window, x=x, y=y + SMALL.size, room=room, kind=SMALL, look="on-head")
            )
    return items, top + height


def _arrow(column: ColumnFrame, top: float, height: float, look: str, *, first: bool) -> Shape:
    left, right, bottom, middle = column.x, column.x + column.width, top + height, top + height / 2
    if column.column.outside:
        return Shape(((left, top), (right, top), (right, bottom), (left, bottom)), look, closed=True)
    notch = () if first else ((left + 6, middle),)
    point = ((right - 2, top), (right + 5, middle), (right - 2, bottom))
    return Shape(((left, top), *point, (left, bottom), *notch), look, closed=True)


def per_column(
    frame: Frame, top: float, draw: Callable[[Column, float, float, float], tuple[list[Item], float]]
) -> tuple[list[Item], float]:
    """Draw something for each phase (phase, x, y, room); the row ends where the highest of them does."""
    items: list[Item] = []
    end = top
    for column in frame.columns:
        drawn, bottom = draw(column.column, column.x + 2, top, column.width - 6)
        items += drawn
        end = max(end, bottom)
    return items, end


def goal(column: Column, x: float, y: float, room: float) -> tuple[list[Item], float]:
    """Say what customers want to reach."""
    words, end = paragraph(column.goal, x=x, y=y, room=room, kind=BODY, lines=MOST_GOAL_LINES)
    return list(words), end


def channels(column: Column, x: float, y: float, room: float) -> tuple[list[Item], float]:
    """Name the channels with how many touchpoints use them."""
    return chips(column.channels, x, y, room)


def owners(column: Column, x: float, y: float, room: float) -> tuple[list[Item], float]:
    """Name the departments or owners with how many touchpoints they answer for."""
    return chips(column.owners, x, y, room)


def chips(facts: Sequence[Chip], x: float, y: float, room: float) -> tuple[list[Item], float]:
    """Set short facts side by side, in as many rows as they need."""
    items: list[Item] = []
    at, end = x, y
    for chip in facts:
        beside = 15 if chip.icon else 0
        text = shorten(chip.text, SMALL, room - 14 - beside)
        wide = min(room, width(text, SMALL) + 14 + beside)
        if at > x and at + wide > x + room:
            at, y = x, y + CHIP + 3
        items.append(Rect(Box(at, y, wide, CHIP), "chip-warn" if chip.warns else "chip", radius=10))
        if chip.icon:
            items.append(Icon(chip.icon, at + 6, y + 4, 12, "icon"))
        items.append(Words(at + 7 + beside, y + 13.4, text, SMALL, "ink", width(text, SMALL)))
        at += wide + 4
        end = y + CHIP
    return items, end


def planned(column: Column, x: float, y: float, room: float) -> tuple[list[Item], float]:
    """List what is planned when; the first line sums up."""
    items: list[Item] = []
    for place, text in enumerate(column.planned):
        look = "ink" if place == 0 else "muted"
        items.append(line(text, x=x, y=y + SMALL.size, room=room, kind=SMALL, look=look))
        y += SMALL.line
    return items, y


def moments(column: Column, x: float, y: float, room: float) -> tuple[list[Item], float]:
    """Name the moments that matter, each with its sign."""
    items: list[Item] = []
    for mark, text in column.moments:
        items.append(Words(x, y + SIGN.size, mark.sign, SIGN, mark.role, width(mark.sign, SIGN)))
        words, y = paragraph(text, x=x + 16, y=y, room=room - 16, kind=BODY, lines=MOST_MOMENT_LINES)
        items += words
        y += 3
    return items, y


def quotes(column: Column, x: float, y: float, room: float) -> tuple[list[Item], float]:
    """Let customers speak."""
    items: list[Item] = []
    for text in column.quotes:
        words, y = paragraph(text, x=x, y=y, room=room, kind=BODY, look="muted", lines=MOST_QUOTE_LINES)
        items += words
        y += 4
    return items, y
