"""Move what lies in the inbox to the log: the worker's step, exactly once an event.

Everything happens under the one hold on the log and in one transaction: the files of the log, the message
ids, the counts, which identifiers were named together, what was refused, and the batches leaving the inbox.
Wherever the process is killed, either all of it stands or nothing.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from django.db import Error as DatabaseError
from django.db.models import F

from wegmarke.capture import erasing, naming
from wegmarke.capture.counting import Tally
from wegmarke.capture.events.contracts import Circumstances, Message, Read, ReadBatch, Reason, Refusal
from wegmarke.capture.events.reading import one_by_one, read_batch
from wegmarke.capture.hooks.contracts import HOOK
from wegmarke.capture.hooks.reading import mapping_of, read_bodies
from wegmarke.capture.inbox import InboxBatch, RefusedEvent
from wegmarke.capture.receiving.storing import content_of
from wegmarke.people import services as people
from wegmarke.people.accounts import services as accounts
from wegmarke.people.accounts.contracts import SeenGroup
from wegmarke.people.consent import services as consent
from wegmarke.people.consent.contracts import Preference
from wegmarke.people.contracts import Kind, SeenLink
from wegmarke.people.erasure.queries import erased
from wegmarke.record import services as record
from wegmarke.record.contracts import EVENT_SCHEMA, KEPT_TRAITS_SCHEMA, Known, MessageIds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

MOST_EVENTS: Final = 50_000
MOST_BATCHES: Final = 5_000
SUSPECT: Final = 2
"""So many attempts that never came back, or failed over the batch itself, and it is moved alone."""
HOPELESS: Final = 4
"""So many attempts, alone at last, and the batch is set aside: whatever is in it ends the process."""
NOT_THEIR_FAULT: Final = (OSError, DatabaseError, record.MoverFencedError, record.LogDamagedError)
"""A full disk, a database that is gone: what is in the batches has nothing to do with it."""


def move_some(now: datetime) -> bool:
    """Move the oldest batches of the inbox to the log; return whether there were any.

    Raises what the log and the database raise; then everything is as it was, and the next attempt does it.
    """
    if not InboxBatch.objects.exists():
        return False
    with record.writing() as log:
        batches = _oldest()
        if batches:
            with _counted(batches):
                _move(log, batches, now)
    return bool(batches)


@contextmanager
def _counted(batches: Sequence[InboxBatch]) -> Iterator[None]:
    """Count an attempt before anything is tried, and take it back where not the batches were at fault."""
    tried = InboxBatch.objects.filter(pk__in=[batch.pk for batch in batches])
    tried.update(attempts=F("attempts") + 1)
    try:
        yield
    except NOT_THEIR_FAULT:
        with suppress(DatabaseError):
            tried.filter(attempts__gt=0).update(attempts=F("attempts") - 1)
        raise


def _move(log: record.Writer, batches: Sequence[InboxBatch], now: datetime) -> None:
    move = _Move(batches, now)
    move.read()
    move.judge(log)
    log.append(
        events=move.events(),
        traits=move.traits(),
        ids=move.new_ids(),
        source="events",
        batch_key=f"inbox:{batches[0].pk}-{batches[-1].pk}",
        in_transaction=move.settle,
        now=now,
    )


def _oldest() -> list[InboxBatch]:
    """Return batches for one move; a suspect one alone, so that it can do no harm to others."""
    waiting = InboxBatch.objects.order_by("pk").select_related("source")
    sizes = list(waiting.values_list("pk", "events", "attempts")[:MOST_BATCHES])
    if not sizes:
        return []
    suspect = next((pk for pk, _events, attempts in sizes if attempts >= SUSPECT), None)
    if suspect is not None:
        return list(waiting.filter(pk=suspect))
    taken, events = 0, 0
    while taken < len(sizes) and (taken == 0 or events + sizes[taken][1] <= MOST_EVENTS):
        events += sizes[taken][1]
        taken += 1
    return list(waiting.filter(pk__lte=sizes[taken - 1][0])[:taken])


@dataclass(slots=True)
class _Move:
    """One move: what was read, what is new, what was refused."""

    batches: Sequence[InboxBatch]
    now: datetime
    _messages: list[tuple[int, int, Message]] = field(default_factory=list)
    _refused: list[RefusedEvent] = field(default_factory=list)
    _fresh: list[Message] = field(default_factory=list)
    _sources: list[str] = field(default_factory=list)
    _links: list[SeenLink] = field(default_factory=list)
    _preferences: list[Preference] = field(default_factory=list)
    _groups: list[SeenGroup] = field(default_factory=list)
    _ids: MessageIds | None = None
    _tally: Tally = field(default_factory=Tally)
    _erased: Mapping[str, datetime] = field(default_factory=dict)

    def read(self) -> None:
        """Read all batches; each event by its batch and place in it."""
        for at, batch in enumerate(self.batches):
            if batch.attempts >= HOPELESS:
                self._set_aside(batch)
                continue
            found = _read(batch)
            for place, one in enumerate(found.events):
                if one.message:
                    self._messages.append((at, place, one.message))
                elif one.refusal:
                    self._refuse(batch, one, one.refusal, found.sent_at)
            self._count_in(batch)

    def judge(self, log: record.Writer) -> None:
        """Tell new messages from known ones, and from those that bear a known id with other content.

        First what is from before an erasure of its person goes: not even a refusal of it may be kept.
        """
        self._leave_out_erased()
        ids = _ids_of([(self.batches[at].source_id, message) for at, _place, message in self._messages])
        verdicts = log.known(ids)
        for (at, place, message), verdict in zip(self._messages, verdicts.tolist(), strict=True):
            batch = self.batches[at]
            if verdict == Known.NEW:
                self._fresh.append(message)
                self._sources.append(batch.source.name)
                self._link(batch, message)
                self._agree(batch, message)
                self._tally.add(batch.source_id, batch.received_at.date(), moved=1)
            elif verdict == Known.SAME:
                self._tally.add(batch.source_id, batch.received_at.date(), known=1)
            else:
                self._refuse_other_content(batch, place, message)
        self._ids = ids.take(verdicts == Known.NEW)

    def events(self) -> pa.Table | None:
        """Return the rows of the log for what happened."""
        happened = [(one.person, one.time, one.happened) for one in self._fresh if one.happened]
        if not happened:
            return None
        return pa.table(
            [
                [person for person, _time, _what in happened],
                [time for _person, time, _what in happened],
                [what.name for _person, _time, what in happened],
                [what.rating for _person, _time, what in happened],
                [what.scale for _person, _time, what in happened],
                [what.value for _person, _time, what in happened],
                [what.properties for _person, _time, what in happened],
            ],
            schema=EVENT_SCHEMA,
        )

    def traits(self) -> pa.Table | None:
        """Return the rows of the log for what is known about persons."""
        rows = [
            (one.person, name, text, self.now, source)
            for one, source in zip(self._fresh, self._sources, strict=True)
            for name, text in one.traits.items()
        ]
        if not rows:
            return None
        return pa.table([list(column) for column in zip(*rows, strict=True)], schema=KEPT_TRAITS_SCHEMA)

    def new_ids(self) -> MessageIds | None:
        """Return the ids of the new messages."""
        return self._ids

    def settle(self) -> None:
        """Count, keep links and what was refused, empty the inbox: in the transaction of the files."""
        self._tally.save()
        people.learn(self._links, now=self.now)
        consent.learn(self._preferences, now=self.now)
        accounts.learn(self._groups, now=self.now)
        RefusedEvent.objects.bulk_create(self._refused)
        gone, _of = InboxBatch.objects.filter(pk__in=[batch.pk for batch in self.batches]).delete()
        if gone != len(self.batches):
            msg = f"{len(self.batches) - gone} batches left the inbox meanwhile"
            raise RuntimeError(msg)

    def _leave_out_erased(self) -> None:
        messages = [message for _at, _place, message in self._messages]
        named = [one for message in messages for one in _named(message)]
        self._erased = erased(named)
        if self._erased:
            kept = []
            for at, place, message in self._messages:
                if self._is_erased(message.person, message):
                    self._count_erased(self.batches[at], 1)
                else:
                    kept.append((at, place, message))
            self._messages = kept
        self._leave_out_refused()

    def _leave_out_refused(self) -> None:
        by_row = [(row, naming.named(bytes(row.content))) for row in self._refused]
        gone = erased(one for _row, named in by_row for one in named)

        def theirs(content: bytes) -> bool:
            found = (gone[one] for one in naming.named(content) if one in gone)
            return any(erasing.said_before(content, at) for at in found)

        for row, _named_there in by_row if gone else ():
            events = row.events
            removed = erasing.without(row, theirs)
            day = row.received_at.date()
            self._tally.add(row.source_id, day, refused=-removed, erased=removed)
            if removed == events:
                self._refused.remove(row)

    def _is_erased(self, identifier: str, message: Message) -> bool:
        at = self._erased.get(identifier)
        return at is not None and message.earliest < at

    def _count_erased(self, batch: InboxBatch, events: int) -> None:
        self._tally.add(batch.source_id, batch.received_at.date(), erased=events)

    def _link(self, batch: InboxBatch, message: Message) -> None:
        if message.link and not any(self._is_erased(one, message) for one in _named(message)):
            link = message.link
            kind = Kind(link.kind)
            self._links.append(SeenLink(link.one, link.other, kind, batch.source_id, batch.source.name))
        if message.account:
            key, traits = message.account.key, message.account.traits
            self._groups.append(SeenGroup(message.person, key, batch.source_id, batch.source.name, traits))

    def _agree(self, batch: InboxBatch, message: Message) -> None:
        if message.agreed:
            source = (batch.source_id, batch.source.name)
            said = Preference(message.person, message.time, message.agreed, message.chosen, *source)
            self._preferences.append(said)

    def _count_in(self, batch: InboxBatch) -> None:
        """Count what was promised at the door, not what was found: only then can the account tell a loss."""
        received = 0 if batch.again else batch.events
        day = batch.received_at.date()
        self._tally.add(batch.source_id, day, received=received, declined=batch.declined)

    def _set_aside(self, batch: InboxBatch) -> None:
        detail = f"the worker ended {batch.attempts} times while it read this batch of {batch.events} events"
        read = Read(raw=content_of(batch))
        refused = batch.events - batch.declined
        self._refuse(batch, read, Refusal(Reason.ENDED_THE_WORKER, detail), None, events=refused)
        self._count_in(batch)

    def _refuse(
        self, batch: InboxBatch, one: Read, refusal: Refusal, sent_at: datetime | None, *, events: int = 1
    ) -> None:
        self._tally.add(batch.source_id, batch.received_at.date(), refused=events)
        self._refused.append(
            RefusedEvent(
                source_id=batch.source_id,
                received_at=batch.received_at,
                type=batch.type,
                events=events,
                whole=refusal.reason is Reason.ENDED_THE_WORKER,
                reason=refusal.reason,
                detail=refusal.detail.replace("\0", "")[:500],
                sent_at=sent_at.isoformat() if sent_at else "",
                content=one.raw,
                size=len(one.raw),
            )
        )

    def _refuse_other_content(self, batch: InboxBatch, place: int, message: Message) -> None:
        again = _read(batch, slowly=True)
        detail = f"message id {message.message_id!r} came before, with other content"
        self._refuse(batch, again.events[place], Refusal(Reason.OTHER_CONTENT, detail), again.sent_at)


def _read(batch: InboxBatch, *, slowly: bool = False) -> ReadBatch:
    """Read a batch; bodies of a webhook by the mapping of their source as it is now."""
    if batch.type == HOOK:
        return read_bodies(content_of(batch), _around(batch), mapping_of(batch.source_id))
    return (one_by_one if slowly else read_batch)(content_of(batch), _around(batch))


def _named(message: Message) -> tuple[str, ...]:
    link = message.link
    return (message.person, link.one, link.other) if link else (message.person,)


def _around(batch: InboxBatch) -> Circumstances:
    return Circumstances(batch.type, batch.received_at)


def _ids_of(messages: Sequence[tuple[int, Message]]) -> MessageIds:
    """Return what each message is known by.

    The id its client gave, per source; a message without one by its content, so that sending it again changes
    nothing either.
    """
    numbers: NDArray[np.uint64] = np.zeros((len(messages), 3), np.uint64)
    for at, (source, message) in enumerate(messages):
        name = message.message_id.encode() if message.message_id else message.content
        mark = b"id" if message.message_id else b"content"
        key = blake2b(b"%d\0%s\0%s" % (source, mark, name), digest_size=16).digest()
        content = blake2b(message.content, digest_size=8).digest()
        numbers[at] = np.frombuffer(key + content, np.uint64)
    return MessageIds(numbers[:, 0].copy(), numbers[:, 1].copy(), numbers[:, 2].copy())
