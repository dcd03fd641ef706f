import json
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet

from wegmarke import __version__

KEYS = {"period", "persons", "touches", "rejected", "parameters", "moments", "last_actions", "funnel"}
MOMENT_KEYS = {
    *("touchpoint", "class", "touches", "bad", "bad_on_leaving", "good_on_moving_on", "touch_on_leaving"),
    *("touch_on_moving_on", "e_value", "lost_persons_per_quarter"),
}
EFFECT_KEYS = {"estimate", "low", "high", "q", "crude", "outside_support", "n"}
QUESTION = ("--leaving-event", "cancelled", "--moving-on", "order", "--horizon-days", "20")


def moment(answer, touchpoint):
    return next(moment for moment in answer.json["moments"] if moment["touchpoint"] == touchpoint)


def test_json_has_the_documented_shape(wegmarke, shop):
    answer = wegmarke("analyse", shop, *QUESTION, "--format", "json")
    assert answer.code == 0
    whole = answer.json
    assert whole.keys() >= KEYS
    assert (whole["persons"], whole["touches"], whole["rejected"], whole["funnel"]) == (600, 3_000, 0, None)
    assert whole["period"] == {"start": "2024-01-01T10:00:00Z", "end": "2024-06-01T10:00:00Z"}
    assert whole["parameters"]["horizon_days"] == 20
    assert whole["parameters"]["margin"] == 0.02
    assert whole["parameters"]["leaving"] == ["cancelled"]
    assert whole["parameters"]["version"] == __version__
    for found in whole["moments"]:
        assert found.keys() >= MOMENT_KEYS
        for effect in ("bad_on_leaving", "good_on_moving_on", "touch_on_leaving", "touch_on_moving_on"):
            assert found[effect] is None or found[effect].keys() == EFFECT_KEYS
        assert found["lost_persons_per_quarter"] is None or found["lost_persons_per_quarter"].keys() == {
            *("estimate", "low", "high")
        }


def test_the_planted_moment_is_found_and_the_harmless_one_is_not_called_one(wegmarke, shop):
    answer = wegmarke("analyse", shop, *QUESTION, "--format", "json")
    checkout = moment(answer, "checkout")
    assert checkout["class"] == "breaks"
    assert checkout["bad"] == 300
    assert 0.6 < checkout["bad_on_leaving"]["low"] < 0.8 < checkout["bad_on_leaving"]["high"] < 1
    assert moment(answer, "newsletter")["class"] not in {"breaks", "annoys_costs"}


def test_the_american_spelling_works_too(wegmarke, shop):
    assert wegmarke("analyze", shop, "--format", "json").code == 0


def test_the_funnel_counts_persons_and_what_they_did_instead(wegmarke, shop):
    steps = ("--funnel", "visit,checkout,order", "--window-days", "10")
    funnel = wegmarke("analyse", shop, *steps, "--format", "json").json["funnel"]
    assert funnel["window_days"] == 10
    orders = sum((person % 2 == 1) == bool(person % 10) for person in range(600))
    assert [step["persons"] for step in funnel["steps"]] == [600, 600, orders]
    assert [step["share"] for step in funnel["steps"]] == [1, 1, orders / 600]
    assert funnel["steps"][1]["instead"] == [
        {"touchpoint": "cancelled", "persons": 600 - orders, "share": 1.0}
    ]


def test_without_leaving_and_moving_on_there_are_still_paths_and_touchpoints(wegmarke, shop):
    whole = wegmarke("analyse", shop, "--format", "json").json
    assert (whole["moments"], whole["last_actions"]) == ([], [])
    assert whole["paths"]["variants"] == 2
    assert {row["touchpoint"]: row["touches"] for row in whole["touchpoints"]}["visit"] == 1_200
    text = wegmarke("analyse", shop)
    assert "--leaving-event NAME" in text.out
    assert "visit → newsletter → checkout" in text.out


def test_the_horizon_is_thirty_days_however_long_the_silence(wegmarke, shop):
    def horizon(*options):
        whole = wegmarke("analyse", shop, *options, "--format", "json").json
        return whole["parameters"]["horizon_days"]

    assert horizon("--quiet-days", 60) == 30
    assert horizon("--quiet-days", 10, "--horizon-days", 15) == 15


def test_text_says_it_in_words_without_control_characters(wegmarke, shop):
    answer = wegmarke("analyse", shop, *QUESTION, "--funnel", "visit,order")
    assert answer.code == 0
    assert "600 persons · 3,000 touches" in answer.out
    assert "Whoever has a bad experience at “checkout” leaves" in answer.out
    assert "percentage points more often within the next 20 days" in answer.out
    assert re.search(r"checkout\s+breaks\s+600\s+300", answer.out)
    assert "Last action before leaving" in answer.out
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", answer.out)


def test_names_that_steer_a_terminal_are_disarmed(wegmarke, write):
    rows = "".join(f"C{i},2024-01-{1 + i % 28:02},\x1b]0;owned\x07visit\u202e[red]\n" for i in range(30))
    answer = wegmarke("analyse", write("customer_id,timestamp,event\n" + rows))
    assert answer.code == 0
    assert "]0;ownedvisit[red]" in answer.out
    assert not re.search("[\x1b\x07\u202e]", answer.out + answer.err)


def test_german_is_spoken_when_asked_for(wegmarke, shop):
    answer = wegmarke("analyse", shop, *QUESTION, "--lang", "de")
    assert "600 Personen · 3.000 Berührungen" in answer.out
    assert "Entscheidende Momente" in answer.out
    assert "wird so gelesen:" in answer.err
    assert "Person " in answer.err


def test_days_are_those_of_the_zone_the_file_was_written_in(wegmarke, write):
    rows = [
        f"{person},2024-01-0{day} 23:30,{event}" for person in "ab" for day, event in ((1, "x"), (2, "y"))
    ]
    file = write("\n".join(["customer,timestamp,event", *rows]))
    for zone in ((), ("--timezone", "Europe/Berlin"), ("--timezone", "America/New_York")):
        assert "1 January 2024 to 2 January 2024" in wegmarke("analyse", file, "--quiet-days", "1", *zone).out


def test_parameters_are_said_in_the_readers_own_figures(wegmarke, shop):
    asked = (*QUESTION[:4], "--horizon-days", "2.5", "--margin", "0.025")
    german = wegmarke("analyse", shop, *asked, "--lang", "de").out
    assert "Innerhalb von 2,5 Tagen nach einer Berührung" in german
    assert "kleiner sind als 2,5 Prozentpunkte" in german
    english = wegmarke("analyse", shop, *asked, "--lang", "en").out
    assert "Within 2.5 days of a touch; effects smaller than 2.5 percentage points do not count" in english


def test_the_guess_and_what_was_settled_stand_on_standard_error(wegmarke, shop):
    answer = wegmarke("analyse", shop, "--format", "json")
    lines = [line.split() for line in answer.err.splitlines()]
    assert ["person", "customer_id", "(by", "its", "name)"] in lines
    assert ["experience", "experience", "(bad-neutral-good)", "(by", "its", "name)"] in lines
    assert ["value", "amount", "(by", "its", "name)"] in lines


def test_all_kinds_of_files_give_the_same_answer(wegmarke, shop, tmp_path):
    import openpyxl

    table = pyarrow.csv.read_csv(shop)
    pyarrow.parquet.write_table(table, tmp_path / "shop.parquet")
    book = openpyxl.Workbook()
    book.active.append(table.column_names)
    for row in table.to_pylist():
        book.active.append([None if value is None else str(value) for value in row.values()])
    book.save(tmp_path / "shop.xlsx")
    answers = []
    for name in ("shop.csv", "shop.parquet", "shop.xlsx"):
        whole = wegmarke("analyse", tmp_path / name, *QUESTION, "--timezone", "UTC", "--format", "json").json
        del whole["parameters"]
        answers.append(whole)
    assert answers[0] == answers[1] == answers[2]


def test_several_files_are_one_record(wegmarke, shop, write):
    header, *rows = shop.read_text().splitlines(keepends=True)
    first = write(header + "".join(rows[:1_000]), "one.csv")
    second = write(header + "".join(rows[1_000:]), "two.csv")
    together = wegmarke("analyse", first, second, *QUESTION, "--format", "json").json
    alone = wegmarke("analyse", shop, *QUESTION, "--format", "json").json
    assert together["moments"] == alone["moments"]
    assert list(together["parameters"]["columns"]) == [str(first), str(second)]


def test_attributes_come_from_the_events_or_from_a_file_of_persons(wegmarke, shop, write):
    own = wegmarke("analyse", shop, *QUESTION, "--attribute", "segment", "--format", "json").json
    persons = write(
        "Kundennummer;segment\n" + "".join(f"C{i};{'x' if i % 3 else 'y'}\n" for i in range(600)),
        "persons.csv",
    )
    other = wegmarke(
        "analyse", shop, *QUESTION, "--persons", persons, "--attribute", "segment", "--format", "json"
    ).json
    assert own["parameters"]["attributes"] == ["segment"]
    assert own["moments"] == other["moments"]


def test_a_plan_binds_events_and_says_what_leaving_is(wegmarke, write):
    rows = "".join(
        f"C{i},2024-01-{1 + i % 9:02},call,{wait}\n"
        f"C{i},2024-01-2{i % 9},{'bye' if wait > 60 else 'thanks'},0\n"
        for i in range(300)
        for wait in [90 if i % 2 else 5]
    )
    events = write("customer_id,timestamp,event,wait_minutes\n" + rows)
    plan = write(
        """
name: {de: Hotline, en: Hotline}
phases:
  - {key: service, name: {de: Service, en: Service}}
touchpoints:
  - key: hotline
    name: {de: Anruf bei der Hotline, en: Call to the hotline}
    phases: [service]
    events: [call]
    experience:
      bad:
        - {property: wait_minutes, above: 60}
  - key: goodbye
    name: {de: Abschied, en: Goodbye}
    events: [bye]
leaving: {touchpoints: [goodbye]}
horizon_days: 25
""",
        "plan.yaml",
    )
    answer = wegmarke("analyse", events, "--plan", plan, "--format", "json", "--margin", "0.05")
    assert answer.code == 0, answer.err
    assert (answer.json["touches"], answer.json["unbound"]) == (450, 150)
    assert answer.json["parameters"]["margin"] == 0.05
    hotline = next(row for row in answer.json["touchpoints"] if row["touchpoint"] == "hotline")
    assert (hotline["phase"], hotline["bad"], hotline["neutral"]) == ("service", 150, 150)
    assert moment(answer, "hotline")["bad_on_leaving"]["low"] > 0.8
    text = wegmarke("analyse", events, "--plan", plan, "--lang", "de")
    assert "Anruf bei der Hotline" in text.out


def test_a_folder_gets_report_values_and_rejected_rows(wegmarke, shop, tmp_path):
    with shop.open("a") as more:
        more.write("=1+1,soon,visit,,,private\n")
    out = tmp_path / "new" / "answers"
    answer = wegmarke("analyse", shop, *QUESTION, "--out", out, "--format", "json", "--lang", "de")
    assert answer.code == 0, answer.err
    assert sorted(path.name for path in out.iterdir()) == ["analysis.json", "rejected.csv", "report.html"]
    assert json.loads((out / "analysis.json").read_text(encoding="utf-8")) == answer.json
    assert answer.json["rejected"] == 1
    rejected = (out / "rejected.csv").read_text(encoding="utf-8").splitlines()
    assert '"\'=1+1,soon,visit,,,private"' in rejected[1]
    report = (out / "report.html").read_text(encoding="utf-8")
    assert 'lang="de' in report
    assert "checkout" in report
    assert not re.search(r"""(?:src|href)=["']?https?://""", report)


def test_rejected_rows_are_counted_shown_and_kept(wegmarke, shop, tmp_path):
    with shop.open("a") as more:
        more.write(",2024-01-01T10:00:00Z,visit,,,private\nC1,soon,visit,,,private\n" * 3)
    kept = tmp_path / "rejected.csv"
    answer = wegmarke("analyse", shop, "--rejected", kept)
    assert "6 rows left out" in answer.out
    assert "6 of 3,006 rows were left out:" in answer.err
    assert "line 3002, column “customer_id”: the person is empty" in answer.err
    assert len(kept.read_text().splitlines()) == 7
    again = wegmarke("analyse", shop)
    assert "--rejected FILE" in again.err


def test_nothing_heavy_is_loaded_for_help():
    code = (
        "import sys\nfrom wegmarke.cli.main import main\ntry:\n main()\nexcept SystemExit:\n pass\n"
        "print(sorted({'django', 'numpy', 'pyarrow', 'numba', 'rich'} & set(sys.modules)))"
    )
    for arguments in (["--version"], ["--help"], ["analyse", "--help"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        )
        assert done.stdout.rstrip().endswith("[]"), done.stdout
