"""Reads one file of events, looks at one, reads one of persons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from wegmarke.capture.files.collecting import Collector, as_texts, last_of_each
from wegmarke.capture.files.delimited import DelimitedTable
from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.guessing import guess, missing_part
from wegmarke.capture.files.mapping import ColumnMapping, Preview, Read
from wegmarke.capture.files.opening import open_binary
from wegmarke.capture.files.parquet import ParquetTable
from wegmarke.capture.files.workbook import WorkbookTable
from wegmarke.capture.files.xes import CASE, XesTable
from wegmarke.record.contracts import TRAITS_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wegmarke.capture.files.tables import Progress, SourceTable

_PREVIEW_ROWS = 20
_PREVIEW_EVENTS = 5_000


@dataclass(frozen=True, slots=True)
class IfThere:
    """Columns that are taken along where a file has them, as attributes of the person or of the event."""

    attributes: Sequence[str] = ()
    properties: Sequence[str] = ()


def read(  # noqa: PLR0913 - what may be asked of a reader, by keyword
    path: Path | str,
    mapping: ColumnMapping | None = None,
    *,
    name: str | None = None,
    progress: Progress | None = None,
    if_there: IfThere | None = None,
    namespace: str | None = None,
) -> Read:
    """Read a file of events: CSV, Parquet, XLSX or XES, told apart by its content.

    `name` stands for the file in messages; `progress` is called with the share done, 0 to 1. What the mapping
    leaves open is guessed; columns named in `if_there` are taken along where the file has them. With a
    `namespace`, `Read.ids` says what each event is known by in it.
    Raises `FileError` with file, line and column where the file cannot be used.
    """
    path, mapping = Path(path), mapping or ColumnMapping()
    table = open_table(path, name=name or path.name, encoding=mapping.encoding, progress=progress)
    guessed = guess(table, mapping)
    if guessed.missing:
        raise missing_part(table, guessed.missing[0])
    found = guessed.mapping
    own_traits = _traits_of_traces(table, found)
    attributes = _attributes(table, found, if_there or IfThere())
    properties = _properties(table, found, attributes, if_there or IfThere())
    found = replace(found, attributes=attributes, properties=properties)
    collector = Collector(
        table,
        found,
        properties,
        attributes=attributes,
        strict_value=mapping.value is not None,
        namespace=namespace,
    )
    for batch in table.batches(collector.columns, progress if not isinstance(table, XesTable) else None):
        collector.add(batch)
    events, traits, rejected, rows = collector.finish()
    return Read(
        file=table.file,
        events=events,
        traits=_together(own_traits, traits),
        rejected=rejected,
        rows=rows,
        mapping=found,
        guesses=guessed.guesses,
        notes=tuple(collector.notes),
        ids=collector.ids,
    )


def preview(path: Path | str, mapping: ColumnMapping | None = None, *, name: str | None = None) -> Preview:
    """Look at the start of a file: columns, first rows, and what seems to be what.

    Quick for files of any size, but for XLSX, which can only be read as a whole. Raises `FileError`.
    """
    path, mapping = Path(path), mapping or ColumnMapping()
    table = open_table(path, name=name or path.name, encoding=mapping.encoding, most_events=_PREVIEW_EVENTS)
    guessed = guess(table, mapping)
    return Preview(
        file=table.file,
        kind=table.kind,
        columns=table.columns,
        rows=tuple(tuple(row) for row in table.head(_PREVIEW_ROWS)),
        mapping=guessed.mapping,
        guesses=guessed.guesses,
        estimated_rows=table.estimated_rows(),
        missing=guessed.missing,
    )


def read_persons(
    path: Path | str, *, person: str | None = None, encoding: str | None = None, name: str | None = None
) -> pa.Table:
    """Read a file with one row per person; every other column is an attribute. Returns `TRAITS_SCHEMA`."""
    path = Path(path)
    table = open_table(path, name=name or path.name, encoding=encoding)
    guessed = guess(table, ColumnMapping(person=person, event_name="-"))
    key = guessed.mapping.person
    if key is None:
        raise missing_part(table, "person")
    names = [column for column in table.columns if column != key]
    if isinstance(table, ParquetTable):
        names = [column for column in names if column in table.plain_columns]
    batches = list(table.batches([key, *names]))
    persons = pa.chunked_array([as_texts(batch.column(key)) for batch in batches], pa.string())
    if len(persons) == 0:
        raise FileError(table.file, _("the file has a header but no rows."), line=1)
    known = pc.fill_null(pc.not_equal(persons, ""), fill_value=False)
    parts = [
        last_of_each(
            persons.filter(known),
            pa.chunked_array([as_texts(batch.column(column)) for batch in batches], pa.string()).filter(
                known
            ),
            column,
        )
        for column in names
    ]
    return pa.concat_tables(parts).unify_dictionaries() if parts else TRAITS_SCHEMA.empty_table()


def open_table(
    path: Path,
    *,
    name: str,
    encoding: str | None = None,
    most_events: int | None = None,
    progress: Progress | None = None,
) -> SourceTable:
    """Open a file as a table; its first bytes say what it is, its ending only where they do not."""
    with open_binary(path, name) as stream:
        start = stream.read(4_096)
    if not start:
        raise FileError(name, _("the file is empty."))
    if start.startswith(b"PAR1"):
        return ParquetTable(path, name)
    if start.startswith(b"PK\x03\x04"):
        return WorkbookTable(path, name)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        message = _(
            "this is an old Excel file (.xls), or one locked with a password. Please save it as .xlsx."
        )
        raise FileError(name, message)
    endings = [ending.lower() for ending in Path(name).suffixes[-2:]]
    text = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if ".xes" in endings or text.startswith((b"<?xml", b"<log", b"<!DOCTYPE")):
        return XesTable(path, name, most_events=most_events, progress=progress)
    if text.startswith((b"{", b"[{")):
        message = _("this seems to be JSON; CSV, Parquet, XLSX and XES can be read.")
        raise FileError(name, message, line=1, column=1)
    return DelimitedTable(path, name, encoding=encoding)


def _attributes(table: SourceTable, mapping: ColumnMapping, if_there: IfThere) -> tuple[str, ...]:
    """Return the columns that hold attributes of the person; those of traces are traits already."""
    of_traces = {column[len(CASE) :] for column in table.columns if column.startswith(CASE)}
    asked = [table.require(name) for name in mapping.attributes if name not in of_traces]
    there = [name for name in if_there.attributes if name in table.columns]
    return tuple(dict.fromkeys([*asked, *there]))


def _properties(
    table: SourceTable, mapping: ColumnMapping, attributes: tuple[str, ...], if_there: IfThere
) -> tuple[str, ...]:
    columns = table.plain_columns if isinstance(table, ParquetTable) else table.columns
    if mapping.properties is not None:
        asked = [table.require(name) for name in mapping.properties]
        there = [name for name in if_there.properties if name in columns]
        return tuple(dict.fromkeys([*asked, *there]))
    used = {mapping.person, mapping.time, mapping.event, mapping.experience, mapping.value, *attributes}
    traces = isinstance(table, XesTable)
    return tuple(name for name in columns if name not in used and not (traces and name.startswith(CASE)))


def _traits_of_traces(table: SourceTable, mapping: ColumnMapping) -> pa.Table | None:
    """Return the attributes of the traces of a log, where the traces are the persons."""
    if not isinstance(table, XesTable) or mapping.person is None or not mapping.person.startswith(CASE):
        return None
    key = mapping.person[len(CASE) :]
    names = [
        column[len(CASE) :]
        for column in table.columns
        if column.startswith(CASE) and column != mapping.person
    ]
    person = as_texts(pa.array([trace.get(key) for trace in table.traces], pa.string()))
    known = pc.fill_null(pc.not_equal(person, ""), fill_value=False)
    parts = []
    persons = pa.chunked_array([person.filter(known)])
    for name in names:
        value = as_texts(pa.array([trace.get(name) for trace in table.traces], pa.string()))
        parts.append(last_of_each(persons, pa.chunked_array([value.filter(known)]), name))
    return pa.concat_tables(parts).unify_dictionaries() if parts else None


def _together(first: pa.Table | None, second: pa.Table | None) -> pa.Table | None:
    if first is None or second is None:
        return first if second is None else second
    return pa.concat_tables([first, second]).unify_dictionaries()
