"""Documents that once ended in an error, were misread, or took very long are refused with their place."""

from dataclasses import replace

import pytest

from wegmarke.plan import checks, composing, documents
from wegmarke.plan.checks import findings_of
from wegmarke.plan.contracts import Plan, Text
from wegmarke.plan.documents import PlanDocumentError
from wegmarke.plan.findings import MAX_FINDINGS, PlanError
from wegmarke.record.contracts import BindingRule, Condition, Operator

MANY_DIGITS = "1" + "0" * 400
RULE = "name: a\ntouchpoints: [{key: k, name: n, events: [{event: e, where: [{property: p, is: %s}]}]}]\n"


def refused(text, read=documents.load):
    with pytest.raises(PlanDocumentError) as caught:
        read(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("name: {[a]: b}\n", "key must be a text", (1, 8)),
        (f"name: a\nhorizon_days: {MANY_DIGITS}\n", "too large", (2, 15)),
        (RULE % MANY_DIGITS, "too large", (2, 79)),
        (RULE % (2**53 + 1), "too large", (2, 79)),
        ('name: "\\0"\n', "cannot be kept", (1, 7)),
        ('name: a\nowner: b\nattributes: ["\\uD800"]\n', "no valid YAML", (3, 17)),
        ("name: a\nattributes: [\ud800]\n", "U+D800", (2, 14)),
        ("%YAML 1.1\n---\nname: a\nhorizon_days: 010\n", "Only YAML 1.2", (1, 1)),
        ("name: !<str> a\n", "tag", (1, 7)),
        ("name: !!str [a]\n", "tag", (1, 7)),
        ("name: a\nunbound_names_are_touchpoints: !!bool yes\n", "tag", (2, 32)),
    ],
)
def test_what_cannot_be_read_for_sure_is_refused_with_line_and_column(text, message, place):
    error = refused(text)
    assert message in error.message
    assert (error.line, error.column) == place


def test_touchpoints_to_import_are_refused_in_the_same_way():
    error = refused("- {key: a, name: {[x]: y}}\n", documents.load_touchpoints)
    assert "key must be a text" in error.message


def test_a_document_that_says_it_is_yaml_1_2_is_read_as_such():
    plan = documents.load(
        '%YAML 1.2\n---\nname: "yes"\nattributes: [yes, 012a, "010", off]\nhorizon_days: 010\n'
    )
    assert plan.attributes == ("yes", "012a", "010", "off")
    assert plan.horizon_days == 10


def test_numbers_no_record_can_tell_apart_are_found_wherever_a_plan_comes_from():
    touchpoint = documents.load(RULE % "1").touchpoints[0]
    for value in (2**53 + 1, int(MANY_DIGITS), -int(MANY_DIGITS), float("inf")):
        rule = BindingRule("e", (Condition("p", Operator.IS, value),))
        plan = Plan(name=Text("a", "a"), touchpoints=(replace(touchpoint, rules=(rule,), cost=value),))
        assert {finding.path for finding in findings_of(plan)} == {
            "touchpoints[0].cost",
            "touchpoints[0].events[0].where[0]",
        }


@pytest.mark.parametrize("name", ["a\0", "\ud800", "\\\0"])
def test_texts_no_database_keeps_are_found_wherever_a_plan_comes_from(name):
    assert "cannot be kept" in str(findings_of(Plan(name=Text(name, name)))[0])


def test_a_backslash_before_u0000_is_an_ordinary_text():
    assert findings_of(Plan(name=Text("\\u0000", "\\u0000"))) == ()


def test_so_many_findings_are_told_as_anybody_reads():
    assert len(refused("name: a\n" + "".join(f"k{n}: 1\n" for n in range(200))).findings) == MAX_FINDINGS
    assert len(refused("name: a\nattributes: [" + "x," * 200 + "]").findings) == MAX_FINDINGS


@pytest.mark.parametrize(
    "text", [RULE % "1", RULE % "[]", "name: {de: a, en: b}\nphases: [{key: p, name: P}]\n"]
)
def test_a_plan_counts_as_many_entries_as_its_document(text, monkeypatch):
    plan = documents.load(text.replace("is: []", "in: [1, 2]"))
    entries = 0
    while True:
        monkeypatch.setattr(composing, "MAX_NODES", entries)
        try:
            documents.load(documents.dump(plan))
        except PlanDocumentError:
            entries += 1
        else:
            break
    monkeypatch.setattr(checks, "MAX_NODES", entries)
    assert findings_of(plan) == ()
    monkeypatch.setattr(checks, "MAX_NODES", entries - 1)
    assert "entries" in str(findings_of(plan)[0])


def test_a_plan_too_long_to_be_written_out_and_read_again_is_refused(monkeypatch):
    monkeypatch.setattr(checks, "MAX_LENGTH", 50)
    with pytest.raises(PlanError, match="at most 50"):
        documents.dump(Plan(name=Text("a" * 40, "b")))
