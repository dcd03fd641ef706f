"""Open the body of a request as far as its answer needs it: is it JSON, how many events, whose key.

Pure. The events themselves stay bytes; what is wrong with one of them is found by the worker, which refuses
that one and keeps the rest.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from wegmarke.capture.receiving.splitting import cut

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_EVENTS: Final = 10_000
"""In one batch. Clients of the Segment specification send 100 at most, imports through the API some more."""

TYPES: Final[Mapping[str, str]] = {
    "i": "identify",
    "t": "track",
    "p": "page",
    "s": "screen",
    "g": "group",
    "a": "alias",
}


class MalformedError(ValueError):
    """The body as a whole cannot be used; the text says why, for whoever wrote the client."""


class TooLargeError(ValueError):
    """The body is larger than allowed, as sent or inflated."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One request: the JSON text to keep, how many events it holds, the write key inside it if any."""

    content: bytes
    events: int
    write_key: str | None


class _Batch(msgspec.Struct, rename="camel"):
    batch: list[msgspec.Raw]
    write_key: Any = None


class _Single(msgspec.Struct, rename="camel"):
    write_key: Any = None


_IP_NAMES: Final = frozenset({"ip", "$ip", "ip_address", "ipaddress"})
_IP_QUOTED: Final = tuple(f'"{name}"'.encode() for name in sorted(_IP_NAMES))
_IP_TEXT: Final = re.compile(rb'("(?i:\$?ip|ip_?address)"\s*:)\s*"(?:[^"\\]|\\.)*"', re.DOTALL)

_BATCH: Final = msgspec.json.Decoder(_Batch)
_SINGLE: Final = msgspec.json.Decoder(_Single)


def inflated(body: bytes, encoding: str, *, most: int) -> bytes:
    """Undo the content encoding, holding at most `most` bytes; raises `MalformedError`, `TooLargeError`."""
    if encoding in {"", "identity"}:
        return body
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        msg = f"content encoding {encoding!r} is not understood; gzip is"
        raise MalformedError(msg)
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        content = inflater.decompress(body, most + 1)
    except zlib.error as error:
        msg = f"the body is not valid {encoding}: {error}"
        raise MalformedError(msg) from error
    if len(content) > most:
        raise TooLargeError(most)
    if not inflater.eof:
        msg = f"the {encoding} body ends too early"
        raise MalformedError(msg)
    return content


def opened(content: bytes, *, single: bool) -> Envelope:
    """Open one body: `{"batch": […]}`, or one event where the path says so. Raises `MalformedError`."""
    content = without_addresses(content)
    try:
        if single:
            one = _SINGLE.decode(content)
            return Envelope(content, 1, _text(one.write_key))
        batch = _BATCH.decode(content)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return _cut(content, single=single, strict=error)
    return _envelope(content, len(batch.batch), batch.write_key)


def in_a_batch(event: bytes, sent_at: str) -> bytes:
    """Return the body of a batch that holds one event as it came, sent when it was sent."""
    stamp = b',"sentAt":' + msgspec.json.encode(sent_at) if sent_at else b""
    return b'{"batch":[' + event + b"]" + stamp + b"}"


def _cut(content: bytes, *, single: bool, strict: Exception) -> Envelope:
    """Look again at a body no decoder takes: where some of its events are wrong, the worker refuses those."""
    found = None if single else cut(content)
    if found is None:
        msg = f"the body is not a JSON object with a list `batch`: {_reason(strict)}"
        if single:
            msg = f"the body is not a JSON object: {_reason(strict)}"
        raise MalformedError(msg) from strict
    try:
        write_key = msgspec.json.decode(found.members.get("writeKey", b"null"))
    except msgspec.MsgspecError:
        write_key = None
    return _envelope(content, len(found.events), write_key)


def _envelope(content: bytes, events: int, write_key: object) -> Envelope:
    if events > MOST_EVENTS:
        msg = f"a batch holds at most {MOST_EVENTS} events, this one has {events}"
        raise MalformedError(msg)
    return Envelope(content, events, _text(write_key))


def without_addresses(content: bytes) -> bytes:
    """Take addresses of the network out before anything is kept; hardly any client sends them.

    In a body that is no JSON as a whole they are blotted out where they stand.
    """
    lowered = content.lower()
    if not any(name in lowered for name in _IP_QUOTED):  # a fraction of what a regular expression takes
        return content
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return _IP_TEXT.sub(rb"\1null", content)
    _drop_ip(body)
    return json.dumps(body, separators=(",", ":")).encode()


def _drop_ip(value: object) -> None:
    """Remove the keys from an object and from all within it, without recursion."""
    open_values = [value]
    while open_values:
        one = open_values.pop()
        if isinstance(one, dict):
            for key in [key for key in one if key.lower() in _IP_NAMES]:
                del one[key]
            open_values.extend(one.values())
        elif isinstance(one, list):
            open_values.extend(one)


def _text(write_key: object) -> str | None:
    return write_key if isinstance(write_key, str) and write_key else None


def _reason(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
