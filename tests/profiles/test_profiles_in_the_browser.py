"""Persons and accounts in a real browser: every page in every look, and a time line that stays current."""

from __future__ import annotations

import re

import pytest
from lives import ACME, HOME, KIM, LOU, account_page, append, build, event, live, page_of
from playwright.sync_api import expect

from support.axe import look_at
from support.looks import EVERY_LOOK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_pages_are_sound_in_every_look(signed_in_page, look):
    live()
    build()
    page = signed_in_page
    for name, address in {
        "persons": HOME,
        "person": page_of(KIM),
        "narrowed": page_of(KIM, feel="bad"),
        "accounts": f"{HOME}accounts/",
        "account": account_page(ACME),
    }.items():
        page.goto(address)
        look_at(page, look, name)


def test_what_happens_appears_by_itself_and_what_is_unfolded_stays_so(signed_in_page):
    live()
    page = signed_in_page
    page.goto(page_of(KIM))
    failed = page.locator(".wm-entry-line", has_text="Payment Failed")
    failed.locator("summary").click()
    append("2", [event(KIM, 6, "Order Completed", value=12)])
    expect(page.locator(".wm-entry-line").first).to_contain_text("value 12.00", timeout=15_000)
    expect(failed.locator("dl")).to_be_visible()


def test_filters_narrow_down_at_once_and_stand_in_the_address(signed_in_page):
    live()
    build()
    page = signed_in_page
    page.goto(page_of(KIM))
    page.get_by_text("More filters").click()
    page.get_by_label("Experience").select_option("bad")
    expect(page.locator(".wm-entry-line")).to_have_count(1)
    expect(page).to_have_url(re.compile("feel=bad"))
    page.reload()
    expect(page.locator(".wm-entry-line")).to_have_count(1)
    expect(page.get_by_label("Experience")).to_have_value("bad")


def test_older_entries_are_added_below(signed_in_page):
    live()
    append("2", [event(LOU, 10 + at / 100, f"Event {at}") for at in range(70)])
    page = signed_in_page
    page.goto(page_of(LOU))
    expect(page.locator(".wm-entry-line")).to_have_count(50)
    page.get_by_role("link", name="Older entries").click()
    expect(page.locator(".wm-entry-line")).to_have_count(73)
    expect(page.get_by_role("link", name="Older entries")).to_have_count(0)
