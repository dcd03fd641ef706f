"""A picture as values: boxes, lines, words and signs at their places, in units of the picture. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wegmarke.atlas.journeymap.wording import Type

ASCENT, DESCENT = 0.97, 0.24
"""How far the letters of the font reach above and below their line, in units of the size."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    def overlaps(self, other: Box, slack: float = 0.01) -> bool:
        """Say whether two boxes share more than `slack` in both directions."""
        across = min(self.right, other.right) - max(self.x, other.x)
        down = min(self.bottom, other.bottom) - max(self.y, other.y)
        return across > slack and down > slack

    def holds(self, other: Box, slack: float = 0.01) -> bool:
        """Say whether the other box lies inside this one."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled or framed box; `look` names how everything is coloured."""

    box: Box
    look: str
    radius: float = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """A line through points, or an area where it is closed."""

    points: tuple[tuple[float, float], ...]
    look: str
    closed: bool = False

    @property
    def box(self) -> Box:
        """The box around all points."""
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


@dataclass(frozen=True, slots=True)
class Arc:
    """An arrow that rises from one place of a line to another, `height` above it."""

    start: float
    end: float
    y: float
    height: float
    thickness: float
    look: str

    @property
    def box(self) -> Box:
        """The box the arc stays in."""
        left, right = min(self.start, self.end), max(self.start, self.end)
        half = self.thickness / 2
        return Box(left - half, self.y - self.height - half, right - left + 2 * half, self.height + half)


@dataclass(frozen=True, slots=True)
class Words:
    """One line of words; x is its left end, middle or right end (`anchor`), y its base line."""

    x: float
    y: float
    text: str
    kind: Type
    look: str
    width: float
    anchor: str = "start"

    @property
    def left(self) -> float:
        """The left end."""
        return self.x - {"start": 0.0, "middle": self.width / 2, "end": self.width}[self.anchor]

    @property
    def box(self) -> Box:
        """The box the letters stay in."""
        size = self.kind.size
        return Box(self.left, self.y - ASCENT * size, self.width, (ASCENT + DESCENT) * size)


@dataclass(frozen=True, slots=True)
class Icon:
    """An icon of the shell, by its name."""

    name: str
    x: float
    y: float
    size: float
    look: str

    @property
    def box(self) -> Box:
        """The box it is drawn in."""
        return Box(self.x, self.y, self.size, self.size)


@dataclass(frozen=True, slots=True)
class Link:
    """Things that belong to one touchpoint and lead to it.

    `key` and `place` (a phase or step) say what is moved when somebody moves it; not movable without them.
    `hint` appears under the pointer.
    """

    box: Box
    items: tuple[Item, ...]
    label: str
    name: str = ""
    url: str = ""
    key: str = ""
    place: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where touchpoints can be put down: a phase or a step by its key (empty: no phase)."""

    box: Box
    key: str
    name: str


Item = Rect | Shape | Arc | Words | Icon | Link | Place


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole picture; later items lie above earlier ones."""

    width: float
    height: float
    items: tuple[Item, ...] = field(default=())

    @property
    def box(self) -> Box:
        """The whole paper."""
        return Box(0, 0, self.width, self.height)

    def every(self) -> Iterator[Item]:
        """Yield all items, those inside links too."""
        for item in self.items:
            yield item
            if isinstance(item, Link):
                yield from item.items
