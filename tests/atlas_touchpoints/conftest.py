"""Fixtures of the inventory: a plan with figures, and colleagues of every role who look at it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from support.insights import analysis
from support.inventory import plan
from support.readers import log_in
from support.stored import nothing_remembered, store_analysis
from wegmarke.plan import queries as plans
from wegmarke.plan import services

__all__ = ["log_in", "nothing_remembered"]


@pytest.fixture
def company():
    """Store a plan of seven touchpoints and its figures; changes to the plan may be given."""

    def put(**changes):
        found = replace(plan(), **changes)
        store_analysis(analysis(plan=found))
        return found

    return put


@pytest.fixture
def editor(log_in):
    """Return the client of an editor."""
    return log_in()


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
