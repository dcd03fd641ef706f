"""Look into the log for a few persons, without reading the whole of it.

Personal values are opened here: whoever asks has to be allowed to see them. What binding rules read stays
sealed, as it is when journeys are built.

A person's rows lie in one partition. DuckDB reads who each row of it is about, and the other columns only
where somebody asked for is found. The checksums of files are not compared here, as that would mean to read
all of them; their sizes are.

The DuckDB used here reaches the folder of the log and nothing else.
"""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from wegmarke.record.binding import UNBOUND, bind
from wegmarke.record.errors import LogDamagedError
from wegmarke.record.found import BoundEvent, EventPage, TraitRow
from wegmarke.record.layout import existing_log, partition_of
from wegmarke.record.models import LogFile
from wegmarke.record.personal import opened_properties
from wegmarke.record.reading import altered, find, standing
from wegmarke.record.staging import SCHEMAS, fitting
from wegmarke.sealing.keys import TEXT, keyring

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import duckdb

    from wegmarke.record.contracts import Bindings

    Listed = list[tuple[str, LogFile]]

ATTEMPTS: Final = 3
"""Files may be put aside between listing and reading them; then they are listed again."""
MOST_OPENED: Final = 200_000
"""Values of traits that are compared to find somebody by name: half a second's work."""
_ORDER: Final = "filename, file_row_number"
_EVENTS: Final = ", ".join(SCHEMAS["events"].names)


def events_of(
    identifiers: Sequence[str],
    bindings: Bindings,
    *,
    before: datetime | None = None,
    since: datetime | None = None,
    limit: int,
) -> EventPage:
    """Return the newest events of some identifiers with what the plan makes of them, the newest first.

    `before` leaves out events at this moment and later, `since` those before it. Raises `LogDamagedError`.
    """
    limits = [("time < ?", before), ("time >= ?", since)]
    tests = [test for test, moment in limits if moment is not None]
    values = [moment for _test, moment in limits if moment is not None]
    rows = _read(
        "events",
        identifiers,
        f"SELECT {_EVENTS} FROM {{files}} WHERE {' AND '.join(['{whose}', *tests])}"  # noqa: S608 - constants
        f" ORDER BY time DESC, filename DESC, file_row_number DESC LIMIT {limit + 1:d}",
        values,
    )
    return EventPage(bound(rows.slice(0, limit), bindings), more=rows.num_rows > limit)


def bound(rows: pa.Table, bindings: Bindings) -> tuple[BoundEvent, ...]:
    """Return events, which follow `EVENT_SCHEMA`, with what the plan makes of them, in their order."""
    if rows.num_rows == 0:
        return ()
    found = bind(rows, bindings)
    keys = [one.touchpoint for one in bindings.touchpoints]
    phases = [one.phase for one in bindings.touchpoints]
    fields = keyring()
    named = bindings.unbound_names_are_touchpoints
    return tuple(
        BoundEvent(
            **row | {"properties": row["properties"] and opened_properties(row["properties"], fields)},
            touchpoint=keys[code] if code != UNBOUND else row["name"] if named else None,
            phase=None if code == UNBOUND else phases[code],
            experience=experience,
        )
        for row, code, experience in zip(
            rows.to_pylist(), found.touchpoint.tolist(), found.experience.tolist(), strict=True
        )
    )


def windows_of(
    identifiers: Sequence[str], *, rows: int
) -> tuple[tuple[datetime | None, datetime | None], ...]:
    """Cut time into windows with about so many events of some identifiers each, the oldest first.

    Each is (since, before) for `events_of`; the first has no beginning and the last no end, so that together
    they hold everything. Events of one moment stay in one window. Raises `LogDamagedError`.
    """
    counted = "SELECT time, count(*) AS events FROM {files} WHERE {whose} GROUP BY time ORDER BY time"
    found = _read("events", identifiers, counted)
    if found.num_rows == 0:
        return ()
    before = np.cumsum(found.column("events").to_numpy()) - found.column("events").to_numpy()
    begins = np.flatnonzero(np.diff(before // rows, prepend=-1))
    edges = [None, *found.column("time").take(pa.array(begins[1:])).to_pylist(), None]
    return tuple(pairwise(edges))


def traits_of(identifiers: Sequence[str]) -> tuple[TraitRow, ...]:
    """Return everything ever said of some identifiers, in order of arrival; raises `LogDamagedError`."""
    rows = _read("traits", identifiers, f"SELECT * FROM {{files}} WHERE {{whose}} ORDER BY {_ORDER}")  # noqa: S608 - constants
    return _trait_rows(rows)


def persons_with(names: Sequence[str], text: str, *, limit: int) -> tuple[TraitRow, ...]:
    """Return persons of whom a trait of one of these names begins with a text, or a word in it does.

    Upper and lower case alike; earlier values of a trait count as well. Looks through the newest
    `MOST_OPENED` values of these traits: they are sealed, so each has to be opened to be compared.
    """
    wanted = text.casefold()
    marks = ", ".join("?" for _ in names)
    rows = _read(
        "traits",
        None,
        f"SELECT * FROM {{files}} WHERE name IN ({marks})"  # noqa: S608 - question marks
        f" AND (starts_with(value, '{TEXT}') OR contains(lower(value), lower(?)))"
        f" ORDER BY parse_filename(filename) DESC, file_row_number DESC LIMIT {MOST_OPENED:d}",
        [*names, text],
    )
    values = map(keyring().open_text, rows.column("value").to_pylist())
    found = (at for at, value in enumerate(values) if f" {wanted}" in f" {value.casefold()}")
    return _trait_rows(rows.take(pa.array(islice(found, limit), pa.int64())))


def is_known(identifier: str) -> bool:
    """Say whether the log holds anything of an identifier; raises `LogDamagedError`."""
    return any(
        _read(kind, [identifier], "SELECT person FROM {files} WHERE {whose} LIMIT 1").num_rows
        for kind in ("events", "traits")
    )


def last_seen(*, limit: int) -> tuple[tuple[str, datetime], ...]:
    """Return the identifiers with the newest events and when that was, the newest first.

    Files are looked at from the newest on, until no other can hold anybody newer.
    """
    seen: dict[str, datetime] = {}
    for _attempt in range(ATTEMPTS):
        timed = [(file.last_time, path) for path, file in _files("events", None) if file.last_time]
        newest: list[tuple[str, datetime]] = []
        try:
            for last_time, path in sorted(timed, reverse=True):
                if len(newest) == limit and last_time < newest[-1][1]:
                    break
                for person, time in _newest_in(path, limit):
                    seen[person] = max(time, seen.get(person, time))
                newest = sorted(seen.items(), key=lambda one: one[1], reverse=True)[:limit]
        except FileNotFoundError:
            continue
        return tuple(newest)
    return ()


def trait_names(*, limit: int = 200) -> tuple[tuple[str, int], ...]:
    """Return the names of traits and of how many identifiers each is known, the most first."""
    counted = "SELECT name, count(DISTINCT person) AS persons FROM {files} GROUP BY name"
    rows = _read("traits", None, f"{counted} ORDER BY persons DESC, name LIMIT {limit:d}")
    return tuple((row["name"], row["persons"]) for row in rows.to_pylist())


def _newest_in(path: str, limit: int) -> list[tuple[str, datetime]]:
    newest = "SELECT person, max(time) AS time FROM {files} GROUP BY person"
    rows = _ask([path], f"{newest} ORDER BY time DESC, person LIMIT {limit:d}", [])
    return [(row["person"], row["time"]) for row in rows.to_pylist()]


def _trait_rows(rows: pa.Table) -> tuple[TraitRow, ...]:
    kept = fitting(rows, SCHEMAS["traits"]).to_pylist() if rows.num_rows else []
    keys = keyring()
    return tuple(TraitRow(**row | {"value": row["value"] and keys.open_text(row["value"])}) for row in kept)


def _read(kind: str, identifiers: Sequence[str] | None, sql: str, values: Sequence[Any] = ()) -> pa.Table:
    """Ask the files that may hold some identifiers (None: all files); empty where there is none."""
    if identifiers is not None and not identifiers:
        return SCHEMAS[kind].empty_table()
    for _attempt in range(ATTEMPTS):
        files = [path for path, _file in _files(kind, identifiers)]
        if not files:
            return SCHEMAS[kind].empty_table()
        marks = ", ".join("?" for _ in identifiers or ())
        asked = sql.replace("{whose}", f"person IN ({marks})")
        try:
            return _ask(files, asked, [*(identifiers or ()), *values])
        except FileNotFoundError:
            continue
    msg = f"{kind}: files of the log are gone again and again while they are read"
    raise LogDamagedError(msg)


def _files(kind: str, identifiers: Iterable[str] | None) -> Listed:
    """List where the standing files lie, checked by their sizes, in order of arrival."""
    layout = existing_log()
    if layout is None:
        return []
    rows = LogFile.objects.filter(standing(), kind=kind)
    if identifiers is not None:
        rows = rows.filter(partition__in={partition_of(one, layout.partitions) for one in identifiers})
    listed = []
    for file in rows.order_by("partition", "first_change", "pk"):
        place = find(layout, file)
        try:
            if place.stat().st_size != file.size:
                raise LogDamagedError(altered(layout, file))
        except FileNotFoundError:  # moved on since it was found
            place = find(layout, file)
        listed.append((str(place), file))
    return listed


def _ask(files: Sequence[str], sql: str, values: Sequence[Any]) -> pa.Table:
    """Ask one question of some files; raises `FileNotFoundError`, `LogDamagedError`."""
    import duckdb

    layout = existing_log()
    folder = str(layout.folder) if layout else ""
    source = "read_parquet(?, filename=true, file_row_number=true, union_by_name=true)"
    try:
        with _database(os.getpid(), folder).cursor() as connection:
            rows = connection.sql(sql.replace("{files}", source), params=[list(files), *values])
            return _in_utc(rows.to_arrow_table())
    except duckdb.IOException as error:
        if not all(map(os.path.exists, files)):
            raise FileNotFoundError from error
        raise LogDamagedError(str(error)) from error
    except duckdb.Error as error:
        raise LogDamagedError(str(error)) from error


def _in_utc(rows: pa.Table) -> pa.Table:
    """Return rows with their moments in UTC, whatever zone this machine lives in."""
    moments = [one.with_type(pa.timestamp("us", tz="UTC")) if _is_moment(one) else one for one in rows.schema]
    return rows.cast(pa.schema(moments))


def _is_moment(field: pa.Field) -> bool:
    return bool(pa.types.is_timestamp(field.type))


@lru_cache(maxsize=2)
def _database(_process: int, folder: str) -> duckdb.DuckDBPyConnection:
    """Open the database in memory once per process and log; see `properties`."""
    import duckdb

    reachable = folder.replace("'", "''")
    database = duckdb.connect(":memory:")
    for setting in (
        f"allowed_directories = ['{reachable}']",
        "enable_external_access = false",
        "python_enable_replacements = false",
        "lock_configuration = true",  # the last one, as nothing can be set after it
    ):
        database.execute(f"SET {setting}")
    return database
