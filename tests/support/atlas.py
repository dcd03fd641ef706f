"""Fixtures for pages of the plan beside the record: stored figures, and readers of every role."""

from __future__ import annotations

import pytest
from django.utils import timezone

from support.insights import analysis
from wegmarke.insights import queries, storing
from wegmarke.insights.models import Refresh, StoredInsight
from wegmarke.plan import services as plans

__all__ = ["as_role", "figures", "nothing_remembered"]


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Begin each test without what a process keeps."""
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def figures():
    """Return a function that saves a plan and stores the figures of an analysis of it."""

    def put(found=None):
        found = analysis() if found is None else found
        now = timezone.now()
        version = plans.save(found.plan, by=None, now=now)
        run = Refresh.objects.create(
            shape=storing.shape(),
            log_change=Refresh.objects.count() + 1,
            plan_version=version.basis,
            noticed_at=now,
            due_at=now,
            done_at=now,
        )
        StoredInsight.objects.bulk_create(
            StoredInsight(
                refresh=run, kind=kind, key=key, parameters=parameters, payload=payload, computed_at=now
            )
            for kind, key, parameters, payload in storing.rows_of(found)
        )
        return version

    return put


@pytest.fixture
def as_role(client, django_user_model):
    """Return a function that logs somebody of a role in, by name and language."""

    def enter(role: str = "editor", name: str = "kim", language: str = "en"):
        user = django_user_model.objects.create_user(name, language=language, role=role)
        client.force_login(user)
        return client

    return enter
