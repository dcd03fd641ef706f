"""A running site for real clients, and pages of another origin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.live import Site, running_site

if TYPE_CHECKING:
    from collections.abc import Iterator

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
