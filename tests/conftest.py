"""Fixtures all tests may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.shared_data import shared_data, skip_without_data

if TYPE_CHECKING:
    import pytest

__all__ = ["shared_data"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what cannot run here."""
    skip_without_data(items)
