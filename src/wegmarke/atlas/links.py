"""Ways to other pages: every name of a touchpoint leads to its card, a finding to where it is mended."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.urls import get_script_prefix, reverse
from django.utils.html import format_html, format_html_join

from wegmarke.insights.links import evidence_link, with_query
from wegmarke.insights.links import in_sentence as _in_sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from django.utils.safestring import SafeString

TOUCHPOINTS = "atlas:touchpoints"
FIRST_CONTROLS: Mapping[str, str] = {
    "name": "id_name_de",
    "purpose": "id_purpose_de",
    "timing": "id_timing_de",
    "owners": "id_owners_0",
    "metric": "id_metric_measure",
    "media": "id_whose",
    "phases": "phases",
    "content": "said",
    "rules": "rules",
    "events": "rules",
    "experience": "felt",
}
"""Where a field begins on the page that edits a card, where it is not called like the field."""


def card(key: str) -> str:
    """Return the address of the card of one touchpoint; empty for a key no address can hold."""
    return _card(key, get_script_prefix()) if key else ""


@lru_cache(maxsize=5000)
def _card(key: str, _prefix: str) -> str:
    """Find an address, once for each place the site is served at: a page leads to hundreds of cards."""
    return reverse("atlas:touchpoint", args=[key])


def anchor(field: str) -> str:
    """Return where a field of a touchpoint begins on the page that edits it."""
    return f"#{FIRST_CONTROLS.get(field, 'id_' + field)}"


def field(key: str, name: str) -> str:
    """Return the address of one field of a touchpoint, ready to be filled in."""
    return reverse("atlas:touchpoint-edit", args=[key]) + anchor(name)


def touchpoints(query: Mapping[str, str]) -> str:
    """Return the address of the list of touchpoints, narrowed down."""
    return with_query(reverse(TOUCHPOINTS), query)


def matrix(query: Mapping[str, str]) -> str:
    """Return the address of the matrix, at one of its cells."""
    return with_query(reverse("atlas:matrix"), query)


def evidence(key: str, judged: Collection[str]) -> str:
    """Return the address of what was measured at a touchpoint: its moment, else its card."""
    return evidence_link(key) if key in judged else card(key)


def linked(key: str, name: str) -> SafeString:
    """Return the name of a touchpoint as a link to its card."""
    address = card(key)
    return format_html('<a href="{}">{}</a>', address, name) if address else format_html("{}", name)


def all_linked(named: Iterable[tuple[str, str]], between: str = ", ") -> SafeString:
    """Return several touchpoints (key, name) as links, set apart by `between`."""
    return format_html_join(between, "{}", ((linked(key, name),) for key, name in named))


def in_sentence(sentence: str, named: Mapping[str, str]) -> SafeString:
    """Return a sentence in which the quoted names of touchpoints (name by key) lead to their cards."""
    return _in_sentence(sentence, {name: card(key) for key, name in named.items()})
