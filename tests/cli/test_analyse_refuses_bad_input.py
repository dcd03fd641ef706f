"""Every bad input, through the command: exit code 2, a message with its place, nothing written."""

import gzip
import zipfile

import openpyxl
import pytest

GOOD = "customer_id,timestamp,event\n" + "".join(
    f"C{i},2024-01-{1 + i:02}T10:00:00Z,visit\n" for i in range(20)
)


@pytest.fixture
def refused(wegmarke, tmp_path):
    """Analyse a file that must be refused and return the message."""

    def refused(*arguments):
        out = tmp_path / "out"
        answer = wegmarke("analyse", *arguments, "--out", out, "--rejected", tmp_path / "rejected.csv")
        assert answer.code == 2, answer.out + answer.err
        assert answer.out == ""
        assert "Traceback" not in answer.err
        assert not out.exists()
        assert not (tmp_path / "rejected.csv").exists()
        assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []
        lines = answer.err.splitlines()
        start = next(place for place, line in enumerate(lines) if line.startswith("Error: "))
        return "\n".join(lines[start:])

    return refused


def test_a_wrong_encoding(refused, write):
    path = write(GOOD.replace("visit", "Gespräch"), encoding="cp1252")
    assert refused(path) == (
        f"Error: {path}, line 2, column 30: the byte 0xE4 is not valid in the encoding utf-8. "
        "Many files from Windows are read with --encoding cp1252."
    )


def test_a_missing_column(refused, write):
    path = write(GOOD)
    assert f"{path}, line 1, column “kustomer_id”: there is no such column. Is it “customer_id”?" in refused(
        path, "--person", "kustomer_id"
    )


def test_columns_nobody_can_guess(refused, write):
    message = refused(write(GOOD.replace("customer_id", "x")))
    assert "line 1: no column seems to name the person" in message
    assert "--person COLUMN" in message


def test_unreadable_times(refused, write):
    message = refused(write(GOOD.replace("2024-01", "sometime")), "--time", "timestamp")
    assert "line 2, column “timestamp”: 20 of 20 rows cannot be used" in message
    assert "the time is empty or cannot be read" in message


def test_mixed_time_zones(refused, write):
    message = refused(write(GOOD.replace("05T10:00:00Z", "05T10:00:00")))
    assert "line 6, column “timestamp”: the time has no zone, that of line 2 has one" in message
    assert "--timezone" in message


def test_an_ambiguous_order_of_day_and_month(refused, write):
    message = refused(write("customer_id,timestamp,event\nA,03/04/2024,x\nB,05/06/2024,x\n"))
    assert "line 2, column “timestamp”" in message
    assert "--day-first or --month-first" in message


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_file(refused, write, content):
    assert "the file is empty" in refused(write(content))


def test_a_header_alone(refused, write):
    assert "a header but no rows" in refused(write(GOOD.splitlines()[0] + "\n"))


def test_one_person_alone(refused, write):
    rows = "".join(f"C1,2024-01-{1 + i:02},visit\n" for i in range(20))
    message = refused(write("customer_id,timestamp,event\n" + rows))
    assert "column “customer_id”: all events belong to one person (“C1”)" in message


def test_a_million_columns(refused, write):
    path = write(",".join(f"c{i}" for i in range(1_000_000)) + "\n" + ",".join("1" * 1_000_000))
    assert "at most 2000 are read" in refused(path)


def test_a_zip_bomb(refused, tmp_path):
    path = tmp_path / "bomb.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["customer_id", "timestamp", "event"])
    book.save(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * 100_000_000)
    assert f"{path}: the Excel file unpacks to far more than it could hold" in refused(path)


def test_a_billion_laughs(refused, write):
    entities = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">'
    path = write(f"<?xml version='1.0'?>\n<!DOCTYPE log [{entities}]>\n<log>&b;</log>", "laughs.xes")
    assert f"{path}, line 2, column 15: the file declares a document type" in refused(path)


def test_a_gzip_that_is_cut_off(refused, write):
    assert "damaged or cut off" in refused(write(gzip.compress(GOOD.encode())[:-9], "log.csv.gz"))


def test_a_file_that_is_not_there(refused, tmp_path):
    assert f"{tmp_path / 'nothing.csv'}: there is no such file" in refused(tmp_path / "nothing.csv")


def test_the_second_of_two_files_is_named(refused, write):
    assert "two.csv, line 1" in refused(write(GOOD, "one.csv"), write("a,b\n1,2\n", "two.csv"))


def test_a_plan_that_does_not_fit_is_named_by_line_and_column(refused, write):
    plan = write("name: {de: A, en: A}\ntouchpoints:\n  - key: a b\n    name: {de: A, en: A}\n", "plan.yaml")
    assert "plan.yaml:3:" in refused(write(GOOD), "--plan", plan)


def test_a_plan_that_binds_nothing(refused, write):
    plan = write(
        "name: {de: A, en: A}\ntouchpoints:\n  - key: a\n    name: {de: A, en: A}\n    events: [nothing]\n",
        "plan.yaml",
    )
    assert "no touches" in refused(write(GOOD), "--plan", plan) or "bind" in refused(
        write(GOOD), "--plan", plan
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--leaving-event", "Visit"), "--leaving-event: no event is named “Visit”. There are: “visit”"),
        (("--moving-on", "vist"), "There are: “visit”"),
        (("--funnel", "visit,order"), "--funnel: no event is named “order”"),
        (("--funnel", "visit"), "at least two steps"),
        (("--window-days", "3"), "--window-days needs --funnel"),
        (("--quiet-days", "5", "--leaving-event", "visit"), "exclude each other"),
        (("--experience", "event"), "on which scale"),
        (("--timezone", "Nowhere/Land", "--person", "customer_id", "--time", "day"), "no such column"),
    ],
)
def test_options_that_contradict_each_other_or_the_data(refused, write, options, message):
    assert message in refused(write(GOOD), *options)


@pytest.mark.parametrize(
    "options",
    [("--scale", "stars"), ("--quiet-days", "-1"), ("--margin", "2"), ("--format", "xml"), ("--nothing",)],
)
def test_options_nobody_knows(wegmarke, write, options):
    answer = wegmarke("analyse", write(GOOD), *options)
    assert (answer.code, answer.out) == (2, "")


def test_messages_are_german_for_germans(real_wegmarke, write):
    answer = real_wegmarke("analyse", write(""), LC_ALL="de_DE.UTF-8")
    assert answer.code == 2
    assert answer.err.startswith("Fehler: ")
    assert "Die Datei ist leer." in answer.err


def test_the_real_command_says_one_line_and_ends_with_two(real_wegmarke, write):
    path = write(GOOD.replace("visit", "Gespräch"), encoding="cp1252")
    answer = real_wegmarke("analyse", path, "--format", "json")
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
