"""The touchpoints' own row: their cards, in as many rows as each phase needs. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.atlas.journeymap.content import Kind
from wegmarke.atlas.journeymap.frame import BODY, CARD_GAP, NAME, SMALL, line, paragraph
from wegmarke.atlas.journeymap.picture import Box, Icon, Link, Place, Rect, Words
from wegmarke.atlas.journeymap.wording import Type, width, wrap

if TYPE_CHECKING:
    from wegmarke.atlas.journeymap.content import Card, Map
    from wegmarke.atlas.journeymap.frame import Frame, SlotFrame
    from wegmarke.atlas.journeymap.picture import Item

INSET = 8.0
STRIPE = 4.0
ICON = 13.0
SIGN = Type(12, bold=True)
NUMBER = Type(8.5, bold=True)
MOST_NAME_LINES = 3
_LOOKS = {
    Kind.ALSO: "card-faint",
    Kind.HERE_LIVED: "card-faint",
    Kind.NEVER: "card-dash",
    Kind.UNPLANNED: "card-dash",
    Kind.NOT_LIVE: "card-faint",
}


def cards(content: Map, frame: Frame, top: float) -> tuple[list[Item], float]:
    """Draw all cards below `top`; return them and where the row ends."""
    every = [card for column in content.columns for card in column.cards]
    room = _name_room(frame.card)
    lines = max((len(wrap(card.name, NAME, room, MOST_NAME_LINES)) for card in every), default=1)
    facts = max((_facts(card) for card in every), default=0)
    height = 2 * INSET + lines * NAME.line + facts * SMALL.line
    items: list[Item] = []
    end = top
    for column in frame.columns:
        for slot in column.slots:
            drawn, bottom = _slot(slot, top, height, lines)
            items += drawn
            end = max(end, bottom)
    places: list[Item] = [
        Place(Box(slot.x, top, slot.width, end - top), slot.slot.key, slot.slot.name or column.column.name)
        for column in frame.columns
        for slot in column.slots
    ]
    return [*places, *items], end


def _facts(card: Card) -> int:
    return sum(bool(text) for text in (card.about, card.note, card.lived and card.lived.brief))


def _name_room(wide: float) -> float:
    return wide - STRIPE - 2 * INSET - ICON - 4 - 18


def _slot(slot: SlotFrame, top: float, height: float, lines: int) -> tuple[list[Item], float]:
    items: list[Item] = []
    end = top + 22
    for k, card in enumerate(slot.slot.cards):
        x = slot.x + (k % slot.across) * (slot.card + CARD_GAP)
        y = top + (k // slot.across) * (height + CARD_GAP)
        items.append(_card(card, Box(x, y, slot.card, height), lines, slot.slot.key))
        end = max(end, y + height)
    if slot.slot.more:
        words = line(slot.slot.more, x=slot.x, y=end + 14, room=slot.width, kind=SMALL, look="muted")
        items.append(words)
        end += 20
    return items, end


def _card(card: Card, box: Box, lines: int, place: str) -> Link:
    role = card.mark.role if card.mark else "none"
    items: list[Item] = [
        Rect(box, _LOOKS.get(card.kind, "card"), radius=4),
        Rect(Box(box.x + 2, box.y + 2, STRIPE, box.height - 4), role, radius=2),
    ]
    x = box.x + STRIPE + INSET
    items.append(Icon(card.icon, x, box.y + INSET - 1, ICON, "icon"))
    right = box.right - INSET
    if card.mark:
        items.append(_right(card.mark.sign, right, box.y + INSET + 10, SIGN, role))
    if card.number:
        below = box.y + INSET + (23 if card.mark else 8)
        items.append(_right(str(card.number), right, below, NUMBER, "muted"))
    y = box.y + INSET - 3
    name, _ = paragraph(
        card.name, x=x + ICON + 4, y=y, room=_name_room(box.width), kind=NAME, lines=lines,
        look="ink" if card.kind in (Kind.PLAIN, Kind.NEVER, Kind.UNPLANNED) else "muted",
    )  # fmt: skip
    items += name
    y += lines * NAME.line + SMALL.size + 3
    room = right - x
    facts = ((card.about, "muted"), (card.note, "ink"), (card.lived.brief if card.lived else "", "ink"))
    for text, look in facts:
        if text:
            items.append(line(text, x=x, y=y, room=room - (0 if lines > 1 else 16), kind=SMALL, look=look))
            y += SMALL.line
    movable = card.movable and card.kind is not Kind.HERE_LIVED
    moved = {"key": card.key, "place": place} if movable else {}
    hint = card.happens.said if card.happens else ""
    return Link(box, tuple(items), card.label, card.name, card.url, hint=hint, **moved)


def _right(text: str, x: float, y: float, kind: Type, look: str) -> Words:
    return Words(x, y, text, kind, look, width(text, kind), "end")


def steps(frame: Frame, top: float) -> tuple[list[Item], float]:
    """Draw the names of steps above their cards, where any phase opens into steps."""
    if not any(len(column.slots) > 1 for column in frame.columns):
        return [], top
    items: list[Item] = []
    for column in frame.columns:
        if len(column.slots) == 1:
            continue
        for slot in column.slots:
            if slot.slot.steps_of_phase:
                continue
            items.append(Rect(Box(slot.x, top, slot.width, 20), "step", radius=3))
            items.append(line(slot.slot.name, x=slot.x + 8, y=top + 14, room=slot.width - 16, kind=BODY))
    return items, top + 26
