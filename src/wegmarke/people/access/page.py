"""The page of the archive: complete in itself, readable on a telephone and on paper, nothing in it runs.

Whatever others sent stands in it as text: escaped, marked off from its surroundings (an id may be written
from right to left), and under a policy that lets a browser neither load nor run anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.template.loader import render_to_string
from django.utils.formats import localize
from django.utils.html import escape
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from wegmarke.people.access.values import Coded
from wegmarke.people.identifiers import is_visitor, shown
from wegmarke.ui import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from wegmarke.people.access.contracts import Matter, Row, Section, Telling, Text

    class _Out(Protocol):
        def write(self, data: bytes, /) -> int: ...


ROWS_A_TABLE: Final = 250
"""So many rows are one table; of the later ones a browser lays out only those somebody looks at."""
FIRST: Final = ("controller",)
"""What is told before the data; all else follows them."""
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Page:
    """`index.html`, written from top to bottom."""

    def __init__(self, out: _Out) -> None:
        """Write into something that takes bytes."""
        self._out = out
        self._section: Section | None = None
        self._rows = 0

    def _write(self, text: str) -> None:
        self._out.write(text.encode("utf-8", "replace"))

    def begin(self, telling: Telling, matters: Sequence[Matter]) -> None:
        """Write the head, who it is about and who tells it."""
        context = {
            "language": get_language(),
            "made_at": telling.now,
            "ids": [(_text(shown(one)), is_visitor(one)) for one in telling.identifiers],
            "matters": [one for one in matters if one.key in FIRST],
        }
        self._write(render_to_string("people/access/archive_head.html", context))

    def open(self, section: Section) -> None:
        """Begin a section."""
        self._section, self._rows = section, 0
        self._write(f'<section id="{section.key}"><h2>{_said(section.title)}</h2>\n')
        if section.note:
            self._write(f"<p>{_said(section.note)}</p>\n")
        self._write(_labels(section))

    def row(self, row: Row) -> None:
        """Write a row, and begin another table now and then."""
        if self._section is None:
            return
        if self._rows % ROWS_A_TABLE == 0:
            self._write("</tbody></table></div>\n" if self._rows else "")
            heads = "".join(f'<th scope="col">{_said(text)}</th>' for text in self._section.fields.values())
            part = "part later" if self._rows else "part"
            self._write(f'<div class="{part}"><table><thead><tr>{heads}</tr></thead><tbody>\n')
        self._rows += 1
        cells = "".join(f"<td>{shown_value(row.get(name))}</td>" for name in self._section.fields)
        self._write(f"<tr>{cells}</tr>\n")

    def shut(self, withheld: int) -> None:
        """End the section: how many entries there are, or that there are none, and what was left out."""
        if self._section is None:
            return
        if self._rows:
            entries = ngettext("%(n)s entry", "%(n)s entries", self._rows) % {"n": numbers.number(self._rows)}
            self._write(f'</tbody></table></div>\n<p class="count">{escape(entries)}</p>\n')
        elif not withheld:
            nothing = _("We keep nothing here about you.")
            self._write(f"<p>{escape(nothing)}</p>\n")
        if withheld:
            left_out = ngettext(
                "%(n)s entry is left out.", "%(n)s entries are left out.", withheld
            ) % {"n": numbers.number(withheld)}  # fmt: skip
            self._write(f"<p>{escape(left_out)} {_said(self._section.withheld_because)}</p>\n")
        self._write("</section>\n")

    def end(self, matters: Sequence[Matter], untold: Sequence[tuple[Text, Text]]) -> None:
        """Write what else there is to know."""
        context = {"matters": [one for one in matters if one.key not in FIRST], "untold": untold}
        self._write(render_to_string("people/access/archive_end.html", context))


def _said(text: Text) -> str:
    return escape(str(text))


def _text(text: str) -> str:
    """Return a text without marks that are no characters."""
    return _CONTROLS.sub("\ufffd", text)


def _labels(section: Section) -> str:
    """Return what names each cell where the columns stand below each other, once for all rows."""
    rules = "".join(
        f'#{section.key} td:nth-child({place})::before{{content:"{_in_css(str(text))}"}}'
        for place, text in enumerate(section.fields.values(), start=1)
    )
    return f"<style>@media(max-width:50rem){{{rules}}}</style>\n" if rules else ""


def _in_css(text: str) -> str:
    return re.sub(r"[^\w ,.()§-]", lambda found: f"\\{ord(found.group()):x} ", text)


def shown_value(value: Any) -> str:  # noqa: ANN401, PLR0911 - whatever stands in a row, kind by kind
    """Return a value as HTML."""
    if value is None or value == "":
        return ""
    if isinstance(value, Coded):
        return escape(_text(str(value.words)))
    if isinstance(value, bool):
        return escape(_("yes") if value else _("no"))
    if isinstance(value, datetime):
        return escape(numbers.when(value))
    if isinstance(value, date):
        return escape(numbers.day(value))
    if isinstance(value, int | float):
        whole = isinstance(value, float) and value.is_integer()
        return escape(localize(int(value) if whole else value))
    if isinstance(value, Mapping):
        return _listed(
            f"<bdi>{escape(_text(str(name)))}</bdi>: {shown_value(one)}" for name, one in value.items()
        )
    if isinstance(value, list | tuple):
        return _listed(map(shown_value, value))
    return f"<bdi>{escape(_text(str(value)))}</bdi>"


def _listed(items: Any) -> str:  # noqa: ANN401 - texts
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
