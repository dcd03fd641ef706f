"""The pages of an import, asked as a browser without scripts asks them."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from support.imports import CSV, NOW
from wegmarke.capture import steps
from wegmarke.capture.models import Import
from wegmarke.plan import queries as plans

pytestmark = pytest.mark.django_db

HOME = "/settings/import/"


@pytest.fixture
def person(django_user_model):
    return django_user_model.objects.create_user("kim", password="x", language="en")


@pytest.fixture
def browser(client, person):
    client.force_login(person)
    return client


def upload(client, content: bytes = CSV, name: str = "events.csv", **extra):
    return client.post(HOME, {"file": SimpleUploadedFile(name, content)}, **extra)


def columns_form(**changed):
    form = {"person": "0", "time": "1", "event": "2", "timezone": "Europe/Berlin", "attributes": ["3"]}
    return form | changed


def test_a_file_goes_all_the_way_from_upload_to_the_log(browser, person, django_capture_on_commit_callbacks):
    answer = upload(browser)
    columns = answer["Location"]
    page = browser.get(columns).content.decode()
    assert "by its name" in page
    assert "6 rows would be read" in page
    meaning = browser.post(columns, columns_form())["Location"]
    page = browser.get(meaning).content.decode()
    code = re.search(r'name="leaving" value="(\w+)"[^>]*checked', page).group(1)
    detail = browser.post(meaning, {"kind": "events", "leaving": code, "horizon_days": "30"})["Location"]
    assert "Waiting for the worker" in browser.get(detail).content.decode()
    assert steps.import_one(NOW.replace(year=2036))
    page = browser.get(detail).content.decode()
    assert "6 events are in the log." in page
    plan = plans.current().plan
    assert (plan.leaving.touchpoints, plan.attributes) == (("Cancellation",), ("segment",))
    assert plan.unbound_names_are_touchpoints
    assert Import.objects.get().created_by == person
