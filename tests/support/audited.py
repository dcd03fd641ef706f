"""Fixtures and values of audit, matrix and brand: a stored analysis, and people of every role."""

from __future__ import annotations

import pytest

from support.stored import nothing_remembered, store

__all__ = ["enter", "nothing_remembered", "store"]


@pytest.fixture
def enter(client, django_user_model):
    """Return a function that logs somebody in with a role and returns their client."""

    def come(role: str = "editor", name: str = "kim", language: str = "en"):
        user = django_user_model.objects.create_user(name, language=language, role=role)
        client.force_login(user)
        client.user = user
        return client

    return come
