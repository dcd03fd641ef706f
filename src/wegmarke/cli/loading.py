"""Files of events to one table of events, with everything that was guessed said aloud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from wegmarke.capture import files
from wegmarke.capture.files import ColumnMapping, FileError, IfThere
from wegmarke.cli.harmless import harmless
from wegmarke.cli.language import gettext as _
from wegmarke.cli.planning import columns_read_by
from wegmarke.record.contracts import Scale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wegmarke.cli.progress import Progress
    from wegmarke.cli.request import Request
    from wegmarke.plan.contracts import Plan

_MOST_NAMES = 5_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """All files together: events in order of the files, traits of the persons, rows left out."""

    events: pa.Table
    traits: pa.Table | None
    rejected: pa.Table
    rows: int
    names: tuple[str, ...]
    mappings: Mapping[str, ColumnMapping]


def load(request: Request, document: Plan | None, progress: Progress) -> Loaded:
    """Read all files. Raises `FileError` where one of them cannot be used."""
    traits = [] if request.persons is None else [_read_persons(request)]
    from_persons = set(traits[0].column("name").unique().to_pylist()) if traits else set()
    mapping = _mapping(request, from_persons)
    if_there = IfThere(
        attributes=document.attributes if document is not None else (), properties=columns_read_by(document)
    )
    reads = []
    for file in request.files:
        what = _("Reading %(file)s") % {"file": file}
        read = files.read(
            file,
            mapping,
            name=file,
            if_there=if_there,
            progress=lambda share, what=what: progress.show(what, share),  # type: ignore[misc] # bound now
        )
        _say_guess(read, progress)
        reads.append(read)
        if read.traits is not None:
            traits.append(read.traits)
    events = pa.concat_tables([read.events for read in reads]).unify_dictionaries()
    loaded = Loaded(
        events=events,
        traits=pa.concat_tables(reversed(traits)).unify_dictionaries() if traits else None,
        rejected=pa.concat_tables([read.rejected for read in reads]).unify_dictionaries(),
        rows=sum(read.rows for read in reads),
        names=_names(events),
        mappings={read.file: read.mapping for read in reads},
    )
    _check(loaded, request)
    return loaded


def _read_persons(request: Request) -> pa.Table:
    file = request.persons or ""
    try:
        return files.read_persons(file, person=request.person, encoding=request.encoding, name=file)
    except FileError as error:
        if request.person is None or error.column != request.person:
            raise
        # the file of the persons may name them otherwise than the events do
        return files.read_persons(file, encoding=request.encoding, name=file)


def _mapping(request: Request, from_persons: set[str]) -> ColumnMapping:
    return ColumnMapping(
        person=request.person,
        time=request.time,
        event=request.event,
        event_name=request.event_name,
        experience=request.experience,
        scale=Scale(request.scale) if request.scale else None,
        value=request.value,
        attributes=tuple(name for name in request.attributes if name not in from_persons),
        timezone=request.timezone,
        day_first=request.day_first,
        decimal={"point": ".", "comma": ",", None: None}[request.decimal],
        encoding=request.encoding,
    )


def _say_guess(read: files.Read, progress: Progress) -> None:
    parts = {
        "person": _("person"),
        "time": _("time"),
        "event": _("event"),
        "experience": _("experience"),
        "value": _("value"),
    }
    progress.say(harmless(_("%(file)s is read as:") % {"file": read.file}))
    width = max(len(name) for name in parts.values())
    for guess in read.guesses:
        column = guess.column
        if guess.part == "experience" and read.mapping.scale is not None:
            column = f"{column} ({read.mapping.scale.value})"
        progress.say(harmless(f"  {parts[guess.part]:<{width}}  {column}  ({guess.reason})"))
    for note in read.notes:
        progress.say(harmless(f"  {note}"))


def _names(events: pa.Table) -> tuple[str, ...]:
    """Return the event names that occur, most frequent first."""
    counts = pc.value_counts(events.column("name").combine_chunks())
    pairs = [(str(pair["values"]), pair["counts"].as_py()) for pair in counts]
    return tuple(name for name, _count in sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _check(loaded: Loaded, request: Request) -> None:
    """Refuse what is readable but cannot be a record of journeys."""
    file = request.files[0]
    mapping = loaded.mappings[file]
    persons = pc.count_distinct(loaded.events.column("person")).as_py()
    if persons < 2:  # noqa: PLR2004 - nobody to compare with
        message = _("all events belong to one person (“%(person)s”); is this the column of the persons?")
        person = loaded.events.column("person")[0].as_py()
        hint = _("Say --person COLUMN.")
        raise FileError(file, message % {"person": person}, column=mapping.person, hint=hint)
    _check_traits(loaded, request)
    if request.scale is not None and all(one.experience is None for one in loaded.mappings.values()):
        message = _("--scale says how ratings are to be read, but no column seems to hold any.")
        raise FileError(file, message, hint=_("Say --experience COLUMN."))
    if len(loaded.names) > _MOST_NAMES and request.plan is None:
        message = _("there are %(count)s different event names; is this the column of the events?")
        hint = _("Say --event COLUMN, or bind the names to touchpoints with --plan.")
        raise FileError(file, message % {"count": len(loaded.names)}, column=mapping.event, hint=hint)


def _check_traits(loaded: Loaded, request: Request) -> None:
    """Refuse a file of persons that is about other people: its attributes would all be empty, unnoticed."""
    if request.persons is None or loaded.traits is None:
        return
    there = loaded.events.column("person").combine_chunks()
    known = pc.is_in(loaded.traits.column("person"), value_set=there)
    if not pc.any(known).as_py():
        example = loaded.events.column("person")[0].as_py()
        message = _("none of its persons occurs in the events, where one is called “%(person)s”.")
        raise FileError(request.persons, message % {"person": example})
