"""Fixtures for pages of the plan beside the record: stored figures, and readers of every role."""

from __future__ import annotations

import pytest

from support.insights import analysis
from support.stored import nothing_remembered, store_analysis
from wegmarke.plan import queries as plans

__all__ = ["as_role", "figures", "nothing_remembered"]


@pytest.fixture
def figures():
    """Return a function that saves a plan, stores figures of it, and returns its version."""

    def put(found=None):
        store_analysis(analysis() if found is None else found)
        return plans.current()

    return put


@pytest.fixture
def as_role(client, django_user_model):
    """Return a function that logs somebody of a role in, by name and language."""

    def enter(role: str = "editor", name: str = "kim", language: str = "en"):
        user = django_user_model.objects.create_user(name, language=language, role=role)
        client.force_login(user)
        return client

    return enter
