"""Editing parts of the plan: versions, conflicts, rights, and what figures rest on."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model

from wegmarke.analysis.journeys import Experience
from wegmarke.plan import queries, services
from wegmarke.plan.contracts import (
    Content,
    Goal,
    Journey,
    Measure,
    Metric,
    Phase,
    Plan,
    Promise,
    Side,
    Text,
    Touchpoint,
    one_journey,
)
from wegmarke.plan.findings import PlanError
from wegmarke.plan.models import Item, Version
from wegmarke.record.contracts import BindingRule, Condition, ExperienceRule, Operator
from wegmarke.team.contracts import NotAllowedError

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
CART = Touchpoint("cart", Text("Warenkorb", "Cart"), phases=("buy",), rules=(BindingRule("Cart Viewed"),))
HELP = Touchpoint("help", Text("Hilfe", "Help"), phases=("use",), owners=("Kim",))
SHOP = Plan(
    name=Text("Laden", "Shop"),
    journeys=one_journey(Phase("buy", Text("Kauf", "Buy")), Phase("use", Text("Nutzung", "Use"))),
    touchpoints=(CART, HELP),
    moving_on=("cart",),
)
LATE = ExperienceRule(Experience.BAD, (Condition("days", Operator.ABOVE, 2),))


@pytest.fixture
def shop():
    return services.save(SHOP, by=None, now=NOW)


@pytest.fixture
def account():
    return lambda name, role: get_user_model().objects.create_user(name, role=role)


def now_is(plan: Plan) -> bool:
    return queries.current().plan == plan


def test_a_version_stores_only_what_it_changed(shop):
    before = Item.objects.count()
    services.change_touchpoint(replace(CART, channel="web"), based_on=1, by=None, now=NOW)
    assert Item.objects.count() == before + 1
    assert Item.objects.filter(until=2).count() == 1
    assert queries.version(1).plan == SHOP


def test_two_people_who_change_different_fields_both_keep_their_change(shop):
    services.change_touchpoint(replace(CART, channel="web"), based_on=1, by=None, now=NOW)
    services.change_touchpoint(replace(CART, department="Shop"), based_on=1, by=None, now=NOW)
    assert queries.current().plan.touchpoint("cart") == replace(CART, channel="web", department="Shop")


def test_the_second_of_two_who_change_the_same_field_is_shown_the_first_change(shop):
    theirs = replace(CART, channel="web")
    services.change_touchpoint(theirs, based_on=1, by=None, now=NOW)
    with pytest.raises(services.PartChangedError) as caught:
        services.change_touchpoint(replace(CART, channel="app"), based_on=1, by=None, now=NOW)
    assert (caught.value.fields, caught.value.theirs, caught.value.version) == (("channel",), theirs, 2)
    assert queries.current().version == 2


def test_a_touchpoint_somebody_removed_is_not_brought_back_by_a_change(shop):
    services.remove_touchpoints(["help"], by=None, now=NOW)
    with pytest.raises(services.PartChangedError) as caught:
        services.change_touchpoint(replace(HELP, channel="phone"), based_on=1, by=None, now=NOW)
    assert caught.value.theirs is None


def test_an_unknown_touchpoint_cannot_be_changed(shop):
    with pytest.raises(services.UnknownPartError, match="gone"):
        services.change_touchpoint(replace(CART, key="gone"), based_on=1, by=None, now=NOW)
    with pytest.raises(services.UnknownPartError, match="gone"):
        services.change_touchpoints(["gone"], lambda one: one, by=None, now=NOW)


def test_several_touchpoints_are_changed_in_one_version(shop):
    services.change_touchpoints(
        ["cart", "help"], lambda one: replace(one, department="Shop"), by=None, now=NOW
    )
    assert [t.department for t in queries.current().plan.touchpoints] == ["Shop", "Shop"]
    assert queries.current().version == 2


def test_added_touchpoints_stand_last_so_that_they_take_no_events_from_others(shop):
    services.add_touchpoints([Touchpoint("faq", Text("FAQ", "FAQ"))], by=None, now=NOW)
    assert [t.key for t in queries.current().plan.touchpoints] == ["cart", "help", "faq"]


def test_a_key_that_is_taken_is_refused_and_nothing_is_added(shop):
    with pytest.raises(PlanError, match="twice"):
        services.add_touchpoints([HELP], by=None, now=NOW)
    assert now_is(SHOP)


def test_a_touchpoint_others_refer_to_is_not_removed(shop):
    with pytest.raises(PlanError) as caught:
        services.remove_touchpoints(["cart", "help"], by=None, now=NOW)
    assert [f.path for f in caught.value.findings] == ["moving_on[0]"]
    assert now_is(SHOP)


def test_the_first_touchpoints_make_a_plan_in_which_other_events_keep_their_names():
    services.add_touchpoints([Touchpoint("faq", Text("FAQ", "FAQ"))], by=None, now=NOW)
    plan = queries.current().plan
    assert plan.unbound_names_are_touchpoints
    assert plan.name


def test_the_history_of_a_touchpoint_names_who_changed_what_newest_first(shop, account):
    mira = account("mira", "editor")
    services.change_touchpoint(replace(HELP, channel="phone"), based_on=1, by=mira, now=NOW)
    services.change_touchpoint(replace(CART, channel="web"), based_on=2, by=mira, now=NOW)
    services.remove_touchpoints(["help"], by=mira, now=NOW)
    edits = queries.edits_of("touchpoints", "help")
    assert [(e.version.version, e.version.saved_by) for e in edits] == [(4, "mira"), (2, "mira"), (1, None)]
    (change,) = edits[1].changes
    assert (change.name, change.before, change.after) == ("channel", None, "phone")
    assert edits[0].changes[0].after is None


def test_a_touchpoint_that_came_back_has_one_history(shop):
    services.remove_touchpoints(["help"], by=None, now=NOW)
    services.restore(1, by=None, now=NOW)
    assert [e.version.version for e in queries.edits_of("touchpoints", "help")] == [3, 2, 1]
    assert now_is(SHOP)


def test_two_versions_are_compared(shop):
    services.change_touchpoint(replace(CART, channel="web"), based_on=1, by=None, now=NOW)
    assert [(c.key, c.name) for c in queries.differences(1, 2)] == [("cart", "channel")]
    assert queries.differences(2, 2) == ()
    assert {c.kind for c in queries.differences(0, 1)} == {"", "journeys", "touchpoints"}


@pytest.mark.parametrize(
    "change",
    [
        {"name": Text("Korb", "Basket")},
        {"purpose": Text("Sammeln", "Collect")},
        {"owners": ("kim",)},
        {"metric": Metric(Measure.NET_EXPERIENCE, 0.2)},
        {"cost": 2.5},
        {"content": (Content(Text("Hallo", "Hello")),)},
    ],
    ids=str,
)
def test_what_no_figure_rests_on_leaves_the_basis(shop, change):
    saved = services.change_touchpoint(replace(CART, **change), based_on=1, by=None, now=NOW)
    assert (saved.version, saved.basis) == (2, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"rules": (BindingRule("Basket Viewed"),)},
        {"experience": (LATE,)},
        {"phases": ("use",)},
        {"channel": "app"},
    ],
    ids=str,
)
def test_what_figures_rest_on_makes_a_new_basis(shop, change):
    saved = services.change_touchpoint(replace(CART, **change), based_on=1, by=None, now=NOW)
    assert (saved.version, saved.basis) == (2, 2)
    assert queries.newest_of_basis(1) == SHOP


def test_pages_find_the_newest_names_for_the_figures_of_a_basis(shop):
    renamed = replace(CART, name=Text("Korb", "Basket"))
    services.change_touchpoint(renamed, based_on=1, by=None, now=NOW)
    assert queries.newest_of_basis(1).touchpoint("cart") == renamed
    assert queries.newest_of_basis(7) is None


def test_journey_models_are_added_changed_and_put_first(shop):
    saas = Journey("saas", Text("SaaS", "SaaS"), phases=(Phase("onboarding", Text("Start", "Onboarding")),))
    services.save_journey(saas, based_on=None, by=None, now=NOW)
    services.save_journey(replace(saas, audience=Text("Firmen", "Companies")), based_on=2, by=None, now=NOW)
    saved = services.lead_with_journey("saas", by=None, now=NOW)
    assert [journey.key for journey in saved.plan.journeys] == ["saas", "main"]
    assert [phase.key for phase in saved.plan.phases] == ["onboarding"]
    assert saved.basis == saved.version


def test_removing_a_journey_takes_its_phases_from_touchpoints_and_goals(shop):
    more = Journey("more", Text("Mehr", "More"), phases=(Phase("else", Text("Sonst", "Else")),))
    services.save_journey(more, based_on=None, by=None, now=NOW)
    services.save_goal(goal(phases=("use", "else")), based_on=None, by=None, now=NOW)
    plan = services.remove_journey("main", by=None, now=NOW).plan
    assert plan.journeys == (more,)
    assert [t.phases for t in plan.touchpoints] == [(), ()]
    assert plan.goals[0].phases == ("else",)


def test_a_journey_stays_as_long_as_a_goal_looks_at_nothing_but_its_phases(shop):
    services.save_goal(goal(phases=("use",)), based_on=None, by=None, now=NOW)
    with pytest.raises(PlanError, match="“Ruhe” looks only at phases that would be gone"):
        services.remove_journey("main", by=None, now=NOW)
    assert queries.current().plan.goals[0].phases == ("use",)


def test_a_phase_stays_as_long_as_a_goal_looks_at_nothing_else(shop):
    version = services.save_goal(goal(phases=("use",)), based_on=None, by=None, now=NOW).version
    main = queries.current().plan.journey("main")
    without = replace(main, phases=tuple(phase for phase in main.phases if phase.key != "use"))
    with pytest.raises(PlanError, match="“Ruhe” looks only at phases that would be gone"):
        services.save_journey(without, based_on=version, by=None, now=NOW)
    assert queries.current().version == version


def test_touchpoints_lose_a_phase_that_a_journey_gives_up(shop):
    main = queries.current().plan.journey("main")
    without = replace(main, phases=tuple(phase for phase in main.phases if phase.key != "use"))
    plan = services.save_journey(without, based_on=queries.current().version, by=None, now=NOW).plan
    assert all("use" not in touchpoint.phases for touchpoint in plan.touchpoints)


def test_attributes_are_added_to_the_plan_as_it_stands(shop):
    services.save(replace(SHOP, attributes=("a",), margin=0.1), by=None, now=NOW)
    plan = services.add_attributes(("b", "a", "c"), by=None, now=NOW).plan
    assert (plan.attributes, plan.margin) == (("a", "b", "c"), 0.1)
    assert services.add_attributes(("c",), by=None, now=NOW).version == 3


def goal(**changed):
    base = Goal(
        "calm", Text("Ruhe", "Calm"), Side.CUSTOMER, Metric(Measure.BAD_SHARE, 0.1), date(2026, 12, 31)
    )
    return replace(base, **changed)


def test_goals_are_added_changed_and_removed(shop):
    services.save_goal(goal(), based_on=None, by=None, now=NOW)
    services.save_goal(goal(owner="kim"), based_on=2, by=None, now=NOW)
    assert queries.current().plan.goals == (goal(owner="kim"),)
    assert services.remove_goal("calm", by=None, now=NOW).plan.goals == ()


def test_removing_a_promise_releases_the_touchpoints_that_had_to_keep_it(shop):
    services.save_promise(Promise("quick", Text("Schnell", "Quick")), based_on=None, by=None, now=NOW)
    services.change_touchpoint(replace(HELP, promises=("quick",)), based_on=2, by=None, now=NOW)
    assert services.remove_promise("quick", by=None, now=NOW).plan == SHOP


def test_events_that_are_no_touchpoint_are_remembered_once_and_can_be_looked_at_again(shop):
    ping = BindingRule("Ping")
    services.leave_alone([ping, ping], by=None, now=NOW)
    services.leave_alone([ping], by=None, now=NOW)
    assert queries.current().plan.not_touchpoints == (ping,)
    assert queries.current().version == 2
    assert services.look_again([ping], by=None, now=NOW).plan == SHOP


EVERY_CHANGE = {
    "save": lambda by: services.save(replace(SHOP, margin=0.03), by=by, now=NOW),
    "restore": lambda by: services.restore(1, by=by, now=NOW),
    "add_touchpoints": lambda by: services.add_touchpoints(
        [Touchpoint("faq", Text("FAQ", "FAQ"))], by=by, now=NOW
    ),
    "change_touchpoint": lambda by: services.change_touchpoint(
        replace(CART, channel="x"), based_on=1, by=by, now=NOW
    ),
    "change_touchpoints": lambda by: services.change_touchpoints(
        ["cart"], lambda one: replace(one, channel="x"), by=by, now=NOW
    ),
    "remove_touchpoints": lambda by: services.remove_touchpoints(["help"], by=by, now=NOW),
    "save_journey": lambda by: services.save_journey(Journey("new"), based_on=None, by=by, now=NOW),
    "change_journey": lambda by: services.save_journey(
        replace(SHOP.journeys[0], audience=Text("x", "x")), based_on=1, by=by, now=NOW
    ),
    "lead_with_journey": lambda by: services.lead_with_journey("main", by=by, now=NOW),
    "remove_journey": lambda by: services.remove_journey("main", by=by, now=NOW),
    "add_attributes": lambda by: services.add_attributes(("a",), by=by, now=NOW),
    "save_goal": lambda by: services.save_goal(goal(), based_on=None, by=by, now=NOW),
    "remove_goal": lambda by: services.remove_goal("calm", by=by, now=NOW),
    "save_promise": lambda by: services.save_promise(
        Promise("p", Text("P", "P")), based_on=None, by=by, now=NOW
    ),
    "remove_promise": lambda by: services.remove_promise("p", by=by, now=NOW),
    "leave_alone": lambda by: services.leave_alone([BindingRule("x")], by=by, now=NOW),
    "look_again": lambda by: services.look_again([BindingRule("x")], by=by, now=NOW),
}


@pytest.mark.parametrize("change", EVERY_CHANGE.values(), ids=EVERY_CHANGE)
def test_a_viewer_changes_nothing(shop, account, change):
    with pytest.raises(NotAllowedError):
        change(account("vic", "viewer"))
    assert Version.objects.count() == 1


def test_every_change_of_the_plan_is_tried_by_a_viewer():
    verbs = {
        name for name, one in vars(services).items() if getattr(one, "__module__", "") == services.__name__
    }
    verbs = {name for name in verbs if not name.startswith("_") and name.islower()}
    assert verbs == set(EVERY_CHANGE) - {"change_journey"}


def test_a_deactivated_editor_changes_nothing(shop, account):
    gone = account("eda", "editor")
    gone.is_active = False
    with pytest.raises(NotAllowedError):
        services.save(SHOP, by=gone, now=NOW)


def test_an_owner_changes_their_own_touchpoint_and_no_other(shop, account):
    kim = account("kim", "viewer")
    services.change_touchpoint(replace(HELP, channel="phone"), based_on=1, by=kim, now=NOW)
    assert queries.current().saved_by == "kim"
    with pytest.raises(NotAllowedError):
        services.change_touchpoint(replace(CART, channel="phone"), based_on=2, by=kim, now=NOW)


def test_an_owner_cannot_make_a_touchpoint_their_own_by_sending_it(shop, account):
    vic = account("vic", "viewer")
    with pytest.raises(NotAllowedError):
        services.change_touchpoint(replace(CART, owners=("vic",)), based_on=1, by=vic, now=NOW)


def test_an_editor_changes_everything(shop, account):
    eda = account("eda", "editor")
    services.remove_touchpoints(["help"], by=eda, now=NOW)
    assert queries.current().saved_by == "eda"
