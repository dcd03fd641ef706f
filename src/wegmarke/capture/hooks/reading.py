"""What the bodies of a webhook say, by the mapping of its source. Pure but for the look-up of the mapping."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from wegmarke.capture.events.contracts import Read, ReadBatch, Reason, Refusal
from wegmarke.capture.events.meaning import RefusedError, message_of
from wegmarke.capture.events.spec import Event
from wegmarke.capture.hooks.contracts import HookMapping

if TYPE_CHECKING:
    from wegmarke.capture.events.contracts import Circumstances, Message

MILLISECONDS: Final = 1e11
"""Unix times above are in milliseconds; in seconds that would be the year 5138."""


class Kept(msgspec.Struct):
    """What the inbox keeps: the bodies as they came, the id that was signed, the place of the first body."""

    items: list[msgspec.Raw]
    id: str = ""
    at: int = 0


_KEPT: Final = msgspec.json.Decoder(Kept)


def kept(body: bytes, signed_id: str) -> tuple[bytes, int]:
    """Return what the inbox keeps of a body, and how many events that is. Raises `msgspec.MsgspecError`.

    A list holds one event in each of its entries.
    """
    text = body.strip()
    items = msgspec.json.decode(text, type=list[msgspec.Raw]) if text[:1] == b"[" else [msgspec.Raw(text)]
    msgspec.json.decode(text)
    return msgspec.json.encode(Kept(items, signed_id)), len(items)


def mapping_of(source: int) -> HookMapping:
    """Return the mapping of a source as it is now; one that says nothing where there is no webhook."""
    from wegmarke.capture.hooks.table import Webhook

    saved = Webhook.objects.filter(source=source).values_list("mapping", flat=True).first()
    return HookMapping.from_dict(saved or {})


def read_bodies(content: bytes, around: Circumstances, mapping: HookMapping) -> ReadBatch:
    """Read every body; one that cannot be used is refused alone, in a form that can be read again."""
    try:
        whole = _KEPT.decode(content)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return ReadBatch([Read(raw=content, refusal=Refusal(Reason.MALFORMED, str(error)))])
    return ReadBatch([_one(whole, place, around, mapping) for place in range(len(whole.items))])


def _one(whole: Kept, place: int, around: Circumstances, mapping: HookMapping) -> Read:
    raw = whole.items[place]
    at = whole.at + place
    alone = msgspec.json.encode(Kept([raw], whole.id, at))
    signed = f"{whole.id}:{at}" if whole.id else None
    try:
        return Read(message_from(bytes(raw), around, mapping, signed=signed), raw=alone)
    except RefusedError as error:
        return Read(raw=alone, refusal=error.refusal)
    except RecursionError:
        return Read(raw=alone, refusal=Refusal(Reason.TOO_DEEP, "nested too deeply"))
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return Read(raw=alone, refusal=Refusal(Reason.MALFORMED, str(error)))


def message_from(
    raw: bytes, around: Circumstances, mapping: HookMapping, *, signed: str | None = None
) -> Message:
    """Return what one body says. Raises `RefusedError`, `msgspec.MsgspecError`."""
    event = event_from(msgspec.json.decode(raw), mapping)
    event.message_id = event.message_id or signed
    return message_of(event, around, None)


def person_in(raw: bytes, mapping: HookMapping) -> str:
    """Return whom one body is about, by its mapping; empty where it does not say."""
    try:
        return _text(found(msgspec.json.decode(raw), mapping.person)) or ""
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""


def event_from(body: object, mapping: HookMapping) -> Event:
    """Return a body as the track it means. Raises `RefusedError`."""
    person = _text(found(body, mapping.person))
    if not person:
        raise RefusedError(Reason.NOBODY, f"nothing at {mapping.person or 'the path of the person'}")
    said = _text(found(body, mapping.event))
    if mapping.event and not said:
        raise RefusedError(Reason.NO_NAME, f"nothing at {mapping.event}")
    name = " ".join(part for part in (mapping.event_name, said) if part)
    properties = {key: value for key, path in mapping.properties if (value := found(body, path)) is not None}
    if (value := _number(found(body, mapping.value))) is not None:
        properties["value"] = value
    own = _text(found(body, mapping.id))
    return Event(
        type="track",
        user_id=person,
        event=name,
        properties=properties,
        timestamp=_time(body, mapping.time),
        message_id=f"{name}:{own}" if own else None,
    )


def found(body: object, paths: str) -> Any:  # noqa: ANN401 - whatever stands there
    """Return what stands at the first path that leads anywhere; a number in a path counts into a list."""
    for path in filter(None, (one.strip() for one in paths.split("|"))):
        value: Any = body
        for part in path.split("."):
            if isinstance(value, dict):
                value = value.get(part)
            elif isinstance(value, list) and part.isascii() and part.isdigit() and int(part) < len(value):
                value = value[int(part)]
            else:
                value = None
        if value is not None and value != "":
            return value
    return None


def _time(body: object, paths: str) -> str | None:
    if not paths:
        return None
    value = found(body, paths)
    if value is None:
        raise RefusedError(Reason.TIME, f"nothing at {paths}")
    number = _number(value)
    if number is None:
        return str(value)
    try:
        moment = datetime.fromtimestamp(number / 1000 if number > MILLISECONDS else number, UTC)
    except (OverflowError, ValueError, OSError):
        raise RefusedError(Reason.TIME, f"{str(value)[:40]} is no time") from None
    return moment.isoformat()


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _text(value: object) -> str:
    if isinstance(value, dict | list):
        return ""
    return "" if value is None else str(value).strip()
