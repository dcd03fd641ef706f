"""The event API over HTTP, as clients of the Segment specification speak it, as a bare ASGI callable.

Django's own way to a view costs several times what is done here. What it would give for free stands here
instead: the check of the host, limits of size and time, and errors that tell nobody a secret.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import msgspec
from django.conf import settings
from django.db import Error as DatabaseError
from django.http.request import split_domain_port, validate_host

from wegmarke.capture.receiving import client_settings, openapi, refusing, script, signals
from wegmarke.capture.receiving.committing import Committer, OverloadedError, UnavailableError
from wegmarke.capture.receiving.envelope import (
    TYPES,
    Envelope,
    MalformedError,
    TooLargeError,
    inflated,
    opened,
)
from wegmarke.capture.receiving.keys import Keys, Sender
from wegmarke.capture.receiving.limits import Buckets, Rate
from wegmarke.capture.receiving.storing import inbox_batch
from wegmarke.capture.visitors.keeping import Visitors
from wegmarke.capture.watching.disk import Disk
from wegmarke.team.access import address_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Scope = dict[str, Any]
    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[dict[str, Any]], Awaitable[None]]

logger = logging.getLogger(__name__)

MOST_SENT: Final = 2 * 1024**2
MOST_INFLATED: Final = 10 * 1024**2
BODY_SECONDS: Final = 30.0
HEAVY: Final = 256 * 1024
"""Bodies above this are opened in a thread, so that one large batch does not keep the small ones waiting."""

FULL_SECONDS: Final = 30
"""When to come again while the disk is full."""

BROWSER_RATE: Final = Rate(per_second=200, burst=2_000)
"""Events of one visitor (one key, one address); a school or an office behind one address fits in, too."""

_BATCHES: Final = frozenset({"/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch"})
PATHS: Final[Mapping[str, str | None]] = {
    **dict.fromkeys(_BATCHES),
    **{f"/v1/{letter}": name for letter, name in TYPES.items()},
    **{f"/v1/{name}": name for name in TYPES.values()},
}
"""Paths that take events, and the type of the single event each takes (None: a batch)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: int
    body: Mapping[str, object] | bytes = field(default_factory=dict)
    """As JSON, or what becomes JSON."""
    headers: tuple[tuple[bytes, bytes], ...] = ()


OK: Final = Answer(200, {"success": True})


def handles(path: str) -> bool:
    """Say whether a path belongs to the event API."""
    return _is_read(path) or path.rstrip("/") in PATHS


def _is_read(path: str) -> bool:
    return client_settings.handles(path) or path in {script.PATH, openapi.PATH}


class EventApi:
    """The ASGI callable. One per process; its parts can be replaced in tests."""

    def __init__(
        self, *, keys: Keys | None = None, committer: Committer | None = None, buckets: Buckets | None = None
    ) -> None:
        """Make the parts that are not given."""
        self.keys = keys or Keys()
        self.committer = committer or Committer()
        self.buckets = buckets or Buckets(BROWSER_RATE)
        self.visitors = Visitors()
        self.disk = Disk()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = _Request(scope, receive)
        if request.path == script.PATH and request.method in {"GET", "HEAD"}:
            await _send_script(request, send)
            return
        answer = await self._answered(request)
        body = answer.body if isinstance(answer.body, bytes) else msgspec.json.encode(answer.body)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"access-control-allow-origin", b"*"),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            *answer.headers,
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answered(self, request: _Request) -> Answer:
        try:
            return await self._handle(request)
        except Exception as error:  # noqa: BLE001 - a client must be told in its own words, whatever it is
            return _failure(error)

    async def _handle(self, request: _Request) -> Answer:
        if not validate_host(split_domain_port(request.header("host").lower())[0], settings.ALLOWED_HOSTS):
            return _refusal(400, "this site is not called by that host name")
        if request.method == "OPTIONS":
            return _preflight(request)
        if _is_read(request.path):
            return await self._read(request)
        if request.method != "POST":
            return Answer(405, _said(405, "use POST"), ((b"allow", b"POST, OPTIONS"),))
        return await self._take(request)

    async def _read(self, request: _Request) -> Answer:
        if request.method not in {"GET", "HEAD"}:
            return Answer(405, _said(405, "use GET"), ((b"allow", b"GET, HEAD, OPTIONS"),))
        if request.path == openapi.PATH:
            return Answer(200, openapi.document(tuple(PATHS.items())))
        return await self._settings(request)

    async def _settings(self, request: _Request) -> Answer:
        write_key = client_settings.write_key(request.path) or request.queried("writeKey")
        if await self.keys.sender(write_key or "") is None:
            return _refusal(404, "there is no such write key")
        given = client_settings.settings_for(
            request.path, write_key or "", host=request.header("host"), scheme=request.scheme
        )
        return Answer(200, given)

    async def _take(self, request: _Request) -> Answer:
        kind = PATHS[request.path.rstrip("/")]
        now = datetime.now(UTC)
        if self.disk.reserve_is_touched():
            return _later(503, "there is no room for events right now", FULL_SECONDS)
        outside = request.key_outside_the_body()
        sender = await self.keys.sender(outside) if outside else None
        if outside and sender is None:
            return _refusal(401, "there is no such write key, or it was revoked")
        body = await request.body(MOST_SENT)
        try:
            envelope = await _opened(body, request.header("content-encoding"), single=kind is not None)
        except MalformedError as error:
            hidden = sender is not None and _unwatched(request, sender)  # it may say who it was
            if sender and not hidden and not self._too_much(request, sender, 1):
                await self._refuse_whole(sender, kind, body, str(error), now)
            raise
        if sender is None:
            sender = await self.keys.sender(envelope.write_key or "")
        if sender is None:
            return _refusal(401, "no write key, an unknown one, or one that was revoked")
        return await self._keep(request, sender, kind, envelope, now)

    async def _keep(
        self, request: _Request, sender: Sender, kind: str | None, envelope: Envelope, now: datetime
    ) -> Answer:
        if sender.origins and request.header("origin") and request.header("origin") not in sender.origins:
            return _refusal(403, "this key may not be used from that web site")
        if wait := self._too_much(request, sender, envelope.events):
            return _later(429, "too many events at once", wait)
        if envelope.events:
            unwatched = _unwatched(request, sender)
            content, declined = envelope.content, 0
            if unwatched or (sender.browser and signals.mentioned(content)):
                content, declined = await _honoured(sender, kind, envelope, everyone=unwatched)
            row = inbox_batch(
                source=sender.source,
                received_at=now,
                kind="" if kind and declined else kind or "",
                events=envelope.events,
                content=content,
                declined=declined,
            )
            await self.committer.keep(row, len(row.content))
            untouched = content is envelope.content  # nothing in it asks not to be watched
            if sender.estimates_visitors and sender.browser and untouched:
                await self._count(request, sender, now)
        return OK

    async def _count(self, request: _Request, sender: Sender, now: datetime) -> None:
        """Count the visitor of a source that stores no ids; the address serves this one digest."""
        browser = request.header("user-agent")
        await self.visitors.seen(sender.source, now.date(), address=request.address(), browser=browser)

    def _too_much(self, request: _Request, sender: Sender, events: int) -> float:
        """Return for how long a visitor has to wait; a server's key is no public one, and waits never."""
        return self.buckets.take(f"{sender.source}/{request.address()}", events) if sender.browser else 0.0

    async def _refuse_whole(
        self, sender: Sender, kind: str | None, body: bytes, reason: str, now: datetime
    ) -> None:
        """Keep what can be shown of a body that is no JSON; not a promise, so a failure changes no answer."""
        row = refusing.whole_body(sender.source, body, kind=kind or "", reason=reason, now=now)
        await asyncio.to_thread(refusing.keep, row)


class _ClientGoneError(Exception):
    """The connection ended before the body did."""


@dataclass(frozen=True, slots=True)
class _Request:
    scope: Scope
    receive: Receive
    _headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.scope["headers"]:
            self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    @property
    def scheme(self) -> str:
        return "https" if settings.HTTPS else str(self.scope.get("scheme", "http"))

    def header(self, name: str) -> str:
        return self._headers.get(name, "").strip()

    def queried(self, name: str) -> str | None:
        query = self.scope.get("query_string", b"").decode("latin-1")
        return next(iter(parse_qs(query, max_num_fields=50).get(name, [])), None)

    def key_outside_the_body(self) -> str | None:
        """Return the write key of basic authentication (as its user, without a password) or of the query."""
        scheme, _space, encoded = self.header("authorization").partition(" ")
        if scheme.lower() == "basic":
            try:
                user = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")[0]
            except (binascii.Error, UnicodeDecodeError) as error:
                msg = "the Authorization header is not valid"
                raise MalformedError(msg) from error
            if user:
                return user
        return self.queried("writeKey") if self.scope.get("query_string") else None

    def address(self) -> str:
        """Return whose address it is."""
        client = self.scope.get("client")
        return address_of(str(client[0]) if client else "", self.header("x-forwarded-for"))

    async def body(self, most: int) -> bytes:
        """Read the body, no more than `most` bytes of it."""
        declared = self.header("content-length")
        if declared.isdigit() and int(declared) > most:
            raise TooLargeError(most)
        parts: list[bytes] = []
        size = 0
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await self.receive()
                if message["type"] == "http.disconnect":
                    raise _ClientGoneError
                part = message.get("body", b"")
                size += len(part)
                if size > most:
                    raise TooLargeError(most)
                parts.append(part)
                if not message.get("more_body"):
                    return b"".join(parts)


async def _opened(body: bytes, encoding: str, *, single: bool) -> Envelope:
    def both() -> Envelope:
        return opened(inflated(body, encoding.lower(), most=MOST_INFLATED), single=single)

    return await asyncio.to_thread(both) if len(body) > HEAVY else both()


def _unwatched(request: _Request, sender: Sender) -> bool:
    """Say whether the visitor's browser asks not to be watched; a server speaks for itself."""
    return sender.browser and any(request.header(name) == "1" for name in signals.HEADERS)


async def _honoured(
    sender: Sender, kind: str | None, envelope: Envelope, *, everyone: bool
) -> tuple[bytes, int]:
    """Return the body without who it was, as the visitor's browser asks, and how many events are left out."""

    def honoured() -> tuple[bytes, int]:
        return signals.honour(
            envelope.content,
            kind=kind or "",
            events=envelope.events,
            everyone=everyone,
            decline=sender.declines_signals,
        )

    return await asyncio.to_thread(honoured) if len(envelope.content) > HEAVY else honoured()


async def _send_script(request: _Request, send: Send) -> None:
    """Send the tracker; it holds no secret, so it needs neither a log-in nor the right host name."""
    accepted, known = request.header("accept-encoding"), request.header("if-none-match")
    status, body, headers = script.answered(accepted=accepted, known=known, head=request.method == "HEAD")
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _preflight(request: _Request) -> Answer:
    """Let any page send: a write key is no secret to a browser, and nothing can be read with it."""
    asked = request.header("access-control-request-headers").encode("latin-1", "ignore")
    return Answer(
        200,
        {},
        (
            (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
            (b"access-control-allow-headers", asked or b"authorization, content-type"),
            (b"access-control-max-age", b"86400"),
            (b"vary", b"access-control-request-headers"),
        ),
    )


def _failure(error: Exception) -> Answer:
    """Say what went wrong: the sender's fault, too much at once, or ours, which passes."""
    match error:
        case MalformedError():
            return _refusal(400, str(error))
        case _ClientGoneError():
            return _refusal(400, "the body ended too early")
        case TooLargeError():
            return _refusal(413, f"the body is larger than {error.args[0]} bytes")
        case TimeoutError():
            return _refusal(408, "the body did not arrive in time")
        case OverloadedError():
            return _later(429, "too much at once", 1)
    if not isinstance(error, UnavailableError | DatabaseError | OSError):
        logger.error("A request to the event API failed", exc_info=error)
    return _later(503, "events cannot be kept right now", 5)


def _refusal(status: int, reason: str) -> Answer:
    return Answer(status, _said(status, reason))


def _said(status: int, reason: str) -> Mapping[str, object]:
    """Say why not; clients for Python look for `code` and `message`, and without them send again for ever."""
    return {"success": False, "error": reason, "code": status, "message": reason}


def _later(status: int, reason: str, seconds: float) -> Answer:
    wait = str(max(1, math.ceil(seconds))).encode()
    return Answer(status, _said(status, reason), ((b"retry-after", wait),))
