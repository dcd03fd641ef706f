"""From an empty site to a plan with one click, and what happens where there is a plan already."""

from dataclasses import replace

import pytest
from django.utils import timezone

from support.pages import based_on, text_of
from wegmarke.plan import documents, examples, queries, services
from wegmarke.plan.contracts import Plan, Text, Touchpoint

pytestmark = pytest.mark.django_db

OWN = Plan(name=Text("Laden", "Shop"), touchpoints=(Touchpoint("invoice", Text("Meine", "Mine")),))


def test_the_start_offers_three_ways_and_every_example(reader):
    page = text_of(reader, "/map/start/")
    assert "wegmarke demo" in page
    assert 'href="/settings/import/"' in page
    for one in examples.every():
        assert f'href="/map/start/{one.key}/"' in page
        assert f"{one.touchpoints} touchpoints" in page


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("key", [one.key for one in examples.every()])
def test_a_preview_names_every_touchpoint_under_its_phase(reader, key, language):
    reader.language(language)
    page = text_of(reader, f"/map/start/{key}/")
    plan = examples.plan_of(key)
    for part in (*plan.phases, *plan.touchpoints):
        assert part.name.in_language(language) in page
    assert page.count("<li>") == len(plan.touchpoints)


def test_an_empty_site_adopts_an_example_with_one_click(reader):
    reader.language("de")
    page = text_of(reader, "/map/start/saas/")
    answer = reader.post("/map/start/saas/", {"based_on": based_on(page)})
    assert answer.status_code == 302
    current = queries.current()
    assert current.plan == examples.plan_of("saas", "de")
    assert (current.saved_by, current.comment) == ("kim", "Beispiel: Software als Dienst (SaaS)")


def test_an_existing_plan_is_added_to_and_keeps_its_own(reader):
    services.save(OWN, by=None, now=timezone.now())
    page = text_of(reader, "/map/start/saas/")
    assert "There is a plan already, version 1 with 1 touchpoint." in page
    assert "Adds 59 touchpoints your plan does not have yet." in page
    reader.post("/map/start/saas/", {"based_on": based_on(page), "how": "add"})
    plan = queries.current().plan
    assert plan.touchpoint("invoice") == OWN.touchpoints[0]
    assert len(plan.touchpoints) == 60
    assert plan.name == OWN.name


def test_an_existing_plan_is_replaced_only_where_that_was_said(reader):
    services.save(OWN, by=None, now=timezone.now())
    reader.post("/map/start/template/", {"based_on": "1"})
    assert queries.current().plan == OWN
    reader.post("/map/start/template/", {"based_on": "1", "how": "replace"})
    assert queries.current().plan == examples.plan_of("template")
    assert queries.version(1).plan == OWN, "and it can be undone"


@pytest.mark.parametrize("based", ["0", "1", "x", "", "-1", "²", "9" * 5000])
def test_nothing_is_adopted_upon_a_plan_the_page_did_not_show(reader, based):
    services.save(OWN, by=None, now=timezone.now())
    services.save(replace(OWN, margin=0.5), by=None, now=timezone.now())
    answer = reader.post("/map/start/saas/", {"based_on": based, "how": "replace"})
    assert "nothing was adopted" in answer.content.decode()
    assert queries.current().version == 2


def test_a_viewer_looks_at_examples_and_adopts_none(reader):
    reader.role("viewer")
    assert 'name="based_on"' not in text_of(reader, "/map/start/saas/")
    assert reader.post("/map/start/saas/", {"based_on": "0"}).status_code == 403
    assert queries.current() is None


def test_an_example_is_downloaded_as_it_is_shipped(reader):
    answer = reader.get("/map/start/purchase/plan.yaml")
    assert documents.load(answer.content.decode()) == examples.plan_of("purchase")


@pytest.mark.parametrize("address", ["/map/start/none/", "/map/start/none/plan.yaml"])
def test_an_unknown_example_is_not_found(reader, address):
    assert reader.get(address).status_code == 404
