"""Addresses: touchpoints in paths, and the state of a page in its query."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlencode

from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Mapping


class TouchpointConverter:
    """A touchpoint as one part of a path.

    Keys may be names of events, hence anything: what would end the part or be tidied away by browsers
    (slashes, dots alone, percent signs) is encoded once more than usual.
    """

    regex: str = "[^/]+"

    def to_python(self, value: str) -> str:
        """Return the key."""
        return unquote(value)

    def to_url(self, value: str) -> str:
        """Return the part of the path."""
        if set(value) <= {"."}:
            return value.replace(".", "%2E")
        return "".join(quote(c, safe="") if c in "/\\%?#" or ord(c) < ord(" ") else c for c in value)


def evidence_link(touchpoint: str) -> str:
    """Return the address of the evidence for one touchpoint; empty for a key no address can hold."""
    return reverse("insights:moment", args=[touchpoint]) if touchpoint else ""


def with_query(path: str, values: Mapping[str, str], **changes: str) -> str:
    """Return a path with its query, changed where asked; empty values are left out."""
    query = {key: value for key, value in {**values, **changes}.items() if value}
    return f"{path}?{urlencode(query)}" if query else path
