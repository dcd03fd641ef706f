"""Identifiers of persons as the log writes them, seen from the side of who is behind them.

`~a:…` is a visitor nobody knows yet; everything else is the id of a known person, `~u:…` where that id itself
begins with `~`.
"""

from __future__ import annotations

from typing import Final

VISITOR: Final = "~a:"
KNOWN: Final = "~u:"
MARK: Final = "~"


def is_visitor(identifier: str) -> bool:
    """Say whether an identifier stands for a visitor nobody knows."""
    return identifier.startswith(VISITOR)


def shown(identifier: str) -> str:
    """Return the id inside an identifier, as its sender wrote it."""
    return identifier[len(VISITOR) :] if identifier.startswith((VISITOR, KNOWN)) else identifier


def known(text: str) -> str:
    """Return the identifier of a known person from the id their sender wrote."""
    return f"{KNOWN}{text}" if text.startswith(MARK) else text
