"""Erasing somebody in a real browser; the pages in every look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from canaries import ANNA, BEN, fill, work
from django.utils import timezone
from playwright.sync_api import expect

from support.axe import look_at
from support.looks import EVERY_LOOK
from wegmarke.capture.sources import services as sources
from wegmarke.people.erasure import services, tombstones
from wegmarke.people.erasure.contracts import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/people/erasure/"
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def lived() -> None:
    tombstones.forget()
    source = sources.add_source(name="Shop", by=None, now=NOW)
    fill(source, [ANNA, BEN], NOW - timedelta(minutes=1))


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_pages_are_sound_in_every_look(signed_in_page, look):
    page = signed_in_page
    number = services.request(
        identifiers=BEN.identifiers, ground=Ground.WITHDRAWN, reference="2026-17", by=None, now=NOW
    )
    work(NOW)
    page.goto(HOME)
    look_at(page, look, "erasures")
    page.locator("#q").fill(ANNA.user)
    page.locator("#q").press("Enter")
    page.wait_for_url(f"**{HOME}person/")
    look_at(page, look, "erase-person")
    page.goto(f"{HOME}{number}/")
    look_at(page, look, "erasure")
    page.goto(f"{HOME}retention/?count=1")
    look_at(page, look, "retention")


def test_somebody_is_erased(signed_in_page):
    page = signed_in_page
    page.goto(HOME)
    page.get_by_role("searchbox").fill(ANNA.user)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("checkbox", name=ANNA.user, exact=True)).to_be_checked()
    expect(page.get_by_role("checkbox", name=f"{ANNA.visitor} Visitor")).to_be_checked()
    page.get_by_label("Ground").select_option("objection")
    page.get_by_label("I know that this cannot be taken back.").check()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("heading", name="Requested")).to_be_visible()
    work(timezone.now())
    page.reload()
    expect(page.get_by_role("heading", name="Old copies are going")).to_be_visible()
