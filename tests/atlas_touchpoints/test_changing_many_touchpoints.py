"""Changing and removing many at once: one version, what is left empty stays, and a way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from support.inventory import plan
from wegmarke.analysis.journeys import StartedBy
from wegmarke.plan import queries as plans
from wegmarke.plan.contracts import (
    Goal,
    Measure,
    Media,
    Metric,
    Nature,
    Promise,
    Side,
    Status,
    Text,
    Worth,
)

pytestmark = pytest.mark.django_db

CHANGE = "/map/touchpoints/-/change/"
REMOVE = "/map/touchpoints/-/remove/"
TWO = ["repair", "app"]


@pytest.fixture
def rich(company):
    """Store a plan whose touchpoints have owners, and a promise."""
    first, second, third, *rest = plan().touchpoints
    return company(
        touchpoints=(first, second, replace(third, owners=("kim", "alex"), channel="web", cost=3), *rest),
        promises=(Promise("quick", Text("Schnell", "Quick")),),
    )


def change(client, keys=TWO, **form):
    return client.post(CHANGE, {"keys": keys, "do": "save", **form})


def test_first_it_is_asked_what_to_change(rich, editor):
    text = editor.post(CHANGE, {"keys": TWO}).content.decode()
    assert "Change 2 touchpoints" in text
    assert "Repair, App" in text
    assert 'name="keys" value="repair app"' in text
    assert plans.current().version == 1


def test_fields_are_set_in_one_version(rich, editor, now_planned):
    answer = change(
        editor, status="paused", channel="phone", department="Service", started_by="customer", nature="human",
        planned="no", worth="value_creating", whose="earned", measure="bad_share", target="5", cost="1.5",
        minutes="20", promise="quick", comment="Because",
    )  # fmt: skip
    assert answer["Location"] == "/map/touchpoints/?saved=2"
    for key in TWO:
        one = now_planned().touchpoint(key)
        assert (one.status, one.channel, one.department) == (Status.PAUSED, "phone", "Service")
        assert (one.started_by, one.nature, one.planned) == (StartedBy.CUSTOMER, Nature.HUMAN, False)
        assert (one.worth, one.media, one.promises) == (Worth.VALUE_CREATING, Media.EARNED, ("quick",))
        assert (one.metric, one.cost, one.minutes) == (Metric(Measure.BAD_SHARE, 0.05), 1.5, 20)
    assert now_planned().touchpoint("checkout") == plan().touchpoints[0]
    assert (plans.current().version, plans.current().comment) == (2, "Because")


def test_what_is_left_empty_stays(rich, editor, now_planned):
    change(editor, status="idea")
    repair = now_planned().touchpoint("repair")
    assert repair == replace(rich.touchpoint("repair"), status=Status.IDEA)


def test_fields_can_be_emptied(rich, editor, now_planned):
    change(editor, channel_empty="on", cost_empty="on", started_by="-", nature="-", measure="-")
    repair = now_planned().touchpoint("repair")
    assert (repair.channel, repair.cost, repair.nature, repair.metric) == (None, None, None, None)


@pytest.mark.parametrize(
    ("form", "owners"),
    [
        ({"owners_how": "replace", "owners": "lou"}, ("lou",)),
        ({"owners_how": "replace"}, ()),
        ({"owners_how": "add", "owners": "lou, kim"}, ("kim", "alex", "lou")),
        ({"owners_how": "remove", "owners": "kim; zoe"}, ("alex",)),
    ],
)
def test_owners_are_replaced_added_or_removed(rich, editor, now_planned, form, owners):
    change(editor, **form)
    assert now_planned().touchpoint("repair").owners == owners


@pytest.mark.parametrize(
    ("form", "repair"),
    [
        ({"phases_how": "replace", "phases": ["use"]}, ("use",)),
        ({"phases_how": "add", "phases": ["use"]}, ("purchase", "use")),
        ({"phases_how": "remove", "phases": ["purchase"]}, ()),
    ],
)
def test_phases_are_replaced_added_or_removed(rich, editor, now_planned, form, repair):
    change(editor, **form)
    assert now_planned().touchpoint("repair").phases == repair


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Nothing was chosen to be changed."),
        ({"phases_how": "add"}, "Please choose at least one phase."),
        ({"phases": ["use"]}, "Please say what to do with these phases."),
        ({"owners_how": "remove", "owners": " , "}, "Please name at least one owner."),
        ({"owners": "kim"}, "Please say what to do with these owners."),
        ({"cost": "-1"}, "greater than or equal to 0"),
        ({"cost": "viel"}, "Enter a number."),
        ({"cost": "1", "cost_empty": "on"}, "Either a value or “empty it”, not both."),
        ({"measure": "bad_share"}, "A metric needs a measure and a target."),
        ({"target": "3"}, "A metric needs a measure and a target."),
        ({"measure": "bad_share", "target": "500"}, "between 0 and 100"),
        ({"measure": "bad_share", "target": "-5"}, "between 0 and 1"),
        ({"status": "nonsense"}, "is not one of the available choices"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_saved(rich, editor, form, said):
    answer = change(editor, **form)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert plans.current().version == 1


def test_numbers_are_typed_as_the_reader_writes_them(rich, editor, now_planned):
    editor.user.language = "de"
    editor.user.save()
    change(editor, cost="1,5")
    assert now_planned().touchpoint("repair").cost == 1.5


def test_a_change_that_changes_nothing_makes_no_version(rich, editor):
    assert change(editor, status="live")["Location"] == "/map/touchpoints/"
    assert plans.current().version == 1


def test_all_that_fit_the_filters_are_changed_where_that_is_ticked(rich, editor, now_planned):
    editor.post(CHANGE, {"every": "1", "query": "phase=use", "do": "save", "status": "retired"})
    retired = [one.key for one in now_planned().touchpoints if one.status is Status.RETIRED]
    assert retired == [one.key for one in rich.touchpoints if "use" in one.phases]


def test_without_a_selection_it_says_so(rich, editor):
    assert "Please select touchpoints first." in editor.post(CHANGE, {}, follow=True).content.decode()
    assert (
        "Please select touchpoints first." in editor.post(REMOVE, {"keys": "x"}, follow=True).content.decode()
    )


def test_a_change_is_undone(rich, editor, now_planned):
    change(editor, status="paused")
    editor.post("/map/touchpoints/-/undo/2/")
    assert now_planned() == rich
    assert plans.current().comment == "Undone: 2 touchpoints changed"


def test_removing_is_asked_first_and_done_in_one_version(rich, editor, now_planned):
    text = editor.post(REMOVE, {"keys": TWO}).content.decode()
    assert "Remove 2 touchpoints?" in text
    assert "Customers met 2 of them" in text
    assert plans.current().version == 1
    editor.post(REMOVE, {"keys": TWO, "do": "save"})
    assert [one.key for one in now_planned().touchpoints if one.key in TWO] == []
    assert plans.current().comment == "2 touchpoints removed"


def test_what_is_still_used_is_named_and_not_removed(company, editor):
    base = plan()
    phase = replace(base.phases[0], entered_by=("app",))
    goal = Goal(
        "g",
        Text("Ziel", "Aim"),
        Side.COMPANY,
        Metric(Measure.PERSONS, 5),
        date(2030, 1, 1),
        touchpoints=("app",),
    )
    company(goals=(goal,), journeys=(replace(base.journeys[0], phases=(phase, *base.phases[1:])),))
    keys = ["app", "newsletter", "cancellation", "tasting"]
    text = editor.post(REMOVE, {"keys": keys}).content.decode()
    for said in (
        "The goal “Aim” looks at “App”.",
        "The funnel “To the purchase” goes through “Newsletter”.",
        "The phase “Purchase” begins with “App”.",
        "“Cancellation” means leaving.",
        "“Tasting” means moving on.",
    ):
        assert said in text
    assert 'value="save"' not in text
    answer = editor.post(REMOVE, {"keys": keys, "do": "save"})
    assert "Nothing was saved." in answer.content.decode()
    assert plans.current().version == 1


def test_one_that_is_gone_meanwhile_is_passed_over(rich, editor, now_planned):
    change(editor, keys=["gone", "app"], status="idea")
    assert now_planned().touchpoint("app").status is Status.IDEA


def test_get_changes_nothing(rich, editor):
    for address in (CHANGE, REMOVE, "/map/touchpoints/-/undo/1/", "/map/touchpoints/-/add/"):
        assert editor.get(address).status_code == 405


def test_the_button_of_a_phase_puts_them_there_at_once_and_says_so(company, editor, now_planned):
    found = company()
    phase = found.phases[-1]
    answer = editor.post(CHANGE, {"keys": TWO, "into": phase.key, "query": "phase=-"})
    assert answer.status_code == 302
    assert all(phase.key in now_planned().touchpoint(key).phases for key in TWO)
    assert plans.current().comment == f"2 touchpoints put into “{phase.name.en}”"


def test_a_phase_that_is_gone_takes_nothing(company, editor):
    company()
    page = editor.post(CHANGE, {"keys": TWO, "into": "gone"}).content.decode()
    assert "Change 2 touchpoints" in page
    assert plans.current().version == 1


def test_each_phase_of_the_leading_journey_has_a_button_with_its_digit(company, editor):
    found = company()
    page = editor.get("/map/touchpoints/").content.decode()
    for digit, phase in enumerate(found.journeys[0].phases, 1):
        assert f'name="into" value="{phase.key}" aria-keyshortcuts="{digit}"' in page


@pytest.mark.parametrize(
    ("language", "typed"),
    [("de", {"1.250": 1250, "1.250,5": 1250.5, "1,25": 1.25}), ("en", {"1,250": 1250, "1.25": 1.25})],
)
def test_numbers_are_read_as_the_reader_writes_them(rich, log_in, now_planned, language, typed):
    client = log_in(language=language)
    for text, cost in typed.items():
        change(client, cost=text)
        assert now_planned().touchpoint("repair").cost == cost


def test_a_share_below_zero_is_refused(rich, editor, now_planned):
    answer = change(editor, measure="bad_share", target="-50")
    assert "“Share of bad experiences” lies between 0 and 100 per cent." in answer.content.decode()
    assert now_planned().touchpoint("repair").metric is None
