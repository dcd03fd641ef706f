"""Write the archive: a page for people and the same as data, row by row, from one look at every store."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final, Protocol
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import timezone, translation

from wegmarke.people.access.contracts import WITHHELD
from wegmarke.people.access.page import Page
from wegmarke.people.access.spooling import SealedSpool
from wegmarke.people.access.values import as_json
from wegmarke.people.erasure.joined import stores
from wegmarke.people.identifiers import is_visitor, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from wegmarke.people.access.contracts import Matter, Row, Section, Telling, Text

FORMAT: Final = "wegmarke-access-1"
PAGE: Final = "index.html"
DATA: Final = "data.json"
READ_FIRST: Final = {"identities": 0, "log": 1, "consent": 2, "accounts": 3}
"""What people look for first; the other stores follow in their own order."""


class _Out(Protocol):
    def write(self, data: bytes, /) -> int: ...


def write(
    telling: Telling, *, language: str, matters: Callable[[], Sequence[Matter]], folder: Path
) -> SealedSpool:
    """Return the archive as a ZIP file, ready to be read; whoever takes it closes it.

    The data are spooled beside the page, so that both tell the same, whatever comes in meanwhile.
    """
    spool, data = SealedSpool(folder), SealedSpool(folder)
    try:
        with translation.override(language), ZipFile(spool, "w", ZIP_DEFLATED) as archive:
            with archive.open(_entry(PAGE, telling), "w", force_zip64=True) as page:
                _tell(page, data, telling, matters())
            data.rewind()
            with archive.open(_entry(DATA, telling), "w", force_zip64=True) as out:
                shutil.copyfileobj(data, out, 1024**2)
        spool.rewind()
    except BaseException:
        spool.close()
        raise
    finally:
        data.close()
    return spool


def _entry(name: str, telling: Telling) -> ZipInfo:
    made = timezone.localtime(telling.now)
    entry = ZipInfo(name, made.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _tell(page_out: _Out, data_out: _Out, telling: Telling, matters: Sequence[Matter]) -> None:
    page, data = Page(page_out), _Data(data_out)
    page.begin(telling, matters)
    data.begin(telling, matters)
    untold: list[tuple[Text, Text]] = []
    for store in sorted(stores(), key=lambda one: READ_FIRST.get(one.key, len(READ_FIRST))):
        if store.tell is None:
            untold.append((store.label, store.untold))
            continue
        for section in store.tell(telling):
            page.open(section)
            data.open(section)
            withheld = 0
            for row in section.rows:
                if row is WITHHELD:
                    withheld += 1
                    continue
                page.row(row)
                data.row(row)
            page.shut(withheld)
            data.shut(withheld)
    page.end(matters, untold)
    data.end(untold)


class _Data:
    """`data.json`, section by section; the guide says what stands in it."""

    def __init__(self, out: _Out) -> None:
        self._out = out
        self._sections = 0
        self._rows = 0
        self._section: Section | None = None

    def begin(self, telling: Telling, matters: Sequence[Matter]) -> None:
        head = {
            "format": FORMAT,
            "made_at": telling.now,
            "language": translation.get_language(),
            "ids": [
                {"id": shown(one), "kind": "visitor" if is_visitor(one) else "known"}
                for one in telling.identifiers
            ],
            "processing": {one.key: {"title": one.title, "lines": one.lines} for one in matters},
        }
        self._out.write(as_json(head)[:-1] + b', "sections": {')

    def open(self, section: Section) -> None:
        fields = {name: str(text) for name, text in section.fields.items()}
        head = {"title": str(section.title), "note": str(section.note), "fields": fields}
        comma = b"," if self._sections else b""
        self._out.write(comma + b"\n" + as_json(section.key) + b": " + as_json(head)[:-1] + b', "rows": [')
        self._sections += 1
        self._rows = 0
        self._section = section

    def row(self, row: Row) -> None:
        self._out.write((b",\n" if self._rows else b"\n") + as_json(row))
        self._rows += 1

    def shut(self, withheld: int) -> None:
        why = str(self._section.withheld_because) if self._section and withheld else ""
        self._out.write(
            b'], "withheld": ' + as_json(withheld) + b', "withheld_because": ' + as_json(why) + b"}"
        )

    def end(self, untold: Sequence[tuple[Text, Text]]) -> None:
        told = [{"place": str(place), "because": str(why)} for place, why in untold]
        self._out.write(b'\n}, "not_told": ' + as_json(told) + b"}\n")
