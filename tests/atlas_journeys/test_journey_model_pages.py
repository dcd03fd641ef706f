"""Journey models by the page: take over, draw, edit, order, copy, lead, remove."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.http import QueryDict
from django.utils import timezone

from support.described import undescribed
from support.insights import plan
from wegmarke.atlas.journeys import drafts
from wegmarke.plan import queries, services
from wegmarke.plan.contracts import Journey, Phase, Step, Text
from wegmarke.plan.rules import FIRST

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned():
    """Save a plan with two models."""
    base = plan()
    first = Journey(
        phases=(
            replace(
                base.phases[0],
                steps=(Step("choose", Text("Wählen", "Choose")), Step("pay", Text("Zahlen", "Pay"))),
            ),
            base.phases[1],
        )
    )
    second = Journey("club", Text("Club", "Club"), phases=(Phase("join", Text("Beitritt", "Joining")),))
    services.save(replace(base, journeys=(first, second)), by=None, now=timezone.now())


def models() -> tuple[Journey, ...]:
    return queries.current().plan.journeys


def phase_keys(key: str = "main") -> list[str]:
    return [phase.key for phase in queries.current().plan.journey(key).phases]


def form(client, address: str = "/plan/journeys/edit/main/") -> dict[str, object]:
    """Return what the browser would send when nothing was changed."""
    draft = client.get(address).context["draft"]
    sent: dict[str, object] = {
        "based_on": client.get(address).context["based_on"],
        "phases": len(draft.phases),
        **{name: getattr(draft, name) for name in drafts._OWN},
    }
    for p, phase in enumerate(draft.phases):
        for name in ("key", "de", "en", "goal_de", "goal_en", "from_day", "to_day", "entered_by"):
            sent[f"phase-{p}-{name}"] = getattr(phase, name)
        sent[f"phase-{p}-steps"] = len(phase.steps)
        for s, step in enumerate(phase.steps):
            sent |= {f"phase-{p}-step-{s}-{name}": getattr(step, name) for name in ("key", "de", "en")}
    return sent


def test_a_model_is_taken_over_with_one_click_and_then_leads(log_in):
    page = log_in().post("/plan/journeys/adopt/", {"name": "saas_life_cycle"}, follow=True).content.decode()
    assert "SaaS life cycle" in page
    assert "Onboarding" in page
    assert [model.key for model in models()] == ["saas_life_cycle"]
    assert queries.current().plan.phases[0].to_day == 90


def test_a_model_taken_over_twice_gets_keys_of_its_own(log_in, planned):
    client = log_in()
    for _ in range(2):
        client.post("/plan/journeys/adopt/", {"name": "perception_to_repurchase"})
    assert [model.key for model in models()][2:] == ["perception_to_repurchase", "perception_to_repurchase_2"]
    assert phase_keys("perception_to_repurchase")[2:4] == ["purchase_2", "use_2"]


def begun(*names: str, **more) -> None:
    """Save a plan whose one journey grew out of phases that stood in a list."""
    phases = tuple(Phase(f"p{at}", Text(name, name)) for at, name in enumerate(names))
    touchpoint = replace(plan().touchpoints[0], phases=("p0",))
    services.save(
        replace(FIRST, journeys=(Journey(phases=phases, **more),), touchpoints=(touchpoint,)),
        by=None,
        now=timezone.now(),
    )


def test_a_nameless_beginning_of_a_model_is_filled_up_and_keeps_what_stands_in_it(log_in):
    begun("Wahrnehmung", "kauf")
    page = log_in().post("/plan/journeys/adopt/", {"name": "perception_to_repurchase"}, follow=True)
    assert page.status_code == 200
    (journey,) = models()
    assert journey.key == "main"
    assert journey.name.de == "Von der Wahrnehmung zum Wiederkauf"
    assert [phase.key for phase in journey.phases] == ["p0", "evaluation", "p1", "use", "repurchase"]
    assert journey.phases[2].name == Text("kauf", "kauf")
    assert all(phase.goal for phase in journey.phases)
    assert queries.current().plan.touchpoints[0].phases == ("p0",)


def test_a_journey_with_a_name_or_with_other_phases_stays_beside_the_model(log_in):
    begun("Wahrnehmung", "Anprobe")
    log_in().post("/plan/journeys/adopt/", {"name": "perception_to_repurchase"})
    assert [model.key for model in models()] == ["main", "perception_to_repurchase"]


def test_a_named_journey_is_not_filled_up(log_in):
    begun("Wahrnehmung", name=Text("Unsere", "Ours"))
    log_in().post("/plan/journeys/adopt/", {"name": "perception_to_repurchase"})
    assert [model.key for model in models()] == ["main", "perception_to_repurchase"]


def test_a_model_is_drawn_by_hand(log_in):
    sent = {
        "name_de": "Vermietung",
        "phases": 2,
        "phase-0-de": "Besichtigen",
        "phase-0-goal_de": "Wohnung sehen",
        "phase-0-to_day": "1,5",
        "phase-1-de": "Größer wohnen",
        "phase-1-from_day": "1,5",
        "phase-1-steps": 1,
        "phase-1-step-0-de": "Einzug",
    }
    log_in(language="de").post("/plan/journeys/edit/", sent)
    journey = models()[0]
    assert journey.key == "vermietung"
    assert [phase.key for phase in journey.phases] == ["besichtigen", "groesser_wohnen"]
    assert journey.phases[0].to_day == 1.5
    assert journey.phases[1].steps == (Step("einzug", Text("Einzug")),)


def test_saving_without_a_change_changes_nothing(log_in, planned):
    client = log_in()
    before = queries.current()
    client.post("/plan/journeys/edit/main/", form(client))
    assert queries.current().version == before.version


@pytest.mark.parametrize(
    ("action", "focus"),
    [
        ("up-1", "phase-0-up"),
        ("down-0", "phase-1-down"),
        ("remove-0", "phase-0-de"),
        ("add", "phase-2-de"),
        ("add-step-1", "phase-1-step-0-de"),
        ("step-down-0-0", "phase-0-step-1-down"),
        ("remove-step-0-1", "phase-0-step-0-de"),
    ],
)
def test_buttons_rearrange_the_form_and_keep_the_focus_near(log_in, planned, action, focus):
    client = log_in()
    answer = client.post("/plan/journeys/edit/main/", {**form(client), "action": action})
    assert answer.status_code == 200
    assert answer.context["focus"] == focus
    assert f'id="{focus}"' in answer.content.decode()
    assert queries.current().version == 1


@pytest.mark.parametrize(
    "action", ["up-9", "remove", "step-up-0-9", "step-up-0", "launch", "up-0-0-0", "add-step"]
)
def test_an_action_that_names_nothing_changes_nothing(log_in, planned, action):
    client = log_in()
    answer = client.post("/plan/journeys/edit/main/", {**form(client), "action": action})
    assert [phase.key for phase in answer.context["draft"].phases] in (["purchase", "use"], ["use"])
    assert queries.current().version == 1


def test_phases_are_put_into_another_order(log_in, planned):
    client = log_in()
    sent = form(client)
    moved = {}
    for name, value in sent.items():
        if str(name).startswith("phase-0"):
            moved[name.replace("phase-0", "phase-1")] = value
        elif str(name).startswith("phase-1"):
            moved[name.replace("phase-1", "phase-0")] = value
        else:
            moved[name] = value
    client.post("/plan/journeys/edit/main/", moved)
    assert phase_keys() == ["use", "purchase"]


def test_a_removed_phase_is_lost_by_what_stood_in_it_after_a_warning(log_in, planned):
    client = log_in()
    answer = client.post("/plan/journeys/edit/main/", {**form(client), "action": "remove-1"})
    page = answer.content.decode()
    assert "these lose the phase or step" in page
    assert "Tasting" in page
    sent = {name: value for name, value in form(client).items() if not name.startswith("phase-1")}
    client.post("/plan/journeys/edit/main/", {**sent, "phases": 1})
    assert phase_keys() == ["purchase"]
    assert queries.current().plan.touchpoint("tasting").phases == ()
    assert queries.current().plan.touchpoint("checkout").phases == ("purchase",)
    assert queries.current().version == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"phase-0-de": " ", "phase-0-en": ""}, "A name is missing."),
        ({"phase-0-from_day": "soon"}, "A number is needed here."),
        ({"phase-0-from_day": "9", "phase-0-to_day": "3"}, "The phase ends before it begins."),
        ({"phase-0-key": "join"}, "join"),
    ],
)
def test_what_makes_no_sense_is_said_and_not_saved(log_in, planned, changed, said):
    client = log_in()
    answer = client.post("/plan/journeys/edit/main/", {**form(client), **changed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert queries.current().version == 1


def test_each_wrong_field_of_a_model_names_its_reason(log_in, planned):
    client = log_in()
    wrong = {"phase-0-de": " ", "phase-0-en": "", "phase-0-from_day": "soon", "phase-1-to_day": "later"}
    answer = client.post("/plan/journeys/edit/main/", {**form(client), **wrong})
    assert undescribed(answer.content.decode()) == []


@pytest.mark.parametrize("remove", [False, True])
def test_what_somebody_else_changed_is_not_overwritten_unseen(log_in, planned, remove):
    client = log_in()
    sent = form(client)
    theirs = queries.current().plan.journey("main")
    theirs = replace(
        theirs, phases=(replace(theirs.phases[0], name=Text("Anders", "Different")), theirs.phases[1])
    )
    services.save_journey(theirs, based_on=1, by=None, now=timezone.now())
    if remove:
        sent = {name: value for name, value in sent.items() if not name.startswith("phase-1")} | {"phases": 1}
    answer = client.post("/plan/journeys/edit/main/", {**sent, "phase-0-goal_en": "Mine"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody else changed this journey model" in page
    assert "Mine" in page
    assert queries.current().version == 2
    client.post("/plan/journeys/edit/main/", {**sent, "phase-0-goal_en": "Mine", "based_on": 2})
    assert queries.current().plan.journey("main").phases[0].goal.en == "Mine"


def test_a_copy_holds_what_the_original_holds(log_in, planned):
    page = log_in().post("/plan/journeys/duplicate/", {"key": "main"}, follow=True).content.decode()
    assert "texts for single phases and goals stay with the original" in page
    copy = models()[2]
    assert copy.name.en.endswith("(copy)")
    assert [phase.key for phase in copy.phases] == ["purchase_2", "use_2"]
    assert queries.current().plan.touchpoint("checkout").phases == ("purchase", "purchase_2")


def test_another_model_leads(log_in, planned):
    log_in().post("/plan/journeys/lead/", {"key": "club"})
    assert [model.key for model in models()] == ["club", "main"]


def test_removing_says_first_what_is_lost(log_in, planned):
    client = log_in()
    page = client.get("/plan/journeys/remove/main/").content.decode()
    assert "7 touchpoints lose their place" in page
    assert "After it “Club” will lead" in page
    client.post("/plan/journeys/remove/main/")
    assert [model.key for model in models()] == ["club"]


def test_viewers_read_the_models_and_change_none(log_in, planned):
    client = log_in("viewer")
    page = client.get("/plan/journeys/").content.decode()
    assert "Purchase" in page
    assert "Take over" not in page
    assert client.get("/plan/journeys/edit/main/").status_code == 403
    for address, sent in (
        ("adopt/", {"name": "saas_life_cycle"}),
        ("lead/", {"key": "club"}),
        ("duplicate/", {"key": "main"}),
        ("edit/main/", {"phases": 0}),
        ("remove/main/", {}),
    ):
        assert client.post(f"/plan/journeys/{address}", sent).status_code == 403
    assert queries.current().version == 1


def test_unknown_models_are_not_found(log_in, planned):
    client = log_in()
    assert client.get("/plan/journeys/edit/nothing/").status_code == 404
    assert client.get("/plan/journeys/remove/nothing/").status_code == 404
    assert client.post("/plan/journeys/adopt/", {"name": "../plan"}).status_code == 404
    assert client.post("/plan/journeys/duplicate/", {"key": "nothing"}).status_code == 404


def test_a_model_of_any_size_is_read_whole():
    steps = [drafts.StepDraft(f"s{n}", f"S{n}") for n in range(25)]
    large = drafts.Draft("main", phases=[drafts.PhaseDraft(f"p{n}", f"P{n}") for n in range(45)])
    large.phases[0].steps = steps
    post = QueryDict(mutable=True)
    post["phases"] = "45"
    for p, phase in enumerate(large.phases):
        post[f"phase-{p}-key"], post[f"phase-{p}-de"] = phase.key, phase.de
        post[f"phase-{p}-steps"] = str(len(phase.steps))
        for s, step in enumerate(phase.steps):
            post[f"phase-{p}-step-{s}-key"], post[f"phase-{p}-step-{s}-de"] = step.key, step.de
    assert drafts.read(post, "main") == large


def test_more_phases_than_the_form_can_send_are_refused_with_a_message(log_in, planned, monkeypatch):
    client = log_in()
    sent = form(client)
    monkeypatch.setattr(drafts, "MOST_FIELDS", 38)
    answer = client.post("/plan/journeys/edit/main/", {**sent, "action": "add"})
    assert "as many phases and steps as this form can hold" in answer.content.decode()
    assert len(answer.context["draft"].phases) == 2
    monkeypatch.setattr(drafts, "MOST_FIELDS", 20)
    assert client.get("/plan/journeys/edit/main/").status_code == 302


def test_a_count_of_thousands_of_digits_is_none(log_in, planned):
    client = log_in()
    answer = client.post("/plan/journeys/edit/main/", {"phases": "9" * 5000, "action": "up-0"})
    assert answer.context["draft"].phases == []


def test_a_day_with_decimals_comes_back_as_it_was_shown_in_german(log_in, planned):
    journey = queries.current().plan.journey("club")
    phases = (replace(journey.phases[0], from_day=0.0, to_day=7.125),)
    services.save_journey(replace(journey, phases=phases), based_on=1, by=None, now=timezone.now())
    client = log_in(language="de")
    sent = form(client, "/plan/journeys/edit/club/")
    assert sent["phase-0-to_day"] == "7,125"
    client.post("/plan/journeys/edit/club/", sent)
    assert queries.current().version == 2
    client.post("/plan/journeys/edit/club/", {**sent, "phase-0-to_day": "1.000"})
    assert queries.current().plan.journey("club").phases[0].to_day == 1000
