"""The page of the map: what it shows to whom, and what happens to a move."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from support.insights import analysis, hostile_analysis, plan
from wegmarke.plan import queries, services
from wegmarke.plan.contracts import Journey, Phase, Step, Text, Touchpoint

pytestmark = pytest.mark.django_db

MOVE = {"key": "checkout", "target": "use", "source": "purchase", "state": ""}


def phases_of(key: str) -> tuple[str, ...]:
    return queries.current().plan.touchpoint(key).phases


def test_the_map_shows_plan_and_figures(as_role, figures):
    figures()
    page = as_role().get("/map/").content.decode()
    for text in (
        "Example Ltd",
        "Purchase",
        "Payment",
        "breaks",
        "95% intervals",
        "20,134 persons",
        "Plan version 1",
    ):
        assert text in page


def test_the_map_speaks_german(as_role, figures):
    figures()
    page = as_role(language="de").get("/map/").content.decode()
    for text in (
        "Beispiel GmbH",
        "Kauf",
        "Bezahlen",
        "bricht ab",
        "Erlebnis",
        "20.134 Personen",
        "wie geplant",
    ):
        assert text in page


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("", ["Lived path", "Experience", "Volume"], []),
        ("?view=planned", ["Touchpoints"], ["Lived path", "95% intervals"]),
        ("?view=lived", ["Lived path"], ["Move a touchpoint"]),
        ("?lanes=experience", ["Experience"], [">Lived path<", ">Departments<"]),
        ("?lanes=-", ["Touchpoints"], [">Lived path<"]),
        ("?shown=1&lane=volume", [">Volume<"], [">Lived path<"]),
        ("?view=nonsense&journey=nonsense&lanes=nonsense", ["Payment"], [">Lived path<"]),
    ],
)
def test_view_and_lanes_stand_in_the_address(as_role, figures, query, there, gone):
    figures()
    picture = as_role().get(f"/map/{query}").content.decode().split("<figure")
    page = picture[0].split("wm-map-lanes")[0] + picture[1]
    for text in there:
        assert text in page, text
    for text in gone:
        assert text not in page, text


ELSEWHERE = "happens elsewhere, mostly: Use; of 1,000 touches 10% (7\N{EN DASH}13) in the planned phase"


@pytest.mark.parametrize("view", ["lived", "both"])
def test_what_happens_elsewhere_is_said_with_share_interval_and_n(as_role, figures, view):
    figures()
    page = as_role().get(f"/map/?view={view}").content.decode()
    assert f"<title>{ELSEWHERE}</title>" in page
    assert "happens elsewhere: less than half as planned" in page


def test_what_happens_as_planned_has_its_share_but_no_sign(as_role, figures):
    figures()
    cards = as_role().get("/map/?view=both").context["content"].columns[0].cards
    checkout = next(card for card in cards if card.key == "checkout")
    assert (checkout.note, checkout.happens.elsewhere) == ("", False)
    assert "80% (77\N{EN DASH}83) in the planned phase" in checkout.label


def test_of_a_model_without_figures_the_map_says_that_they_are_still_to_be_computed(as_role, figures):
    base = plan()
    second = Journey(
        "club", Text("Clubreise", "Club journey"), phases=(Phase("join", Text("Beitritt", "Joining")),)
    )
    figures(analysis(plan=replace(base, journeys=(*base.journeys, second))))
    client, still = as_role(), "is still to be computed; until then everything stands where it is planned"
    for view, shown in (("lived", True), ("both", True), ("planned", False)):
        page = client.get(f"/map/?journey=club&view={view}").content.decode()
        assert (still in page) is shown, view
        assert still not in client.get(f"/map/?view={view}").content.decode()


def test_another_journey_model_is_chosen_by_its_key(as_role, figures):
    second = Journey(
        "club", Text("Clubreise", "Club journey"), phases=(Phase("join", Text("Beitritt", "Joining")),)
    )
    base = plan()
    figures(analysis(plan=replace(base, journeys=(*base.journeys, second))))
    client = as_role()
    assert "Joining" not in client.get("/map/").content.decode().split("<figure")[1].split("</figure")[0]
    page = client.get("/map/?journey=club").content.decode()
    assert "Example Ltd · Club journey" in page
    assert "Joining" in page.split("<figure")[1]


def test_before_there_is_anything_the_page_shows_three_ways_in(as_role):
    page = as_role().get("/map/").content.decode()
    for text in ("Choose a journey model", "Collect touchpoints", "wegmarke demo"):
        assert text in page
    assert as_role(name="lou").get("/map/file.pdf").status_code == 404


def test_a_plan_without_figures_is_drawn_as_planned(as_role):
    services.save(plan(), by=None, now=timezone.now())
    page = as_role().get("/map/").content.decode()
    assert "No figures yet" in page
    assert "Payment" in page
    assert "never seen" not in page


def test_touchpoints_are_numbered_from_left_to_right_through_phases_and_steps(as_role):
    base = plan()
    steps = (Step("choose", Text("Wählen", "Choose")), Step("pay", Text("Zahlen", "Pay")))
    purchase = replace(base.phases[0], steps=steps)
    placed = {"checkout": "pay", "repair": "choose", "newsletter": "purchase"}
    touchpoints = tuple(replace(t, phases=(placed.get(t.key, "use"),)) for t in base.touchpoints)
    journeys = (Journey(phases=(purchase, base.phases[1])),)
    services.save(replace(base, journeys=journeys, touchpoints=touchpoints), by=None, now=timezone.now())
    content = as_role().get("/map/").context["content"]
    assert [slot.key for slot in content.columns[0].slots] == ["purchase", "choose", "pay"]
    assert [c.key for c in content.columns[0].cards] == ["newsletter", "repair", "checkout"]
    assert [c.number for column in content.columns for c in column.cards] == [1, 2, 3, 4, 5, 6, 7]
    assert content.subtitle == "Journey map, as planned"


def test_a_plan_without_phases_stands_in_one_column(as_role):
    bare = tuple(replace(touchpoint, phases=()) for touchpoint in plan().touchpoints)
    services.save(replace(plan(), journeys=(), touchpoints=bare), by=None, now=timezone.now())
    page = as_role().get("/map/").content.decode()
    assert "The plan has no phases yet" in page
    assert "Without phase" in page


@pytest.mark.parametrize("address", ["/map/", "/map/?view=lived", "/map/print/", "/map/file.svg"])
def test_hostile_names_stay_words(as_role, figures, address):
    figures(replace(hostile_analysis(), plan=replace(hostile_analysis().plan, funnels=())))
    page = as_role().get(address).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page
    if address in {"/map/print/", "/map/file.svg"}:
        assert "\u202e" not in page


def test_an_editor_moves_a_touchpoint_and_takes_it_back(as_role, figures):
    figures()
    client = as_role()
    page = client.post("/map/move/", {**MOVE, "based_on": 1}, follow=True).content.decode()
    assert "“Payment” now stands in “Use”." in page
    assert phases_of("checkout") == ("use",)
    page = client.post("/map/undo/", {"state": ""}, follow=True).content.decode()
    assert "stands where it stood before" in page
    assert phases_of("checkout") == ("purchase",)


def test_a_move_without_a_source_moves_the_main_place(as_role, figures):
    figures()
    as_role().post("/map/move/", {**MOVE, "source": "", "target": "-", "based_on": 1})
    assert phases_of("checkout") == ()


def test_a_move_is_not_saved_over_somebody_elses(as_role, figures):
    figures()
    theirs = replace(queries.current().plan.touchpoint("checkout"), phases=())
    services.change_touchpoint(theirs, based_on=1, by=None, now=timezone.now())
    page = as_role().post("/map/move/", {**MOVE, "based_on": 1}, follow=True).content.decode()
    assert "Somebody else moved or removed “Payment”" in page
    assert phases_of("checkout") == ()


def test_what_others_changed_elsewhere_on_the_card_is_kept(as_role, figures):
    figures()
    theirs = replace(queries.current().plan.touchpoint("checkout"), channel="web")
    services.change_touchpoint(theirs, based_on=1, by=None, now=timezone.now())
    as_role().post("/map/move/", {**MOVE, "based_on": 1})
    found = queries.current().plan.touchpoint("checkout")
    assert (found.phases, found.channel) == (("use",), "web")


def test_undo_is_refused_once_the_plan_has_changed(as_role, figures):
    figures()
    client = as_role()
    client.post("/map/move/", {**MOVE, "based_on": 1})
    services.add_touchpoints([Touchpoint("fair", Text("Messe", "Fair"))], by=None, now=timezone.now())
    assert "Undo" not in client.get("/map/").content.decode()
    page = client.post("/map/undo/", {"state": ""}, follow=True).content.decode()
    assert "cannot be undone here" in page
    assert phases_of("checkout") == ("use",)


def test_viewers_read_the_map_and_move_nothing(as_role, figures):
    figures()
    client = as_role("viewer")
    page = client.get("/map/").content.decode()
    assert "Payment" in page
    assert "Move a touchpoint" not in page
    assert "data-movable" not in page
    assert client.post("/map/move/", {**MOVE, "based_on": 1}).status_code == 403
    assert phases_of("checkout") == ("purchase",)


def test_owners_move_their_own_touchpoints_only(as_role, figures):
    base = plan()
    own = tuple(replace(t, owners=("kim",)) if t.key == "checkout" else t for t in base.touchpoints)
    figures(analysis(plan=replace(base, touchpoints=own)))
    client = as_role("viewer")
    client.post("/map/move/", {**MOVE, "based_on": 1})
    assert phases_of("checkout") == ("use",)
    client.post("/map/move/", {**MOVE, "key": "repair", "based_on": 2})
    assert phases_of("repair") == ("purchase",)


def test_a_version_there_is_not_yet_is_taken_as_the_newest(as_role, figures):
    figures()
    as_role().post("/map/move/", {**MOVE, "based_on": 99999})
    assert phases_of("checkout") == ("use",)


@pytest.mark.parametrize("wrong", [{"target": "nowhere"}, {"key": "nothing"}, {"based_on": ""}])
def test_a_move_that_makes_no_sense_changes_nothing(as_role, figures, wrong):
    figures()
    page = as_role().post("/map/move/", {**MOVE, "based_on": 1, **wrong}, follow=True)
    assert "makes no sense any more" in page.content.decode()
    assert queries.current().version == 1


def test_the_page_asks_the_database_the_same_for_seven_touchpoints_and_for_two_hundred(
    as_role, figures, django_assert_max_num_queries
):
    base = plan()
    many = tuple(Touchpoint(f"t{k}", Text(f"T{k}"), ("use",)) for k in range(200))
    figures(analysis(plan=replace(base, touchpoints=(*base.touchpoints, *many))))
    client = as_role()
    client.get("/map/")
    with django_assert_max_num_queries(12):
        client.get("/map/")
