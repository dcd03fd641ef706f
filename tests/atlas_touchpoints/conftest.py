"""Fixtures of the inventory: a plan with figures, and colleagues of every role who look at it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from support.insights import analysis
from support.inventory import plan
from support.stored import store_analysis
from wegmarke.insights import queries as insights
from wegmarke.plan import queries as plans
from wegmarke.plan import services


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Begin each test without the figures a process keeps."""
    insights.forget()
    yield
    insights.forget()


@pytest.fixture
def company():
    """Store a plan of seven touchpoints and its figures; changes to the plan may be given."""

    def put(**changes):
        found = replace(plan(), **changes)
        store_analysis(analysis(plan=found))
        return found

    return put


@pytest.fixture
def colleague_with(client, django_user_model):
    """Log in somebody of this role and return the client."""

    def log_in(role="editor", name="kim", language="en"):
        user = django_user_model.objects.create_user(name, language=language, role=role)
        client.force_login(user)
        client.user = user
        return client

    return log_in


@pytest.fixture
def editor(colleague_with):
    """Return the client of an editor."""
    return colleague_with()


@pytest.fixture
def now_planned():
    """Return the plan as it stands."""

    def read():
        return plans.current().plan

    return read


@pytest.fixture
def saved():
    """Save a plan without figures."""

    def save(found):
        return services.save(found, by=None, now=timezone.now())

    return save
