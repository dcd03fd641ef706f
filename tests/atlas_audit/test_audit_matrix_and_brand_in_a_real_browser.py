"""Audit, matrix and brand in Chromium: every look, by keyboard, and the main ways through them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.axe import violations
from support.insights import HOSTILE, analysis, hostile_analysis
from support.looks import EVERY_LOOK, Look
from wegmarke.plan import queries as plans
from wegmarke.plan.contracts import Promise, Text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/map/audit/",
    "/map/audit/?kind=no_purpose&severity=medium",
    "/map/audit/accept/?finding=no_purpose:checkout",
    "/map/matrix/",
    "/map/matrix/?across=department&count=touches&phase=use",
    "/map/brand/",
    "/map/brand/?by=Segment",
    "/map/brand/promise/quick/",
]


def with_promise():
    found = analysis()
    quick = Promise("quick", Text("Schnelle Hilfe", "Quick help"))
    touchpoints = tuple(
        replace(one, promises=("quick",), channel="mail", department="Shop", per_quarter=2.0)
        if one.key == "coupon_mail"
        else replace(one, channel="web")
        for one in found.plan.touchpoints
    )
    return replace(found, plan=replace(found.plan, promises=(quick,), touchpoints=touchpoints))


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_every_page_is_accessible_and_fits(signed_in_page, store, look):
    page = signed_in_page
    store(with_promise())
    for address in PAGES:
        assert page.goto(address).status == 200, address
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth") <= look.width, address
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= look.width, address
        assert page.locator("html").get_attribute("lang") == look.language


@pytest.mark.parametrize("look", [Look("de"), Look(theme="dark", width=390)], ids=str)
def test_every_page_is_accessible_before_there_is_anything(signed_in_page, look):
    for address in ("/map/audit/", "/map/matrix/", "/map/brand/", "/map/brand/promise/"):
        signed_in_page.goto(address)
        assert violations(signed_in_page) == [], address
        assert signed_in_page.evaluate("document.documentElement.scrollWidth") <= look.width, address


def test_hostile_names_never_run(signed_in_page, store):
    store(hostile_analysis(), saved=False)
    opened = []
    signed_in_page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    for address in ("/map/audit/", "/map/matrix/?count=touches", "/map/brand/"):
        assert signed_in_page.goto(address).status == 200, address
        signed_in_page.wait_for_load_state("load")
    signed_in_page.goto("/map/audit/")
    assert signed_in_page.locator("#table-verdicts").get_by_text(HOSTILE[0], exact=True).count() > 0
    assert opened == []


def test_a_finding_is_accepted_and_opened_again_by_keyboard(signed_in_page, store):
    page = signed_in_page
    store(with_promise())
    page.goto("/map/audit/?kind=no_purpose")
    leave = page.locator("#kind-no_purpose li", has_text="“Payment”").get_by_role("link", name="Leave it so")
    leave.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.get_by_label("Why is it left as it is?").focus()
    page.keyboard.type("Decided in spring")
    with page.expect_navigation():
        page.get_by_role("button", name="Leave it so").press("Enter")
    page.goto("/map/audit/?accepted=1")
    assert page.get_by_text("Decided in spring").is_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Open again").press("Enter")
    assert page.get_by_text("The finding is open again.").is_visible()


def test_filters_lead_to_an_address_that_can_be_shared(signed_in_page, store):
    page = signed_in_page
    store(with_promise())
    page.goto("/map/audit/")
    page.get_by_label("Department", exact=True).select_option("Shop")
    with page.expect_navigation():
        page.get_by_role("button", name="Show", exact=True).click()
    assert "department=Shop" in page.url
    assert page.locator("#kind-no_purpose li").count() == 1


def test_a_cell_of_the_matrix_opens_its_touchpoints_by_keyboard(signed_in_page, store):
    page = signed_in_page
    store(with_promise())
    page.goto("/map/matrix/?count=touches")
    page.locator(".wm-matrix td a").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("#table-cell tbody tr").count() > 0


def test_a_promise_is_ticked_at_another_touchpoint(signed_in_page, store):
    page = signed_in_page
    store(with_promise())
    page.goto("/map/brand/")
    page.get_by_label("Payment: Quick help").check()
    with page.expect_navigation():
        page.locator("#assignment").get_by_role("button", name="Save").click()
    assert plans.current().plan.touchpoint("checkout").promises == ("quick",)
    assert page.get_by_label("Payment: Quick help").is_checked()
