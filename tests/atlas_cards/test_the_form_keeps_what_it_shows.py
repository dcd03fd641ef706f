"""The form gives back exactly what it was shown, and takes what was typed."""

from dataclasses import replace

import pytest
from card_plans import FULL, full_plan
from django.http import QueryDict
from django.utils import translation
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from plan_strategies import plans

from support.sending import fields_of
from wegmarke.analysis.journeys import Experience
from wegmarke.atlas import rule_words
from wegmarke.atlas.cards import drafts, labels, rows
from wegmarke.atlas.pages import Here
from wegmarke.plan import queries, services
from wegmarke.plan.contracts import Measure, Metric, Nature, Plan, Text, Touchpoint
from wegmarke.record.contracts import BindingRule, Condition, ExperienceRule, Operator
from wegmarke.team.models import User

EDIT = "/map/touchpoints/checkout/edit/"


def sent_again(touchpoint: Touchpoint, plan: Plan) -> Touchpoint:
    """Send the form of a touchpoint untouched, without a page around it, and return what was understood."""
    at = Here(plan, 1, None, None, "en")
    draft = drafts.of(touchpoint, at, based_on=1)
    post = QueryDict(mutable=True)
    for name, field in draft.form.fields.items():
        value = draft.form.initial.get(name)
        if name == "promises":
            post.setlist(name, value)
        elif value is not None:
            shown = field.widget.format_value(field.prepare_value(value))
            post[name] = (shown[0] if isinstance(shown, list) else shown) or ""
    post.setlist("owners", draft.rows.owners)
    post.setlist("phases", draft.rows.phases)
    for n, row in enumerate(draft.rows.content):
        post.update({f"content-{n}-{part}": getattr(row, part) for part in ("segment", "phase", "de", "en")})
    for n, row in enumerate(draft.rows.rules):
        post[f"rule-{n}-event"] = row.event
        _conditions(post, f"rule-{n}", row.conditions)
    for n, row in enumerate(draft.rows.felt):
        post[f"felt-{n}-experience"] = row.experience
        _conditions(post, f"felt-{n}", row.conditions)
    again = drafts.sent(post, touchpoint, at, based_on=1)
    assert again.is_valid(), again.form.errors
    return again.touchpoint()


def _conditions(post, prefix, conditions):
    for c, row in enumerate(conditions):
        post.update({f"{prefix}-c-{c}-{part}": getattr(row, part) for part in ("key", "operator", "value")})


def plain(touchpoint: Touchpoint) -> Touchpoint:
    """Return a touchpoint without what a form tidies: white space around owners and content."""
    return replace(
        touchpoint,
        owners=tuple(dict.fromkeys(owner.strip() for owner in touchpoint.owners)),
        content=tuple(
            replace(one, segment=one.segment.strip(), text=Text(one.text.de.strip(), one.text.en.strip()))
            for one in touchpoint.content
        ),
    )


# Shrinking whole plans takes minutes; the assertion names the field that differs.
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40, phases=[Phase.generate])
@given(plans(), st.sampled_from(["de", "en"]))
def test_a_form_sent_untouched_changes_nothing(plan, language):
    assume("\\x00" not in repr(plan))  # no form takes it, and PostgreSQL keeps it nowhere
    with translation.override(language):
        for touchpoint in plan.touchpoints:
            if touchpoint.metric is None or touchpoint.metric.measure not in (
                Measure.LEAVING,
                Measure.CONVERSION,
            ):
                assert plain(sent_again(touchpoint, plan)) == plain(touchpoint)


@pytest.fixture
def editor(log_in, store):
    from support.insights import analysis

    store(replace(analysis(), plan=full_plan()))
    return log_in("editor")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_page_sent_untouched_makes_no_version(editor, language):
    User.objects.update(language=language)
    fields = fields_of(editor.get(EDIT).content.decode(), "card-form")
    assert fields["based_on"] == ["1"]
    answer = editor.post(EDIT, fields)
    assert answer.status_code == 302
    assert queries.current().version == 1


TYPED = {
    "based_on": "1",
    "name_de": "Kasse",
    "name_en": "Till",
    "status": "paused",
    "purpose_de": "Zahlen",
    "timing_en": "last",
    "per_quarter": "2.5",
    "channel": "store",
    "department": "Sales",
    "owners": ["mira", "", "olga"],
    "cost": "0.5",
    "minutes": "3",
    "phases": ["use", "purchase"],
    "metric_measure": "drop_off",
    "metric_target": "12.3",
    "content-0-segment": "",
    "content-0-phase": "",
    "content-3-segment": "B2B",
    "content-3-phase": "use",
    "content-3-de": "Hallo",
    "content-3-en": "",
    "nature": "human",
    "planned": "no",
    "started_by": "customer",
    "worth": "administrative",
    "media": "ignored",
    "whose": "partner",
    "promises": ["quick"],
    "notes_de": "Zeile 1\r\nZeile 2",
    "rule-0-event": "Paid*",
    "rule-0-c-0-key": "amount",
    "rule-0-c-0-operator": "above",
    "rule-0-c-0-value": "60,5",
    "rule-0-c-1-key": "",
    "rule-0-c-1-operator": "is",
    "rule-0-c-1-value": "",
    "felt-0-experience": "good",
    "felt-0-c-0-key": "stars",
    "felt-0-c-0-operator": "in",
    "felt-0-c-0-value": "4; 5",
    "otherwise": "bad",
    "comment": "tidied up",
}
"""Something in every field of the form."""


@pytest.mark.django_db
def test_every_field_typed_is_saved(editor):
    assert editor.post(EDIT, TYPED).status_code == 302
    version = queries.current()
    assert (version.version, version.comment, version.saved_by) == (2, "tidied up", "kim")
    touchpoint = version.plan.touchpoint("checkout")
    assert touchpoint.name == Text("Kasse", "Till")
    assert touchpoint.owners == ("mira", "olga")
    assert touchpoint.phases == ("use", "purchase")
    assert touchpoint.metric == Metric(Measure.DROP_OFF, 0.123)
    assert touchpoint.notes == Text("Zeile 1\nZeile 2", "")
    assert touchpoint.nature is Nature.HUMAN
    assert (touchpoint.planned, touchpoint.cost, touchpoint.per_quarter) == (False, 0.5, 2.5)
    assert [(one.segment, one.phase, one.text) for one in touchpoint.content] == [
        ("B2B", "use", Text("Hallo", ""))
    ]
    assert touchpoint.rules == (BindingRule("Paid*", (Condition("amount", Operator.ABOVE, 60.5),)),)
    assert touchpoint.experience == (
        ExperienceRule(Experience.GOOD, (Condition("stars", Operator.IN, (4, 5)),)),
    )
    assert touchpoint.otherwise is Experience.BAD


@pytest.mark.django_db
def test_german_numbers_are_read_in_a_german_form(editor):
    User.objects.update(language="de")
    fields = fields_of(editor.get(EDIT).content.decode(), "card-form")
    assert (fields["cost"], fields["per_quarter"], fields["metric_target"]) == (["0,35"], ["1,5"], ["30"])
    editor.post(EDIT, {**fields, "cost": "1,25"})
    assert queries.current().plan.touchpoint("checkout").cost == 1.25


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name_de": "", "name_en": " "}, "A name is missing."),
        ({"cost": "much"}, "Enter a number."),
        ({"metric_measure": "drop_off", "metric_target": ""}, "A target belongs to the metric."),
        ({"metric_measure": "drop_off", "metric_target": "120"}, "lies between 0 and 1"),
        ({"rule-0-c-0-operator": "above", "rule-0-c-0-value": "many"}, "“above” needs a number."),
        ({"rule-0-event": " "}, "The name of the event is missing."),
        ({"content-0-de": "", "content-0-en": ""}, "The text is missing."),
        ({"phases": ["nowhere"]}, "There is no phase “nowhere” in the plan."),
    ],
)
def test_what_cannot_be_saved_is_said_and_everything_typed_stays(editor, changed, said):
    fields = fields_of(editor.get(EDIT).content.decode(), "card-form")
    answer = editor.post(EDIT, {**fields, "timing_en": "typed before", **changed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Everything you typed is still here" in page
    assert fields_of(page, "card-form")["timing_en"] == ["typed before"]
    assert queries.current().version == 1


@pytest.mark.django_db
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"metric_target": "150"}, "„Erlebnissaldo“ liegt zwischen"),
        ({"metric_measure": "bad_share", "metric_target": "-50"}, "liegt zwischen 0 und 100 Prozent."),
        ({"metric_measure": "touches", "metric_target": "-1"}, "kann nicht unter 0 liegen."),
    ],
)
def test_a_target_out_of_range_is_refused_in_the_unit_it_is_typed_in(editor, changed, said):
    User.objects.update(language="de")
    fields = fields_of(editor.get(EDIT).content.decode(), "card-form")
    answer = editor.post(EDIT, {**fields, **changed})
    assert answer.status_code == 422
    assert said in answer.content.decode()


@pytest.mark.parametrize("do", ["drop", "up", "down"])
@pytest.mark.parametrize("place", ["rule-{}", "content-{}", "condition-rule-0-{}", "condition-rule-{}-0"])
def test_numbers_of_thousands_of_digits_name_no_row(do, place):
    shown = rows.rows_of(FULL)
    rows.act(shown, f"{do}-{place.format('9' * 5000)}")
    assert shown == rows.rows_of(FULL)


def test_a_problem_elsewhere_in_the_plan_is_named_by_its_touchpoint(editor):
    other = replace(queries.current().plan.touchpoint("app"), rules=(BindingRule("App opened"),))
    services.change_touchpoint(other, based_on=1, by=None, now=queries.current().saved_at)
    fields = fields_of(editor.get(EDIT).content.decode(), "card-form")
    answer = editor.post(
        EDIT, {**fields, "rule-0-event": "App opened", "rule-0-c-0-key": "", "rule-0-c-0-value": ""}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Touchpoint “App”" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("do", "part", "before", "after"),
    [
        ("add-rule", "rule-2-event", None, [""]),
        ("drop-rule-0", "rule-0-event", ["Payment Entered"], ["Checkout *"]),
        ("add-condition-rule-0", "rule-0-c-1-key", None, [""]),
        ("drop-condition-felt-1-0", "felt-1-c-0-key", ["status"], ["express"]),
        ("up-felt-1", "felt-0-experience", ["bad"], ["good"]),
        ("add-content", "content-2-de", None, [""]),
        ("drop-content-0", "content-0-de", ["Sicher zahlen"], ["Danke"]),
        ("down-phase-purchase", "phases", ["purchase", "look"], ["look", "purchase"]),
        ("drop-phase-look", "phases", ["purchase", "look"], ["purchase"]),
        ("add-owner", "owners", ["olga", "Ben", ""], ["olga", "Ben", "", ""]),
        ("drop-rule-99", "rule-0-event", ["Payment Entered"], ["Payment Entered"]),
        ("drop-condition-rule-9-9", "rule-0-event", ["Payment Entered"], ["Payment Entered"]),
        ("nonsense", "rule-0-event", ["Payment Entered"], ["Payment Entered"]),
    ],
)
def test_rows_come_go_and_move_without_scripts(editor, do, part, before, after):
    fields = fields_of(editor.get(EDIT).content.decode(), "card-form")
    assert fields.get(part) == before
    answer = editor.post(EDIT, {**fields, "name_de": "", "name_en": "", "do": do})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "A name is missing" not in page
    assert fields_of(page, "card-form").get(part) == after
    assert queries.current().version == 1


@pytest.mark.django_db
def test_a_new_touchpoint_gets_a_key_of_its_name(editor):
    answer = editor.post("/map/touchpoints/new/", {"name_de": "Kündigung", "name_en": "Cancelling"})
    assert answer.status_code == 302
    assert answer["Location"] == "/map/touchpoints/kuendigung/"
    assert queries.current().plan.touchpoints[-1].name == Text("Kündigung", "Cancelling")


@pytest.mark.django_db
def test_a_key_that_is_taken_is_refused_at_its_field(editor):
    answer = editor.post("/map/touchpoints/new/", {"name_de": "Neu", "key": "app"})
    assert answer.status_code == 422
    assert "The key “app” is there twice." in answer.content.decode()


@pytest.mark.django_db
def test_a_copy_takes_everything_but_key_and_rules(editor):
    page = editor.get("/map/touchpoints/new/?copy=checkout").content.decode()
    fields = fields_of(page, "card-form")
    assert "The copy has no binding rules" in page
    assert editor.post("/map/touchpoints/new/", fields).status_code == 302
    copy = queries.current().plan.touchpoints[-1]
    assert copy == replace(
        FULL, key="kopie_von_bezahlen", name=Text("Kopie von Bezahlen", "Copy of Payment"), rules=()
    )


def test_rows_keep_their_order_by_number():
    post = QueryDict("rule-10-event=c&rule-2-event=b&rule-1-event=a&rule-x-event=d&rule-1-nonsense=e")
    assert [row.event for row in rows.rows_from(post).rules] == ["a", "b", "c"]


def test_every_comparison_has_a_name_and_a_sentence():
    for operator in Operator:
        value = {Operator.IN: ("a",), Operator.EXISTS: True}.get(operator, "a")
        assert operator.value in labels.OPERATORS
        assert "<code>k</code>" in rule_words.as_html(rule_words.condition(Condition("k", operator, value)))
