"""A proxy on the way to the site: it sees every byte, and can make trouble as networks do.

Trouble befalls the next posts, one kind each: `exhaust` has the same sender send so much just before that the
site itself answers 429; `lose` lets the next post the site takes through and breaks off before the answer;
`hang` answers nothing until the proxy is closed; `refuse` breaks off without letting anything through.
"""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}
MORE_THAN_ALLOWED = 2_190
"""Events at once that leave the bucket of a browser's key so empty that the next sender waits a second."""


@dataclass
class Seen:
    """One request as it came, and the status it was answered with (0: none)."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int = 0

    @property
    def bytes(self) -> bytes:
        """Return everything of it."""
        return json.dumps([self.path, self.headers]).encode() + self.body


@dataclass
class Between:
    """The proxy; `url` is what clients are told."""

    target: str
    seen: list[Seen] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    key: str = ""
    in_turn: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        between = self

        class Handler(_Handler):
            owner = between

        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def posts(self) -> list[Seen]:
        """Return what was posted."""
        return [one for one in self.seen if one.method == "POST"]

    def close(self) -> None:
        """Take nothing more."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def passed_on(self, one: Seen) -> tuple[int, list[tuple[str, str]], bytes]:
        """Ask the site itself."""
        target = urlsplit(self.target)
        connection = http.client.HTTPConnection(target.hostname, target.port, timeout=60)
        try:
            connection.request(one.method, one.path, one.body, one.headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def exhaust(self) -> None:
        """Send more with the same key than it may at once."""
        event = {
            "type": "track",
            "event": "Noise",
            "anonymousId": "noise",
            "timestamp": "2026-01-01T00:00:00Z",
        }
        body = json.dumps({"batch": [event] * MORE_THAN_ALLOWED, "writeKey": self.key}).encode()
        status, _headers, _body = self.passed_on(Seen("POST", "/v1/batch", {}, body))
        assert status == 200


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: Between

    def log_message(self, *_given: object) -> None:
        pass

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        one = Seen(self.command, self.path, dict(self.headers), body)
        self.owner.seen.append(one)
        with self.owner.in_turn:  # else a second post of the client could come before what exhausts the site
            trouble = self.owner.trouble.pop(0) if self.command == "POST" and self.owner.trouble else ""
            if trouble == "exhaust":
                self.owner.exhaust()
            answer = None if trouble in {"hang", "refuse"} else self.owner.passed_on(one)
            if answer and trouble == "lose" and answer[0] != HTTPStatus.OK:
                self.owner.trouble.insert(0, trouble)
                trouble = ""
        if trouble == "hang":
            self.owner.closing.wait()
        if answer is None or trouble == "lose":
            self.close_connection = True
            return
        one.status = answer[0]
        with suppress(ConnectionError):  # a page that was left does not wait for its answers
            self._send(*answer)

    def _send(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_OPTIONS = do_HEAD = _answer  # noqa: N815 - http.server's names
