"""The page of the map: what it shows to whom, and what happens to a move."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from support.insights import analysis, hostile_analysis, plan
from wegmarke.plan import queries, services
from wegmarke.plan.contracts import Journey, Phase, Step, Text, Touchpoint
from wegmarke.plan.rules import FIRST

pytestmark = pytest.mark.django_db

MOVE = {"key": "checkout", "target": "use", "source": "purchase", "state": ""}


def phases_of(key: str) -> tuple[str, ...]:
    return queries.current().plan.touchpoint(key).phases


def test_the_map_shows_plan_and_figures(log_in, figures):
    figures()
    page = log_in().get("/map/").content.decode()
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


def test_the_map_speaks_german(log_in, figures):
    figures()
    page = log_in(language="de").get("/map/").content.decode()
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
def test_view_and_lanes_stand_in_the_address(log_in, figures, query, there, gone):
    figures()
    picture = log_in().get(f"/map/{query}").content.decode().split("<figure")
    page = picture[0].split("wm-map-lanes")[0] + picture[1]
    for text in there:
        assert text in page, text
    for text in gone:
        assert text not in page, text


ELSEWHERE = "happens elsewhere, mostly: Use; of 1,000 touches 10% (7\N{EN DASH}13) in the planned phase"


@pytest.mark.parametrize("view", ["lived", "both"])
def test_what_happens_elsewhere_is_said_with_share_interval_and_n(log_in, figures, view):
    figures()
    page = log_in().get(f"/map/?view={view}").content.decode()
    assert f"<title>{ELSEWHERE}</title>" in page
    assert "happens elsewhere: less than half as planned" in page


def test_what_happens_as_planned_has_its_share_but_no_sign(log_in, figures):
    figures()
    cards = log_in().get("/map/?view=both").context["content"].columns[0].cards
    checkout = next(card for card in cards if card.key == "checkout")
    assert (checkout.note, checkout.happens.elsewhere) == ("", False)
    assert "80% (77\N{EN DASH}83) in the planned phase" in checkout.label


def test_of_a_model_without_figures_the_map_says_that_they_are_still_to_be_computed(log_in, figures):
    base = plan()
    second = Journey(
        "club", Text("Clubreise", "Club journey"), phases=(Phase("join", Text("Beitritt", "Joining")),)
    )
    figures(analysis(plan=replace(base, journeys=(*base.journeys, second))))
    client, still = log_in(), "is still to be computed; until then everything stands where it is planned"
    for view, shown in (("lived", True), ("both", True), ("planned", False)):
        page = client.get(f"/map/?journey=club&view={view}").content.decode()
        assert (still in page) is shown, view
        assert still not in client.get(f"/map/?view={view}").content.decode()


def test_another_journey_model_is_chosen_by_its_key(log_in, figures):
    second = Journey(
        "club", Text("Clubreise", "Club journey"), phases=(Phase("join", Text("Beitritt", "Joining")),)
    )
    base = plan()
    figures(analysis(plan=replace(base, journeys=(*base.journeys, second))))
    client = log_in()
    assert "Joining" not in client.get("/map/").content.decode().split("<figure")[1].split("</figure")[0]
    page = client.get("/map/?journey=club").content.decode()
    assert "Example Ltd · Club journey" in page
    assert "Joining" in page.split("<figure")[1]


def test_before_there_is_anything_the_page_shows_three_ways_in(log_in):
    page = log_in().get("/map/").content.decode()
    for text in ("Choose a journey model", "Collect touchpoints", "wegmarke demo"):
        assert text in page
    assert log_in(name="lou").get("/map/file.pdf").status_code == 404


def test_a_plan_without_figures_is_drawn_as_planned(log_in):
    services.save(plan(), by=None, now=timezone.now())
    page = log_in().get("/map/").content.decode()
    assert "No figures yet" in page
    assert "Payment" in page
    assert "never seen" not in page


def test_touchpoints_are_numbered_from_left_to_right_through_phases_and_steps(log_in):
    base = plan()
    steps = (Step("choose", Text("Wählen", "Choose")), Step("pay", Text("Zahlen", "Pay")))
    purchase = replace(base.phases[0], steps=steps)
    placed = {"checkout": "pay", "repair": "choose", "newsletter": "purchase"}
    touchpoints = tuple(replace(t, phases=(placed.get(t.key, "use"),)) for t in base.touchpoints)
    journeys = (Journey(phases=(purchase, base.phases[1])),)
    services.save(replace(base, journeys=journeys, touchpoints=touchpoints), by=None, now=timezone.now())
    content = log_in().get("/map/").context["content"]
    assert [slot.key for slot in content.columns[0].slots] == ["purchase", "choose", "pay"]
    assert [c.key for c in content.columns[0].cards] == ["newsletter", "repair", "checkout"]
    assert [c.number for column in content.columns for c in column.cards] == [1, 2, 3, 4, 5, 6, 7]
    assert content.subtitle == "Journey map, as planned"


def test_a_plan_without_phases_stands_in_one_column(log_in):
    bare = tuple(replace(touchpoint, phases=()) for touchpoint in plan().touchpoints)
    services.save(replace(plan(), journeys=(), touchpoints=bare), by=None, now=timezone.now())
    page = log_in().get("/map/").content.decode()
    assert "The plan has no phases yet" in page
    assert "Without phase" in page


@pytest.mark.parametrize("address", ["/map/", "/map/?view=lived", "/map/print/", "/map/file.svg"])
def test_hostile_names_stay_words(log_in, figures, address):
    figures(replace(hostile_analysis(), plan=replace(hostile_analysis().plan, funnels=())))
    page = log_in().get(address).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page
    if address in {"/map/print/", "/map/file.svg"}:
        assert "\u202e" not in page


def test_an_editor_moves_a_touchpoint_and_takes_it_back(log_in, figures):
    figures()
    client = log_in()
    page = client.post("/map/move/", {**MOVE, "based_on": 1}, follow=True).content.decode()
    assert "“Payment” now stands in “Use”." in page
    assert phases_of("checkout") == ("use",)
    page = client.post("/map/undo/", {"state": ""}, follow=True).content.decode()
    assert "stands where it stood before" in page
    assert phases_of("checkout") == ("purchase",)


def test_a_move_without_a_source_moves_the_main_place(log_in, figures):
    figures()
    log_in().post("/map/move/", {**MOVE, "source": "", "target": "-", "based_on": 1})
    assert phases_of("checkout") == ()


def test_a_move_is_not_saved_over_somebody_elses(log_in, figures):
    figures()
    theirs = replace(queries.current().plan.touchpoint("checkout"), phases=())
    services.change_touchpoint(theirs, based_on=1, by=None, now=timezone.now())
    page = log_in().post("/map/move/", {**MOVE, "based_on": 1}, follow=True).content.decode()
    assert "Somebody else moved or removed “Payment”" in page
    assert phases_of("checkout") == ()


def test_what_others_changed_elsewhere_on_the_card_is_kept(log_in, figures):
    figures()
    theirs = replace(queries.current().plan.touchpoint("checkout"), channel="web")
    services.change_touchpoint(theirs, based_on=1, by=None, now=timezone.now())
    log_in().post("/map/move/", {**MOVE, "based_on": 1})
    found = queries.current().plan.touchpoint("checkout")
    assert (found.phases, found.channel) == (("use",), "web")


def test_undo_is_refused_once_the_plan_has_changed(log_in, figures):
    figures()
    client = log_in()
    client.post("/map/move/", {**MOVE, "based_on": 1})
    services.add_touchpoints([Touchpoint("fair", Text("Messe", "Fair"))], by=None, now=timezone.now())
    assert "Undo" not in client.get("/map/").content.decode()
    page = client.post("/map/undo/", {"state": ""}, follow=True).content.decode()
    assert "cannot be undone here" in page
    assert phases_of("checkout") == ("use",)


def test_viewers_read_the_map_and_move_nothing(log_in, figures):
    figures()
    client = log_in("viewer")
    page = client.get("/map/").content.decode()
    assert "Payment" in page
    assert "Move a touchpoint" not in page
    assert "data-movable" not in page
    assert client.post("/map/move/", {**MOVE, "based_on": 1}).status_code == 403
    assert phases_of("checkout") == ("purchase",)


def test_owners_move_their_own_touchpoints_only(log_in, figures):
    base = plan()
    own = tuple(replace(t, owners=("kim",)) if t.key == "checkout" else t for t in base.touchpoints)
    figures(analysis(plan=replace(base, touchpoints=own)))
    client = log_in("viewer")
    client.post("/map/move/", {**MOVE, "based_on": 1})
    assert phases_of("checkout") == ("use",)
    client.post("/map/move/", {**MOVE, "key": "repair", "based_on": 2})
    assert phases_of("repair") == ("purchase",)


def test_a_version_there_is_not_yet_is_taken_as_the_newest(log_in, figures):
    figures()
    log_in().post("/map/move/", {**MOVE, "based_on": 99999})
    assert phases_of("checkout") == ("use",)


@pytest.mark.parametrize("wrong", [{"target": "nowhere"}, {"key": "nothing"}, {"based_on": ""}])
def test_a_move_that_makes_no_sense_changes_nothing(log_in, figures, wrong):
    figures()
    page = log_in().post("/map/move/", {**MOVE, "based_on": 1, **wrong}, follow=True)
    assert "makes no sense any more" in page.content.decode()
    assert queries.current().version == 1


def large(count: int = 70):
    """Return figures of a plan with so many touchpoints more."""
    base = plan()
    many = tuple(Touchpoint(f"t{k}", Text(f"T{k}", f"T{k}"), ("use",)) for k in range(count))
    return analysis(plan=replace(base, touchpoints=(*base.touchpoints, *many)))


def test_a_large_map_leaves_list_and_table_to_addresses_of_their_own(log_in, figures):
    figures(large())
    client = log_in()
    page = client.get("/map/?view=planned").content.decode()
    assert "wm-map-item" not in page
    assert "data-sortable" not in page
    for address, there in (("/map/list/", "wm-map-item"), ("/map/numbers/", "data-sortable")):
        assert f'href="{address}?view=planned"' in page
        whole = client.get(f"{address}?view=planned").content.decode()
        part = client.get(f"{address}?view=planned", headers={"HX-Request": "true"}).content.decode()
        assert there in whole
        assert part.strip() in whole
        assert "<html" in whole
        assert "<html" not in part
        assert "T69" in part
        assert 'href="/map/?view=planned"' in whole


def test_a_large_map_leaves_its_picture_to_an_address_of_its_own(log_in, figures):
    figures(large())
    client = log_in()
    page = client.get("/map/?view=planned").content.decode()
    assert "wm-map-picture" not in page
    assert 'hx-get="/map/picture/?view=planned"' in page
    assert 'href="/map/file.svg?view=planned"' in page
    picture = client.get("/map/picture/?view=planned").content.decode()
    assert picture.startswith("<svg")
    assert "T69" in picture


def test_a_small_map_has_its_picture_at_once_as_it_stands_alone(log_in, figures):
    figures()
    client = log_in()
    page = client.get("/map/").content.decode()
    assert "/map/picture/" not in page
    assert client.get("/map/picture/").content.decode() in page


def test_a_small_map_has_list_and_table_at_once_as_they_stand_alone(log_in, figures):
    figures()
    client = log_in()
    page = client.get("/map/").content.decode()
    for address in ("/map/list/", "/map/numbers/"):
        assert address not in page
        part = client.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "".join(part.split()) in "".join(page.split())


def test_the_page_asks_the_database_the_same_for_seven_touchpoints_and_for_two_hundred(
    log_in, figures, django_assert_max_num_queries
):
    base = plan()
    many = tuple(Touchpoint(f"t{k}", Text(f"T{k}"), ("use",)) for k in range(200))
    figures(analysis(plan=replace(base, touchpoints=(*base.touchpoints, *many))))
    client = log_in()
    client.get("/map/")
    with django_assert_max_num_queries(12):
        client.get("/map/")


def name_it(client, name):
    return client.post("/map/name/", {"name": name, "state": ""}, follow=True).content.decode()


def test_an_editor_names_the_company_and_the_map_is_called_so(log_in):
    touchpoint = replace(plan().touchpoints[0], phases=())
    services.save(replace(FIRST, touchpoints=(touchpoint,)), by=None, now=timezone.now())
    client = log_in("editor")
    assert "The map names no company yet." in client.get("/map/").content.decode()
    page = name_it(client, "  Rösterei Nord ")
    assert "The map names no company yet." not in page
    assert '<h1 class="page-title">Rösterei Nord</h1>' in page
    assert "Rösterei Nord" in client.get("/map/file.svg").content.decode()
    assert queries.current().plan.name == Text("Rösterei Nord", "Rösterei Nord")
    assert queries.current().basis == 1


def test_renaming_changes_the_name_in_the_readers_language(log_in, figures):
    figures()
    name_it(log_in("editor"), "Sample Ltd")
    assert queries.current().plan.name == Text("Beispiel GmbH", "Sample Ltd")


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_no_name_and_a_long_one_change_nothing(log_in, figures, name):
    figures()
    assert "Please type the name of the company" in name_it(log_in("editor"), name)
    assert queries.current().version == 1


def test_viewers_name_nothing(log_in, figures):
    figures()
    client = log_in("viewer")
    assert 'action="/map/name/"' not in client.get("/map/").content.decode()
    assert client.post("/map/name/", {"name": "Mine"}).status_code == 403
    assert queries.current().version == 1


@pytest.mark.parametrize("department", [None, "Shop"])
def test_where_no_department_is_named_the_lane_is_called_after_the_owners(log_in, department):
    touchpoint = Touchpoint("call", Text("Anruf", "Call"), owners=("Kim",), department=department)
    services.save(replace(FIRST, touchpoints=(touchpoint,)), by=None, now=timezone.now())
    drawn = log_in().get("/map/file.svg").content.decode()
    assert (">Owners<" in drawn) is (department is None)
