"""Discovery in real Chromium: many adopted by keyboard, every look accessible, without scripts too."""

from __future__ import annotations

import pytest
from discovery_samples import candidate

from support.axe import violations
from support.looks import EVERY_LOOK
from wegmarke.plan import queries as plans

pytestmark = pytest.mark.browser
URL = "/map/discovery/"


def several():
    return [
        candidate(f"event {letter}", persons=900 - at, hints=("rating",))
        for at, letter in enumerate("abcdef")
    ]


def test_five_are_adopted_at_once_by_keyboard(signed_in_page, keep):
    keep(*several())
    page = signed_in_page
    page.goto(URL)
    picked = []
    page.locator("#candidates button[name=adopt]").first.focus()
    while len(picked) < 5:
        page.keyboard.press("Tab")
        focused = page.evaluate("[document.activeElement.name, document.activeElement.value]")
        if focused[0] == "pick":
            page.keyboard.press("Space")
            picked.append(focused[1])
            if len(picked) == 1:
                page.keyboard.press("Tab")
                page.keyboard.press("Control+A")
                page.keyboard.type("Gespräch im Laden")
    assert page.locator("[data-checked-count]").inner_text() == "5 selected"
    with page.expect_navigation():
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    assert "5 touchpoints were added to the plan" in page.locator(".alert-success").inner_text()
    assert [one.name.en for one in plans.current().plan.touchpoints] == [
        *("Order", "Gespräch im Laden", "Event b", "Event c", "Event d", "Event e")
    ]
    assert page.locator(".wm-candidate").count() == 1


def test_all_are_selected_with_one_box(signed_in_page, keep):
    keep(*several())
    page = signed_in_page
    page.goto(URL)
    page.locator("[data-check-all]").check()
    assert page.locator("input[name=pick]:checked").count() == 6
    page.locator("input[name=pick]").first.uncheck()
    assert page.locator("[data-checked-count]").inner_text() == "5 selected"
    assert page.locator("[data-check-all]").evaluate("box => box.indeterminate")


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_every_look_is_accessible_and_fits(signed_in_page, keep, look):
    keep(
        *several(),
        candidate("order_placed" * 8, like="order"),
        candidate("health_check", technical=True, channel=None, phase=None),
    )
    page = signed_in_page
    for query in ("", "?show=like", "?show=technical", "?show=left-alone", "?q=nothing"):
        page.goto(URL + query)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_it_works_without_scripts(chromium, live_server, session_cookie, keep):
    keep(*several())
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="en-GB")
    context.add_cookies([session_cookie])
    page = context.new_page()
    page.goto(URL)
    page.locator("input[name=pick]").nth(0).check()
    page.locator("input[name=pick]").nth(2).check()
    page.get_by_role("button", name="Adopt the selected").click()
    assert "2 touchpoints were added" in page.locator(".alert-success").inner_text()
    page.locator("button[name=leave][value]:not([value=''])").first.click()
    assert "1 entry is remembered" in page.locator(".alert-success").inner_text()
    context.close()
