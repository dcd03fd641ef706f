"""What every kind of file looks like to the rest: named columns, read in batches."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from difflib import get_close_matches
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.capture.files.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa

    Progress = Callable[[float], None]

MOST_COLUMNS = 2_000
SAMPLE_ROWS = 200


class SourceTable(ABC):
    """A file as a table. Rows are counted from 0 in the order they are handed out.

    `decimal` is the usual decimal mark in such a file. `malformed` holds, once all batches were read, the
    (line, text) of each row that had another number of cells than the header.
    """

    kind: str
    file: str
    columns: tuple[str, ...]
    decimal: str = "."
    malformed: list[tuple[int, str]]

    def __init__(self, file: str) -> None:
        """Start with no column and nothing malformed."""
        self.file = file
        self.columns = ()
        self.malformed = []
        self.duplicated: frozenset[str] = frozenset()

    @abstractmethod
    def batches(self, columns: Sequence[str], progress: Progress | None = None) -> Iterator[pa.RecordBatch]:
        """Hand out these columns batch by batch; at least one batch, which may have no rows."""

    @abstractmethod
    def locate(self, rows: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Return line and text of each of these rows (ascending), after `batches` has run to its end."""

    @abstractmethod
    def head(self, count: int) -> list[list[str]]:
        """Return the first rows as texts, one list a row, cells in the order of `columns`."""

    @abstractmethod
    def estimated_rows(self) -> int:
        """Return how many rows there are, or nearly."""

    def line_of(self, row: int) -> int:
        """Return the line one row stands in."""
        return next(iter(self.locate([row])))[0]

    def named(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Name the columns of a header: empty names get one, those met twice a number behind."""
        if len(columns) > MOST_COLUMNS:
            raise too_many_columns(self.file, len(columns))
        seen: dict[str, int] = {}
        names, twice = [], set()
        for place, column in enumerate(columns, start=1):
            name = column.replace("\0", "").strip() or _("column %(place)s") % {"place": place}
            seen[name] = seen.get(name, 0) + 1
            if seen[name] > 1:
                twice.add(name)
                name = f"{name} ({seen[name]})"
            names.append(name)
        self.duplicated = frozenset(twice)
        return tuple(names)

    def require(self, column: str) -> str:
        """Return the name of a column that was asked for; `FileError` where it is missing or there twice."""
        if column in self.duplicated:
            message = _("two columns have this name, so it is open which one is meant.")
            raise FileError(self.file, message, line=1, column=column)
        if column in self.columns:
            return column
        plain = {plainly(name): name for name in self.columns}
        if plainly(column) in plain:
            return plain[plainly(column)]
        message = _("there is no such column.")
        near = get_close_matches(plainly(column), plain, n=3, cutoff=0.6)
        if near:
            message += " " + _("Is it %(names)s?") % {"names": listed([plain[name] for name in near])}
        else:
            message += " " + _("The columns are %(names)s.") % {"names": listed(self.columns)}
        raise FileError(self.file, message, line=1, column=column)


def too_many_columns(file: str, count: int) -> FileError:
    """Return the refusal of a file that is no table of events."""
    message = _("the file has %(count)s columns or more; at most %(most)s are read.")
    return FileError(file, message % {"count": count, "most": MOST_COLUMNS}, line=1, column=MOST_COLUMNS + 1)


def plainly(name: str) -> str:
    """Return a name in lower case, without umlauts, with one underscore between words."""
    lower = name.strip().lower()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        lower = lower.replace(umlaut, letters)
    bare = unicodedata.normalize("NFKD", lower).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


def listed(names: Sequence[str], most: int = 12) -> str:
    """Return names in quotation marks, the first of many."""
    text = ", ".join(f"“{name}”" for name in names[:most])
    return text + ", …" if len(names) > most else text
