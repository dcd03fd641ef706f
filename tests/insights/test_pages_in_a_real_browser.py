"""Every page of findings in Chromium, in both languages, both themes and both widths."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from support.axe import violations
from support.insights import HOSTILE, hostile_analysis
from support.looks import EVERY_LOOK, Look
from wegmarke.insights import storing
from wegmarke.insights.models import FunnelRequest, Refresh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/",
    "/understand/moments/",
    "/understand/moments/checkout/",
    "/map/journey/",
    "/understand/funnels/",
    "/understand/paths/",
]


DRAWN = (
    "[...document.querySelectorAll('figure.wm-chart')]"
    ".every(f => f.querySelectorAll('svg path, svg text').length > 3)"
)
"""Whether every chart is drawn with something in it; they are drawn after the first paint."""


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_every_page_is_accessible_fits_and_draws_its_charts(signed_in_page, store, look):
    page = signed_in_page
    store()
    for address in PAGES:
        page.goto(address)
        assert page.locator("figure.wm-chart").count() > 0, address
        page.wait_for_function("document.querySelectorAll('figure.wm-chart svg').length > 0")
        page.wait_for_function(f"() => {DRAWN}")
        assert page.evaluate("document.documentElement.scrollWidth") <= look.width, address
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert violations(page) == [], address
        assert page.locator("html").get_attribute("lang") == look.language


@pytest.mark.parametrize("look", [Look("de"), Look(theme="dark", width=390)], ids=str)
def test_every_page_is_accessible_before_there_are_figures(signed_in_page, look):
    for address in PAGES:
        signed_in_page.goto(address)
        assert signed_in_page.locator("figure.wm-chart").count() == 0
        assert violations(signed_in_page) == [], address
        assert signed_in_page.evaluate("document.documentElement.scrollWidth") <= look.width, address


@pytest.mark.parametrize("look", [Look(), Look(width=390)], ids=str)
def test_hostile_names_never_run_and_break_no_page(signed_in_page, store, look):
    store(hostile_analysis(), saved=False)
    opened = []
    signed_in_page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    addresses = [p for p in PAGES if "checkout" not in p] + [
        reverse("insights:moment", args=[n]) for n in HOSTILE
    ]
    for address in addresses:
        assert signed_in_page.goto(address).status == 200, address
        signed_in_page.wait_for_function(f"() => {DRAWN}")
        assert signed_in_page.evaluate("document.documentElement.scrollWidth") <= look.width, address
    assert opened == []


def test_a_link_leads_to_the_evidence_of_exactly_that_touchpoint(signed_in_page, store):
    store(hostile_analysis(), saved=False)
    for name in HOSTILE:
        signed_in_page.goto("/understand/moments/")
        link = signed_in_page.locator("#table-moments td:first-child a").get_by_text(name, exact=True).first
        with signed_in_page.expect_navigation():
            link.click()
        assert signed_in_page.locator("h1").inner_text().strip() == name.strip(), name


def test_charts_are_drawn_anew_when_the_theme_or_the_width_changes(signed_in_page, store):
    store()
    signed_in_page.goto("/understand/moments/")
    stage = signed_in_page.locator(".wm-chart-stage").first
    stage.locator("svg").wait_for()
    light = stage.inner_html()
    signed_in_page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
    signed_in_page.wait_for_function(
        "before => document.querySelector('.wm-chart-stage').innerHTML !== before", arg=light
    )
    signed_in_page.set_viewport_size({"width": 390, "height": 800})
    signed_in_page.wait_for_function("document.querySelector('.wm-chart-stage svg').clientWidth < 390")


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_chart_can_be_saved_as_a_picture(signed_in_page, store, form):
    store()
    signed_in_page.goto("/understand/moments/")
    with signed_in_page.expect_download() as waiting:
        signed_in_page.locator(f"[data-picture={form}]").first.click()
    download = waiting.value
    assert download.suggested_filename == f"effects-on-leaving.{form}"
    content = Path(download.path()).read_bytes()
    assert content.startswith(b"<svg" if form == "svg" else b"\x89PNG")
    assert len(content) > 2000


def test_a_funnel_of_ones_own_appears_by_itself(signed_in_page, store):
    store()
    signed_in_page.goto("/understand/funnels/")
    signed_in_page.select_option("#id_step_1", "newsletter")
    signed_in_page.select_option("#id_step_2", "checkout")
    signed_in_page.select_option("#id_step_3", "tasting")
    with signed_in_page.expect_navigation():
        signed_in_page.get_by_role("button", name="Compute").click()
    signed_in_page.locator("#asked progress").wait_for()
    from support.insights import funnel

    FunnelRequest.objects.update(payload=storing.write(funnel()))
    signed_in_page.locator("#table-funnel").wait_for()
    assert "Your funnel:" in signed_in_page.locator("h2").first.inner_text()


def test_new_figures_are_announced_and_shown_on_demand(signed_in_page, store):
    from django.utils import timezone

    store()
    now = timezone.now()
    waiting = Refresh.objects.create(
        log_change=9, plan_version=1, shape=storing.shape(), noticed_at=now, due_at=now
    )
    signed_in_page.goto("/understand/moments/")
    assert "will be rebuilt in a moment" in signed_in_page.locator("#freshness").inner_text()
    waiting.delete()
    store()
    link = signed_in_page.get_by_role("link", name="There are newer figures: show them")
    link.wait_for()
    link.click()
    link.wait_for(state="detached")
