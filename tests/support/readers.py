"""Fixtures of the pages above the insights: a stored analysis, and people of every role who look at pages."""

from __future__ import annotations

import pytest
from django.utils import timezone

from support.insights import analysis
from wegmarke.insights import queries, storing
from wegmarke.insights.models import Refresh, StoredInsight
from wegmarke.plan import services as plans


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Begin each test without what a process keeps."""
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def store():
    """Return a function that stores an analysis as the worker would, under a saved plan."""

    def put(found=None, *, saved: bool = True):
        found = analysis() if found is None else found
        now = timezone.now()
        version = plans.save(found.plan, by=None, now=now).version if saved else 0
        run = Refresh.objects.create(
            shape=storing.shape(),
            log_change=Refresh.objects.count() + 1,
            plan_version=version,
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
        return run

    return put


@pytest.fixture
def log_in(client, django_user_model):
    """Return a function that logs a client in as somebody of a role and returns it."""

    def as_role(role: str = "editor", name: str = "kim", language: str = "en"):
        user = django_user_model.objects.create_user(name, language=language, role=role)
        client.force_login(user)
        return client

    return as_role
