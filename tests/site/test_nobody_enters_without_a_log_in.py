"""Every address there is asks for a log-in, but those that must not."""

from __future__ import annotations

import uuid

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

OPEN = {"/health", "/account/log-in/", "/account/language/", "/hooks/x/"}  # webhooks are signed instead


def addresses(resolver=None, before=""):
    """Yield every address of the site, with values put in where it takes some."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = str(pattern.pattern)
        for name, converter in pattern.pattern.converters.items():
            value = {IntConverter: "1", UUIDConverter: str(uuid.UUID(int=1))}.get(type(converter), "x")
            route = next(
                route.replace(part, value) for part in _placeholders(route) if part.rstrip(">").endswith(name)
            )
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, before + route)
        elif isinstance(pattern, URLPattern):
            yield "/" + before + route


def _placeholders(route: str) -> list[str]:
    return ["<" + part.partition(">")[0] + ">" for part in route.split("<")[1:]]


def test_the_list_of_addresses_is_not_empty():
    assert {"/health", "/account/log-in/", "/account/password/"} <= set(addresses())


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.django_db
def test_every_address_but_the_open_ones_leads_to_the_log_in(client, method):
    for address in set(addresses()) - OPEN:
        answer = getattr(client, method)(address)
        assert answer.status_code == 302, address
        assert answer.url.startswith("/account/log-in/?next="), address


@pytest.mark.django_db
def test_an_address_that_does_not_exist_tells_nothing_without_a_log_in(client):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert b"Journey" not in answer.content
