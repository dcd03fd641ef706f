"""Cut a batch into the texts of its events by brackets and quotes alone.

For bodies no decoder takes as a whole: one event is nested too deeply, holds NaN or bytes that are no text,
and the others shall not suffer for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}:,]', re.DOTALL)
_OPENING: Final = b"[{"
_CLOSING: Final = b"]}"


@dataclass(slots=True)
class Cut:
    """The members of the outermost object as they stand there, and the elements of its list `batch`."""

    members: dict[str, bytes] = field(default_factory=dict)
    events: list[bytes] = field(default_factory=list)


def cut(content: bytes) -> Cut | None:
    """Cut a body `{…, "batch": […], …}`; None where brackets and quotes do not make one."""
    scan = _Scan(content)
    return scan.found if scan.run() else None


class _Scan:
    """One way through the body; `depth` counts open brackets."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.found = Cut()
        self._open: list[bytes] = []
        self._start = 0
        self._text: bytes | None = None
        self._key: str | None = None
        self._ended = False

    def run(self) -> bool:
        if not self.content.lstrip().startswith(b"{"):
            return False
        for token in _TOKEN.finditer(self.content):
            if self._ended or not self._take(token.group(), token.start(), token.end()):
                return False
        return self._ended and "batch" in self.found.members

    def _take(self, token: bytes, start: int, end: int) -> bool:
        if token[:1] == b'"':
            if len(self._open) == 1 and self._key is None:
                self._text = token
        elif token in (b"[", b"{"):
            self._enter(token, end)
        elif token in (b"]", b"}"):
            return self._leave(token, start)
        elif token == b":":
            self._begin_value(end)
        else:
            self._comma(start, end)
        return True

    def _enter(self, token: bytes, end: int) -> None:
        self._open.append(token)
        if self._open == [b"{", b"["] and self._key == "batch":
            self._start = end
            self.found.members["batch"] = b""

    def _leave(self, token: bytes, start: int) -> bool:
        opened = self._open.pop() if self._open else b""
        if _OPENING.find(opened) != _CLOSING.find(token) or not opened:
            return False
        if self._in_batch_before(opened):
            self._element(start, last=True)
        elif not self._open:
            self._member(start)
            self._ended = True
        return True

    def _in_batch_before(self, opened: bytes) -> bool:
        return len(self._open) == 1 and opened == b"[" and self._key == "batch"

    def _begin_value(self, end: int) -> None:
        if len(self._open) == 1 and self._key is None and self._text is not None:
            self._key = self._text[1:-1].decode("utf-8", "replace")
            self._start = end

    def _comma(self, start: int, end: int) -> None:
        if len(self._open) == 1:
            self._member(start)
        elif self._open == [b"{", b"["] and self._key == "batch":
            self._element(start, last=False)
            self._start = end

    def _member(self, end: int) -> None:
        if self._key is not None and self._key != "batch":
            self.found.members.setdefault(self._key, self.content[self._start : end].strip())
        self._key = self._text = None

    def _element(self, end: int, *, last: bool) -> None:
        text = self.content[self._start : end].strip()
        if text or self.found.events or not last:
            self.found.events.append(text)
