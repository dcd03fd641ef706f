"""Ways to the cards of touchpoints: every name of a touchpoint anywhere leads to its card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from wegmarke.insights.links import in_sentence as _in_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.safestring import SafeString


def card(key: str) -> str:
    """Return the address of the card of one touchpoint; empty for a key no address can hold."""
    return reverse("atlas:touchpoint", args=[key]) if key else ""


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
