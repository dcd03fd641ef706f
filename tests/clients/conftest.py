"""A running site for real clients, and pages of another origin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.live import Site, Source, running_site
from support.shop import Shop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

INSTALLED = Path(__file__).resolve().parents[2] / ".venv" / "clients"


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    """Run one site for all clients; each test has a source of its own."""
    yield from running_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def installed() -> Path:
    """Return where the clients from npm are."""
    if not (INSTALLED / "installed.json").is_file():
        pytest.fail("the clients are not installed: run scripts/test once")
    return INSTALLED


@pytest.fixture(scope="session")
def browser_source(site) -> Source:
    """Return one source for all tests of the tracker; each has its own way to the site."""
    return site.source()


@pytest.fixture
def shop(site, browser_source) -> Iterator[Shop]:
    """Open a shop that uses the tracker as it comes."""
    shop = Shop(site.url, browser_source.browser)
    yield shop
    shop.close()


@pytest.fixture
def context(chromium) -> Iterator[BrowserContext]:
    """Return a browser nobody has used yet."""
    context = chromium.new_context(viewport={"width": 1000, "height": 700})
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def page(context) -> Page:
    """Return an empty page in it."""
    return context.new_page()
