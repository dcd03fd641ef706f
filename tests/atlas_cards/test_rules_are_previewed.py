"""What binding rules would match is shown beside them while they are typed."""

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from card_plans import full_plan

from support.insights import HOSTILE, analysis
from support.sending import fields_of
from wegmarke.atlas.cards import preview
from wegmarke.record import services as recording
from wegmarke.record.contracts import (
    EVENT_SCHEMA,
    BindingRule,
    Condition,
    Example,
    Operator,
    Overlap,
    RulePreview,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/map/touchpoints/checkout/preview/"
TYPED = {
    "rule-0-event": "Payment *",
    "rule-0-c-0-key": "amount",
    "rule-0-c-0-operator": "above",
    "rule-0-c-0-value": "60",
}


@pytest.fixture
def asked(monkeypatch):
    """Let a record answer, and keep what it was asked."""
    questions = []
    time = datetime(2026, 1, 5, 10, tzinfo=UTC)
    properties = {"amount": 61, "network": HOSTILE[0], "nested": {"a": 1}}
    answer = RulePreview(
        events=12_345,
        persons=678,
        share_looked_at=0.25,
        examples=(Example("P-1", time, "Payment Entered", properties),),
        overlaps=(Overlap("app", 99),),
        taken_before=17,
    )

    def ask(rules, bindings, touchpoint):
        questions.append((rules, bindings, touchpoint))
        return answer

    monkeypatch.setattr(preview.record, "preview_rules", ask)
    return questions


@pytest.fixture
def editor(log_in, store):
    store(replace(analysis(), plan=full_plan()))
    return log_in("editor")


def test_the_record_is_asked_about_what_was_typed(editor, asked):
    editor.post(ADDRESS, {**TYPED, "rule-1-event": " "})
    [(rules, bindings, touchpoint)] = asked
    assert rules == (BindingRule("Payment *", (Condition("amount", Operator.ABOVE, 60),)),)
    assert touchpoint == "checkout"
    assert "checkout" in [one.touchpoint for one in bindings.touchpoints]


def test_the_rules_of_a_new_touchpoint_are_asked_about_without_one(editor, asked):
    assert editor.post("/map/touchpoints/new/preview/", TYPED).status_code == 200
    assert asked[0][2] is None


def test_the_answer_is_shown_in_words(editor, asked):
    page = editor.post(ADDRESS, TYPED).content.decode()
    for part in (
        "These rules match 12,345 events of 678 persons.",
        "Scaled up from 25% of the record.",
        "17 of them go to a touchpoint that stands earlier in the plan.",
        '<a href="/map/touchpoints/app/">App</a> (99 events)',
        "Payment Entered",
        "P-1",
    ):
        assert part in page, part
    assert HOSTILE[0] not in page


def test_without_a_rule_nothing_is_asked(editor, asked):
    page = editor.post(ADDRESS, {"rule-0-event": ""}).content.decode()
    assert "As soon as a rule names an event" in page
    assert asked == []


def test_without_scripts_a_button_shows_it_on_the_page(editor, asked):
    edit = "/map/touchpoints/checkout/edit/"
    fields = fields_of(editor.get(edit).content.decode(), "card-form")
    page = editor.post(edit, {**fields, "do": "preview"}).content.decode()
    assert "These rules match 12,345 events" in page


@pytest.mark.django_db(transaction=True)
def test_the_events_of_a_real_record_are_counted_as_rules_are_typed(editor):
    rows = [
        {"person": f"P-{n % 4}", "time": datetime(2026, 1, 1 + n, tzinfo=UTC), "name": "Payment Entered"}
        for n in range(10)
    ]
    for n, row in enumerate(rows):
        row["properties"] = f'{{"amount": {10 * n}}}'
    table = pa.Table.from_pylist(rows, schema=EVENT_SCHEMA)
    recording.append(events=table, traits=None, source="test", batch_key="first")
    page = editor.post(ADDRESS, TYPED).content.decode()
    assert "These rules match 3 events of 3 persons." in page
    assert "P-1" in page
