"""Identifiers of persons as the log writes them: one text for each, never the same for two. Pure.

A known person is their own id, as files and clients give it. A visitor nobody knows yet is `~a:` and the id
their browser made up. A known id that begins with `~` is written `~u:…`, so no client can pass one off as the
other.
"""

from __future__ import annotations

from typing import Final

MARK: Final = "~"
VISITOR: Final = "~a:"
KNOWN: Final = "~u:"


def known(user_id: str) -> str:
    """Return the identifier of a known person from the id their sender wrote."""
    return f"{KNOWN}{user_id}" if user_id.startswith(MARK) else user_id


def visitor(anonymous_id: str) -> str:
    """Return the identifier of a visitor nobody knows."""
    return f"{VISITOR}{anonymous_id}"


def is_visitor(identifier: str) -> bool:
    """Say whether an identifier stands for a visitor nobody knows."""
    return identifier.startswith(VISITOR)


def shown(identifier: str) -> str:
    """Return the id inside an identifier, as its sender wrote it."""
    return identifier[len(VISITOR) :] if identifier.startswith((VISITOR, KNOWN)) else identifier
