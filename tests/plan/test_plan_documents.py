"""Plans as YAML documents."""

import re
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from plan_strategies import plans

from wegmarke.analysis.journeys import Experience, StartedBy
from wegmarke.plan import documents
from wegmarke.plan.composing import MAX_CHARACTERS
from wegmarke.plan.contracts import Leaving, Plan, Text
from wegmarke.plan.documents import PlanDocumentError
from wegmarke.plan.findings import PlanError
from wegmarke.record.contracts import BindingRule, Condition, ExperienceRule, Operator

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "plan.md"


def guide_example():
    return re.search(r"```yaml\n(.*?)```", GUIDE.read_text(), re.DOTALL).group(1)


def refused(text):
    with pytest.raises(PlanDocumentError) as caught:
        documents.load(text)
    return caught.value


def test_the_example_of_the_guide_is_a_plan():
    plan = documents.load(guide_example())
    kasse = plan.touchpoints[0]
    assert plan.name == Text("Beispielladen", "Example shop")
    assert [p.key for p in plan.phases] == ["kauf", "nutzung"]
    assert kasse.rules == (
        BindingRule("Payment Entered"),
        BindingRule("Checkout Step Viewed", (Condition("step", Operator.IS, "payment"),)),
    )
    assert kasse.experience == (
        ExperienceRule(Experience.BAD, (Condition("error", Operator.IN, ("card_declined", "timeout")),)),
        ExperienceRule(
            Experience.BAD,
            (Condition("attempts", Operator.ABOVE, 1), Condition("paid", Operator.IS, False)),
        ),
        ExperienceRule(Experience.GOOD, (Condition("seconds", Operator.BELOW, 20),)),
    )
    assert kasse.started_by is StartedBy.CUSTOMER
    assert plan.leaving == Leaving(quiet_days=60)
    assert (plan.horizon_days, plan.margin, plan.currency) == (30, 0.02, "EUR")


@settings(max_examples=60, deadline=None)
@given(plan=plans())
def test_what_was_dumped_loads_as_the_same_plan(plan):
    assert documents.load(documents.dump(plan)) == plan


@settings(max_examples=15, deadline=None)
@given(plan=plans())
def test_dumping_twice_gives_the_same_text(plan):
    text = documents.dump(plan)
    assert documents.dump(documents.load(text)) == text


def test_a_misspelt_key_names_its_place_and_the_nearest_known_key():
    error = refused("name: Laden\ntouchpoints:\n  - key: a\n    name: A\n    chanel: web\n")
    assert (error.line, error.column) == (5, 5)
    assert error.message == "“chanel” is not known here. Did you mean “channel”?"


def test_an_unknown_key_without_a_neighbour_lists_the_known_ones():
    assert "Known are: key, name" in refused("name: L\nphases: [{key: a, name: A, zzzzzz: 1}]").message


def test_a_file_is_named_in_every_line_of_the_error(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text("name: Laden\nhorizon_days: lang\nmargin: 7\nphasen: []\n")
    with pytest.raises(PlanDocumentError) as caught:
        documents.load(path)
    assert caught.value.lines() == (
        f"{path}:2:15: A number is needed here.",
        f"{path}:4:1: “phasen” is not known here. Did you mean “phases”?",
    )
    assert (caught.value.file, str(caught.value).count("\n")) == (str(path), 1)


def test_a_senseless_plan_names_the_line_of_each_finding():
    error = refused(
        "name: L\nphases:\n  - {key: a, name: A}\nmoving_on:\n  - b\nleaving:\n  touchpoints: [c]\n"
    )
    assert [(f.path, f.line) for f in error.findings] == [("leaving.touchpoints[0]", 7), ("moving_on[0]", 5)]


def test_a_key_that_is_there_twice_is_refused():
    error = refused("name: A\nphases: []\nname: B\n")
    assert (error.line, error.message) == (3, "The key “name” is there twice.")


def test_aliases_are_refused_so_that_no_small_text_stands_for_a_huge_one():
    laughs = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    error = refused(laughs)
    assert error.line == 2
    assert "Aliases" in error.message


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("", "empty", 1),
        ("# only a comment\n", "empty", 1),
        ("- a\n", "Keys with values are needed", 1),
        ("name: [\n", "no valid YAML", 2),
        ("name: 'x\n", "no valid YAML", 2),
        ("name: a\n  b: c\n", "no valid YAML", 2),
        ("name: x\x00\n", "no valid YAML", 1),
        ("name: 7\n", "quotation marks", 1),
        ("name: {de: x}\n---\nname: y\n", "second document", 2),
        ("name: !!python/name:os.system x\n", "tag", 1),
        ("name: !secret x\n", "tag", 1),
        ("name: " + "[" * 30 + "]" * 30, "nested deeper", 1),
        ("name: x\nphases: [{key: a}]\n", "“name” is missing", 2),
        ("name: x\nleaving: {}\n", "Exactly one", 2),
        ("name: x\nleaving: {quiet_days: 3, touchpoints: [a]}\n", "Exactly one", 2),
        ("name: x\nhorizon_days: .inf\n", "number", 2),
        ("name: x\nunbound_names_are_touchpoints: ja\n", "true", 2),
        ("? [a, b]\n: 1\n", "key must be a text", 1),
        ("name: x\ntouchpoints: [{key: a, name: A, started_by: nobody}]\n", "customer, company", 2),
        (
            "name: x\ntouchpoints: [{key: a, name: A, events: [{event: E, where: [{property: p}]}]}]",
            "Exactly one",
            2,
        ),
        ("name: x\ntouchpoints: [{key: a, name: A, experience: {bad: [{all: []}]}}]", "at least 1", 2),
    ],
)
def test_what_is_no_plan_is_refused_with_its_line(text, message, line):
    error = refused(text)
    assert message in error.message
    assert error.line == line


def test_a_document_that_is_too_long_is_refused():
    assert "characters" in refused("#" * (MAX_CHARACTERS + 1)).message


def test_a_document_with_too_many_entries_is_refused():
    assert "entries" in refused("name: [" + "x," * 250_001 + "]").message


def test_a_file_that_is_missing_or_no_text_is_refused(tmp_path):
    bad = tmp_path / "plan.yaml"
    bad.write_bytes(b"name: x\n# \xff\n")
    for path, message in ((tmp_path / "none.yaml", "cannot be read"), (bad, "not UTF-8")):
        with pytest.raises(PlanDocumentError) as caught:
            documents.load(path)
        assert message in caught.value.message
    assert caught.value.line == 2


def test_a_version_saved_before_a_rule_existed_can_still_be_read():
    text = "name: x\nmoving_on: [gone]\n"
    assert documents.load(text, check=False).moving_on == ("gone",)
    assert "no touchpoint" in refused(text).message


def test_an_invalid_plan_is_not_dumped():
    with pytest.raises(PlanError):
        documents.dump(Plan(name=Text("", "")))


def test_sentences_are_translated_before_their_values_go_in():
    finding = refused("name: x\nmoving_on: [50%s]\n").findings[0]
    assert finding.in_words(lambda english: english.replace("There is no", "Es gibt keinen")).startswith(
        "Es gibt"
    )
    assert "50%s" in str(finding)


def test_every_sentence_about_a_plan_is_said_in_german_where_that_is_spoken(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text("name: Laden\nphasen: []\n")
    with pytest.raises(PlanDocumentError) as caught:
        documents.load(path)
    with translation.override("de"):
        (line,) = caught.value.lines(translation.gettext)
    assert line == f"{path}:2:1: „phasen“ ist hier nicht bekannt. Meinten Sie „phases“?"


@settings(max_examples=60, deadline=None)
@given(plan=plans())
def test_comments_change_nothing_about_the_plan(plan):
    assert documents.load(documents.dump(plan, explained=str)) == plan


def test_an_explained_document_says_what_its_keys_mean_in_either_language():
    plan = documents.load(guide_example())
    english = documents.dump(plan, explained=str)
    assert "# The touchpoints, tried in this order for each event.\n" in english
    assert "#   per_quarter: How often a customer is to meet it in a quarter.\n" in english
    with translation.override("de"):
        german = documents.dump(plan, explained=translation.gettext)
    assert "#   per_quarter: Wie oft ein Kunde ihm im Quartal begegnen soll.\n" in german
    assert documents.load(german) == plan


def test_the_key_of_an_earlier_release_leads_to_the_one_of_today():
    error = refused("name: Laden\ntouchpoints:\n  - {key: a, name: A, owner: kim}\n")
    assert error.message == "“owner” is now called “owners”."
    assert (error.line, error.column) == (3, 23)


def test_touchpoints_are_read_alone_with_their_lines():
    found = documents.load_touchpoints("# some\n---\n- {key: a, name: A}\n\n- key: b\n  name: {de: B}\n")
    assert [(line, plain["key"]) for line, plain in found.entries] == [(3, "a"), (5, "b")]
    assert found.names == {}


def test_touchpoints_are_read_out_of_a_whole_plan_with_the_names_around_them():
    text = (
        "name: P\nphases: [{key: buy, name: {de: Kauf, en: Purchase}}]\npromises: [{key: q, name: Quick}]\n"
        "touchpoints:\n  - {key: a, name: A, phases: [buy]}\n"
    )
    found = documents.load_touchpoints(text)
    assert found.entries == ((5, {"key": "a", "name": "A", "phases": ["buy"]}),)
    assert found.names == {"buy": Text("Kauf", "Purchase"), "q": Text("Quick", "Quick")}


def test_touchpoints_that_do_not_fit_are_named_by_file_line_and_column():
    with pytest.raises(PlanDocumentError) as caught:
        documents.load_touchpoints("- {key: a, name: A}\n- {key: b, nme: B}\n", file="list.yaml")
    assert caught.value.lines()[0].startswith("list.yaml:2:12: ")
