"""Every page names whose site it is: the name of the plan, once somebody gave it one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from wegmarke.plan import services
from wegmarke.plan.contracts import Text
from wegmarke.plan.rules import FIRST

pytestmark = pytest.mark.django_db

PAGES = ("/", "/map/", "/map/touchpoints/", "/account/password/", "/settings/import/")


@pytest.fixture
def reader(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("ada", password="seven-green-parcels"))
    return client


def name_the_plan(name: Text) -> None:
    services.save(replace(FIRST, name=name), by=None, now=timezone.now())


def company_on(page: str) -> str:
    _before, found, after = page.partition('<span class="wm-company"')
    return after.partition(">")[2].partition("<")[0] if found else ""


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(("language", "name"), [("de", "Rösterei Nord"), ("en", "North Roastery")])
def test_the_name_stands_in_the_navigation_in_the_readers_language(reader, address, language, name):
    name_the_plan(Text(de="Rösterei Nord", en="North Roastery"))
    page = reader.get(address, headers={"accept-language": language}).content.decode()
    assert company_on(page) == name


@pytest.mark.parametrize("address", PAGES)
def test_before_anybody_named_the_plan_nothing_stands_there(reader, address):
    assert company_on(reader.get(address).content.decode()) == ""
    services.save(FIRST, by=None, now=timezone.now())
    assert company_on(reader.get(address).content.decode()) == ""


def test_a_hostile_name_is_only_a_name(reader):
    name_the_plan(Text(de='"><script>x', en='"><script>x'))
    page = reader.get("/map/").content.decode()
    assert company_on(page) == "&quot;&gt;&lt;script&gt;x"
    assert "<script>x" not in page


def test_who_is_not_logged_in_learns_no_name(client):
    name_the_plan(Text(de="Rösterei Nord", en="North Roastery"))
    page = client.get("/account/log-in/").content.decode()
    assert "Rösterei" not in page
    assert "Roastery" not in page
