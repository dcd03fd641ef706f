"""Fixtures of the pages above the insights: a stored analysis, and people of every role who look at pages."""

from __future__ import annotations

import pytest

from support.stored import nothing_remembered, store

__all__ = ["log_in", "nothing_remembered", "store"]


@pytest.fixture
def log_in(client, django_user_model):
    """Return a function that logs a client in as somebody of a role and returns it."""

    def as_role(role: str = "editor", name: str = "kim", language: str = "en"):
        user = django_user_model.objects.create_user(name, language=language, role=role)
        client.force_login(user)
        return client

    return as_role
