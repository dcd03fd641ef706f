"""XES event logs (.xes, .xes.gz): each trace is a person, the attributes of the trace are theirs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import pyarrow as pa
from django.utils.translation import gettext as _

from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.opening import Unpacking
from wegmarke.capture.files.tables import MOST_COLUMNS, SourceTable, too_many_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from wegmarke.capture.files.tables import Progress

CASE = "case:"
CASE_NAME = "case:concept:name"
_BLOCK = 1 << 18
_CHUNK = 50_000
_TRACE, _EVENT = 2, 3  # depth below <log>


@dataclass(slots=True)
class _Chunk:
    """Some events by column, the number of their trace, and the lines they stand in."""

    events: pa.RecordBatch
    trace: pa.Array
    lines: list[int]


class XesTable(SourceTable):
    """One XES log as a table of events: keys of events as they are, those of traces after `case:`."""

    kind = "xes"

    def __init__(
        self, path: Path, file: str, *, most_events: int | None = None, progress: Progress | None = None
    ) -> None:
        """Read the log, or no more than the first `most_events` of it."""
        super().__init__(file)
        reading = _Reading(file, most_events)
        self.share = reading.read(path, progress)
        self._chunks = reading.chunks
        self.traces: list[dict[str, str]] = reading.traces
        self._starts = _running_totals([len(chunk.lines) for chunk in self._chunks])
        self._trace_keys = tuple(dict.fromkeys(chain.from_iterable(self.traces)))
        event_keys = tuple(
            dict.fromkeys(chain.from_iterable(chunk.events.schema.names for chunk in self._chunks))
        )
        self.columns = (*(CASE + key for key in self._trace_keys), *event_keys)
        if len(self.columns) > MOST_COLUMNS:
            raise too_many_columns(file, len(self.columns))
        if not self._chunks:
            raise FileError(file, _("the log holds no events."))

    def batches(self, columns: Sequence[str], progress: Progress | None = None) -> Iterator[pa.RecordBatch]:
        """Hand out these columns as texts."""
        of_traces = {
            column: pa.array([trace.get(column[len(CASE) :]) for trace in self.traces], pa.string())
            for column in columns
            if column.startswith(CASE)
        }
        for place, chunk in enumerate(self._chunks, start=1):
            cells = [self._column(chunk, column, of_traces) for column in columns]
            yield pa.RecordBatch.from_arrays(cells, names=list(columns))
            if progress is not None:
                progress(place / len(self._chunks))

    def _column(self, chunk: _Chunk, column: str, of_traces: dict[str, pa.Array]) -> pa.Array:
        if column in of_traces:
            return of_traces[column].take(chunk.trace)
        if column in chunk.events.schema.names:
            return chunk.events.column(column)
        return pa.nulls(len(chunk.lines), pa.string())

    def locate(self, rows: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Return the line of each event and its keys and values as JSON."""
        chunk = 0
        for row in rows:
            while row >= self._starts[chunk + 1]:
                chunk += 1
            place = row - self._starts[chunk]
            found = self._chunks[chunk]
            values: dict[str, Any] = found.events.slice(place, 1).to_pylist()[0]
            case = self.traces[found.trace[place].as_py()].get("concept:name")
            texts = {CASE_NAME: case} | {key: value for key, value in values.items() if value is not None}
            yield found.lines[place], json.dumps(texts, ensure_ascii=False)

    def head(self, count: int) -> list[list[str]]:
        """Return the first events."""
        rows: list[list[str]] = []
        for batch in self.batches(self.columns):
            rows += [
                [value or "" for value in row.values()]
                for row in batch.slice(0, count - len(rows)).to_pylist()
            ]
            if len(rows) >= count:
                break
        return rows

    def estimated_rows(self) -> int:
        """Return the number of events; an estimate where only the start was read."""
        return int(self._starts[-1] / max(self.share, 1e-6))


@dataclass(slots=True)
class _Reading:
    """Goes through the log once, element by element, and keeps what traces and events say."""

    file: str
    most_events: int | None
    chunks: list[_Chunk] = field(default_factory=list)
    traces: list[dict[str, str]] = field(default_factory=list)
    parser: Any = None
    total: int = 0

    def read(self, path: Path, progress: Progress | None) -> float:
        """Read to the end, or until there are enough events; return the share that was read."""
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.EntityDeclHandler = self._refuse_doctype
        flush = self._handle()
        with Unpacking(path, self.file) as source:
            try:
                while block := source.read(_BLOCK):
                    parser.Parse(block, False)
                    flush(at_least=_CHUNK)
                    if progress is not None:
                        progress(source.share)
                    if self.most_events is not None and self.total >= self.most_events:
                        return source.share
                parser.Parse(b"", True)
            except expat.ExpatError as error:
                raise self._not_xml(error) from None
            flush(at_least=1)
        return 1.0

    def _handle(self) -> Any:  # noqa: ANN401, C901 - closures over local names are what makes this fast
        parser, traces = self.parser, self.traces
        events: list[dict[str, str]] = []
        trace_of: list[int] = []
        lines: list[int] = []
        depth = 0
        event: dict[str, str] | None = None
        trace: dict[str, str] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth, event, trace
            if depth == _EVENT:
                if event is not None and "key" in attributes:
                    event[attributes["key"]] = attributes.get("value", "")
            elif depth == _TRACE:
                if name == "event":
                    event = {}
                    events.append(event)
                    trace_of.append(len(traces) - 1)
                    lines.append(parser.CurrentLineNumber)
                elif "key" in attributes:
                    trace[attributes["key"]] = attributes.get("value", "")
            elif depth == 1 and name == "trace":
                trace = {}
                traces.append(trace)
            elif depth == 1 and name == "event":
                raise self._no_trace()
            elif depth == 1:
                trace = {}
            elif depth == 0 and name != "log":
                raise self._no_log()
            depth += 1

        def end(_name: str) -> None:
            nonlocal depth, event
            depth -= 1
            if depth == _TRACE:
                event = None

        def flush(*, at_least: int) -> None:
            # the event under way, if there is one, stays for the next time
            ready = len(events) - (1 if event is not None else 0)
            if ready >= at_least:
                self._keep(events[:ready], trace_of[:ready], lines[:ready])
                del events[:ready], trace_of[:ready], lines[:ready]

        parser.StartElementHandler, parser.EndElementHandler = start, end
        return flush

    def _keep(self, events: list[dict[str, str]], trace_of: list[int], lines: list[int]) -> None:
        keys = dict.fromkeys(chain.from_iterable(events))
        if len(keys) > MOST_COLUMNS:
            raise too_many_columns(self.file, len(keys))
        columns = [pa.array([event.get(key) for event in events], pa.string()) for key in keys]
        if not columns:
            keys, columns = {"concept:name": None}, [pa.nulls(len(events), pa.string())]
        batch = pa.RecordBatch.from_arrays(columns, names=list(keys))
        self.chunks.append(_Chunk(batch, pa.array(trace_of, pa.int32()), lines))
        self.total += len(events)

    def _refuse_doctype(self, *_unused: object) -> None:
        message = _("the file declares a document type or entities, which no event log needs; it is refused.")
        raise FileError(
            self.file,
            message,
            line=self.parser.CurrentLineNumber,
            column=self.parser.CurrentColumnNumber + 1,
        )

    def _no_log(self) -> FileError:
        message = _("the first element is not <log>, so this is no XES file.")
        return FileError(self.file, message, line=self.parser.CurrentLineNumber)

    def _no_trace(self) -> FileError:
        message = _("an event stands outside of the traces, so it is open whose it is.")
        return FileError(self.file, message, line=self.parser.CurrentLineNumber)

    def _not_xml(self, error: expat.ExpatError) -> FileError:
        why = expat.ErrorString(error.code) or str(error)
        message = _("this is not well-formed XML (%(why)s).") % {"why": why}
        return FileError(self.file, message, line=error.lineno, column=error.offset + 1)


def _running_totals(counts: Sequence[int]) -> list[int]:
    totals = [0]
    for count in counts:
        totals.append(totals[-1] + count)
    return totals
