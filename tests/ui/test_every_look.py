"""The shell in both languages, both themes, on a screen and on a phone."""

from __future__ import annotations

import pytest

from support.axe import violations
from support.looks import ALL_COMBINATIONS, PASSWORD

pytestmark = pytest.mark.browser

SMALL = """
    all => all
        .filter(one => one.getClientRects().length)
        .filter(one => !one.closest("p, td, th, .breadcrumb, .visually-hidden, .wm-skip"))
        .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
        .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
        .map(([html, box]) => `${box.width}x${box.height} ${html}`)
"""


@pytest.mark.parametrize("look", ALL_COMBINATIONS, ids=str)
def test_nothing_in_the_shell_is_out_of_reach(components, browser_page, colleague, console_problems, look):
    page = browser_page
    page.goto("/account/log-in/")
    assert violations(page) == []
    page.locator("[name=username]").fill(colleague.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name={"de": "Anmelden", "en": "Log in"}[look.language]).click()
    page.wait_for_url("**/")
    assert page.locator("html").get_attribute("lang") == look.language
    assert page.locator("html").get_attribute("data-bs-theme") == look.theme
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= look.width
    if look.width < 992:
        page.locator(".wm-burger").click()
        page.locator("#navigation.show").wait_for()
        assert violations(page) == []
        assert page.locator("a, button, summary").evaluate_all(SMALL) == []
    page.goto("/account/password/")
    assert violations(page) == []
    page.goto("/there/is/none")
    console_problems.clear()  # the browser reports the 404 itself
    assert violations(page) == []


def test_a_phone_of_320_pixels_scrolls_in_one_direction_only(components, signed_in_page):
    signed_in_page.set_viewport_size({"width": 320, "height": 640})
    assert signed_in_page.evaluate("document.documentElement.scrollWidth") <= 320
