"""Fixtures of people: nothing remembered from another test, an officer, two persons in every store."""

from __future__ import annotations

from datetime import timedelta

import pytest
from canaries import ANNA, BEN, fill
from django.test import Client
from django.utils import timezone

from wegmarke.capture.sources import services as sources
from wegmarke.people import queries
from wegmarke.people.erasure import tombstones
from wegmarke.team.contracts import Role
from wegmarke.team.models import User


@pytest.fixture(autouse=True)
def nothing_remembered():
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def officer() -> Client:
    tombstones.forget()
    browser = Client()
    browser.force_login(User.objects.create_user("dora", role=Role.OFFICER, language="en"))
    return browser


@pytest.fixture
def lived() -> None:
    source = sources.add_source(name="Shop", by=None, now=timezone.now())
    fill(source, [ANNA, BEN], timezone.now() - timedelta(minutes=1))
