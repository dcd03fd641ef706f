"""Identifiers on pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.people.identifiers import is_visitor, shown

if TYPE_CHECKING:
    from typing import Any


def identifier(one: str, *, address: str = "") -> dict[str, Any]:
    """Return what `people/identifier.html` shows of an identifier, and where it leads."""
    return {"id": one, "text": shown(one), "visitor": is_visitor(one), "address": address}
