"""Fixtures of time lines: nothing remembered from another test."""

from __future__ import annotations

import pytest

from wegmarke.people import queries


@pytest.fixture(autouse=True)
def nothing_remembered():
    queries.forget()
    yield
    queries.forget()
