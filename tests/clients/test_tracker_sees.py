"""What the tracker sees of a visit, in a real browser, on a shop of another origin under a strict policy."""

from __future__ import annotations

import re
import time

import pytest

from support.serving import soon

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def no_problems(shop):
    """No test may leave an error in the console, be it of the policy."""
    yield
    assert shop.problems == []


@pytest.fixture
def phone(chromium):
    """Return a page on a phone."""
    context = chromium.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def at_once(page):
    """Let no time pass for the page but what the test lets pass."""
    page.clock.install()
    page.clock.pause_at(time.time() + 60)


def scroll_down(page):
    """Go down the page by a leap, and wait until it was noticed."""
    page.evaluate("addEventListener('scroll', () => { window.wentDown = true }, { once: true })")
    page.evaluate("scrollTo(0, 5_000)")
    assert soon(lambda: page.evaluate("window.wentDown"))


def swipe(page, start, end):
    """Move a finger from one height to another, as a browser gets it from a screen."""
    fingers = page.context.new_cdp_session(page)
    heights = [start + (end - start) * step / 6 for step in range(7)]
    for kind, height in [("touchStart", start), *(("touchMove", one) for one in heights[1:])]:
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": 200, "y": height}]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    fingers.detach()


def swipe_slowly(page, start, end):
    """Move a finger and let it rest before it is lifted, so that nothing is flung; wait until it is seen.

    The times of the touches are given, for how fast a page is flung is worked out from them.
    """
    before = page.evaluate("scrollY")
    fingers = page.context.new_cdp_session(page)
    heights = [*(start + (end - start) * step / 6 for step in range(7)), end, end]
    begun = time.time() - len(heights)
    for step, height in enumerate(heights):
        kind = "touchMove" if step else "touchStart"
        touch = {"type": kind, "touchPoints": [{"x": 200, "y": height}], "timestamp": begun + step / 2}
        fingers.send("Input.dispatchTouchEvent", touch)
    lifted = {"type": "touchEnd", "touchPoints": [], "timestamp": begun + len(heights) / 2}
    fingers.send("Input.dispatchTouchEvent", lifted)
    fingers.detach()
    places = [before]

    def rests():
        places.append(page.evaluate("scrollY"))
        return places[-1] < before and len(set(places[-3:])) == 1

    assert soon(rests)


def hide(page):
    """Put the tab away, as far as its page can see; a browser without windows has none to put away."""
    page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )


def test_each_view_of_a_single_page_application_counts(shop, page):
    shop.enter(page)
    page.evaluate("history.pushState({}, '', '/cart')")
    page.evaluate("history.replaceState({}, '', '/cart?size=42')")
    page.go_back()
    page.evaluate("location.hash = '#/help'")
    shop.told(page, "Page Left", path="/", how="left")
    page.evaluate("wegmarke.flush()")
    assert soon(lambda: shop.views() == ["/", "/cart", "/", "/#/help"]), shop.views()
    assert shop.told(page, "Exit Intent", signal="back")["path"] == "/cart"
    assert len(shop.tracked("Exit Intent")) == 1


def test_a_form_given_up_names_the_last_field_and_not_what_stands_in_it(shop, page):
    shop.enter(page)
    page.get_by_label("Name").fill("Erika")
    page.get_by_label("Street").fill("Hauptstr. 1")
    page.goto(f"{shop.web.url}/cart")
    told = shop.told(page, "Form Abandoned")
    assert told == {"path": "/", "form": "checkout", "field": "street", "fields": 2, "how": "left"}
    assert shop.told(page, "Page Left", path="/")["last"] == "filled input#street"


def test_a_form_that_was_sent_was_not_given_up(shop, page):
    shop.enter(page)
    page.get_by_label("Name").fill("Erika")
    page.get_by_role("button", name="Buy").click()
    page.wait_for_url("**/thanks*")
    shop.told(page, "Form Submitted", form="checkout")
    shop.told(page, "Page Left", path="/")
    assert shop.tracked("Form Abandoned") == []


def test_a_form_only_looked_at_was_not_given_up(shop, page):
    shop.enter(page)
    page.get_by_label("Name").click()
    page.goto(f"{shop.web.url}/cart")
    shop.told(page, "Page Left", path="/")
    assert shop.tracked("Form Abandoned") == []


def test_steps_are_told_when_they_come_into_view(shop, page):
    shop.enter(page)
    shop.told(page, "Step Viewed", workflow="checkout", step="address")
    assert [one["step"] for one in shop.tracked("Step Viewed")] == ["address"]
    page.locator("[data-wm-step='checkout:payment']").scroll_into_view_if_needed()
    shop.told(page, "Step Viewed", workflow="checkout", step="payment")
    page.goto(f"{shop.web.url}/cart")
    left = shop.told(page, "Page Left", path="/")
    assert left["step"] == "checkout:payment"
    assert left["depth"] == 100


def test_a_pointer_that_leaves_through_the_top_is_a_signal(shop, page):
    shop.enter(page)
    page.mouse.move(400, 300)
    page.mouse.move(400, -5)
    told = shop.told(page, "Exit Intent")
    assert (told["signal"], told["path"]) == ("pointer", "/")


def test_a_tab_put_away_is_a_signal_and_may_be_the_last_of_a_visit(shop, page):
    shop.enter(page)
    page.get_by_label("Name").fill("Erika")
    hide(page)
    assert shop.told(page, "Exit Intent")["signal"] == "hidden"
    assert shop.told(page, "Form Abandoned")["how"] == "hidden"
    assert shop.told(page, "Page Left")["how"] == "hidden"


def test_a_page_left_by_a_link_was_not_put_away(shop, page):
    shop.enter(page)
    page.locator("#to-cart").click()
    page.wait_for_url("**/cart")
    assert shop.told(page, "Page Left", path="/")["how"] == "left"
    assert shop.told(page, "Page Left", path="/")["last"] == "click a#to-cart"
    assert shop.tracked("Exit Intent") == []


def test_doing_nothing_for_a_minute_is_a_signal(shop, page):
    page.clock.install()
    shop.enter(page)
    page.clock.fast_forward(30_000)
    page.mouse.move(20, 20)
    page.clock.fast_forward(59_000)
    page.evaluate("wegmarke.flush()")
    assert shop.tracked("Exit Intent") == []
    page.clock.fast_forward(2_000)
    assert shop.told(page, "Exit Intent")["signal"] == "idle"


def test_a_fast_scroll_back_up_is_a_signal_on_touch(shop, phone):
    at_once(phone)
    shop.enter(phone)
    scroll_down(phone)
    for _ in range(3):
        swipe(phone, 50, 800)
    assert shop.told(phone, "Exit Intent")["signal"] == "scroll"


def test_a_slow_scroll_up_or_one_by_a_wheel_is_no_signal(shop, page, phone):
    at_once(page)
    shop.enter(page)
    page.mouse.wheel(0, 4_000)
    assert soon(lambda: page.evaluate("scrollY") > 3_000)
    page.mouse.wheel(0, -4_000)
    assert soon(lambda: page.evaluate("scrollY") == 0)
    at_once(phone)
    shop.enter(phone)
    scroll_down(phone)
    for _ in range(4):
        phone.clock.run_for(1_100)
        swipe_slowly(phone, 100, 500)
    for one in (page, phone):
        one.evaluate("wegmarke.track('Done'); wegmarke.flush()")
    assert soon(lambda: len(shop.tracked("Done")) == 2)
    assert shop.tracked("Exit Intent") == []


def test_clicking_the_same_spot_in_anger_is_told_once(shop, page):
    page.clock.install()
    shop.enter(page)
    price = page.locator(".price")
    for _ in range(5):
        price.click()
    assert shop.told(page, "Rage Click") == {"path": "/", "target": "span.price"}
    assert len(shop.tracked("Rage Click")) == 1


def test_a_click_nothing_came_of_is_told_and_one_that_did_something_is_not(shop, page):
    page.clock.install()
    shop.enter(page)
    page.evaluate("document.querySelector('#alive').onclick = (event) => event.target.append('!'); 0")
    page.locator("#alive").click()
    page.clock.run_for(1_600)
    page.locator("#dead").click()
    page.clock.run_for(1_600)
    assert shop.told(page, "Dead Click") == {"path": "/", "target": "button#dead"}
    assert len(shop.tracked("Dead Click")) == 1


def test_errors_are_told_once_each_without_their_words(shop, page):
    shop.enter(page)
    page.evaluate("for (const n of [1, 2]) setTimeout(() => { throw new TypeError('secret ' + n) })")
    page.evaluate("Promise.reject(new RangeError('secret')); 0")
    page.evaluate("Promise.reject({ name: 'secret' }); 0")
    for kind in ("TypeError", "RangeError", "Error"):
        shop.told(page, "Error Seen", kind=kind)
    assert soon(lambda: len(shop.problems) == 4)
    shop.problems.clear()
    assert len(shop.tracked("Error Seen")) == 3
    assert not any(b"secret" in one.bytes for one in shop.between.seen)


def test_where_the_pointer_went_is_summed_up_in_coarse_cells(shop, page):
    page.clock.install()
    shop.enter(page)
    for x, y in [(10, 10), (12, 12), (500, 300), (990, 690)]:
        page.mouse.move(x, y)
        page.clock.run_for(150)
    page.goto(f"{shop.web.url}/cart")
    told = shop.told(page, "Pointer Moved", path="/")
    assert told["columns"] == 24
    cells = {cell: int(count) for cell, count in (one.split(":") for one in told["cells"].split())}
    assert cells["0,0"] == 2
    assert sum(cells.values()) == 4
    assert all(re.fullmatch(r"\d{1,2},\d+", cell) for cell in cells)
