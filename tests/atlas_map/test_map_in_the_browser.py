"""The map in Chromium: read in every look, moved by mouse and by keyboard, printed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from support.axe import violations
from support.insights import analysis, plan
from support.looks import EVERY_LOOK, Look
from wegmarke.plan import queries
from wegmarke.plan.contracts import Text, Touchpoint

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def phases_of(key: str) -> tuple[str, ...]:
    return queries.current().plan.touchpoint(key).phases


def card(page, key: str):
    return page.locator(f'.wm-map-stage .wm-map-card[data-key="{key}"]').first


def move_on_by_keyboard(page) -> None:
    """Take the focused card to the next phase, and wait for the page that says so."""
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text("“Payment” now stands in “Use”.").wait_for()


def centre(locator) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_map_is_accessible_and_fits_in_every_look(signed_in_page, figures, look):
    page = signed_in_page
    figures()
    for address in ("/map/", "/map/?view=planned", "/map/?view=lived"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= look.width, address
        narrow = look.width < 768
        assert page.locator(".wm-map-stage").is_visible() is not narrow
        assert page.locator(".wm-map-list").is_visible() is narrow
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert violations(page) == [], address


@pytest.mark.parametrize("look", [Look(), Look(width=390)], ids=str)
def test_the_first_map_is_accessible_before_there_is_anything(signed_in_page, look):
    signed_in_page.goto("/map/")
    assert violations(signed_in_page) == []
    assert signed_in_page.evaluate("document.documentElement.scrollWidth") <= look.width


def test_a_card_is_dragged_to_another_phase_and_taken_back(signed_in_page, figures):
    page = signed_in_page
    figures()
    page.goto("/map/")
    card(page, "checkout").scroll_into_view_if_needed()
    x, y = centre(card(page, "checkout"))
    to_x, _ = centre(page.locator('.wm-map-stage .wm-map-place[data-place="use"]'))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 5, steps=3)
    page.mouse.move(to_x, y, steps=8)
    assert page.locator(".wm-map-place[data-over]").get_attribute("data-place") == "use"
    with page.expect_navigation():
        page.mouse.up()
    page.get_by_text("“Payment” now stands in “Use”.").wait_for()
    assert phases_of("checkout") == ("use",)
    with page.expect_navigation():
        page.get_by_role("button", name="Undo").click()
    assert phases_of("checkout") == ("purchase",)


def test_the_picture_of_a_large_map_comes_after_the_page_and_its_cards_move(signed_in_page, figures):
    page = signed_in_page
    many = tuple(Touchpoint(f"t{k}", Text(f"T{k}", f"T{k}"), ("use",)) for k in range(70))
    figures(analysis(plan=replace(plan(), touchpoints=(*plan().touchpoints, *many))))
    page.goto("/map/?view=planned")
    card(page, "checkout").focus()
    move_on_by_keyboard(page)
    assert phases_of("checkout") == ("use",)
    card(page, "checkout").wait_for()
    assert page.locator(".wm-map-stage[aria-busy]").count() == 0
    assert violations(page) == []


def test_a_press_without_a_drag_follows_the_link(signed_in_page, figures):
    figures()
    signed_in_page.goto("/map/")
    with signed_in_page.expect_navigation():
        card(signed_in_page, "checkout").click()
    assert "checkout" in signed_in_page.url


def test_a_card_is_moved_by_keyboard_and_every_step_is_announced(signed_in_page, figures):
    page = signed_in_page
    figures()
    page.goto("/map/")
    says = page.locator("#map-says")
    card(page, "checkout").focus()
    page.keyboard.press("m")
    assert "“Payment” taken" in says.inner_text()
    page.keyboard.press("ArrowRight")
    assert says.inner_text() == "“Payment” over “Use”."
    page.keyboard.press("Escape")
    assert "stays where it was" in says.inner_text()
    assert phases_of("checkout") == ("purchase",)
    move_on_by_keyboard(page)
    assert phases_of("checkout") == ("use",)
    page.wait_for_function("document.activeElement.dataset.key === 'checkout'")


def test_the_form_moves_without_any_script(chromium, live_server, colleague, figures):
    from support.looks import PASSWORD

    figures()
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto("/account/log-in/")
    page.locator("[name=username]").fill(colleague.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.goto("/map/?move=checkout")
    page.select_option("#id_target", "use")
    page.locator("#map-move button").click()
    page.get_by_text("“Payment” now stands in “Use”.").wait_for()
    context.close()
    assert phases_of("checkout") == ("use",)


@pytest.mark.parametrize("look", [Look(), Look(width=390)], ids=str)
def test_a_large_map_fetches_its_list_and_its_table_when_they_are_looked_at(signed_in_page, figures, look):
    page = signed_in_page
    base = plan()
    many = tuple(Touchpoint(f"t{k}", Text(f"T{k}", f"T{k}"), ("use",)) for k in range(70))
    figures(analysis(plan=replace(base, touchpoints=(*base.touchpoints, *many))))
    page.goto("/map/")
    page.locator(".wm-map-table summary").click()
    page.locator(".wm-map-table table button").first.wait_for()
    listed = page.locator(".wm-map-list .wm-map-item")
    if look.width < 768:
        page.evaluate("window.scrollTo(0, 0)")
        listed.first.wait_for()
        assert listed.count() >= 77
    else:
        assert listed.count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= look.width
    assert violations(page) == []


def test_the_view_is_switched(signed_in_page, figures):
    page = signed_in_page
    figures()
    page.goto("/map/")
    page.get_by_role("link", name="as planned").click()
    page.wait_for_url("**view=planned**")
    assert page.locator(".wm-map-picture").get_by_text("Lived path").count() == 0
    page.get_by_role("link", name="as lived").click()
    page.wait_for_url("**view=lived**")
    assert page.locator(".wm-map-picture").get_by_text("Lived path").count() == 1


def test_lanes_are_switched_off(signed_in_page, figures):
    page = signed_in_page
    figures()
    page.goto("/map/")
    page.locator(".wm-map-lanes summary").click()
    page.get_by_label("Volume").uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="Show").click()
    assert page.locator(".wm-map-stage").get_by_text("Volume", exact=True).count() == 0
    assert page.locator(".wm-map-stage").get_by_text("Experience", exact=True).count() == 1


def test_printing_gives_one_sheet_of_a3(signed_in_page, figures):
    figures()
    signed_in_page.goto("/map/")
    signed_in_page.locator(".wm-map-print svg").wait_for(state="attached")
    body = signed_in_page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type ?/Page\b", body)) == 1
    width, height = (float(n) for n in re.search(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)", body).groups())
    assert (width, height) == pytest.approx((420 / 25.4 * 72, 297 / 25.4 * 72), abs=2)


def test_words_stay_in_their_boxes_in_the_browsers_own_font(signed_in_page, figures):
    figures()
    signed_in_page.goto("/map/")
    signed_in_page.evaluate("document.fonts.ready")
    wide = signed_in_page.evaluate(
        "[...document.querySelectorAll('.wm-map-stage .wm-map-card')].filter((card) => {"
        " const box = card.querySelector('rect').getBoundingClientRect();"
        " return [...card.querySelectorAll('text')]"
        ".some((words) => words.getBoundingClientRect().right > box.right + 1); }).length"
    )
    assert wide == 0
