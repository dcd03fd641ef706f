"""What the tracker does not do: read fields, leave anything behind, follow whoever does not want it."""

from __future__ import annotations

import pytest

from support.serving import soon
from support.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WRITTEN = ("text", "password", "search", "tel", "url", "email", "number", "date")
CANARIES = 200
CLOBBERING = (
    "id",
    "name",
    "action",
    "title",
    "dataset",
    "getAttribute",
    "closest",
    "form",
    "localName",
    "referrer",
)
"""Names of fields that hide the properties of their form, or of the document."""


def canary(number: int, kind: str) -> str:
    """Return contents nobody else writes, as a field of this kind takes them."""
    return {
        "email": f"canary{number}x@mail.example",
        "number": f"7315{number:05}",
        "date": f"19{number % 80 + 10}-03-{number % 28 + 1:02}",
        "url": f"https://canary{number}x.example/",
    }.get(kind, f"canary{number}x")


def field(number: int) -> str:
    """Return a field of its own name: most are written into, some hold what stands there already."""
    name = f"field-{number}"
    kind = number % (len(WRITTEN) + 5)
    if kind < len(WRITTEN):
        return f'<input name="{name}" class="write" type="{WRITTEN[kind]}">'
    text = canary(number, "")
    return [
        f'<textarea name="{name}" class="write"></textarea>',
        f'<select name="{name}"><option>-</option><option value="{text}">{text}</option></select>',
        f'<input name="{name}" type="checkbox" value="{text}">',
        f'<input name="{name}" type="radio" value="{text}">',
        f'<p contenteditable class="write" data-number="{number}"></p>',
    ][kind - len(WRITTEN)]


def fill(page) -> set[str]:
    """Fill every field as somebody would, and return what was written."""
    written = set()
    for number, one in enumerate(page.locator("#all > *").all()):
        kind = WRITTEN[number % (len(WRITTEN) + 5)] if number % (len(WRITTEN) + 5) < len(WRITTEN) else ""
        text = canary(number, kind)
        written.add(text)
        match number % (len(WRITTEN) + 5) - len(WRITTEN):
            case 1:
                one.select_option(text)
            case 2 | 3:
                one.check()
            case _:
                one.fill(text)
    return written


def test_nothing_anybody_writes_into_a_field_is_ever_sent(shop, page):
    fields = "".join(field(number) for number in range(CANARIES))
    hidden = "".join(f'<input name="{name}">' for name in CLOBBERING)
    shop.web.files["/"] = (
        f"<!doctype html><title>All</title>{shop.script}<form id='all' action='/thanks'>{fields}</form>"
        f"<form name='title'>{hidden}</form><form name='referrer'>{hidden}</form>"
        "<button form='all'>Send</button>"
    )
    shop.enter(page)
    written = fill(page)
    assert len(written) > CANARIES * 0.9
    for one in page.query_selector_all("[name=title] input, [name=referrer] input"):
        one.evaluate("(field) => field.focus()")
        page.keyboard.type(canary(1, ""))
    # What some libraries hang on an element, and would be read with it.
    page.evaluate(
        "const held = (one) => [one.value, ...[...(one.elements ?? [])].map((field) => field.value)];"
        "for (const one of document.querySelectorAll('*')) one.__props = held(one)"
    )
    page.evaluate("(text) => { setTimeout(() => { throw new Error(text) }) }", canary(1, ""))
    page.evaluate("(text) => { Promise.reject(text); Promise.reject({ name: text }) }", canary(1, ""))
    page.evaluate("(text) => history.replaceState({}, '', '/?q=' + text + '#' + text)", canary(1, ""))
    page.evaluate("for (const one of document.querySelectorAll('form *')) one.click()")
    page.evaluate("wegmarke.track('Control', { text: 'control0x' })")
    page.get_by_text("Send").click()
    page.wait_for_url("**/thanks?*")
    shop.told(page, "Form Submitted", form="all")
    page.goto(f"{shop.web.url}/cart")  # its referrer holds them all
    assert soon(lambda: "/cart" in shop.views())
    sent = b"".join(one.bytes for one in shop.between.seen)
    assert {"all", "title", "referrer"} <= {one["form"] for one in shop.tracked("Form Started")}
    assert shop.told(page, "Form Abandoned", form="title")["fields"] == len(CLOBBERING)
    assert b"control0x" in sent
    assert [text for text in written if text.encode() in sent] == []
    assert b"canary" not in sent.lower()


REFUSALS = {
    "GPC": "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true })",
    "DNT": "Object.defineProperty(Navigator.prototype, 'doNotTrack', { value: '1' })",
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_whoever_does_not_want_to_be_followed_is_not(site, browser_source, context, page, refusal):
    shop = Shop(site.url, browser_source.browser, 'data-storage="local"')
    context.add_init_script(REFUSALS[refusal])
    shop.enter(page)
    page.evaluate("wegmarke.track('Asked'); wegmarke.identify('u'); wegmarke.consent(); wegmarke.flush()")
    page.locator("#dead").click()
    page.goto(f"{shop.web.url}/cart")
    assert soon(lambda: page.evaluate("!!window.wegmarke"))
    page.close()
    assert kept(context, shop) == 0
    assert [one.path for one in shop.between.seen if one.path != "/t.js"] == []
    shop.close()


def kept(context, shop) -> int:
    """Return how many things a browser remembers for the shop and the site."""
    page = context.new_page()
    page.goto(f"{shop.web.url}/shop.css")
    found = page.evaluate(
        "async () => localStorage.length + sessionStorage.length + (await indexedDB.databases()).length"
        " + (await caches.keys().catch(() => [])).length"
    )
    page.close()
    return found + len(context.cookies())


def test_nothing_is_stored_on_a_device_unless_the_page_says_so(shop, context, page):
    shop.enter(page)
    page.evaluate("wegmarke.track('Here')")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert kept(context, shop) == 0
    page.goto(f"{shop.web.url}/cart")
    assert soon(lambda: {"/", "/cart"} <= set(shop.views()))
    assert len({one["anonymousId"] for one in shop.events()}) == 2


@pytest.mark.parametrize("storage", ["session", "local"])
def test_an_id_is_kept_over_pages_where_the_page_says_so(site, browser_source, page, storage):
    shop = Shop(site.url, browser_source.browser, f'data-storage="{storage}"')
    shop.enter(page)
    page.goto(f"{shop.web.url}/cart")
    assert soon(lambda: {"/", "/cart"} <= set(shop.views()))
    assert len({one["anonymousId"] for one in shop.events()}) == 1
    assert page.evaluate("[Object.keys(localStorage).length, Object.keys(sessionStorage).length]") == (
        [0, 1] if storage == "session" else [1, 0]
    )
    shop.close()


def test_consent_begins_to_keep_the_id_and_its_end_forgets_it(shop, page):
    shop.enter(page)
    page.evaluate("wegmarke.consent(); wegmarke.track('Before')")
    before = page.evaluate("localStorage.wegmarke")
    assert before
    page.evaluate("wegmarke.consent(false); wegmarke.track('After')")
    assert page.evaluate("localStorage.length") == 0
    assert soon(
        lambda: (
            page.evaluate("wegmarke.flush()")
            or {"Before", "After"} <= {one.get("event") for one in shop.events()}
        )
    )
    ids = {
        one["event"]: one["anonymousId"] for one in shop.events() if one.get("event") in {"Before", "After"}
    }
    assert ids["Before"] == before != ids["After"]


def test_stopped_is_stopped(shop, page):
    shop.enter(page)
    assert soon(lambda: page.evaluate("wegmarke.flush()") or shop.views() == ["/"])
    page.evaluate("wegmarke.track('Last'); wegmarke.stop(); wegmarke.track('Later'); wegmarke.flush()")
    page.goto("about:blank")
    assert [
        one.get("event") for one in shop.events() if one.get("event") in {"Last", "Later", "Page Left"}
    ] == []
