"""Ways from a finding to where it is mended or proven. A page that does not exist is not linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve, reverse

from wegmarke.insights.links import evidence_link, with_query

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

ANCHORS: Mapping[str, str] = {
    "purpose": "id_purpose_de",
    "name": "id_name_de",
    "timing": "id_timing_de",
    "owners": "id_owners_0",
    "metric": "id_metric_measure",
    "rules": "rules",
    "phases": "phases",
}
"""Where a field stands on the page that edits a card, where it is not called like the field."""


def card(touchpoint: str) -> str:
    """Return the address of a touchpoint's card; empty where there is none."""
    try:
        return reverse("atlas:touchpoint", args=[touchpoint]) if touchpoint else ""
    except NoReverseMatch:
        return ""


def field(touchpoint: str, name: str) -> str:
    """Return the address of one field of a touchpoint's card, ready to be filled in; else of the card."""
    try:
        return f"{reverse('atlas:touchpoint-edit', args=[touchpoint])}#{ANCHORS.get(name, 'id_' + name)}"
    except NoReverseMatch:
        return card(touchpoint)


def touchpoints(query: Mapping[str, str]) -> str:
    """Return the address of the list of touchpoints, narrowed down."""
    address = _existing("map/touchpoints/")
    return with_query(address, query) if address else ""


def matrix(query: Mapping[str, str]) -> str:
    """Return the address of the matrix, at one of its cells."""
    address = _existing("map/matrix/")
    return with_query(address, query) if address else ""


def evidence(touchpoint: str, judged: Collection[str]) -> str:
    """Return the address of what was measured at a touchpoint: its moment, else its card."""
    return evidence_link(touchpoint) if touchpoint in judged else card(touchpoint)


def _existing(path: str) -> str:
    try:
        resolve(f"/{path}")
    except Resolver404:
        return ""
    return get_script_prefix() + path
