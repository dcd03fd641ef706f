"""A picture as SVG: one builder for page, file, print and PDF. Everything written is escaped."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

from wegmarke.atlas.journeymap.picture import Arc, Icon, Link, Place, Rect, Shape, Words
from wegmarke.ui.icons import ICONS

if TYPE_CHECKING:
    from wegmarke.atlas.journeymap.picture import Box, Item, Picture

# What XML cannot hold, and marks that turn the direction of everything after them.
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|[\ud800-\udfff]")

STYLE = """
.m-ground{fill:#fff}.m-tint{fill:#f5f8f7}.m-out{fill:#f7f6f3}
.m-head{fill:#1b6b5a}.m-head-out{fill:#5f6670}.m-step{fill:#e3efec}
.m-line{fill:none;stroke:#dde1e4;stroke-width:1}.m-zero{fill:none;stroke:#868e98;stroke-width:1}
.m-card{fill:#fff;stroke:#c3c9ce;stroke-width:1}
.m-card-dash{fill:#fff;stroke:#868e98;stroke-width:1;stroke-dasharray:4 3}
.m-card-faint{fill:#fafbfb;stroke:#c3c9ce;stroke-width:1;stroke-dasharray:1.5 2.5}
.m-chip{fill:#eff0f2}.m-chip-warn{fill:#fbece2}
.m-band{fill:#00805d;fill-opacity:.16}.m-mean{fill:#5f6670;fill-opacity:.14}
.m-mean-line{fill:none;stroke:#5f6670;stroke-width:1;stroke-dasharray:5 3}
.m-curve{fill:none;stroke:#00805d;stroke-width:1.6}.m-whisker{fill:none;stroke:#3d434b;stroke-width:1.2}
.m-bar{fill:#7d9bb0}.m-drop{fill:#c98b62}.m-node{fill:#3d5566}
.m-arc{fill:none;stroke:#0072b2;stroke-opacity:.5}
.m-arc-back{fill:none;stroke:#857a00;stroke-opacity:.6;stroke-dasharray:5 3}
.m-tip{fill:#0072b2}.m-tip-back{fill:#857a00}
.m-bad{fill:#b84a00}.m-warn{fill:#b57a00}.m-good{fill:#0072b2}
.m-accent{fill:#00805d}.m-quiet{fill:#5f6670}
.m-unknown{fill:#868e98}.m-none{fill:#dde1e4}
.m-ink{fill:#1f2328}.m-muted{fill:#5a616b}.m-brand{fill:#1b6b5a}.m-on-head{fill:#fff}
.m-icon{fill:none;stroke:#3d434b;stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}
text{font-family:Inter,"Helvetica Neue",Arial,sans-serif}
"""
"""How everything looks in a file, always light; journeymap.css has the same names, light and dark."""


def svg(picture: Picture, *, alone: bool, linked: bool = False, fitted: bool = False) -> SafeString:
    """Return the picture; `alone` as a file with its own look, else as part of a page.

    `linked` makes it live: cards lead to their touchpoints and know where they can be moved. `fitted` ties
    each line of words to its measured width, for viewers that do not have the font.
    """
    size = f'viewBox="0 0 {_n(picture.width)} {_n(picture.height)}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}']
    if alone:
        parts.append(f' width="{_n(picture.width)}" height="{_n(picture.height)}"><style>{STYLE}</style>')
    else:
        parts.append(
            ' class="wm-map-picture" focusable="false"' + ("" if linked else ' aria-hidden="true"') + ">"
        )
    pen = _Pen(linked=linked, fitted=fitted)
    parts.extend(pen.draw(item) for item in picture.items)
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - every text and attribute was escaped by the pen


class _Pen:
    """Writes one item after the other."""

    def __init__(self, *, linked: bool, fitted: bool) -> None:
        self.linked, self.fitted = linked, fitted

    def draw(self, item: Item) -> str:
        """Return one item as SVG."""
        drawn = ""
        match item:
            case Rect():
                drawn = _rect(item)
            case Shape():
                drawn = _shape(item)
            case Arc():
                drawn = _arc(item)
            case Words():
                drawn = self._words(item)
            case Icon():
                drawn = _icon(item)
            case Link():
                drawn = self._link(item)
            case Place():
                drawn = _place(item) if self.linked else ""
        return drawn

    def _words(self, item: Words) -> str:
        weight = ' font-weight="600"' if item.kind.bold else ""
        anchor = "" if item.anchor == "start" else f' text-anchor="{item.anchor}"'
        fit = ""
        if self.fitted and item.width:
            fit = f' textLength="{_n(item.width)}" lengthAdjust="spacingAndGlyphs"'
        size = f' font-size="{_n(item.kind.size)}"'
        text = clean(item.text)
        return f'<text class="m-{item.look}" {_at(item.x, item.y)}{size}{weight}{anchor}{fit}>{text}</text>'

    def _link(self, item: Link) -> str:
        inside = "".join(self.draw(one) for one in item.items)
        if not self.linked:
            return f"<g>{inside}</g>"
        if item.hint:
            inside = f"<title>{clean(item.hint)}</title>{inside}"
        named = f'class="wm-map-card" aria-label="{clean(item.label)}"'
        if item.key:
            named += f' data-key="{clean(item.key)}" data-place="{clean(item.place)}"'
            named += f' data-name="{clean(item.name)}"'
        if item.url:
            return f'<a href="{html.escape(item.url)}" {named}>{inside}</a>'
        focus = ' tabindex="0"' if item.key else ""
        return f'<g role="group" {named}{focus}>{inside}</g>'


@lru_cache(maxsize=20_000)
def clean(text: str) -> str:
    """Return a text that may stand in SVG and HTML; each name is asked for several times."""
    return html.escape(_UNFIT.sub(" ", text))


def _rect(item: Rect) -> str:
    round_ = f' rx="{_n(item.radius)}"' if item.radius else ""
    return f'<rect class="m-{item.look}" {_size(item.box)}{round_}/>'


def _place(item: Place) -> str:
    named = f'data-place="{clean(item.key)}" data-name="{clean(item.name)}"'
    return f'<rect class="wm-map-place" {named} {_size(item.box)} rx="4"/>'


def _shape(item: Shape) -> str:
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in item.points)
    return f'<{"polygon" if item.closed else "polyline"} class="m-{item.look}" points="{points}"/>'


def _arc(item: Arc) -> str:
    """Draw an arc with its tip; the handles stand a third higher, as a cubic curve reaches 3/4 of them."""
    up = item.y - item.height * 4 / 3
    tip = 2.2 + item.thickness * 0.8
    look = "tip-back" if item.look == "arc-back" else "tip"
    end = item.y - tip
    x1, x2 = _n(item.start), _n(item.end)
    curve = f"M{x1} {_n(item.y)}C{x1} {_n(up)} {x2} {_n(up)} {x2} {_n(end)}"
    left, right, low = _n(item.end - tip), _n(item.end + tip), _n(end - 1)
    return (
        f'<path class="m-{item.look}" stroke-width="{_n(item.thickness)}" d="{curve}"/>'
        f'<polygon class="m-{look}" points="{left},{low} {right},{low} {x2},{_n(item.y)}"/>'
    )


def _icon(item: Icon) -> str:
    place = f"translate({_n(item.x)} {_n(item.y)}) scale({item.size / 24:.3f})"
    return f'<path class="m-{item.look}" transform="{place}" d="{ICONS[item.name]}"/>'


def _at(x: float, y: float) -> str:
    return f'x="{_n(x)}" y="{_n(y)}"'


def _size(box: Box) -> str:
    return f'{_at(box.x, box.y)} width="{_n(box.width)}" height="{_n(box.height)}"'


@lru_cache(maxsize=20_000)
def _n(value: float) -> str:
    """Write a coordinate with as few letters as a tenth needs."""
    return f"{value + 0.0:.1f}".removesuffix(".0")  # + 0.0: never a minus before nothing
