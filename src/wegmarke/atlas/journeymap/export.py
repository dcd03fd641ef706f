"""A map as a file: SVG as it is, PDF and PNG through typst, which needs no program or font of the system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wegmarke.atlas.journeymap import layout
from wegmarke.atlas.journeymap.svg import svg
from wegmarke.ui import fonts

if TYPE_CHECKING:
    from wegmarke.atlas.journeymap.content import Map

TYPES = {"svg": "image/svg+xml", "pdf": "application/pdf", "png": "image/png"}
WIDTH, HEIGHT = "420mm", "297mm"
PIXELS_PER_INCH = 200.0
_PAGE = f"""
#set document(title: sys.inputs.title)
#set page(width: {WIDTH}, height: {HEIGHT}, margin: 0mm)
#image(bytes(sys.inputs.picture), format: "svg", width: 100%, height: 100%, alt: sys.inputs.alt)
"""


def export(content: Map, ending: str) -> bytes:
    """Return a map on A3 landscape as a file of one of TYPES; any other ending counts as PNG."""
    picture = layout.draw(content, layout.A3)
    if ending == "svg":
        return svg(picture, alone=True, fitted=True).encode()
    import typst

    form: Literal["pdf", "png"] = "pdf" if ending == "pdf" else "png"
    done: bytes = typst.compile(
        _PAGE.encode(),
        format=form,
        ppi=PIXELS_PER_INCH,
        font_paths=typst.Fonts(font_paths=[str(fonts.FOLDER)], include_system_fonts=False),
        sys_inputs={
            "picture": svg(picture, alone=True),
            "title": content.title,
            "alt": _alternative(content),
        },
    )
    return done


def _alternative(content: Map) -> str:
    """Name the phases with their touchpoints, for those who cannot see the picture."""
    phases = (f"{column.name}: {', '.join(card.name for card in column.cards)}" for column in content.columns)
    return f"{content.title}. {'; '.join(phases)}"
