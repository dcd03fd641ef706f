"""The rows of figures: lived path, experience, volume, drop-off. Bars from zero, intervals always. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wegmarke.atlas.journeymap.frame import AXIS_ROOM, SMALL, TINY, TITLE_ROOM, line, paragraph
from wegmarke.atlas.journeymap.picture import Arc, Box, Rect, Shape, Words
from wegmarke.atlas.journeymap.wording import Type, shorten, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wegmarke.analysis.insight import Estimate
    from wegmarke.atlas.journeymap.content import Card, Lived, Map
    from wegmarke.atlas.journeymap.frame import ColumnFrame, Frame
    from wegmarke.atlas.journeymap.picture import Item

MARK = Type(12, bold=True)
MOST_MOVES = 16
THICKEST, THINNEST = 7.0, 1.2
STEP_OF_AXIS = 0.25
WIDEST_BAR, BAR = 26.0, 0.62


def path(content: Map, frame: Frame, top: float, height: float) -> tuple[list[Item], float]:
    """Draw the most met touchpoints of each phase on one line and the main moves between them as arcs."""
    spots = _most_met(frame)
    moves = [m for m in content.moves if m.source in spots and m.target in spots and m.source != m.target][
        :MOST_MOVES
    ]
    base = top + height
    largest = max((move.count for move in moves), default=1)
    longest = max((abs(spots[m.source][0] - spots[m.target][0]) for m in moves), default=1.0)
    items: list[Item] = [Shape(((frame.x, base), (frame.right, base)), "line")]
    for move in reversed(moves):
        start, end = spots[move.source][0], spots[move.target][0]
        rise = (height - 6) * (0.25 + 0.75 * abs(end - start) / longest)
        thickness = max(THINNEST, THICKEST * move.count / largest)
        items.append(Arc(start, end, base - 3, rise, thickness, "arc" if end > start else "arc-back"))
    end = base
    most = max((lived.persons for _, _, _, lived in spots.values()), default=1)
    for x, room, card, lived in spots.values():
        radius = 2.5 + 4.5 * math.sqrt(lived.persons / max(1, most))
        items.append(Rect(Box(x - radius, base - radius, 2 * radius, 2 * radius), "node", radius=radius))
        words, y = paragraph(card.name, x=x, y=base + 8, room=room, kind=SMALL, lines=2, anchor="middle")
        figure = line(
            lived.persons_text, x=x, y=y + SMALL.size, room=room, kind=SMALL, look="muted", anchor="middle"
        )
        items += [*words, figure]
        end = max(end, y + SMALL.line)
    return items, end


def _most_met(frame: Frame) -> dict[str, tuple[float, float, Card, Lived]]:
    """Return the most met touchpoints of each slot, one per column of cards, with place and room."""
    found = {}
    for column in frame.columns:
        for slot in column.slots:
            met = [
                (c, c.lived) for c in slot.slot.cards if c.number and c.lived is not None and c.lived.persons
            ]
            chosen = sorted(met, key=lambda pair: -pair[1].persons)[: slot.across]
            chosen.sort(key=lambda pair: pair[0].number)
            for k, (card, lived) in enumerate(chosen):
                share = slot.width / len(chosen)
                found[card.key] = (slot.x + (k + 0.5) * share, min(share, slot.card) - 6, card, lived)
    return found


def experience(content: Map, frame: Frame, top: float, height: float) -> tuple[list[Item], float]:
    """Draw the net experience of each touchpoint with its interval, and that of each phase behind it."""
    low, high = _range(frame)
    top += 4

    def y(value: float) -> float:
        return top + height * (high - value) / (high - low)

    items: list[Item] = [
        Shape(((frame.x, y(level)), (frame.right, y(level))), "zero" if level == 0 else "line")
        for level in _levels(low, high)
    ]
    for level in _levels(low, high):
        text = _level_text(content, level)
        items.append(Words(frame.x - 6, y(level) + 3, text, TINY, "muted", width(text, TINY), "end"))
    for column in frame.columns:
        if (mean := column.column.experience) is not None:
            items += _mean(column, mean, y(mean.low), y(mean.high), y(mean.estimate))
    spots = [
        (x, card, card.lived.experience)
        for column in frame.columns
        for x, _room, card in column.spots()
        if card.lived and card.lived.experience
    ]
    items += _band([(x, y(e.high), y(e.low), y(e.estimate)) for x, _, e in spots])
    for x, card, felt in spots:
        items += _point(card, x, (y(felt.low), y(felt.estimate), y(felt.high)))
    numbers = top + height + 12
    end = numbers + 4
    for column in frame.columns:
        items += _numbers(column, numbers)
        if text := column.column.experience_text:
            words, y_below = paragraph(
                text, x=column.x + column.width / 2, y=numbers + 5, room=column.width - 4,
                kind=SMALL, anchor="middle", lines=2,
            )  # fmt: skip
            items += words
            end = max(end, y_below)
    return items, end


def _mean(column: ColumnFrame, mean: Estimate, low: float, high: float, y: float) -> list[Item]:
    del mean
    return [
        Rect(Box(column.x, high, column.width, low - high), "mean"),
        Shape(((column.x, y), (column.x + column.width, y)), "mean-line"),
    ]


def _band(spots: Sequence[tuple[float, float, float, float]]) -> list[Item]:
    if len(spots) < 2:  # noqa: PLR2004 - a band needs two ends
        return []
    upper = tuple((x, high) for x, high, _, _ in spots)
    lower = tuple((x, low) for x, _, low, _ in reversed(spots))
    return [
        Shape((*upper, *lower), "band", closed=True),
        Shape(tuple((x, middle) for x, _, _, middle in spots), "curve"),
    ]


def _point(card: Card, x: float, ys: tuple[float, float, float]) -> list[Item]:
    low, middle, high = ys
    items: list[Item] = [_whisker(x, high, low)]
    if card.mark is None:
        items.append(Rect(Box(x - 3, middle - 3, 6, 6), "quiet", radius=3))
        return items
    wide = width(card.mark.sign, MARK)
    items.append(Rect(Box(x - wide / 2 - 1, middle - 6, wide + 2, 12), "ground", radius=6))
    items.append(Words(x, middle + 4.3, card.mark.sign, MARK, card.mark.role, wide, "middle"))
    return items


def _whisker(x: float, top: float, bottom: float) -> Shape:
    """Draw an interval with its two ends in one stroke: hundreds of them stand on a large map."""
    ends = ((x - 3, top), (x + 3, top), (x, top), (x, bottom), (x - 3, bottom), (x + 3, bottom))
    return Shape(ends, "whisker")


def _numbers(column: ColumnFrame, y: float) -> list[Item]:
    """Write the numbers of the touchpoints below a plot, leaving out what has no room."""
    items: list[Item] = []
    free = -math.inf
    for x, _room, card in column.spots():
        text = str(card.number)
        wide = width(text, TINY)
        if x - wide / 2 > free:
            items.append(Words(x, y, text, TINY, "muted", wide, "middle"))
            free = x + wide / 2 + 3
    return items


def _range(frame: Frame) -> tuple[float, float]:
    """Return the ends of the axis: zero and every interval inside, at quarters."""
    cards = [card for column in frame.columns for card in column.column.cards if card.number]
    felt = [card.lived.experience for card in cards if card.lived and card.lived.experience]
    felt += [f.column.experience for f in frame.columns if f.column.experience]
    low = min([0.0, *(e.low for e in felt)])
    high = max([0.0, *(e.high for e in felt)])
    low, high = math.floor(low / STEP_OF_AXIS) * STEP_OF_AXIS, math.ceil(high / STEP_OF_AXIS) * STEP_OF_AXIS
    return (low, high) if high - low >= 2 * STEP_OF_AXIS else (low - STEP_OF_AXIS, high + STEP_OF_AXIS)


def _levels(low: float, high: float) -> list[float]:
    step = STEP_OF_AXIS if high - low <= 1 else 2 * STEP_OF_AXIS
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def _level_text(content: Map, level: float) -> str:
    minus, zero, plus = content.axis
    if level == 0:
        return zero
    return (minus if level < 0 else plus).replace("100", str(round(abs(level) * 100)))


def volume(content: Map, frame: Frame, top: float, height: float) -> tuple[list[Item], float]:
    """Draw persons per touchpoint, and below them the drop-off with its interval; both from zero."""
    spots = _met(frame)
    most, most_text = max(((met.persons, met.persons_text) for _, _, met in spots), default=(0, ""))
    base = top + 12 + height
    items: list[Item] = [Shape(((frame.x, base), (frame.right, base)), "zero")]
    items += _axis(frame, base - height, most_text)
    said = all(width(met.persons_text, TINY) <= room - 2 for _, room, met in spots)
    for x, room, met in spots:
        tall = height * met.persons / (most or 1)
        wide = min(WIDEST_BAR, room * BAR)
        items.append(Rect(Box(x - wide / 2, base - tall, wide, tall), "bar"))
        if said:
            items.append(_above(met.persons_text, x, base - tall - 3))
    for column in frame.columns:
        items += _numbers(column, base + 11)
    drawn, end = _drop_off(content, frame, base + 17, height * 0.5)
    items += drawn
    below = end
    for column in frame.columns:
        words, y = paragraph(
            column.column.volume_text, x=column.x + column.width / 2, y=end + 2, room=column.width - 4,
            kind=SMALL, anchor="middle", lines=2,
        )  # fmt: skip
        items += words
        below = max(below, y)
    return items, below


def _met(frame: Frame) -> list[tuple[float, float, Lived]]:
    """Return place, room and figures of every touchpoint that was met."""
    return [(x, room, c.lived) for column in frame.columns for x, room, c in column.spots() if c.lived]


def _above(text: str, x: float, y: float) -> Words:
    return Words(x, y, text, TINY, "muted", width(text, TINY), "middle")


def _axis(frame: Frame, y: float, text: str) -> list[Item]:
    """Draw the line the longest bar reaches, with what it stands for."""
    shown = shorten(text, TINY, AXIS_ROOM)
    return [
        Shape(((frame.x, y), (frame.right, y)), "line"),
        Words(frame.x - 6, y + 3, shown, TINY, "muted", width(shown, TINY), "end"),
    ]


def _drop_off(content: Map, frame: Frame, top: float, height: float) -> tuple[list[Item], float]:
    """Draw the share that left right after each touchpoint, hanging from zero, each with its interval."""
    spots = [(x, room, met, met.drop_off) for x, room, met in _met(frame) if met.drop_off]
    if not spots:
        return [], top
    most = max(share.high for *_, share in spots) or 1.0
    largest, text = max((share.estimate, met.drop_off_text) for _, _, met, share in spots)
    items: list[Item] = [Shape(((frame.x, top), (frame.right, top)), "zero")]
    if largest:
        items += _axis(frame, top + height * largest / most, text)
    title = shorten(content.drop_off_title, SMALL, TITLE_ROOM)
    items.append(Words(frame.left, top + 8, title, SMALL, "muted", width(title, SMALL)))
    said = all(width(met.drop_off_text, TINY) <= room - 2 for _, room, met, _ in spots)
    for x, room, met, share in spots:
        wide = min(WIDEST_BAR, room * BAR)
        end = top + height * share.estimate / most
        items.append(Rect(Box(x - wide / 2, top, wide, end - top), "drop"))
        low, high = top + height * share.low / most, top + height * share.high / most
        items.append(_whisker(x, low, high))
        if said:
            items.append(_above(met.drop_off_text, x, max(high, end) + 10))
    return items, top + height + 15
