"""Fixtures of discovery: somebody who looks at the page, and what the worker found."""

from __future__ import annotations

import pytest
from discovery_samples import PLAN, candidate, found
from django.utils import timezone

from wegmarke.atlas.discovery import queries, storing
from wegmarke.atlas.models import Discovery
from wegmarke.plan import services as plans


@pytest.fixture(autouse=True)
def _nothing_remembered():
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def plan(db):
    """Return a saved plan with two phases and one touchpoint."""
    return plans.save(PLAN, by=None, now=timezone.now()).plan


@pytest.fixture
def keep(plan):
    """Return a function that keeps candidates as the worker would."""

    def put(*candidates):
        now = timezone.now()
        return Discovery.objects.create(
            log_change=Discovery.objects.count() + 1,
            plan_version=1,
            basis=1,
            ignored=0,
            shape=storing.shape(),
            noticed_at=now,
            due_at=now,
            done_at=now,
            payload=storing.write(found(*(candidates or (candidate("call"), candidate("chat"))))),
        )

    return put


@pytest.fixture
def reader(client, django_user_model):
    """Return a client that is logged in as an administrator; `reader.become(role, language)` changes it."""
    user = django_user_model.objects.create_user("kim", language="en", role="admin")
    client.force_login(user)

    def become(role: str = "admin", language: str = "en") -> None:
        user.role, user.language = role, language
        user.save()

    client.become = become
    return client
