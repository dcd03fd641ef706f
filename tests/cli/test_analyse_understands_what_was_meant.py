"""Options as people write them, numbers without measure, and outputs that cannot show every letter."""

import json
import os

import pytest


@pytest.mark.parametrize(
    "options",
    [
        ("--moving-on", "order", "--moving-on", "checkout"),
        ("--moving-on", "order", "checkout"),
        ("--moving-on", "order, checkout"),
        ("--moving-on", "order,checkout,"),
    ],
)
@pytest.mark.parametrize("file_first", [True, False])
def test_several_names_may_be_given_in_any_common_way(wegmarke, shop, options, file_first):
    arguments = (shop, *options) if file_first else (*options, shop)
    answer = wegmarke("analyse", *arguments, "--leaving-event", "cancelled", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.json["parameters"]["moving_on"] == ["order", "checkout"]


def test_an_event_whose_name_has_a_comma_is_one_event(wegmarke, shop, write):
    path = write(shop.read_text().replace(",order,", ',"order,checkout",'), "comma.csv")
    answer = wegmarke("analyse", path, "--moving-on", "order,checkout", "--format", "json")
    assert answer.json["parameters"]["moving_on"] == ["order,checkout"]


def test_a_file_that_is_missing_is_no_name(wegmarke, shop, tmp_path):
    answer = wegmarke("analyse", shop, "--moving-on", "order", "more.csv")
    assert answer.code == 2
    assert "more.csv: there is no such file" in answer.err


def test_a_name_may_start_with_a_dash_and_two_dashes_end_the_options(wegmarke, shop, write):
    path = write(shop.read_text().replace(",order,", ",-order,"), "dash.csv")
    answer = wegmarke("analyse", "--moving-on", "-order", "--format", "json", "--", path)
    assert answer.code == 0, answer.err
    assert answer.json["parameters"]["moving_on"] == ["-order"]


@pytest.mark.parametrize("days", ["1e300", "inf", "40000"])
def test_days_without_measure_are_longer_than_all_data(wegmarke, shop, days):
    funnel = ("--funnel", "visit,checkout", "--window-days", days)
    silence = ("--quiet-days", days, "--horizon-days", days, "--moving-on", "order")
    answer = wegmarke("analyse", shop, *funnel, *silence, "--format", "json")
    assert answer.code == 0, answer.err
    assert [step["persons"] for step in answer.json["funnel"]["steps"]] == [600, 600]
    assert answer.json["moments"] == []


def test_where_no_touch_can_be_judged_the_text_says_why(wegmarke, shop):
    answer = wegmarke("analyse", shop, "--leaving-event", "cancelled", "--horizon-days", "400")
    assert "No touch can be judged: the data end less than the horizon (400 days)" in answer.out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--leaving-event", "cancelled", "--moving-on", "cancelled"), "leaving and moving on at once"),
        (("--funnel", " , "), "no step is named"),
        (("--quiet-days", "nan"), "longer than 0 days"),
        (("--timezone", "Mars/Phobos"), "there is no time zone named “Mars/Phobos”"),
    ],
)
def test_what_makes_no_sense_is_refused(wegmarke, shop, options, told):
    answer = wegmarke("analyse", shop, *options)
    assert answer.code == 2
    assert told in answer.err
    assert answer.out == ""


def test_a_scale_without_ratings_is_refused(wegmarke, write):
    path = write("customer_id,timestamp,event\nA,2024-01-01,x\nB,2024-01-02,y\n")
    answer = wegmarke("analyse", path, "--scale", "nps")
    assert answer.code == 2
    assert "no column seems to hold any. Say --experience COLUMN." in answer.err


def test_a_file_of_other_persons_is_refused(wegmarke, shop, write):
    strangers = write("customer_id,segment\nX1,a\nX2,b\n", "persons.csv")
    answer = wegmarke("analyse", shop, "--persons", strangers)
    assert answer.code == 2
    assert f"{strangers}: none of its persons occurs in the events, where one is called “C0”" in answer.err


def test_a_file_where_the_folder_should_be_is_named(wegmarke, shop, write):
    in_the_way = write("mine", "out")
    answer = wegmarke("analyse", shop, "--out", in_the_way)
    assert answer.code == 2
    assert f"{in_the_way} cannot be written (Not a directory)" in answer.err
    assert in_the_way.read_text() == "mine"


@pytest.mark.parametrize("form", ["json", "text"])
def test_letters_the_output_does_not_have_are_written_another_way(real_wegmarke, write, form):
    lines = [f"C{i // 3},2024-0{1 + i % 9}-01,{('Käufe 😀', 'Ñ')[i % 2]}\n" for i in range(30)]
    path = write("customer_id,timestamp,event\n" + "".join(lines))
    answer = real_wegmarke("analyse", path, "--quiet-days", "30", "--format", form, PYTHONIOENCODING="ascii")
    assert answer.code == 0, answer.err
    assert answer.out.isascii()
    if form == "json":
        assert {one["touchpoint"] for one in json.loads(answer.out)["touchpoints"]} == {"Käufe 😀", "Ñ"}


def test_json_steers_no_terminal_and_loses_no_character(wegmarke, write):
    name = "a\x9b31mb\u202ec\x7fd\u2066"
    path = write("customer_id,timestamp,event\n" + "".join(f"C{i},2024-01-01,{name}\n" for i in range(5)))
    answer = wegmarke("analyse", path, "--format", "json")
    assert not {"\x9b", "\u202e", "\x7f", "\u2066"} & set(answer.out)
    assert [one["touchpoint"] for one in answer.json["touchpoints"]] == [name]


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes on POSIX only")
def test_a_file_whose_name_is_no_text_is_read(real_wegmarke, shop, tmp_path):
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.csv")
    shop.rename(odd)
    answer = real_wegmarke("analyse", odd, "--format", "json", "--out", tmp_path / "out")
    assert answer.code == 0, answer.err
    assert json.loads((tmp_path / "out" / "analysis.json").read_text()) == answer.json


def test_what_was_read_is_not_written_over(wegmarke, shop, write, tmp_path):
    read_again = write(shop.read_text() + "C0,never,visit,,,\n", "rejected.csv")
    before = read_again.read_text()
    for options in (("--rejected", read_again), ("--out", tmp_path)):
        answer = wegmarke("analyse", read_again, *options)
        assert answer.code == 2
        assert f"{read_again} was read and is not written over" in answer.err
    assert read_again.read_text() == before
    assert not (tmp_path / "report.html").exists()
