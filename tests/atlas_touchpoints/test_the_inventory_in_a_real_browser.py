"""The inventory in Chromium: by keyboard alone, in every look, accessible, with hostile names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from support.axe import violations
from support.insights import HOSTILE
from support.inventory import plan
from support.looks import EVERY_LOOK, Look
from wegmarke.plan import queries as plans
from wegmarke.plan.contracts import Plan, Status, Text, Touchpoint

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/map/touchpoints/"
COLLECT = f"{LIST}-/collect/"
FIFTY = "\n".join(f"{n}. Touchpoint number {n}" for n in range(1, 51))
LINES = "Fair ; event ; Advice ; kim\nTastings\nTastng\nCall back; phone; Use\nFairs\n"
CSV = b"Touchpoint;Kanal;Phase;Kosten\nMesse;event;Beratung;3,5\nApp;phone;Kauf;viel\nVerkostung;store;;\n"


def planned() -> Plan:
    return plans.current().plan


def in_order(page, look) -> None:
    """Hold a page to what every page of every look has to be."""
    assert page.evaluate("document.documentElement.scrollWidth") <= look.width, page.url
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert violations(page) == [], page.url
    assert page.locator("html").get_attribute("lang") == look.language


def upload(page) -> None:
    page.goto(f"{LIST}-/import/")
    page.locator("#file").set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": CSV})
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_every_page_is_accessible_and_fits(signed_in_page, company, look):
    page = signed_in_page
    page.goto(LIST)
    in_order(page, look)
    first, *rest = plan().touchpoints
    company(touchpoints=(replace(first, channel="web", department="Shop", owners=("kim",)), *rest))
    for query in ("", "?group=phase&sort=-persons", "?q=nothing+like+it", "?saved=1&added=app"):
        page.goto(LIST + query)
        in_order(page, look)
    page.goto(LIST)
    page.locator("input[name=keys]").first.check()
    for button in (0, 1):
        with page.expect_navigation():
            page.locator("[data-needs-selection]").nth(button).click()
        in_order(page, look)
        page.goto(LIST)
        page.locator("input[name=keys]").first.check()
    page.goto(COLLECT)
    in_order(page, look)
    page.locator("#lines").fill(LINES)
    with page.expect_navigation():
        page.locator("[data-preview]").click()
    in_order(page, look)
    page.goto(f"{LIST}-/import/")
    in_order(page, look)
    upload(page)
    in_order(page, look)


def test_fifty_pasted_lines_are_fifty_touchpoints_by_keyboard_alone(signed_in_page):
    page = signed_in_page
    page.goto(COLLECT)
    page.keyboard.insert_text(FIFTY)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "50 new touchpoints" in page.locator("#preview-title").inner_text()
    with page.expect_navigation(url="**/map/touchpoints/?saved=1"):
        page.keyboard.press("Enter")
    assert len(planned().touchpoints) == 50
    assert page.locator("tbody tr").count() == 50


def test_names_are_added_one_after_another_without_leaving_the_field(signed_in_page, company):
    company()
    page = signed_in_page
    page.goto(LIST)
    page.locator("#quick-name").focus()
    for at, name in enumerate(("Trade fair", "Call back"), start=1):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page.locator("input[name=keys]")).to_have_count(7 + at)
        assert page.locator("#quick-name").input_value() == ""
    assert page.evaluate("document.activeElement.id") == "quick-name"
    assert "“Call back” was added" in page.locator(".wm-message").inner_text()
    page.keyboard.type("call backs")
    page.keyboard.press("Enter")
    expect(page.locator(".wm-message")).to_contain_text("already")
    assert page.locator("#quick-name").input_value() == "call backs"
    assert [one.key for one in planned().touchpoints[7:]] == ["trade_fair", "call_back"]


def test_a_name_that_did_not_arrive_is_kept_and_not_sent_again_unasked(
    signed_in_page, company, console_problems
):
    company()
    page, sent = signed_in_page, []

    def fail(route):
        sent.append(route.request.method)
        route.abort() if len(sent) == 1 else route.fulfill(status=502, body="Bad gateway")

    page.goto(LIST)
    page.route("**/-/add/", fail)
    page.locator("#quick-name").fill("Trade fair")
    for attempt in (1, 2):
        page.locator("#quick-name").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("may not have been added")
        assert page.locator("#quick-name").input_value() == "Trade fair"
        assert len(sent) == attempt
        page.evaluate("document.querySelector('.wm-message').remove()")
    page.unroute("**/-/add/")
    page.locator("#quick-name").press("Enter")
    expect(page.locator("input[name=keys]")).to_have_count(8)
    assert len(console_problems) == 2, "the two that failed, and nothing else"
    console_problems.clear()


def test_a_name_that_needs_a_look_leads_to_it(signed_in_page, company):
    company()
    signed_in_page.goto(LIST)
    signed_in_page.locator("#quick-name").fill("Trade fair ; event ; Advice")
    signed_in_page.locator("#quick-name").press("Enter")
    signed_in_page.wait_for_url("**/-/collect/**")
    assert signed_in_page.locator("#lines").input_value() == "Trade fair ; event ; Advice"


def test_many_are_changed_by_keyboard_and_the_change_is_undone(signed_in_page, company):
    company()
    before = planned()
    page = signed_in_page
    page.goto(LIST)
    change = page.locator("[data-needs-selection]").first
    assert change.is_disabled()
    page.locator("input[name=keys]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")  # the link to its card
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator("[data-selected]").inner_text() == "2 selected"
    change.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("#id_status").focus()
    page.keyboard.type("Paused")
    page.locator("#id_owners_how").focus()
    page.keyboard.type("add")
    page.keyboard.press("Tab")
    page.keyboard.type("lou")
    with page.expect_navigation(url="**/?saved=2"):
        page.keyboard.press("Enter")
    paused = [one for one in planned().touchpoints if one.status is Status.PAUSED]
    assert [one.owners for one in paused] == [("lou",), ("lou",)]
    undo = page.locator(".wm-tp-saved button")
    undo.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert planned() == before


def test_the_box_above_ticks_all_rows_and_shift_ticks_a_range(signed_in_page, company):
    company()
    page = signed_in_page
    page.goto(LIST)
    boxes = page.locator("input[name=keys]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    assert page.locator("input[name=keys]:checked").count() == 4
    page.locator("[data-tick-all]").check()
    assert page.locator("input[name=keys]:checked").count() == 7
    page.locator("[data-tick-all]").uncheck()
    assert page.locator("input[name=keys]:checked").count() == 0


def test_filters_apply_at_once_and_stand_in_the_address(signed_in_page, company):
    first, *rest = plan().touchpoints
    company(touchpoints=(replace(first, channel="web"), *rest))
    page = signed_in_page
    page.goto(LIST)
    page.locator("#filter-channel").select_option("web")
    expect(page.locator("input[name=keys]")).to_have_count(1)
    assert page.url.endswith("/map/touchpoints/?channel=web")
    page.locator("#filter-q").press_sequentially("zzz")
    expect(page.locator("input[name=keys]")).to_have_count(0)
    assert page.url.endswith("/map/touchpoints/?q=zzz&channel=web")
    assert page.evaluate("document.activeElement.id") == "filter-q"


def test_a_file_is_imported_by_mouse(signed_in_page, company):
    company()
    page = signed_in_page
    upload(page)
    page.locator("select[name='answer:phases:Beratung']").select_option("use")
    with page.expect_navigation(url="**/?saved=2"):
        page.locator("button[value=save]").click()
    assert planned().touchpoint("messe").phases == ("use",)
    assert planned().touchpoint("tasting").channel == "store"


@pytest.mark.parametrize("look", [Look(), Look(width=390)], ids=str)
def test_hostile_names_never_run_and_break_no_page(signed_in_page, saved, look):
    page = signed_in_page
    page.on("dialog", lambda _dialog: pytest.fail("a script ran"))
    saved(
        Plan(
            name=Text("P", "P"),
            touchpoints=tuple(
                Touchpoint(f"k{at}", Text(name, name), channel=name, owners=(name,), department=name)
                for at, name in enumerate(HOSTILE)
            ),
        )
    )
    page.goto(LIST)
    assert page.locator("tbody tr").count() == len(HOSTILE)
    in_order(page, look)
    page.goto(COLLECT)
    page.locator("#lines").fill("\n".join(f"{name} ; {name} ; {name}" for name in HOSTILE))
    with page.expect_navigation():
        page.locator("[data-preview]").click()
    in_order(page, look)


@pytest.mark.parametrize("query", ["", "?group=phase"])
def test_what_lies_below_the_first_screen_is_drawn_as_well(signed_in_page, saved, query):
    many = tuple(Touchpoint(f"k{n}", Text(f"T{n}", f"T{n}"), phases=()) for n in range(120))
    phases = plan().journeys
    placed = tuple(
        replace(one, phases=("purchase", "use")[at % 2 : at % 2 + 1]) for at, one in enumerate(many)
    )
    saved(Plan(name=Text("P", "P"), journeys=phases, touchpoints=placed))
    signed_in_page.goto(LIST + query)
    expect(signed_in_page.locator("input[name=keys]").last).to_be_visible()
    expect(signed_in_page.locator("input[name=keys]:visible")).to_have_count(120)
    assert signed_in_page.locator(".wm-tp-later").count() == 0
