"""Goals on pages: how each stands, adding, changing together with others, removing."""

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from support.described import undescribed
from support.insights import HOSTILE, analysis
from support.pages import text_of
from wegmarke.atlas.goals.queries import goals_of
from wegmarke.plan import queries, services
from wegmarke.plan.contracts import Goal, Measure, Metric, Side, Step, Text

pytestmark = pytest.mark.django_db

GOALS = (
    Goal(
        "pay",
        Text("Bezahlen ohne Ärger", "Payment without trouble"),
        Side.CUSTOMER,
        Metric(Measure.NET_EXPERIENCE, 0.2),
        date(2025, 6, 30),
        owner="kim",
        touchpoints=("checkout",),
    ),
    Goal(
        "stay",
        Text("Weniger Abwanderung", "Less churn"),
        Side.COMPANY,
        Metric(Measure.LEAVING, 0.02),
        date(2025, 6, 30),
    ),
    Goal(
        "buy",
        Text("Mehr Käufe", "More purchases"),
        Side.COMPANY,
        Metric(Measure.CONVERSION, 0.1),
        date(2025, 6, 30),
        funnel="buy",
    ),
    Goal(
        "use",
        Text("Mehr Nutzung", "More use"),
        Side.COMPANY,
        Metric(Measure.TOUCHES, 100),
        date(2025, 6, 30),
        phases=("use",),
    ),
)
FILLED = {
    "name_de": "Weniger Ärger",
    "name_en": "Less trouble",
    "side": "customer",
    "measure": "bad_share",
    "target": "12.5",
    "until": "2027-06-30",
    "owner": "kim",
    "touchpoints": ["checkout"],
}


@pytest.fixture
def with_goals(store):
    found = analysis()
    store(replace(found, plan=replace(found.plan, goals=GOALS)))


def goal(key):
    return next((one for one in queries.current().plan.goals if one.key == key), None)


def filled(page):
    """Return what a browser would send for a form as it stands."""
    sent = dict(re.findall(r'<input type="(?:text|date|hidden)" name="(\w+)" value="([^"]*)"', page))
    for name, inside in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        sent[name] = chosen.group(1) if chosen else ""
    for name, value in re.findall(r'type="checkbox" name="(\w+)" value="([^"]*)"[^>]* checked', page):
        sent.setdefault(name, [])
        sent[name] = [*sent[name], value]
    sent.pop("csrfmiddlewaretoken", None)
    return sent


def test_each_goal_shows_value_interval_n_course_and_what_it_is_about(reader, with_goals):
    page = text_of(reader, "/plan/goals/")
    assert "Payment without trouble" in page
    assert "+40 (+25 to +55)" in page
    assert "n = 40 rated touches" in page
    assert "Net experience at least +20" in page
    assert "8% (7 to 9%)" in page
    assert "30% (29 to 31%)" in page
    for course in ("reached", "off course"):
        assert course in page
    assert page.count('class="wm-chart"') == 3


def test_the_page_speaks_german(reader, with_goals):
    reader.language("de")
    page = text_of(reader, "/plan/goals/")
    for said in ("Bezahlen ohne Ärger", "Erlebnissaldo mindestens +20", "nicht auf Kurs", "Ziele der Kunden"):
        assert said in page


def test_without_goals_the_page_says_what_one_is(reader):
    assert "There is no goal yet" in text_of(reader, "/plan/goals/")


def test_a_goal_without_figures_says_so(reader):
    services.save(replace(analysis().plan, goals=GOALS), by=None, now=timezone.now())
    assert "There are no figures yet." in text_of(reader, "/plan/goals/")


@pytest.mark.parametrize(("language", "target"), [("en", "12.5"), ("de", "12,5")])
def test_a_goal_is_added_with_shares_typed_in_per_cent(reader, with_goals, language, target):
    reader.language(language)
    answer = reader.post("/plan/goals/new/", {**FILLED, "target": target})
    assert answer.status_code == 302
    assert goal("weniger_aerger") == Goal(
        "weniger_aerger",
        Text("Weniger Ärger", "Less trouble"),
        Side.CUSTOMER,
        Metric(Measure.BAD_SHARE, 0.125),
        date(2027, 6, 30),
        owner="kim",
        touchpoints=("checkout",),
    )
    reader.post("/plan/goals/new/", {**FILLED, "target": target})
    assert goal("weniger_aerger_2") is not None


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("key", ["pay", "stay", "buy", "use"])
def test_a_goal_that_is_saved_as_it_stands_does_not_change(reader, with_goals, key, language):
    reader.language(language)
    version = queries.current().version
    sent = filled(reader.get(f"/plan/goals/{key}/edit/").content.decode())
    assert reader.post(f"/plan/goals/{key}/edit/", sent).status_code == 302
    assert queries.current().version == version


def test_two_people_changing_different_fields_lose_nothing(reader, with_goals):
    sent = filled(reader.get("/plan/goals/pay/edit/").content.decode())
    version = queries.current().version
    theirs = replace(GOALS[0], owner="mira")
    services.save_goal(theirs, based_on=version, by=None, now=timezone.now())
    assert reader.post("/plan/goals/pay/edit/", {**sent, "target": "30"}).status_code == 302
    assert (goal("pay").owner, goal("pay").metric.target) == ("mira", 0.3)


def test_saving_again_after_a_conflict_keeps_what_others_changed_besides(reader, with_goals):
    sent = filled(reader.get("/plan/goals/pay/edit/").content.decode())
    theirs = replace(GOALS[0], owner="mira", until=date(2026, 1, 31), touchpoints=("repair", "app"))
    services.save_goal(theirs, based_on=queries.current().version, by=None, now=timezone.now())
    page = reader.post("/plan/goals/pay/edit/", {**sent, "owner": "noah"}).content.decode()
    assert reader.post("/plan/goals/pay/edit/", filled(page)).status_code == 302
    assert goal("pay") == replace(theirs, owner="noah")


def test_a_goal_of_a_step_keeps_its_step(reader, store):
    found = analysis()
    (journey, *others) = found.plan.journeys
    phase = replace(journey.phases[0], steps=(Step("pick", Text("Wählen", "Choose")),))
    journey = replace(journey, phases=(phase, *journey.phases[1:]))
    goals = (replace(GOALS[3], phases=("pick",)),)
    store(replace(found, plan=replace(found.plan, journeys=(journey, *others), goals=goals)))
    page = reader.get("/plan/goals/use/edit/").content.decode()
    assert "Purchase · Choose" in page
    reader.post("/plan/goals/use/edit/", {**filled(page), "target": "90"})
    assert (goal("use").phases, goal("use").metric.target) == (("pick",), 90)


def test_a_german_thousand_is_a_thousand(reader, with_goals):
    reader.language("de")
    reader.post("/plan/goals/new/", {**FILLED, "measure": "persons", "target": "1.000"})
    assert goal("weniger_aerger").metric.target == 1000


def test_two_people_changing_the_same_field_are_told(reader, with_goals):
    sent = filled(reader.get("/plan/goals/pay/edit/").content.decode())
    version = queries.current().version
    theirs = replace(GOALS[0], owner="mira")
    services.save_goal(theirs, based_on=version, by=None, now=timezone.now())
    answer = reader.post("/plan/goals/pay/edit/", {**sent, "owner": "noah"})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Somebody else changed this goal in the meantime: Owner." in page
    assert goal("pay").owner == "mira"
    assert reader.post("/plan/goals/pay/edit/", filled(answer.content.decode())).status_code == 302
    assert goal("pay").owner == "noah"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name_de": "", "name_en": " "}, "A goal needs a name"),
        ({"measure": "conversion"}, "A conversion needs its funnel."),
        ({"measure": "leaving"}, "Leaving is known for everything only"),
        ({"measure": "persons", "phases": ["use"]}, "Persons are counted at one touchpoint"),
        ({"target": "250"}, "“Share of bad experiences” lies between 0 and 100 per cent."),
        ({"start": "-1"}, "“Share of bad experiences” lies between 0 and 100 per cent."),
        ({"target": "nan"}, "Enter a number."),
        ({"until": "someday"}, "Enter a valid date."),
        ({"since": "2028-01-01"}, "The goal ends before it begins."),
        ({"touchpoints": ["gone"]}, "is not one of the available choices"),
    ],
)
def test_what_does_not_go_together_is_refused_with_its_reason(reader, with_goals, changed, said):
    answer = reader.post("/plan/goals/new/", {**FILLED, **changed})
    assert answer.status_code == 422
    assert said in html.unescape(answer.content.decode())
    assert len(queries.current().plan.goals) == len(GOALS)


def test_each_wrong_field_names_its_reason(reader, with_goals):
    answer = reader.post("/plan/goals/new/", {**FILLED, "target": "nan", "until": "someday"})
    assert undescribed(answer.content.decode()) == []


def test_a_goal_is_removed_once_that_was_asked(reader, with_goals):
    assert "Remove “Payment without trouble”?" in text_of(reader, "/plan/goals/pay/remove/")
    assert goal("pay") is not None
    assert reader.post("/plan/goals/pay/remove/").status_code == 302
    assert goal("pay") is None
    assert reader.post("/plan/goals/pay/remove/").status_code == 404
    assert reader.get("/plan/goals/pay/edit/").status_code == 404


@pytest.mark.parametrize("address", ["/plan/goals/new/", "/plan/goals/pay/edit/", "/plan/goals/pay/remove/"])
def test_a_viewer_sees_goals_and_changes_none(reader, with_goals, address):
    reader.role("viewer")
    assert "/plan/goals/new/" not in text_of(reader, "/plan/goals/")
    assert reader.post(address, FILLED).status_code == 403
    assert queries.current().plan.goals == GOALS


def test_a_touchpoint_knows_the_goals_it_serves(with_goals):
    assert [one.key for one in goals_of("checkout")] == ["pay", "buy"]
    assert [one.key for one in goals_of("coupon_mail")] == ["use"]
    assert goals_of("gone") == ()


def test_the_page_asks_few_questions(reader, with_goals, django_assert_max_num_queries):
    reader.get("/plan/goals/")
    with django_assert_max_num_queries(10):
        reader.get("/plan/goals/")


def test_hostile_names_are_text(reader, store):
    found = analysis()
    goals = tuple(
        replace(GOALS[3], key=f"g{n}", name=Text(name, name), owner=name) for n, name in enumerate(HOSTILE)
    )
    store(replace(found, plan=replace(found.plan, goals=goals)))
    for address in ("/plan/goals/", "/plan/goals/g0/edit/", "/plan/goals/g1/edit/"):
        page = reader.get(address).content.decode()
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
