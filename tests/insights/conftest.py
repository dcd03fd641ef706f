"""Fixtures of the insights: a stored analysis without a log behind it, and somebody who looks at it."""

from __future__ import annotations

import pytest

from support.stored import nothing_remembered, store

__all__ = ["nothing_remembered", "reader", "store"]


@pytest.fixture
def reader(client, django_user_model):
    """Return a client that is logged in; `reader.language("de")` changes what it reads."""
    user = django_user_model.objects.create_user("kim", language="en", role="admin")
    client.force_login(user)

    def language(code: str) -> None:
        user.language = code
        user.save()

    client.language = language
    return client
