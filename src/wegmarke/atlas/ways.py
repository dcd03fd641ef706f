"""Ways from a finding to where it is mended or proven. A page that does not exist is not linked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve, reverse

from wegmarke.insights.links import TouchpointConverter, evidence_link, with_query

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

SAFE = "!$&'()*+,;=:@~%"
"""Characters a part of a path may hold as they are; the converter has encoded its own."""


def card(touchpoint: str) -> str:
    """Return the address of a touchpoint's card; empty where there is none."""
    try:
        return reverse("atlas:touchpoint", args=[touchpoint]) if touchpoint else ""
    except NoReverseMatch:
        return ""


def field(touchpoint: str, name: str) -> str:
    """Return the address of one field of a touchpoint's card, ready to be filled in."""
    part = quote(TouchpointConverter().to_url(touchpoint), safe=SAFE)
    address = _existing(f"map/touchpoints/{part}/edit/")
    return f"{address}#id_{name}" if address else card(touchpoint)


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
