"""From what stands on a map to where it stands: nothing overlaps, nothing leaves the paper. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wegmarke.atlas.journeymap import cards, lanes, plots
from wegmarke.atlas.journeymap.content import Lane
from wegmarke.atlas.journeymap.frame import (
    BODY,
    LANE,
    SMALL,
    SUBTITLE,
    TINY,
    TITLE,
    TITLE_ROOM,
    Paper,
    frame_of,
    line,
    paragraph,
)
from wegmarke.atlas.journeymap.picture import Box, Picture, Rect, Shape, Words
from wegmarke.atlas.journeymap.wording import Type, width

if TYPE_CHECKING:
    from wegmarke.atlas.journeymap.content import Map
    from wegmarke.atlas.journeymap.frame import Frame
    from wegmarke.atlas.journeymap.picture import Item

SCREEN = Paper(width=1120)
A3 = Paper(width=1680, height=1188, margin=32, framed=True)
"""A3 landscape at four units a millimetre: the smallest words are two millimetres high, as in a newspaper."""
SIZES = (
    0.8,
    0.86,
    0.92,
    1.0,
    1.06,
    1.12,
    1.2,
    1.3,
    1.42,
    1.56,
    1.72,
    1.9,
    2.2,
    2.6,
    3.2,
    4,
    5,
    6.5,
    8,
    10,
    13,
    16,
)
"""From how far away the paper is looked at, tried in turn: few touchpoints are drawn large, many small."""
PAD = 8.0
SIGN = Type(12, bold=True)
PLOTS = {Lane.PATH: plots.path, Lane.EXPERIENCE: plots.experience, Lane.VOLUME: plots.volume}
WORDS = {
    Lane.GOAL: lanes.goal,
    Lane.CHANNEL: lanes.channels,
    Lane.OWNER: lanes.owners,
    Lane.PLANNED: lanes.planned,
    Lane.MOMENTS: lanes.moments,
    Lane.QUOTES: lanes.quotes,
}
HEIGHTS = {Lane.PATH: 74.0, Lane.EXPERIENCE: 118.0, Lane.VOLUME: 44.0}
STRETCH = {Lane.PATH: 0.3, Lane.EXPERIENCE: 0.5, Lane.VOLUME: 0.2}
"""Who takes which share of the height that is left over on a paper of fixed height."""
MOST_STRETCH = {Lane.PATH: 90.0, Lane.EXPERIENCE: 190.0, Lane.VOLUME: 50.0}


@dataclass(frozen=True, slots=True)
class TooMuchError(ValueError):
    """More stands on the map than any size of the paper holds."""

    height: float


def draw(content: Map, paper: Paper = SCREEN) -> Picture:
    """Draw a map: as high as it needs to be, or as large as fits onto a paper of fixed height.

    The same content on the same paper gives the same picture. Raises `TooMuchError`.
    """
    if paper.height is None:
        return _drawn(content, paper, {})
    height = 0.0
    for factor in SIZES:
        size = paper.larger(factor)
        picture = _drawn(content, size, {})
        height = size.height or 0.0
        if picture.height <= height + 0.01 and picture.width <= size.width + 0.01:
            return _filled(content, size, height - picture.height)
    raise TooMuchError(height)


def _filled(content: Map, paper: Paper, spare: float) -> Picture:
    """Let the plots have the height that is left over."""
    shown = {lane: share for lane, share in STRETCH.items() if lane in content.lanes}
    whole = sum(shown.values())
    # The bars of drop-off grow with those above them by half as much.
    grow = {lane: 1.5 if lane is Lane.VOLUME else 1.0 for lane in shown}
    extra = {
        lane: min(MOST_STRETCH[lane], spare * share / whole / grow[lane]) for lane, share in shown.items()
    }
    picture = _drawn(content, paper, extra)
    return Picture(paper.width, paper.height or picture.height, picture.items)


def _drawn(content: Map, paper: Paper, extra: dict[Lane, float]) -> Picture:
    frame = frame_of(content, paper)
    right = frame.right + paper.margin
    items: list[Item] = []
    y = paper.margin
    if paper.framed:
        drawn, y = _title(content, frame, y)
        items += drawn
    above, y = lanes.heads(frame, y)
    grounds_from = y
    body, y = _rows(content, frame, y + PAD, extra)
    items += _grounds(frame, grounds_from, y - grounds_from)
    items += above
    items += body
    if paper.framed:
        drawn, y = _foot(content, frame, y + 6)
        items += drawn
    wide = max(right, paper.width) + (0 if paper.framed else 6)
    height = y + paper.margin
    ground = Rect(
        Box(0, 0, wide, paper.height if paper.height and paper.height > height else height), "ground"
    )
    return Picture(
        wide if not paper.framed else max(right, paper.width),
        height,
        (ground, *items) if paper.framed else tuple(items),
    )


def _rows(content: Map, frame: Frame, y: float, extra: dict[Lane, float]) -> tuple[list[Item], float]:
    """Draw the rows from top to bottom: the goal, the touchpoints, then everything else."""
    items: list[Item] = []
    if Lane.GOAL in content.lanes:
        drawn, y = _row(content, frame, Lane.GOAL, y, extra)
        items += drawn
    begin = y
    names, y = cards.steps(frame, y)
    drawn, end = cards.cards(content, frame, y)
    title, below = _lane_title(frame, (content.touchpoints_title, ""), begin)
    items += [*names, *drawn, *title]
    y = max(end, below) + PAD
    for lane in Lane:
        if lane in content.lanes and lane is not Lane.GOAL:
            drawn, y = _row(content, frame, lane, y, extra)
            items += drawn
    return items, y


def _row(
    content: Map, frame: Frame, lane: Lane, y: float, extra: dict[Lane, float]
) -> tuple[list[Item], float]:
    rule = Shape(((frame.left, y), (frame.right, y)), "line")
    y += PAD
    title, below = _lane_title(frame, content.lanes[lane], y)
    if lane in PLOTS:
        drawn, end = PLOTS[lane](content, frame, y, HEIGHTS[lane] + extra.get(lane, 0.0))
    else:
        drawn, end = lanes.per_column(frame, y, WORDS[lane])
    return [rule, *title, *drawn], max(end, below) + PAD


def _lane_title(frame: Frame, title: tuple[str, str], y: float) -> tuple[list[Item], float]:
    """Name a row in the margin; figures have their measure in small print, left of the axis."""
    name, small = title
    words, y = paragraph(name, x=frame.left, y=y, room=TITLE_ROOM, kind=LANE, lines=3)
    more, y = paragraph(small, x=frame.left, y=y + 2, room=TITLE_ROOM, kind=TINY, look="muted", lines=4)
    return [*words, *more], y


def _grounds(frame: Frame, top: float, height: float) -> list[Item]:
    """Tint every other phase, and what stands outside the plan."""
    return [
        Rect(Box(column.x - 3, top, column.width + 6, height), "out" if column.column.outside else "tint")
        for place, column in enumerate(frame.columns)
        if place % 2 == 0 or column.column.outside
    ]


def _title(content: Map, frame: Frame, y: float) -> tuple[list[Item], float]:
    room = frame.right - frame.left
    mark = Words(frame.right, y + 20, "Wegmarke", LANE, "brand", width("Wegmarke", LANE), "end")
    title = line(content.title, x=frame.left, y=y + 24, room=room - 110, kind=TITLE)
    below = line(content.subtitle, x=frame.left, y=y + 44, room=room, kind=SUBTITLE, look="muted")
    return [title, below, mark], y + 58


def _foot(content: Map, frame: Frame, y: float) -> tuple[list[Item], float]:
    """Explain the signs, then say what everything rests on."""
    items: list[Item] = []
    x, room = frame.left, frame.right - frame.left
    for mark, text in content.legend:
        sign = width(mark.sign, SIGN)
        shown = line(text, x=0, y=0, room=room - sign - 6, kind=SMALL)
        if x > frame.left and x + sign + 6 + shown.width > frame.right:
            x, y = frame.left, y + 16
        items.append(Words(x, y + 11, mark.sign, SIGN, mark.role, sign))
        items.append(Words(x + sign + 6, y + 10.5, shown.text, SMALL, "ink", shown.width))
        x += sign + 6 + shown.width + 20
    y += 20
    for text in content.caption:
        words, y = paragraph(text, x=frame.left, y=y, room=room, kind=SMALL, look="muted", lines=2)
        items += words
    return items, y


__all__ = ["A3", "BODY", "SCREEN", "TooMuchError", "draw"]
