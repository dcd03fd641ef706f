"""The navigation shows places that exist, and where the reader is."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from wegmarke.site.navigation import PLACES
from wegmarke.ui import navigation
from wegmarke.ui.navigation import Page, Place


def test_pages_that_lead_nowhere_are_left_out_with_their_places(settings, monkeypatch):
    places = (
        Place("Account", "user", (Page("Password", "/account/password/"), Page("None", "/no/such/"))),
        Place("Nowhere", "map", (Page("None", "/no/such/"),)),
    )
    monkeypatch.setattr(navigation, "import_string", lambda _name: places)
    kept = navigation.existing("this test's own", "ui.urls")
    assert [(place.title, [page.path for page in place.pages]) for place in kept] == [
        ("Account", ["/account/password/"])
    ]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", "/"),
        ("/understand/moments/", "/understand/moments/"),
        ("/understand/moments/checkout/", "/understand/moments/"),
        ("/elsewhere/", None),
    ],
)
def test_a_page_below_another_marks_that_one_and_the_root_only_itself(components, path, current):
    found = navigation.navigation(RequestFactory().get(path))["current_page"]
    assert (found.path if found else None) == current


def test_places_stand_in_the_order_of_the_loop():
    assert [place.icon for place in PLACES] == ["overview", "map", "plan", "understand", "people", "settings"]


def test_a_place_of_one_page_under_its_own_name_is_one_link():
    assert PLACES[0].single is not None
    assert PLACES[1].single is None


def test_a_page_is_offered_to_those_it_is_for_and_its_place_with_it(components, monkeypatch):
    for_ada = Page("Account", "/account/password/", visible_to=lambda request: "ada" in request.GET)
    places = (Place("Both", "user", (Page("All", "/"), for_ada)), Place("Ada's", "map", (for_ada,)))
    monkeypatch.setattr(navigation, "existing", lambda _name, _urls: places)
    offered = {
        address: navigation.navigation(RequestFactory().get(address))
        for address in ("/account/password/", "/account/password/?ada")
    }
    titles = {a: [(p.title, len(p.pages)) for p in found["places"]] for a, found in offered.items()}
    assert list(titles.values()) == [[("Both", 1)], [("Both", 2), ("Ada's", 1)]]
    assert [found["current_page"] for found in offered.values()] == [None, for_ada]


def test_of_the_product_only_data_of_persons_and_the_team_are_not_offered_to_everybody():
    limited = [page.path for place in PLACES for page in place.pages if page.visible_to is not None]
    persons = [page.path for place in PLACES if place.icon == "people" for page in place.pages]
    assert "/people/access/" in persons
    assert limited == [*persons, "/settings/team/"]
