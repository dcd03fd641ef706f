"""Fifty pasted lines are fifty touchpoints: bullets go, parts are told apart, nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.atlas.touchpoints.pasting import clean, pasted


def names(text):
    return [line.cells.get("name") for line in pasted(text).lines]


@pytest.mark.parametrize(
    "line",
    [
        *("Anruf", "- Anruf", "• Anruf", "\u2013  Anruf", "* Anruf", "1. Anruf", "12) Anruf", "(3) Anruf"),
        *("- [ ] Anruf", "  - 1. Anruf ", "[x] Anruf", "a) Anruf", "-Anruf", "→ Anruf", "1.Anruf", "▪ Anruf"),
        *('"Anruf"', "\u200bAnruf"),
    ],
)
def test_bullets_and_numbering_go(line):
    assert names(line) == ["Anruf"]


@pytest.mark.parametrize(
    "line",
    [
        "24/7-Hotline",
        "3D-Druck",
        "-5 % Rabatt",
        "1.5 l Dose",
        "C&A Karte",
        "+49 30 1234",
        "42",
        "😀",
        "購入",
        "z. B. Anruf",
    ],
)
def test_what_belongs_to_a_name_stays(line):
    assert names(line) == [line]


@pytest.mark.parametrize(
    "text", ["", " \n\t\n", "-----\n***\n•\n", "3.\n4)\n", "\u202e\u200f\n", " ; ; ", "\x00\x07"]
)
def test_lines_that_say_nothing_are_no_touchpoints(text):
    assert pasted(text).lines == ()


def test_lines_keep_the_numbers_they_have_in_the_text():
    assert [line.number for line in pasted("a\n\n\r\nb\rc\u2028d").lines] == [1, 4, 5, 6]


@pytest.mark.parametrize("separator", [" ; ", ";", "\t", " | "])
def test_the_parts_of_a_line_are_told_apart(separator):
    (line,) = pasted(separator.join(["- Anruf", "Telefon", "Kauf", "kim"])).lines
    assert line.cells == {"name": "Anruf", "channel": "Telefon", "phases": "Kauf", "owners": "kim"}


def test_a_header_from_a_spreadsheet_names_the_parts():
    found = pasted("Phase\tTouchpoint\tVerantwortlich\nKauf\tAnruf\tkim\n\tMail\t\n")
    assert found.fields == ("phases", "name", "owners")
    assert [line.cells for line in found.lines] == [
        {"phases": "Kauf", "name": "Anruf", "owners": "kim"},
        {"name": "Mail"},
    ]


def test_a_list_that_begins_with_the_word_name_is_no_header():
    assert names("Name\nAnruf") == ["Name", "Anruf"]


def test_lines_with_more_parts_than_there_are_fields_are_named():
    assert pasted("a;b;c;d;e;f\ng;;;;;;\n").surplus == (1,)


def test_direction_marks_and_control_characters_go():
    assert clean("gpj\u202e.exe \x07\x1b[31m\tx\u200d ") == "gpj.exe [31m x"


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20), max_size=70))
def test_as_many_lines_as_touchpoints(lines):
    assert names("\n".join(lines)) == [clean(line) for line in lines]


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    for line in pasted(text).lines:
        assert all(cell == clean(cell) for cell in line.cells.values())
