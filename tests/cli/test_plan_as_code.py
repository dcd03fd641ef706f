"""`wegmarke plan`: export, diff and apply work on an installation without a server."""

from __future__ import annotations

import json
import re

import pytest

from support.small import SMALL
from wegmarke.plan import documents, examples
from wegmarke.plan.schema import as_text

LARGER = SMALL.replace("web", "app") + "  - {key: hilfe, name: {de: Hilfe, en: Help}}\n"


def test_what_was_exported_makes_the_same_plan_elsewhere(real_wegmarke, write, tmp_path):
    first, second, file = tmp_path / "a", tmp_path / "b", tmp_path / "out.yaml"
    made = real_wegmarke(
        "plan", "apply", write(examples.text_of("saas"), "saas.yaml"), "--data", first, "--yes"
    )
    assert made.code == 0, made.err
    assert real_wegmarke("plan", "export", file, "--data", first).code == 0
    assert real_wegmarke("plan", "apply", file, "--data", second, "--yes").code == 0
    assert documents.load(file) == examples.plan_of("saas")
    assert real_wegmarke("plan", "diff", file, "--data", second).code == 0


def test_an_export_explains_its_keys_in_the_language_asked_for(real_wegmarke, site):
    german = real_wegmarke("plan", "export", "--data", site, "--language", "de").out
    assert "#   channel: Worüber er stattfindet: web, mail, phone, store, …\n" in german
    assert documents.load(german) == documents.load(SMALL)
    assert "#" not in real_wegmarke("plan", "export", "--plain", "--data", site).out


def test_a_difference_is_told_field_by_field_and_by_exit_code(real_wegmarke, write, site):
    same = real_wegmarke("plan", "diff", write(SMALL, "same.yaml"), "--data", site)
    assert (same.code, same.out) == (0, "The plan is as the document says.\n")
    other = real_wegmarke("plan", "diff", write(LARGER, "other.yaml"), "--data", site)
    assert other.code == 1
    assert "~ Touchpoint “Payment”\n    Channel: web → app\n" in other.out
    assert "+ Touchpoint “Help”\n" in other.out
    assert "\x1b" not in other.out, "colours are for terminals"
    german = real_wegmarke("plan", "diff", write(LARGER, "other.yaml"), "--data", site, "--lang", "de")
    assert "~ Touchpoint „Bezahlen“\n    Kanal: Web → App\n" in german.out


def test_a_difference_can_be_read_by_programs(real_wegmarke, write, site):
    answer = real_wegmarke("plan", "diff", write(LARGER, "p.yaml"), "--data", site, "--format", "json")
    found = json.loads(answer.out)
    assert (found["version"], found["differs"]) == (1, True)
    assert found["changes"][0] == {
        "kind": "touchpoints",
        "key": "kasse",
        "field": "channel",
        "before": "web",
        "after": "app",
    }


def test_nothing_is_applied_unless_it_is_confirmed(real_wegmarke, write, site):
    asked = real_wegmarke("plan", "apply", write(LARGER, "p.yaml"), "--data", site)
    assert asked.code == 1
    assert "Apply this?" in asked.out
    tried = real_wegmarke("plan", "apply", write(LARGER, "p.yaml"), "--data", site, "--dry-run", "--yes")
    assert tried.code == 0
    assert real_wegmarke("plan", "diff", write(SMALL, "same.yaml"), "--data", site).code == 0


def test_an_applied_document_is_a_version_that_can_be_exported_again(real_wegmarke, write, site):
    done = real_wegmarke(
        "plan", "apply", write(LARGER, "p.yaml"), "--data", site, "--yes", "--comment", "more"
    )
    assert done.out.endswith("Saved as version 2.\n")
    again = real_wegmarke("plan", "apply", write(LARGER, "p.yaml"), "--data", site, "--yes")
    assert (again.code, again.out) == (0, "The plan is as the document says.\n")
    earlier = real_wegmarke("plan", "export", "--version", "1", "--data", site).out
    assert documents.load(earlier) == documents.load(SMALL)
    gone = real_wegmarke("plan", "export", "--version", "7", "--data", site)
    assert (gone.code, gone.err) == (2, "Error: There is no version 7 of the plan.\n")


@pytest.mark.parametrize("command", ["diff", "apply"])
def test_a_mistake_is_named_by_line_and_column_and_nothing_is_made(real_wegmarke, write, tmp_path, command):
    file = write("name: Laden\ntouchpoints:\n  - {key: a, name: A, chanel: web}\n", "plan.yaml")
    refused = real_wegmarke("plan", command, file, "--data", tmp_path / "data")
    assert refused.code == 2
    assert f"{file}:3:23: “chanel” is not known here. Did you mean “channel”?" in refused.err
    assert not (tmp_path / "data").exists()


def test_a_mistake_is_told_in_german_as_well(real_wegmarke, write, tmp_path):
    file = write("name: Laden\nmoving_on: [weg]\n", "plan.yaml")
    refused = real_wegmarke("plan", "diff", file, "--data", tmp_path, "--lang", "de")
    assert f"Fehler: {file}:2:13: Im Plan gibt es keinen Touchpoint „weg“." in refused.err


@pytest.mark.parametrize("command", [["export"], ["diff", "plan.yaml"]])
def test_a_missing_installation_is_said_clearly(real_wegmarke, write, tmp_path, command):
    command = [write(SMALL, one) if one.endswith("yaml") else one for one in command]
    answer = real_wegmarke("plan", *command, "--data", tmp_path / "none")
    assert answer.code == 2
    assert "There is no data folder" in answer.err


def test_a_database_of_another_version_is_left_alone(real_wegmarke, write, tmp_path):
    answer = real_wegmarke("plan", "diff", write(SMALL, "plan.yaml"), "--data", tmp_path)
    assert answer.code == 2
    assert "start wegmarke serve once" in answer.err


def test_names_from_a_document_steer_no_terminal(real_wegmarke, write, site):
    hostile = SMALL.replace("Payment", '"Pay\\e[31mment\\u202e"').replace("Bezahlen", '"B\\nb"')
    answer = real_wegmarke("plan", "diff", write(hostile, "p.yaml"), "--data", site)
    assert "\x1b" not in answer.out
    assert "\u202e" not in answer.out
    assert not re.search(r"^b", answer.out, re.MULTILINE)


def test_the_schema_is_printed(wegmarke):
    answer = wegmarke("plan", "schema")
    assert answer.code == 0
    assert answer.out == as_text()
