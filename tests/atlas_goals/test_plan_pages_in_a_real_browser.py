"""Goals, versions and the first start in Chromium: every look, by keyboard, from empty site to plan."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from support.axe import violations
from support.insights import HOSTILE, analysis
from support.looks import EVERY_LOOK, Look
from wegmarke.plan import documents, examples, queries, services
from wegmarke.plan.contracts import Goal, Measure, Metric, Side, Text, Touchpoint

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOAL = Goal(
    "pay",
    Text("Bezahlen ohne Ärger", "Payment without trouble"),
    Side.CUSTOMER,
    Metric(Measure.NET_EXPERIENCE, 0.45),
    date(2025, 6, 30),
    touchpoints=("checkout",),
)
PAGES = [
    *("/plan/goals/", "/plan/goals/new/", "/plan/goals/pay/edit/"),
    *("/plan/versions/", "/plan/versions/2/", "/plan/versions/compare/?from=1&to=2"),
    *("/plan/versions/1/restore/", "/plan/versions/upload/"),
    *("/map/start/", "/map/start/saas/"),
]


@pytest.fixture
def filled(store):
    found = analysis()
    store(found)
    services.save(replace(found.plan, goals=(GOAL,)), by=None, now=timezone.now(), comment="Ein Ziel")


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_every_page_is_accessible_and_fits(signed_in_page, filled, look):
    page = signed_in_page
    for address in PAGES:
        assert page.goto(address).status == 200, address
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth") <= look.width, address
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert violations(page) == [], address
        assert page.locator("html").get_attribute("lang") == look.language
    page.goto("/plan/goals/")
    page.wait_for_function("document.querySelectorAll('figure.wm-chart svg path').length > 3")


@pytest.mark.parametrize("look", [Look("de"), Look(theme="dark", width=390)], ids=str)
def test_every_page_is_accessible_on_an_empty_site(signed_in_page, look):
    pages = [
        "/",
        "/plan/goals/",
        "/plan/versions/",
        "/plan/versions/upload/",
        "/map/start/",
        "/map/start/template/",
    ]
    for address in pages:
        assert signed_in_page.goto(address).status == 200, address
        assert signed_in_page.evaluate("document.documentElement.scrollWidth") <= look.width, address
        assert violations(signed_in_page) == [], address


def test_from_an_empty_site_to_a_plan_by_keyboard_alone(signed_in_page):
    page = signed_in_page
    page.goto("/")
    page.get_by_role("link", name="Choose an example").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("Software as a service")).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Adopt this plan with 60 touchpoints").focus()
    with page.expect_navigation():
        page.keyboard.press("Space")
    assert "The plan has 60 touchpoints now" in page.inner_text("body")
    assert queries.current().plan == examples.plan_of("saas")


def test_a_document_is_uploaded_looked_at_and_applied(signed_in_page, filled, tmp_path):
    plan = queries.current().plan
    file = tmp_path / "plan.yaml"
    changed = replace(plan.touchpoints[0], channel="app")
    file.write_text(documents.dump(replace(plan, touchpoints=(changed, *plan.touchpoints[1:]))))
    page = signed_in_page
    page.goto("/plan/versions/upload/")
    page.set_input_files("[name=file]", file)
    with page.expect_navigation():
        page.get_by_role("button", name="Show what it would change").click()
    assert page.locator("ins").inner_text() == "app"
    page.fill("[name=comment]", "by hand")
    with page.expect_navigation():
        page.get_by_role("button", name="Apply as a new version").click()
    assert queries.current().plan.touchpoints[0] == changed
    assert "by hand" in page.inner_text("main")


def test_hostile_names_never_run(signed_in_page, store):
    found = analysis()
    goals = tuple(
        replace(GOAL, key=f"g{n}", name=Text(name, name), owner=name) for n, name in enumerate(HOSTILE)
    )
    extra = tuple(Touchpoint(f"t{n}", Text(name, name), channel=name) for n, name in enumerate(HOSTILE))
    store(
        replace(found, plan=replace(found.plan, goals=goals, touchpoints=(*found.plan.touchpoints, *extra)))
    )
    opened = []
    signed_in_page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    for address in ("/plan/goals/", "/plan/goals/g0/edit/", "/plan/versions/", "/plan/versions/1/"):
        assert signed_in_page.goto(address).status == 200
        signed_in_page.wait_for_load_state("load")
    assert opened == []
