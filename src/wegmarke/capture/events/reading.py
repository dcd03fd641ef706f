"""Read the events of one batch: each for itself, so that a bad one costs nobody else.

The usual batch is decoded in one go; only where something in it is wrong is each event read alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from wegmarke.capture.events.clock import sent
from wegmarke.capture.events.contracts import Read, ReadBatch, Reason, Refusal
from wegmarke.capture.events.meaning import RefusedError, message_of
from wegmarke.capture.events.spec import Event
from wegmarke.capture.receiving.splitting import cut

if TYPE_CHECKING:
    from datetime import datetime

    from wegmarke.capture.events.contracts import Circumstances


class _Batch(msgspec.Struct, rename="camel"):
    batch: list[Event]
    sent_at: Any = None


class _RawBatch(msgspec.Struct, rename="camel"):
    batch: list[msgspec.Raw]
    sent_at: Any = None


class _Stamp(msgspec.Struct, rename="camel"):
    sent_at: Any = None


_UNREADABLE: Final = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)

_BATCH: Final = msgspec.json.Decoder(_Batch)
_RAW_BATCH: Final = msgspec.json.Decoder(_RawBatch)
_EVENT: Final = msgspec.json.Decoder(Event)
_STAMP: Final = msgspec.json.Decoder(_Stamp)


def read_batch(content: bytes, around: Circumstances) -> ReadBatch:
    """Read every event of a batch, in its order. Never raises: what cannot be read is refused."""
    if around.type:
        return _single(content, around)
    return _at_once(content, around) or one_by_one(content, around)


def _at_once(content: bytes, around: Circumstances) -> ReadBatch | None:
    """Read a batch in which nothing is wrong; None where something is."""
    try:
        batch = _BATCH.decode(content)
        sent_at = sent(batch.sent_at)
        return ReadBatch([Read(message=message_of(event, around, sent_at)) for event in batch.batch], sent_at)
    except (*_UNREADABLE, RefusedError):
        return None


def one_by_one(content: bytes, around: Circumstances) -> ReadBatch:
    """Read a batch as `read_batch` does, slower, with the text of each event as it came."""
    if around.type:
        return _single(content, around)
    try:
        raw = _RAW_BATCH.decode(content)
    except _UNREADABLE:
        return _cut(content, around)
    sent_at = sent(raw.sent_at)
    return ReadBatch([_alone(bytes(one), around, sent_at) for one in raw.batch], sent_at)


def _single(content: bytes, around: Circumstances) -> ReadBatch:
    try:
        sent_at = sent(_STAMP.decode(content).sent_at)
    except _UNREADABLE:
        sent_at = None
    return ReadBatch([_alone(content, around, sent_at)], sent_at)


def _alone(raw: bytes, around: Circumstances, sent_at: datetime | None) -> Read:
    """Read one event, or say what is wrong with it."""
    try:
        return Read(message_of(_EVENT.decode(raw), around, sent_at), raw=raw)
    except msgspec.ValidationError as error:
        return Read(raw=raw, refusal=Refusal(Reason.WRONG_TYPE, str(error)))
    except RecursionError:
        return Read(raw=raw, refusal=Refusal(Reason.TOO_DEEP, "nested too deeply"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Read(raw=raw, refusal=Refusal(Reason.MALFORMED, str(error)))
    except RefusedError as error:
        return Read(raw=raw, refusal=error.refusal)


def _cut(content: bytes, around: Circumstances) -> ReadBatch:
    """Read a batch no decoder takes as a whole."""
    found = cut(content)
    if found is None:  # the front door lets no such body in
        return ReadBatch([Read(raw=content, refusal=Refusal(Reason.MALFORMED, "the body is not JSON"))])
    try:
        sent_at = sent(msgspec.json.decode(found.members.get("sentAt", b"null")))
    except _UNREADABLE:
        sent_at = None
    return ReadBatch([_alone(event, around, sent_at) for event in found.events], sent_at)
