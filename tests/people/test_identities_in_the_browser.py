"""Deciding who somebody is in a real browser; both pages in every look."""

from __future__ import annotations

import pytest
from people_stories import TABLET, live
from playwright.sync_api import expect

from support.axe import look_at
from support.looks import EVERY_LOOK
from wegmarke.people import queries

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/people/identities/"


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_pages_are_sound_in_every_look(signed_in_page, look):
    live()
    signed_in_page.goto(f"{HOME}?q=0d6a")
    look_at(signed_in_page, look, "identities")
    signed_in_page.goto(f"{HOME}person/?id=kim@example.com")
    look_at(signed_in_page, look, "person")


def test_a_conflict_is_decided_and_taken_back(signed_in_page):
    live()
    page = signed_in_page
    page.goto(HOME)
    page.get_by_role("link", name="Decide").click()
    page.get_by_role("radio", name="kim@example.com").check()
    page.get_by_label("Why?").first.fill("Only she has the PIN")
    page.get_by_role("button", name="It is this person").click()
    expect(page.get_by_text("Joined. The journeys are built anew with it.")).to_be_visible()
    expect(page.get_by_role("heading", name="kim@example.com")).to_be_visible()
    assert queries.resolution().person_of(TABLET) == "kim@example.com"
    page.goto(HOME)
    expect(page.get_by_text("No visitor is linked with several persons")).to_be_visible()
    page.get_by_role("button", name="Joined by hand: Take back").first.click()
    expect(page.get_by_role("link", name="Decide")).to_be_visible()
