"""Uploaded lists of touchpoints: read once, then kept as plain rows until they are saved or a day is over."""

from __future__ import annotations

import contextlib
import json
import re
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from wegmarke.atlas.inputs import LONGEST_TEXT
from wegmarke.capture.files import FileError
from wegmarke.capture.files.reading import open_table
from wegmarke.plan.contracts import Text
from wegmarke.plan.documents import load_touchpoints
from wegmarke.ui import spreadsheets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wegmarke.capture.files.tables import SourceTable
    from wegmarke.capture.uploading import ReceivedFile

MOST_BYTES = 10 * 1024**2
MOST_ROWS, MOST_COLUMNS = 70_000, 100
MOST_CELL = LONGEST_TEXT * 2
"""More is cut off; that it is too long shows all the same."""
KEPT_SECONDS = 24 * 3600
TABLES, DOCUMENTS = (".csv", ".tsv", ".txt", ".xlsx"), (".yaml", ".yml")
_AFTER_SEPARATOR = re.compile(r"([;,|\t\r\n])'")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it was read.

    A table has `columns` and `rows` (its line, its cells); a document has `entries` (its line, plain values)
    and `names` for the phases and promises of its own. `refused` are lines that have another number of cells
    than the header. `decimal` is the usual decimal mark in such a file. `saved` is the version of the plan
    the list was saved in, 0 before; then nothing else of it is kept.
    """

    name: str
    by: int
    columns: list[str]
    rows: list[tuple[int, list[str]]]
    entries: list[tuple[int, dict[str, Any]]]
    names: dict[str, dict[str, str]]
    refused: list[tuple[int, str]]
    decimal: str
    saved: int = 0

    @property
    def is_table(self) -> bool:
        """Whether columns have to be told."""
        return bool(self.columns)

    def texts(self) -> dict[str, Text]:
        """Return the names of the document's phases and promises."""
        return {key: Text(**name) for key, name in self.names.items()}


class NoSuchUploadError(LookupError):
    """There is no such file (any more), or it is somebody else's."""


def folder() -> Path:
    """Return where uploads are kept."""
    return Path(settings.DATA_DIR) / "touchpoint-lists"


def receive(received: ReceivedFile, *, shown_as: str, by: int) -> uuid.UUID:
    """Read an uploaded file and keep what it says; raises `FileError`, `PlanDocumentError`."""
    tidy()
    ending = Path(shown_as).suffix.lower()
    if ending in DOCUMENTS:
        upload = _document(received.path, shown_as, by)
    elif ending in TABLES:
        upload = _table(received.path, shown_as, by)
    else:
        raise FileError(shown_as, _("this kind of file cannot be read. Use CSV, XLSX or YAML."))
    upload_id = uuid.uuid4()
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder() / f"{upload_id}.json").write_text(json.dumps(asdict(upload)), encoding="utf-8")
    return upload_id


def kept(upload_id: uuid.UUID, *, by: int) -> Upload:
    """Return an upload of this account; raises `NoSuchUploadError`."""
    try:
        plain = json.loads((folder() / f"{upload_id}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NoSuchUploadError(str(upload_id)) from None
    for name in ("rows", "entries", "refused"):
        plain[name] = [tuple(one) for one in plain[name]]
    upload = Upload(**plain)
    if upload.by != by:
        raise NoSuchUploadError(str(upload_id))
    return upload


def mark_saved(upload_id: uuid.UUID, version: int) -> None:
    """Keep of an upload only whose it was and in which version it was saved: a second click leads there."""
    path = folder() / f"{upload_id}.json"
    plain = json.loads(path.read_text(encoding="utf-8"))
    plain |= {"columns": [], "rows": [], "entries": [], "refused": [], "names": {}, "saved": version}
    path.write_text(json.dumps(plain), encoding="utf-8")


def tidy() -> None:
    """Remove what nobody came back for."""
    before = time.time() - KEPT_SECONDS
    for path in folder().glob("*.json"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()


def _document(path: Path, name: str, by: int) -> Upload:
    found = load_touchpoints(path, file=name)
    names = {key: {"de": text.de, "en": text.en} for key, text in found.names.items()}
    return Upload(name, by, [], [], list(found.entries), names, [], "")


def _table(path: Path, name: str, by: int) -> Upload:
    table = open_table(path, name=name, encoding=_encoding(path))
    if table.kind not in ("csv", "xlsx"):
        raise FileError(name, _("this kind of file cannot be read. Use CSV, XLSX or YAML."))
    if len(table.columns) > MOST_COLUMNS:
        raise FileError(name, _("the file has more than %(most)d columns.") % {"most": MOST_COLUMNS}, line=1)
    rows = [list(cells) for cells in _rows(table)]
    if len(rows) > MOST_ROWS:
        raise FileError(name, _("the file has more than %(most)d rows.") % {"most": MOST_ROWS})
    filled = [place for place, cells in enumerate(rows) if any(cell.strip() for cell in cells)]
    lines = [line for line, _text in table.locate(filled)]
    kept_rows = [(line, rows[place]) for line, place in zip(lines, filled, strict=True)]
    return Upload(
        name, by, list(table.columns), kept_rows, [], {}, table.malformed[:MOST_ROWS], table.decimal
    )


def _rows(table: SourceTable) -> Iterator[tuple[str, ...]]:
    for batch in table.batches(table.columns):
        columns = [column.to_pylist() for column in batch.columns]
        yield from (tuple(_as_typed(cell or "") for cell in row) for row in zip(*columns, strict=True))


def _as_typed(cell: str) -> str:
    """Return a cell as somebody typed it: without the apostrophes our own files set before formulas."""
    bare = _AFTER_SEPARATOR.sub(r"\1", cell)
    for typed in (cell.removeprefix("'"), bare.removeprefix("'"), bare):
        if typed != cell and spreadsheets.harmless(typed) == cell:
            return typed[:MOST_CELL]
    return cell[:MOST_CELL]


def _encoding(path: Path) -> str | None:
    """Return the encoding of spreadsheets on Windows for what is no UTF-8; a mark comes first."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if content.startswith((b"PK", b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"PAR1", b"\xd0\xcf")):
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return None
