"""What differs between two plans is said by name and in the reader's language."""

from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_strategies import plans

from wegmarke.analysis.journeys import Experience, StartedBy
from wegmarke.atlas import changes
from wegmarke.atlas.changes import State
from wegmarke.plan import documents
from wegmarke.plan.contracts import (
    Content,
    Leaving,
    Measure,
    Metric,
    Nature,
    Phase,
    Plan,
    Step,
    Text,
    Touchpoint,
    one_journey,
)
from wegmarke.plan.parts import changes_between
from wegmarke.record.contracts import BindingRule, Condition, ExperienceRule, Operator

PAY = Touchpoint("pay", Text("Bezahlen", "Payment"), phases=("buy",), channel="web")
HELP = Touchpoint("help", Text("Hilfe", "Help"))
PLAN = Plan(
    name=Text("Laden", "Shop"),
    journeys=one_journey(Phase("buy", Text("Kauf", "Purchase")), Phase("use", Text("Nutzung", "Use"))),
    touchpoints=(PAY, HELP),
)


def told(before, after):
    return changes.in_words(changes_between(before, after), before, after)


def fields(before, after):
    (item,) = told(before, after)
    return {one.name: (one.before, one.after) for one in item.fields}


def changed(**values):
    return fields(PLAN, replace(PLAN, touchpoints=(replace(PAY, **values), HELP)))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"channel": "app"}, {"Channel": ("web", "app")}),
        ({"channel": None}, {"Channel": ("web", "")}),
        ({"phases": ("buy", "use")}, {"Phases": ("Purchase", "Purchase, Use")}),
        ({"nature": Nature.HUMAN}, {"Nature": ("", "Human")}),
        ({"planned": False}, {"Planned or unplanned": ("", "Unplanned")}),
        ({"started_by": StartedBy.COMPANY}, {"Started by": ("", "Company")}),
        ({"cost": 2.5}, {"Cost per touch": ("", "2.5")}),
        (
            {"metric": Metric(Measure.BAD_SHARE, 0.1)},
            {"Success metric": ("", "Share of bad experiences at most 10%")},
        ),
        (
            {"content": (Content(Text("Hallo", "Hello"), "large", "buy"),)},
            {"Content": ("", "large, Purchase: Hello")},
        ),
        (
            {"rules": (BindingRule("Paid", (Condition("step", Operator.IN, ("a", 2)),)),)},
            {"Binding rules": ("", "Paid where step is one of “a”, 2")},
        ),
        (
            {
                "experience": (
                    ExperienceRule(Experience.BAD, (Condition("error", Operator.EXISTS, True),)),
                    ExperienceRule(
                        Experience.GOOD,
                        (Condition("s", Operator.BELOW, 20), Condition("ok", Operator.IS, True)),
                    ),
                ),
                "otherwise": Experience.UNKNOWN,
            },
            {
                "Experience rules": (
                    "",
                    "bad where error is there; good where s is below 20 and ok is true; Otherwise: unknown.",
                )
            },
        ),
    ],
)
def test_a_changed_field_is_said_as_people_call_it(values, expected):
    assert changed(**values) == expected


def test_a_text_that_differs_only_in_the_other_language_shows_both():
    assert changed(name=Text("Zahlen", "Payment")) == {"Name": ("Bezahlen / Payment", "Zahlen / Payment")}


def test_items_that_came_and_went_are_called_by_their_names():
    after = replace(PLAN, touchpoints=(PAY, Touchpoint("chat", Text("Chat", "Chat"), channel="web")))
    items = told(PLAN, after)
    assert [(one.title, one.state) for one in items] == [
        ("Touchpoint “Chat”", State.NEW),
        ("Touchpoint “Help”", State.GONE),
    ]
    assert [(one.name, one.after) for one in items[0].fields] == [("Channel", "web")]
    assert changes.summary(items) == "1 touchpoint new, 1 touchpoint removed"


def test_of_phases_only_those_that_differ_are_shown():
    phases = (
        PLAN.phases[0],
        replace(PLAN.phases[1], from_day=0, to_day=90, steps=(Step("s", Text("Schritt", "Step")),)),
    )
    after = replace(PLAN, journeys=one_journey(*phases))
    assert fields(PLAN, after) == {"Phases": ("Use", "Use (day 0 to 89; steps: Step)")}


def test_another_order_is_said_once():
    (item,) = told(PLAN, replace(PLAN, touchpoints=(HELP, PAY)))
    assert item.title == "Order of the touchpoints"
    assert [(one.name, one.said) for one in item.fields] == [("Moved", "Help")]


@given(st.permutations(range(8)))
def test_of_another_order_the_fewest_entries_are_named(after):
    before = [str(at) for at in range(8)]
    order = [str(at) for at in after]
    moved = changes._moved(before, order)
    stayed = [key for key in order if key not in moved]
    assert stayed == sorted(stayed)
    longest = max(len(run) for run in rising(order))
    assert len(moved) == 8 - longest


def rising(order):
    """Return every rising run of entries of an order, the slow and obvious way."""
    found = [()]
    for key in order:
        found += [(*run, key) for run in found if not run or run[-1] < key]
    return found


def test_settings_of_the_plan_are_said_as_well():
    after = replace(PLAN, moving_on=("pay",), leaving=Leaving(quiet_days=30))
    assert fields(PLAN, after) == {
        "Moving on": ("", "Payment"),
        "Leaving": ("", "silence of 30 days"),
    }


def test_everything_is_said_in_german():
    with translation.override("de"):
        items = told(PLAN, replace(PLAN, touchpoints=(replace(PAY, channel="app", cost=2.5), HELP)))
        assert items[0].title == "Touchpoint „Bezahlen“"
        assert [(one.name, one.before, one.after) for one in items[0].fields] == [
            ("Kanal", "Web", "App"),
            ("Kosten je Berührung", "", "2,5"),
        ]
        assert changes.summary(items) == "1 Touchpoint geändert"


@settings(max_examples=30, deadline=None)
@given(before=plans(), after=plans())
def test_every_difference_can_be_said(before, after):
    found = changes_between(before, after)
    items = changes.in_words(found, before, after)
    assert {(one.kind, one.key) for one in items} == {(one.kind, one.key) for one in found}
    assert documents.dump(after)
    for item in items:
        for field in item.fields:
            assert item.state is not State.CHANGED or field.before or field.after or field.said
