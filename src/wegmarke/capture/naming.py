"""Whom a message names, also one that no decoder takes."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from wegmarke.people import identifiers

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID: Final = re.compile(rb'"(userId|anonymousId|previousId)"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)')


def _ids(content: bytes) -> Iterator[tuple[bytes, str]]:
    """Yield each field that holds an id, and the id as its sender wrote it."""
    for field, raw in _ID.findall(content):
        with suppress(msgspec.MsgspecError, UnicodeDecodeError):
            yield field, str(msgspec.json.decode(raw)).replace("\0", "").strip()


def named(content: bytes) -> frozenset[str]:
    """Return the identifiers a message names."""
    found: set[str] = set()
    for field, text in _ids(content):
        if field != b"userId":
            found.add(identifiers.visitor(text))
        if field != b"anonymousId":
            found.add(identifiers.known(text))
    return frozenset(found)


def subject(content: bytes) -> str | None:
    """Return whom a message is about: its known id, else its visitor's, else None.

    What stands inside, in its properties for example, may be the id of somebody else.
    """
    try:
        whole = msgspec.json.decode(content)
        found = [whole.get(field) for field in ("userId", "anonymousId")] if isinstance(whole, dict) else []
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        first = dict(reversed(list(_ids(content))))
        found = [first.get(field) for field in (b"userId", b"anonymousId")]
    for text, written in zip(map(_id, found), (identifiers.known, identifiers.visitor), strict=False):
        if text:
            return written(text)
    return None


def _id(value: object) -> str:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value).replace("\0", "").strip()
    return ""
