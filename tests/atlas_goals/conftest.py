"""Fixtures of these pages."""

from datetime import date

import pytest

from support.stored import nothing_remembered, reader, store
from wegmarke.atlas.goals import views

__all__ = ["nothing_remembered", "reader", "store"]


@pytest.fixture(autouse=True)
def soon_after_the_figures(monkeypatch):
    """The hand-made figures end in October 2024, and the goals on them later: look at them in between."""
    monkeypatch.setattr(views, "localdate", lambda: date(2024, 11, 10))
