"""Persons with a value nobody else has in every field, put into every store, and a look for them on disk.

`scan` reads all bytes: of every file as it lies there, of Parquet files also column by column with the texts
of their dictionaries, of compressed bodies unpacked, of a PostgreSQL database row by row.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from wegmarke.capture import services as imports
from wegmarke.capture import storage
from wegmarke.capture.files.mapping import ColumnMapping
from wegmarke.capture.inbox import InboxBatch, RefusedEvent
from wegmarke.capture.receiving.storing import content_of, inbox_batch
from wegmarke.capture.uploading import ReceivedFile
from wegmarke.people import services as people
from wegmarke.people.models import Fact
from wegmarke.record import layout, reading
from wegmarke.record.queries import log_state
from wegmarke.site.worker import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

MARK = b"qzcanary"
NEIGHBOUR = "qzneighbour"
MAPPING = ColumnMapping(
    person="customer", time="at", event="event", timezone="UTC", attributes=("segment",), complete=True
)


@dataclass(frozen=True)
class Someone:
    """One person; everything said of them begins with `mark`."""

    mark: str
    user: str = field(init=False)
    visitor: str = field(init=False)

    def __post_init__(self) -> None:
        """Give them the ids clients would."""
        object.__setattr__(self, "user", f"{self.mark}@example.com")
        object.__setattr__(self, "visitor", f"{self.mark}-device")

    @property
    def identifiers(self) -> list[str]:
        """Return the identifiers the log has of them."""
        return [self.user, f"~a:{self.visitor}"]

    def messages(self, at: datetime, *, part: str = "") -> list[dict]:
        """Return messages that are taken, with a value of their own in each field."""
        both = {"userId": self.user, "anonymousId": self.visitor, "timestamp": at.isoformat()}
        named = {
            key: f"{self.mark}-{key}{part}" for key in ("event", "name", "category", "groupId", "messageId")
        }
        free = {"note": f"{self.mark}-property{part}", "scale": f"{self.mark}-scale"}
        said = [
            {"type": "identify", "traits": {"city": f"{self.mark}-trait", "email": self.user}},
            {"type": "track", "event": named["event"], "properties": {**free, "rating": 3}},
            {"type": "page", "name": named["name"], "category": named["category"], "properties": free},
            {"type": "group", "groupId": named["groupId"], "traits": {"plan": f"{self.mark}-plan"}},
            {"type": "alias", "previousId": self.visitor},
        ]
        return [
            {**both, **one, "messageId": f"{named['messageId']}-{place}"} for place, one in enumerate(said)
        ]

    def refused(self, at: datetime) -> list[dict]:
        """Return messages that are refused, each for another reason."""
        who = {"userId": self.user, "timestamp": at.isoformat()}
        return [
            {**who, "type": "track", "event": "", "properties": {"x": f"{self.mark}-refused"}},
            {**who, "type": "track", "event": {"name": f"{self.mark}-wrong"}},
            {"type": "track", "event": "late", "properties": {"mail": self.user}, "anonymousId": ["x"]},
        ]

    def rows(self, at: datetime) -> list[str]:
        """Return rows of a file, the last one without a time that can be read."""
        return [
            f"{self.user},{at:%Y-%m-%d %H:%M},{self.mark}-imported,{self.mark}-segment",
            f"{self.user},never,{self.mark}-rejected,{self.mark}-segment",
        ]


def persons(count: int, kind: str) -> list[Someone]:
    """Return so many persons, canaries or neighbours."""
    return [Someone(f"{kind}{number:05d}") for number in range(count)]


ANNA, BEN = persons(2, MARK.decode())


def send(source: int, messages: list[dict], at: datetime, *, most: int = 100) -> None:
    """Put messages into the inbox as they would come."""
    for start in range(0, len(messages), most):
        some = messages[start : start + most]
        body = json.dumps({"batch": some}).encode()
        inbox_batch(source=source, received_at=at, kind="", events=len(some), content=body).save()


def upload(rows: Iterable[str], at: datetime, *, begin: bool = True) -> None:
    """Upload a file and, unless it stays a draft, start its import."""
    content = "\n".join(["customer,at,event,segment", *rows]).encode()
    storage.incoming().mkdir(parents=True, exist_ok=True)
    path = storage.incoming() / "upload"
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    received = ReceivedFile(path=path, name="customers.csv", size=len(content), sha256=digest)
    state = imports.begin_import(received=received, by=None, now=at, language="en")
    if begin:
        imports.save_mapping(import_id=state.id, mapping=MAPPING, by=None)
        imports.start(import_id=state.id, by=None, now=at, language="en", change=None, again=True)


def fill(source: int, everybody: list[Someone], now: datetime) -> None:
    """Let everybody live in every store, and journeys be built, twice."""
    before = now - timedelta(days=3)
    for part in ("", "-again"):
        sent = [message for one in everybody for message in one.messages(before, part=part)]
        send(source, sent, before)
        send(source, [message for one in everybody for message in one.refused(before)], before)
        upload([row for one in everybody for row in one.rows(before)], before)
        work(before)
    upload([row for one in everybody for row in one.rows(before)], now, begin=False)
    for one in everybody:
        people.join(one.user, f"{one.mark}-card", by=None, reason=f"{one.mark} said so", now=before)


def work(now: datetime) -> None:
    """Let the worker do all that is due at a moment."""
    steps = [import_string(name) for name in STEPS]
    busy = True
    while busy:
        busy = sum(step(now=now) for step in steps) > 0


def rows_of(kind: str) -> dict[str, Counter]:
    """Return the rows of the log that are not the canaries'."""
    log = layout.existing_log()
    found: dict[str, Counter] = {}
    for name in ("events", "traits"):
        rows = Counter()
        for partition in range(log.partitions):
            table = reading.read_partition(log, name, partition, change=log_state().change)
            rows.update(repr(row) for row in table.to_pylist() if kind in row["person"])
        found[name] = rows
    return found


def beside(kind: str) -> dict[str, Counter]:
    """Return what other stores hold of some persons."""
    facts = Fact.objects.values_list("kind", "one", "other", "messages", "reason")
    refused = [bytes(content) for content in RefusedEvent.objects.values_list("content", flat=True)]
    rejected = [
        line
        for path in storage.root().glob("*/rejected.csv")
        for line in path.read_text(encoding="utf-8-sig").splitlines()
    ]
    return {
        "facts": Counter(map(repr, (fact for fact in facts if kind in fact[1]))),
        "refused": Counter(one for one in refused if kind.encode() in one),
        "rejected": Counter(line for line in rejected if kind in line),
    }


def scan(mark: bytes = MARK) -> Counter:
    """Return how often a mark is found, by the kind of place; empty where it is nowhere."""
    found: Counter = Counter()
    for path in sorted(Path(settings.DATA_DIR).rglob("*")):
        if path.is_file():
            place = path.relative_to(settings.DATA_DIR).parts[0]
            found[place] += path.read_bytes().count(mark) + path.name.encode().count(mark)
            if path.suffix == ".parquet" or b"PAR1" in path.read_bytes()[:4]:
                found[place] += sum(mark in text for text in _decoded(path))
    for name, content in _database():
        found[name] += content.count(mark)
    for row in InboxBatch.objects.iterator():
        found["inbox"] += content_of(row).count(mark)
    return +found


def _decoded(path: Path) -> Iterator[bytes]:
    """Yield every text of a Parquet file, and those of dictionaries that no row uses any more."""
    for column in pq.read_table(path).columns:
        for chunk in column.chunks:
            values = chunk.dictionary if isinstance(chunk, pa.DictionaryArray) else chunk
            yield from (str(value).encode() for value in values.to_pylist())


def _database() -> Iterator[tuple[str, bytes]]:
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        for path in file.parent.glob(f"{file.name}*"):  # its write-ahead log as well
            yield "database", path.read_bytes()
        return
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 - names of our own tables
            for (text,) in cursor.fetchall():
                yield "database", text.encode()
        yield from _pages(cursor)


def _pages(cursor) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the tables of a PostgreSQL on this machine, but not its write-ahead log."""
    cursor.execute("CHECKPOINT")
    cursor.execute(
        "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = %s",
        [connection.settings_dict["NAME"]],
    )
    folder, number = cursor.fetchone()
    for path in (Path(folder) / "base" / str(number)).iterdir():
        yield "database", path.read_bytes()
