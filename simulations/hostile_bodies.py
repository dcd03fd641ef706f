"""Send spoiled bodies to a real server, and see that none makes it fail or hang.

    python simulations/hostile_bodies.py --bodies 1000000 --seed 1

Each request begins as a good one and is spoiled in up to three ways: cut, bits turned, values of wrong types,
NaN, nesting, huge names, broken UTF-8, wrong or broken encoding, another path, key or length. Allowed answers
are 200 and the refusals 400, 401, 403, 404, 405, 408, 411, 413, 415 and 429; a 5xx, a connection that dies
unasked or an answer after more than a second is a fault. Afterwards the worker reads what was accepted, and
the accounts must miss nothing. The last line printed is a JSON object with the figures.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import random
import socket
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from event_examples import EVENTS
from live_site import running

if TYPE_CHECKING:
    from collections.abc import Callable

SENDERS = 4
STALL_SECONDS = 1.0
ALLOWED = frozenset({"200", "400", "401", "403", "404", "405", "408", "411", "413", "415", "429"})
PATHS = ("v1/batch", "v1/track", "v1/identify", "v1/page", "v1/import", "v1/t", "v1/b", "v1/none")
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1e308, 10**400, "", " ", "\0", "\ud800", [], {}, [[]], "x" * 10_000),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1' OR '1'='1", "<script>alert(1)</script>", "${7*7}"),
)


NO_JSON = (b"NaN", b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"1e999", b'"', b"}{")
ENCODINGS = (b"gzip", b"deflate", b"br", b"\xff", b"gzip, gzip")


def spoiled_event(rng: random.Random) -> dict[str, Any]:
    """Return an event, mostly with a field that is not as it should be."""
    event = dict(rng.choice(EVENTS))
    if rng.random() < 0.8:
        name = rng.choice([*event, "messageId", "context", "integrations", "\0", "__proto__"])
        event[name] = rng.choice(ODD)
    return event


def nested(rng: random.Random) -> bytes:
    """Return JSON that goes deep."""
    depth = rng.choice((50, 500, 5_000, 50_000))
    return b'{"batch":[{"type":"track","properties":' + b"[" * depth + b"]" * depth + b"}]}"


def body_of(rng: random.Random) -> bytes:
    """Return the text of a request, JSON or nearly so."""
    if rng.random() < 0.02:
        return nested(rng)
    events = [spoiled_event(rng) for _ in range(rng.choice((0, 1, 1, 2, 5, 50)))]
    whole: Any = rng.choice(({"batch": events}, *events, events, {"batch": rng.choice(ODD)}))
    return json.dumps(whole).encode()


def cut(body: bytes, rng: random.Random) -> bytes:
    """Return the beginning."""
    return body[: rng.randrange(len(body) + 1)]


def turned(body: bytes, rng: random.Random) -> bytes:
    """Return the body with some bits turned."""
    changed = bytearray(body)
    for _ in range(min(len(body), rng.choice((1, 3, 20)))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def stuffed(body: bytes, rng: random.Random) -> bytes:
    """Return the body with something in it that is no JSON."""
    at = rng.randrange(len(body) + 1)
    return body[:at] + rng.choice(NO_JSON) + body[at:]


SPOILING: tuple[Callable[[bytes, random.Random], bytes], ...] = (cut, turned, stuffed)


def request(key: str, rng: random.Random) -> bytes:
    """Return one whole request as bytes."""
    body = body_of(rng)
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        body = rng.choice(SPOILING)(body, rng)
    encoding = b""
    if rng.random() < 0.2:
        encoding = b"Content-Encoding: " + rng.choice(ENCODINGS) + b"\r\n"
        body = rng.choice((body, gzip.compress(body), cut(gzip.compress(body), rng)))
    key = rng.choice((key, key, key, key, key[:-1], "", "\u00e4", "x" * 5_000))
    path = rng.choice(PATHS) if rng.random() < 0.5 else "v1/batch"
    query = f"?writeKey={key}".encode("latin-1", "replace")
    kind = rng.choice((b"application/json", b"text/plain", b"", b"multipart/form-data; boundary="))
    return (
        rng.choice((b"POST", b"POST", b"POST", b"PUT", b"OPTIONS"))
        + b" /"
        + path.encode()
        + query.replace(b" ", b"").replace(b"\xe4", b"%E4")
        + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
        + kind
        + b"\r\n"
        + encoding
        + f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


def answered(connection: socket.socket) -> str:
    """Read one answer and return its status; "closed" where the server ended the connection first."""
    taken = b""
    while b"\r\n\r\n" not in taken:
        part = connection.recv(65536)
        if not part:
            return "closed"
        taken += part
    head, _, rest = taken.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
    )
    while len(rest) < length and (part := connection.recv(65536)):
        rest += part
    return head[9:12].decode()


class Line:
    """A connection that is kept, and made anew where the server has ended it after an earlier answer."""

    def __init__(self, port: int) -> None:
        """Connect at the first request."""
        self._port = port
        self._kept: socket.socket | None = None

    def ask(self, text: bytes) -> str:
        """Send a request and return the status of its answer, or what happened instead."""
        if self._kept and (status := self._try(self._kept, text)).isdigit():
            return status
        self._kept = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        return self._try(self._kept, text)

    def _try(self, connection: socket.socket, text: bytes) -> str:
        try:
            connection.sendall(text)
            status = answered(connection)
        except OSError as error:
            status = type(error).__name__
        if not status.isdigit():
            connection.close()
            self._kept = None
        return status


def send_all(port: int, key: str, bodies: int, seed: int, found: multiprocessing.SimpleQueue[Any]) -> None:
    """Send so many requests and put what came of them into the queue."""
    rng = random.Random(seed)  # noqa: S311 - chance, not secrecy
    answers: Counter[str] = Counter()
    faults: list[str] = []
    slowest = 0.0
    line = Line(port)
    for _ in range(bodies):
        text = request(key, rng)
        begun = time.perf_counter()
        status = line.ask(text)
        took = time.perf_counter() - begun
        slowest = max(slowest, took)
        answers[status] += 1
        if status not in ALLOWED or took > STALL_SECONDS:
            faults.append(f"{status} after {took:.2f} s: {text[:300]!r}")
    found.put((answers, faults, slowest))


def simulate(bodies: int, seed: int) -> tuple[dict[str, Any], list[str]]:
    """Send all bodies from several processes; return the figures and the faults."""
    context = multiprocessing.get_context("spawn")
    found: multiprocessing.SimpleQueue[Any] = context.SimpleQueue()
    answers: Counter[str] = Counter()
    faults: list[str] = []
    slowest = 0.0
    with running() as site:
        for number in range(SENDERS):
            arguments = (site.port, site.key, bodies // SENDERS, seed * SENDERS + number, found)
            context.Process(target=send_all, args=arguments).start()
        for _ in range(SENDERS):
            some, wrong, slow = found.get()
            answers += some
            faults += wrong
            slowest = max(slowest, slow)
        site.drained()
        from wegmarke.capture.counting import accounts

        seen = accounts()
    figures = {
        "bodies": answers.total(),
        "answers": dict(answers),
        "faults": len(faults),
        "slowest s": round(slowest, 2),
        **{name: getattr(seen, name) for name in ("received", "moved", "known", "refused", "missing")},
    }
    return figures, faults


def main() -> int:
    """Simulate and print the figures; 1 where there was a fault or something is missing."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("--bodies", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    figures, faults = simulate(asked.bodies, asked.seed)
    for fault in faults[:20]:
        print(fault)
    print(json.dumps(figures))
    return int(bool(faults or figures["missing"]))


if __name__ == "__main__":
    sys.exit(main())
