"""People of every role who look at pages. A conftest takes the fixture by importing it from here."""

from __future__ import annotations

import pytest


@pytest.fixture
def log_in(client, django_user_model):
    """Return a function that logs a client in as somebody of a role and returns it, with its `user`."""

    def as_role(role: str = "editor", name: str = "kim", language: str = "en"):
        client.user = django_user_model.objects.create_user(name, language=language, role=role)
        client.force_login(client.user)
        return client

    return as_role
