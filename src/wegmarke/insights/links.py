"""Addresses: touchpoints in paths, and the state of a page in its query."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlencode

from django.urls import get_script_prefix, register_converter, reverse
from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.safestring import SafeString

PAGES_BESIDE_CARDS = frozenset({"-", "new", "collect", "import", "export", "duplicates", "edit", "table"})
"""Pages beside the cards of touchpoints have these addresses; a touchpoint of that name gives way."""
_QUOTED = re.compile("(“[^“”„]+”|„[^“”„]+“)")


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
        if value in PAGES_BESIDE_CARDS:
            return f"%{ord(value[0]):02X}{value[1:]}"
        return "".join(quote(c, safe="") if c in "/\\%?#" or ord(c) < ord(" ") else c for c in value)


register_converter(TouchpointConverter, "touchpoint")  # here, for addresses of other rooms use it as well


def evidence_link(touchpoint: str) -> str:
    """Return the address of the evidence for one touchpoint; empty for a key no address can hold."""
    return _evidence_link(touchpoint, get_script_prefix()) if touchpoint else ""


@lru_cache(maxsize=5000)
def _evidence_link(touchpoint: str, _prefix: str) -> str:
    """Find an address, once for each place the site is served at: a page leads to hundreds of them."""
    return reverse("insights:moment", args=[touchpoint])


def with_query(path: str, values: Mapping[str, str], **changes: str) -> str:
    """Return a path with its query, changed where asked; empty values are left out."""
    query = {key: value for key, value in {**values, **changes}.items() if value}
    return f"{path}?{urlencode(query)}" if query else path


def in_sentence(sentence: str, addresses: Mapping[str, str]) -> SafeString:
    """Return a sentence in which the quoted names that have an address lead there."""
    return format_html_join("", "{}", ((_linked(part, addresses),) for part in _QUOTED.split(sentence)))


def _linked(part: str, addresses: Mapping[str, str]) -> str:
    """Link a name between its quotation marks; anything else stays as it is."""
    address = addresses.get(part[1:-1]) if _QUOTED.fullmatch(part) else None
    return format_html('{}<a href="{}">{}</a>{}', part[0], address, part[1:-1], part[-1]) if address else part
