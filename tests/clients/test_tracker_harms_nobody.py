"""The tracker on bad networks and hostile pages: everything arrives once, and the page never notices."""

from __future__ import annotations

import re
import socket

import pytest

from support.elsewhere import Elsewhere
from support.serving import soon
from support.shared_data import REPOSITORY
from support.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def visitor(shop):
    """Return whose events they are in the record."""
    (one,) = {event["anonymousId"] for event in shop.events()}
    return f"~a:{one}"


def test_what_happens_offline_is_sent_exactly_once_afterwards(site, shop, context, page):
    shop.enter(page)
    assert soon(lambda: page.evaluate("wegmarke.flush()") or shop.views() == ["/"])
    context.set_offline(True)
    page.evaluate("for (let n = 0; n < 50; n++) wegmarke.track('Offline', { n })")
    page.evaluate("wegmarke.flush()")
    assert [one for one in shop.events() if one.get("event") == "Offline"] == []
    context.set_offline(False)
    assert soon(lambda: {one["n"] for one in shop.tracked("Offline")} == set(range(50)))
    shop.problems.clear()  # the browser says that it was offline
    numbers = [one["properties"]["n"] for one in site.events(visitor(shop)) if one["name"] == "Offline"]
    assert sorted(numbers) == list(range(50))


def test_what_an_offline_page_could_not_send_the_next_one_does_where_storing_is_allowed(
    site, browser_source, context, page
):
    shop = Shop(site.url, browser_source.browser, 'data-storage="local"')
    shop.enter(page)
    assert soon(lambda: page.evaluate("wegmarke.flush()") or shop.views() == ["/"])
    context.set_offline(True)
    page.evaluate("wegmarke.track('Offline')")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert "Offline" in page.evaluate("localStorage['wegmarke-later']")
    page.close()
    context.set_offline(False)
    later = context.new_page()
    shop.enter(later, "/cart")
    assert soon(lambda: len(shop.tracked("Offline")) == 1)
    assert later.evaluate("localStorage['wegmarke-later']") is None
    # What was sent is seen before it is answered, so it may be on its way still.
    assert soon(lambda: [one["name"] for one in site.events(visitor(shop))].count("Offline") == 1)
    shop.close()


def test_what_nobody_answered_yet_when_the_page_goes_is_kept_as_well(site, browser_source, context, page):
    shop = Shop(site.url, browser_source.browser, 'data-storage="local"')
    shop.enter(page)
    assert soon(lambda: page.evaluate("wegmarke.flush()") or shop.views() == ["/"])
    context.set_offline(True)
    page.evaluate(
        "wegmarke.track('Underway'); wegmarke.flush(); dispatchEvent(new PageTransitionEvent('pagehide'))"
    )
    assert "Underway" in page.evaluate("localStorage['wegmarke-later']")
    shop.close()


def test_an_answer_that_is_lost_or_a_busy_site_costs_and_doubles_nothing(site, shop, page):
    shop.between.trouble = ["refuse", "lose"]
    shop.enter(page)
    page.evaluate("wegmarke.track('Kept'); wegmarke.flush()")  # what comes after that it does by itself
    assert soon(lambda: 200 in {one.status for one in shop.between.posts()}, 60)
    assert len(shop.tracked("Kept")) > 1
    names = [one["name"] for one in site.events(visitor(shop))]
    assert names.count("Kept") == 1
    assert names.count("Page Viewed") == 1


HOSTILE = {
    "frozen prototypes": "for (const one of [Object, Array, Function, Event]) Object.freeze(one.prototype)",
    "frozen history": "Object.freeze(history); Object.freeze(History.prototype)",
    "arrays as texts": "Array.prototype.toJSON = function () { return '[' + this.join() + ']' }",
    "things on all objects": "Object.prototype.extra = () => 1; Array.prototype.each = () => 1",
    "no requests": "window.fetch = () => { throw new Error('no') }; navigator.sendBeacon = window.fetch",
    "answers that are none": "window.fetch = () => Promise.resolve(null); navigator.sendBeacon = () => 7",
    "no JSON": "JSON.stringify = () => { throw new Error('no') }",
    "no listening": "EventTarget.prototype.addEventListener = () => { throw new Error('no') }",
    "no looking up": "for (const one of ['closest', 'getAttribute', 'querySelectorAll'])"
    " Element.prototype[one] = () => { throw new Error('no') }",
    "no clock": "Date.now = () => { throw new Error('no') }",
    "no timers": "window.setTimeout = () => { throw new Error('no') }",
    "no randomness": "Object.defineProperty(window, 'crypto', { value: undefined })",
    "no observers": "window.MutationObserver = window.IntersectionObserver = undefined",
    "no storage": "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })",
    "no promises": "Promise.prototype.then = () => { throw new Error('no') }",
    "no performance": "performance.getEntriesByType = () => { throw new Error('no') }",
    "broken collections": "Map.prototype.set = Set.prototype.add = () => { throw new Error('no') }",
    "a broken console": "window.wegmarkeBefore = 1; console.log = () => { throw new Error('no') }",
}
STILL_SENDS = {
    *("frozen prototypes", "frozen history", "arrays as texts", "things on all objects", "no storage"),
    *("no performance", "no observers", "a broken console"),
}


@pytest.mark.parametrize("hostility", HOSTILE)
def test_a_hostile_page_never_sees_an_error_of_the_tracker(shop, context, page, hostility):
    context.add_init_script(HOSTILE[hostility])
    page.on("pageerror", lambda error: shop.problems.append(str(error)))
    page.goto(shop.web.url, wait_until="load")
    page.get_by_label("Name").fill("Erika")
    page.mouse.move(300, 300)
    page.locator("#dead").click(click_count=3)
    page.evaluate("history.pushState({}, '', '/cart')")
    assert page.evaluate("location.pathname") == "/cart"
    page.evaluate("window.wegmarke?.track('Said'); window.wegmarke?.consent?.(); window.wegmarke?.flush?.()")
    if hostility in STILL_SENDS:
        assert soon(lambda: page.evaluate("wegmarke.flush()") or shop.tracked("Said"))
        assert soon(lambda: "/" in shop.views())
    page.goto(f"{shop.web.url}/thanks")
    assert shop.problems == []


@pytest.fixture
def hanging():
    """Return the address of a site that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_page_can_be_used_while_the_site_hangs(hanging, page):
    web = Elsewhere()
    web.files["/"] = (
        f"<!doctype html><title>Shop</title><script src='{hanging}/t.js' data-key='wk' async></script>"
        "<button id='buy'>Buy</button><script src='/own.js' defer></script>"
    )
    web.files["/own.js"] = (
        "buy.onclick = () => { document.title = 'Bought' }; window.ready = document.readyState"
    )
    page.goto(web.url, wait_until="domcontentloaded")
    assert page.evaluate("window.ready") == "interactive"
    page.get_by_text("Buy").click()
    assert page.title() == "Bought"
    web.close()


def test_a_page_whose_script_fetches_the_tracker_is_complete_while_the_site_hangs(hanging, page):
    guide = (REPOSITORY / "docs" / "guide" / "tracking.md").read_text(encoding="utf-8")
    (loader,) = re.findall(r"```js\n(addEventListener\(\"load\".*?)```", guide, re.DOTALL)
    web = Elsewhere()
    web.files["/"] = "<!doctype html><title>Shop</title><script src='/own.js'></script>"
    web.files["/own.js"] = loader.replace("https://wegmarke.example", hanging)
    page.goto(web.url, wait_until="load")
    assert soon(lambda: page.evaluate("document.querySelectorAll('script').length") == 2)
    assert page.evaluate("document.readyState") == "complete"
    web.close()


def test_leaving_does_not_wait_for_a_site_that_hangs(shop, page):
    shop.enter(page)
    shop.between.trouble = ["hang"] * 20
    page.evaluate("wegmarke.track('Said'); wegmarke.flush()")
    page.goto(f"{shop.web.url}/shop.css", wait_until="load")
    assert page.evaluate("document.readyState") == "complete"


def test_a_page_that_throws_all_the_time_does_not_flood_the_site(shop, page):
    shop.enter(page)
    page.evaluate(
        "const at = (lineno) => new ErrorEvent('error', { message: 'x', lineno, filename: 'f' });"
        "for (let line = 0; line < 500; line++) dispatchEvent(at(line))"
    )
    page.evaluate("wegmarke.track('Done'); wegmarke.flush()")
    assert soon(lambda: page.evaluate("wegmarke.flush()") or shop.tracked("Done"))
    assert len(shop.tracked("Error Seen")) <= 30
