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
from wegmarke.plan import services as plans

if TYPE_CHECKING:
    from wegmarke.insights.contracts import Analysis


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Begin and end each test without what a process keeps."""
    queries.forget()
    yield
    queries.forget()


def store_analysis(found: Analysis) -> Refresh:
    """Save the plan of an analysis and store its figures as the worker would."""
    now = timezone.now()
    run = Refresh.objects.create(
        shape=storing.shape(),
        log_change=Refresh.objects.count() + 1,
        plan_version=plans.save(found.plan, by=None, now=now).basis,
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
    return lambda found=None: store_analysis(analysis() if found is None else found)


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
