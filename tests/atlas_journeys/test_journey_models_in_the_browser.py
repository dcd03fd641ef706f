"""Journey models in Chromium: every look, and an editor who uses the keyboard alone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from support.axe import violations
from support.insights import plan
from support.looks import EVERY_LOOK
from wegmarke.plan import queries, services

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_pages_are_accessible_and_fit(signed_in_page, look):
    page = signed_in_page
    services.save(plan(), by=None, now=timezone.now())
    for address in (
        "/plan/journeys/",
        "/plan/journeys/edit/",
        "/plan/journeys/edit/main/",
        "/plan/journeys/remove/main/",
    ):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= look.width, address


def test_a_phase_is_added_named_and_moved_forward_by_keyboard(signed_in_page):
    page = signed_in_page
    services.save(plan(), by=None, now=timezone.now())
    page.goto("/plan/journeys/edit/main/")
    page.locator("#add").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'phase-2-de'")
    page.keyboard.type("Beratung")
    page.locator("#phase-2-up").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'phase-1-up'")
    page.locator("#phase-1-en").focus()
    page.keyboard.type("Advice")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert [phase.name.en for phase in queries.current().plan.phases] == ["Purchase", "Advice", "Use"]
