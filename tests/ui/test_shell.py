"""How the shell behaves in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.looks import Look

pytestmark = pytest.mark.browser


def theme(page) -> str:
    return page.locator("html").get_attribute("data-bs-theme")


def test_the_theme_follows_the_system_until_one_is_chosen_and_is_remembered(browser_page):
    page = browser_page
    page.goto("/account/log-in/")
    page.emulate_media(color_scheme="dark")
    assert theme(page) == "dark"
    page.get_by_role("button", name="Light").click()
    assert theme(page) == "light"
    page.reload()
    assert theme(page) == "light"
    expect(page.get_by_role("button", name="Light")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="As the system").click()
    assert theme(page) == "dark"


def test_the_theme_is_set_before_anything_is_painted(browser_page):
    browser_page.goto("/account/log-in/")
    script = browser_page.locator("head script").first
    assert "theme" in script.get_attribute("src")
    assert script.get_attribute("defer") is None
    assert script.evaluate("s => !!(s.compareDocumentPosition(document.querySelector('link')) & 4)")


def test_the_language_switch_keeps_the_page(components, signed_in_page):
    page = signed_in_page
    page.goto("/understand/moments/?segment=a")
    page.get_by_role("button", name="Deutsch").click()
    page.wait_for_url("**/understand/moments/?segment=a")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#figures")).to_have_text("1.234.567,9 · 12,3 % · +12,3")


def test_the_navigation_is_reached_and_used_by_keyboard_alone(components, signed_in_page):
    page = signed_in_page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        if reached[-1] == "Paths":
            break
    assert [
        name for name in reached if name in {"Overview", "Lived journey", "Moments", "Funnels", "Paths"}
    ] == [
        "Overview",
        "Lived journey",
        "Moments",
        "Funnels",
        "Paths",
    ]
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/understand/paths/")
    expect(page.locator("[aria-current=page]").first).to_have_text("Paths")


def test_skipping_lands_in_the_content(components, signed_in_page):
    signed_in_page.keyboard.press("Tab")
    signed_in_page.keyboard.press("Enter")
    assert signed_in_page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("look", [Look(width=390)], ids=str)
def test_on_a_phone_the_places_open_and_close(components, signed_in_page, look):
    page = signed_in_page
    places = page.get_by_role("link", name="Moments")
    expect(places).to_be_hidden()
    menu = page.get_by_role("button", name="Menu")
    menu.press("Enter")
    expect(places).to_be_visible()
    expect(menu).to_have_attribute("aria-expanded", "true")
    menu.click()
    expect(places).to_be_hidden()


def column(page, number: int) -> list[str]:
    return page.locator(f"tbody tr > :nth-child({number})").all_inner_texts()


def test_a_table_sorts_by_its_values_and_says_so(components, signed_in_page):
    page = signed_in_page
    touches = page.get_by_role("columnheader", name="Touches")
    touches.get_by_role("button").click()
    assert column(page, 1) == ["Anruf", "Payment", "Zeitung", "Älteres Blatt"]
    expect(touches).to_have_attribute("aria-sort", "descending")
    touches.get_by_role("button").click()
    assert column(page, 1) == ["Zeitung", "Payment", "Anruf", "Älteres Blatt"]
    names = page.get_by_role("columnheader", name="Touchpoint")
    names.get_by_role("button").press("Enter")
    assert column(page, 1) == ["Älteres Blatt", "Anruf", "Payment", "Zeitung"]
    expect(names).to_have_attribute("aria-sort", "ascending")
    assert touches.get_attribute("aria-sort") is None


def test_printing_leaves_the_navigation_out(components, signed_in_page):
    signed_in_page.emulate_media(media="print")
    expect(signed_in_page.locator(".wm-navigation")).to_be_hidden()
    expect(signed_in_page.get_by_role("heading", name="Moments that matter")).to_be_visible()


def test_logging_out_by_the_menu_ends_the_session(components, signed_in_page):
    signed_in_page.get_by_role("button", name="Log out").click()
    signed_in_page.wait_for_url("**/account/log-in/")
    signed_in_page.goto("/account/password/")
    assert "/account/log-in/" in signed_in_page.url
