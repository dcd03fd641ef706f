"""Gathers batches of a source table into events, traits and rejected rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from wegmarke.capture.files import ratings
from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.identity import ids_of
from wegmarke.capture.files.numbers import read_numbers
from wegmarke.capture.files.properties import json_objects
from wegmarke.capture.files.rejecting import Reason, in_words, rejected_table
from wegmarke.capture.files.settling import NumberColumn, TimeColumn
from wegmarke.capture.files.times import UNREADABLE, read_times
from wegmarke.record.contracts import EVENT_SCHEMA, LATEST_TIME, TRAITS_SCHEMA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.capture.files.mapping import ColumnMapping
    from wegmarke.capture.files.tables import SourceTable
    from wegmarke.record.contracts import MessageIds, Scale

_FIRST = -(2**63) + 1
_BEYOND_WHOLE = 2.0**63  # from here on no whole number fits into 64 bits
_EARLIEST = 0  # 1970, in microseconds
_LATEST = int(LATEST_TIME.timestamp()) * 1_000_000
_NAME = EVENT_SCHEMA.field("name").type


@dataclass(slots=True)
class Collector:
    """Takes batches of the columns a mapping names; `mapping` has person, time and event settled.

    `strict_value`: a value that is not a number costs the row; where nobody asked for the column it does not.
    With a `namespace`, `ids` says after `finish` what each event is known by.
    """

    table: SourceTable
    mapping: ColumnMapping
    properties: tuple[str, ...]
    attributes: tuple[str, ...] = ()
    strict_value: bool = False
    namespace: str | None = None
    persons: list[pa.Array] = field(default_factory=list)
    names: list[pa.Array] = field(default_factory=list)
    objects: list[pa.Array] = field(default_factory=list)
    traits: dict[str, list[pa.Array]] = field(default_factory=dict)
    reasons: list[NDArray[np.uint8]] = field(default_factory=list)
    blank: list[NDArray[np.bool_]] = field(default_factory=list)
    times: TimeColumn = field(init=False)
    ratings: NumberColumn = field(default_factory=NumberColumn)
    values: NumberColumn = field(default_factory=NumberColumn)
    notes: list[str] = field(default_factory=list)
    ids: MessageIds | None = None
    own_ids: list[pa.Array] = field(default_factory=list)
    apart: list[pa.Array] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Prepare the columns that are settled as a whole."""
        self.times = TimeColumn(self.table.file, self.mapping.time or "")

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns to read, each once."""
        mapping = self.mapping
        named = (mapping.person, mapping.time, mapping.event, mapping.experience, mapping.value)
        wanted = (*(name for name in named if name is not None), *self.attributes, *self.properties)
        if self.namespace is not None:
            wanted = (*wanted, *((mapping.identity,) if mapping.identity else ()), *self._apart_columns())
        return tuple(dict.fromkeys(wanted))

    def add(self, batch: pa.RecordBatch) -> None:
        """Take the next rows."""
        mapping, n = self.mapping, len(batch)
        person = as_texts(batch.column(mapping.person))
        self.persons.append(person)
        no_person = _is_empty(person)
        reasons = np.zeros(n, np.uint8)
        if mapping.event is not None:
            name = as_texts(batch.column(mapping.event))
            reasons[_is_empty(name)] = Reason.EVENT
            self.names.append(pc.fill_null(name, "").dictionary_encode())
        reasons[no_person] = Reason.PERSON
        self.reasons.append(reasons)
        self.blank.append(_blank(batch, no_person))
        self.times.add(read_times(batch.column(mapping.time)))
        if mapping.experience is not None and mapping.scale is not None:
            self.ratings.add(ratings.read_ratings(batch.column(mapping.experience), mapping.scale))
        if mapping.value is not None:
            self.values.add(read_numbers(batch.column(mapping.value)))
        if self.properties:
            self.objects.append(json_objects(batch, self.properties, decimal=self.table.decimal))
        for attribute in self.attributes:
            self.traits.setdefault(attribute, []).append(as_texts(batch.column(attribute)))
        if self.namespace is not None:
            own = as_texts(batch.column(mapping.identity)) if mapping.identity else pa.nulls(n, pa.string())
            self.own_ids.append(pc.fill_null(own, ""))
            self.apart.append(json_objects(batch, self._apart_columns(), decimal=self.table.decimal))

    def _apart_columns(self) -> list[str]:
        """Return the columns that tell rows apart, in an order that files cannot change."""
        named = self.mapping.told_apart_by
        if named is None:
            named = (*filter(None, (self.mapping.experience, self.mapping.value)), *self.properties)
        return sorted(set(named) & set(self.table.columns))

    def finish(self) -> tuple[pa.Table, pa.Table | None, pa.Table, int]:
        """Return events, traits, rejected rows and the number of all rows.

        Raises `FileError` where a column leaves open how it is to be read, where there is no row, or where
        more than half of the rows cannot be used.
        """
        reasons = np.concatenate(self.reasons)
        micros = self._times(reasons)
        rating = self._ratings(reasons)
        value = self._values(reasons)
        blank = np.concatenate(self.blank)
        reasons[blank] = Reason.NONE
        rows = len(reasons) - int(blank.sum()) + len(self.table.malformed)
        if rows == 0:
            raise FileError(self.table.file, _("the file has a header but no rows."), line=1)
        rejected = self._rejected(reasons, rows)
        keep = (reasons == Reason.NONE) & ~blank
        events = self._events(micros, rating, value)
        traits = self._traits(keep, micros)
        if not keep.all():
            events = events.filter(pa.array(keep))
        if self.namespace is not None:
            self.ids = self._ids(events, pa.array(keep), self.namespace)
        return events, traits, rejected, rows

    def _ids(self, events: pa.Table, keep: pa.Array, namespace: str) -> MessageIds:
        given, apart = (
            pa.chunked_array(texts, pa.string()).filter(keep) for texts in (self.own_ids, self.apart)
        )
        return ids_of(events, namespace=namespace, given=given, apart=apart)

    def _times(self, reasons: NDArray[np.uint8]) -> NDArray[np.int64]:
        mapping = self.mapping
        micros, notes = self.times.settle(
            day_first=mapping.day_first, timezone=mapping.timezone, line_of=self.table.line_of
        )
        self.notes += notes
        _give(reasons, micros == UNREADABLE, Reason.TIME)
        year = (micros < _EARLIEST) | (micros >= _LATEST)
        _give(reasons, year, Reason.YEAR)
        micros[reasons != Reason.NONE] = 0
        return micros

    def _ratings(self, reasons: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        scale = self.mapping.scale
        if self.mapping.experience is None or scale is None:
            return None
        rating, wrong, _mark = self.ratings.settle(decimal=self.mapping.decimal, likely=self.table.decimal)
        _give(reasons, wrong, Reason.RATING)
        _give(reasons, ratings.outside(rating, scale), Reason.SCALE)
        return rating

    def _values(self, reasons: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        if self.mapping.value is None:
            return None
        value, wrong, mark = self.values.settle(decimal=self.mapping.decimal, likely=self.table.decimal)
        if self.strict_value:
            _give(reasons, wrong, Reason.VALUE)
        if mark:
            note = _("a comma stands before decimals") if mark == "," else _("a point stands before decimals")
            self.notes.append(note)
        return value

    def _events(
        self, micros: NDArray[np.int64], rating: NDArray[np.float32] | None, value: NDArray[np.float32] | None
    ) -> pa.Table:
        n = len(micros)
        if self.mapping.event is None:
            constant = pa.array([self.mapping.event_name], pa.string())
            names = pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, np.int32)), constant)
        else:
            names = pa.chunked_array(self.names, _NAME).unify_dictionaries()
        columns = {
            "person": pa.chunked_array(self.persons, pa.string()),
            "time": pa.array(micros).cast(pa.timestamp("us")).cast(EVENT_SCHEMA.field("time").type),
            "name": names,
            "rating": _figures(rating, n),
            "scale": _scales(rating, self.mapping.scale, n),
            "value": _figures(value, n),
            "properties": pa.chunked_array(self.objects, pa.string())
            if self.objects
            else pa.nulls(n, pa.string()),
        }
        return pa.table([columns[name] for name in EVENT_SCHEMA.names], schema=EVENT_SCHEMA)

    def _traits(self, keep: NDArray[np.bool_], micros: NDArray[np.int64]) -> pa.Table | None:
        """Return the latest filled cell of each attribute per person, in long form.

        The latest by time, whichever way the file is sorted; of rows of the same moment, the last.
        """
        if not self.traits:
            return None
        rows = np.flatnonzero(keep)
        rows = pa.array(rows[np.argsort(micros[rows], kind="stable")])
        person = pa.chunked_array(self.persons, pa.string()).take(rows)
        parts = [
            last_of_each(person, pa.chunked_array(texts, pa.string()).take(rows), attribute)
            for attribute, texts in self.traits.items()
        ]
        return pa.concat_tables(parts).unify_dictionaries()

    def _rejected(self, reasons: NDArray[np.uint8], rows: int) -> pa.Table:
        bad = np.flatnonzero(reasons != Reason.NONE)
        malformed = self.table.malformed
        if (len(bad) + len(malformed)) * 2 > rows:
            raise self._mostly_bad(reasons, bad, rows)
        cells = in_words(Reason.CELLS)
        found = [(line, "", cells, text) for line, text in malformed]
        told = {reason: self._told(reason) for reason in Reason}
        for row, (line, text) in zip(bad, self.table.locate(bad.tolist()), strict=True):
            column, words = told[Reason(int(reasons[row]))]
            found.append((line, column, words, text))
        return rejected_table(self.table.file, found)

    def _told(self, reason: Reason) -> tuple[str, str]:
        """Return the column a reason is about, and the reason in words."""
        mapping = self.mapping
        column = {
            Reason.PERSON: mapping.person,
            Reason.EVENT: mapping.event,
            Reason.TIME: mapping.time,
            Reason.YEAR: mapping.time,
            Reason.RATING: mapping.experience,
            Reason.SCALE: mapping.experience,
            Reason.VALUE: mapping.value,
        }.get(reason)
        scale = ratings.in_words(mapping.scale) if mapping.scale is not None else ""
        return column or "", in_words(reason, scale=scale)

    def _mostly_bad(self, reasons: NDArray[np.uint8], bad: NDArray[np.int64], rows: int) -> FileError:
        counts = np.bincount(reasons[bad], minlength=len(Reason))
        counts[Reason.CELLS] = len(self.table.malformed)
        reason = Reason(int(np.argmax(counts)))
        if reason is Reason.CELLS:
            line = self.table.malformed[0][0]
        else:
            line = self.table.line_of(int(bad[np.argmax(reasons[bad] == reason)]))
        column, words = self._told(reason)
        message = _(
            "%(bad)s of %(rows)s rows cannot be used, more than half. The most frequent reason, first met "
            "here: %(reason)s."
        ) % {"bad": len(bad) + len(self.table.malformed), "rows": rows, "reason": words}
        return FileError(self.table.file, message, line=line, column=column or None)


def as_texts(column: pa.Array) -> pa.StringArray:
    """Return any column as texts without blanks around them or zero bytes; whole numbers have no point."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_texts(column.cast(kind.value_type))
    if pa.types.is_null(kind):
        return pa.nulls(len(column), pa.string())
    if pa.types.is_floating(kind):
        return _floats_as_texts(column)
    if pa.types.is_decimal(kind):
        # never by way of floats: those tell apart only the first sixteen figures of an identifier
        return pc.replace_substring_regex(column.cast(pa.string()), r"\.0*$|(\.[0-9]*[1-9])0+$", r"\1")
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        texts = [None if cell is None else cell.decode("utf-8", "replace") for cell in column.to_pylist()]
        return pc.utf8_trim_whitespace(_storable(pa.array(texts, pa.string())))
    return pc.utf8_trim_whitespace(_storable(column.cast(pa.string())))


def _storable(texts: pa.StringArray) -> pa.StringArray:
    """Leave out the zero bytes, which no database keeps as text, as the event API does."""
    content = texts.buffers()[2]
    if content is None or b"\0" not in memoryview(content).tobytes():
        return texts
    return pc.replace_substring(texts, "\0", "")


def _floats_as_texts(column: pa.Array) -> pa.StringArray:
    """Return floats as texts: whole ones without a point, and what is no number as nothing."""
    wide = column.cast(pa.float64())
    figures = pc.if_else(pc.is_nan(wide), pa.scalar(None, pa.float64()), wide)
    whole = pc.and_(pc.equal(pc.floor(figures), figures), pc.less(pc.abs(figures), _BEYOND_WHOLE))
    if pc.all(pc.fill_null(whole, fill_value=True)).as_py():
        return figures.cast(pa.int64(), safe=False).cast(pa.string())
    safe = pc.if_else(pc.fill_null(whole, fill_value=False), figures, 0.0)
    return pc.if_else(whole, safe.cast(pa.int64(), safe=False).cast(pa.string()), column.cast(pa.string()))


def last_of_each(person: pa.ChunkedArray, value: pa.ChunkedArray, name: str) -> pa.Table:
    """Return one trait in long form: per person the last value that is not empty."""
    filled = pc.fill_null(pc.not_equal(value, ""), fill_value=False)
    table = pa.table({"person": person.filter(filled), "value": value.filter(filled)})
    last = table.group_by("person", use_threads=False).aggregate([("value", "last")])
    names = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(len(last), np.int32)), pa.array([name], pa.string())
    )
    return pa.table([last.column("person"), names, last.column("value_last")], schema=TRAITS_SCHEMA)


def _is_empty(texts: pa.StringArray) -> NDArray[np.bool_]:
    empty: NDArray[np.bool_] = pc.fill_null(pc.equal(texts, ""), fill_value=True).to_numpy(
        zero_copy_only=False
    )
    return empty


def _blank(batch: pa.RecordBatch, no_person: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which rows have nothing in any column that is read; spreadsheets leave such rows at their end."""
    blank = np.array(no_person)
    for column in batch.columns:
        if not blank.any():
            break
        blank &= _is_empty(as_texts(column))
    return blank


def _give(reasons: NDArray[np.uint8], where: NDArray[np.bool_], reason: Reason) -> None:
    reasons[where & (reasons == Reason.NONE)] = reason


def _figures(figures: NDArray[np.float32] | None, n: int) -> pa.Array:
    if figures is None:
        return pa.nulls(n, pa.float32())
    return pa.array(figures, pa.float32(), from_pandas=True)


def _scales(rating: NDArray[np.float32] | None, scale: Scale | None, n: int) -> pa.Array:
    kind = EVENT_SCHEMA.field("scale").type
    if rating is None or scale is None:
        return pa.nulls(n, kind)
    codes = pa.array(np.zeros(n, np.int8), mask=np.isnan(rating))
    return pa.DictionaryArray.from_arrays(codes, pa.array([scale.value], pa.string()))
