"""Every address of the site that takes an object, with values of one's choice put in."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ABSENT = {IntConverter: "987654321", UUIDConverter: str(uuid.UUID(int=1))}
LARGEST = {IntConverter: str(2**63 - 1), UUIDConverter: str(uuid.UUID(int=0))}
BEYOND = {IntConverter: "9" * 30, UUIDConverter: str(uuid.UUID(int=2**128 - 1))}
"""Numbers no database can hold."""


def routes() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each route with the converters of what it takes."""
    yield from _below(get_resolver(), "", {})


def _below(resolver: Any, before: str, taken: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for pattern in resolver.url_patterns:
        route, all_taken = before + str(pattern.pattern), taken | pattern.pattern.converters
        if isinstance(pattern, URLResolver):
            yield from _below(pattern, route, all_taken)
        elif isinstance(pattern, URLPattern):
            yield "/" + route, all_taken


def filled(route: str, taken: Mapping[str, Any], values: Mapping[type, str]) -> str:
    """Return the address of a route; what `values` does not know is called `absent`."""
    parts = route.split("<")
    address = parts[0]
    for part in parts[1:]:
        inside, _, rest = part.partition(">")
        name = inside.rpartition(":")[2]
        known = "csv" if name == "ending" else values.get(type(taken[name]), "absent")
        address += known + rest
    return address
