"""A source with two keys."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def source(transactional_db) -> int:
    from wegmarke.capture.sources import services

    return services.add_source(name="Shop", by=None, now=NOW)


@pytest.fixture
def server_key(source) -> str:
    from wegmarke.capture.sources import services

    return services.make_key(source=source, browser=False, by=None, now=NOW).text


@pytest.fixture
def browser_key(source) -> str:
    from wegmarke.capture.sources import services

    return services.make_key(source=source, browser=True, by=None, now=NOW).text


@pytest.fixture
def api():
    from wegmarke.capture.receiving import http, keys

    api = http.EventApi(keys=keys.Keys())
    yield api
    api.committer.close()
