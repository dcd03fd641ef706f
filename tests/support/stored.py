"""Fixtures of pages that show the plan beside the record: a stored analysis, and somebody who looks at it.

A conftest takes them by importing them from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from support.insights import analysis
from wegmarke.insights import queries, storing
from wegmarke.insights.models import Refresh, StoredInsight
from wegmarke.plan import queries as saved_plans
from wegmarke.plan import services as plans

if TYPE_CHECKING:
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Plan


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Begin and end each test without what a process keeps."""
    queries.forget()
    yield
    queries.forget()


def store_analysis(found: Analysis, *, of: Plan | None = None, saved: bool = True) -> Refresh:
    """Store the figures of an analysis as the worker would, under its plan saved first (or another, `of`)."""
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


@pytest.fixture
def store():
    """Return a function that stores an analysis; left out, the one made by hand."""

    def put(found=None, *, of=None, saved: bool = True):
        return store_analysis(analysis() if found is None else found, of=of, saved=saved)

    return put


@pytest.fixture
def figures():
    """Return a function that saves a plan, stores figures of it, and returns its version."""

    def put(found=None):
        store_analysis(analysis() if found is None else found)
        return saved_plans.current()

    return put


@pytest.fixture
def reader(client, django_user_model):
    """Return a client that is logged in; `reader.role("viewer")` and `reader.language("de")` change it."""
    user = django_user_model.objects.create_user("kim", language="en", role="admin")
    client.force_login(user)

    def change(field):
        def put(value: str) -> None:
            setattr(user, field, value)
            user.save()

        return put

    client.role, client.language = change("role"), change("language")
    return client
