"""Fixtures and values of audit, matrix and brand: a stored analysis, and people of every role."""

from __future__ import annotations

import pytest
from django.utils import timezone, translation

from support.insights import analysis
from wegmarke.insights import queries, storing
from wegmarke.insights.models import Refresh, StoredInsight
from wegmarke.plan import services as plans


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Begin each test in English and without what a process keeps."""
    queries.forget()
    with translation.override("en"):
        yield
    queries.forget()


@pytest.fixture
def store():
    """Return a function that stores an analysis as the worker would, under a saved plan."""

    def put(found=None, *, of=None, saved: bool = True):
        found = analysis() if found is None else found
        now = timezone.now()
        basis = plans.save(of or found.plan, by=None, now=now).basis if saved else 0
        run = Refresh.objects.create(
            shape=storing.shape(),
            log_change=Refresh.objects.count() + 1,
            plan_version=basis,
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
def enter(client, django_user_model):
    """Return a function that logs somebody in with a role and returns their client."""

    def come(role: str = "editor", name: str = "kim", language: str = "en"):
        user = django_user_model.objects.create_user(name, language=language, role=role)
        client.force_login(user)
        client.user = user
        return client

    return come
