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


def under(text):
    return [(line.cells["name"], line.cells.get("phases")) for line in pasted(text).lines]


@pytest.mark.parametrize(
    "heading",
    [
        *("# Kauf", "## Kauf", "#  Kauf:", "Kauf:", "2. Kauf:", "- Kauf :", "Phase: Kauf", "Phase 2: Kauf"),
        *("Phase 2 \u2013 Kauf", "## Phase 2: Kauf", "Stage 2: Kauf"),
    ],
)
def test_a_heading_names_the_phase_of_the_lines_below_it(heading):
    assert under(f"Anzeige\n{heading}\nWarenkorb\n\n- Bezahlen; Web") == [
        ("Anzeige", None),
        ("Warenkorb", "Kauf"),
        ("Bezahlen", "Kauf"),
    ]


def test_where_the_others_have_bullets_a_line_without_one_is_a_heading():
    text = "Wahrnehmung\n- Anzeige; Web\n- Flyer\n\nKauf\n1. Warenkorb\n2. Bezahlen\nNutzung\n  Paket"
    assert under(text) == [
        *(("Anzeige", "Wahrnehmung"), ("Flyer", "Wahrnehmung")),
        *(("Warenkorb", "Kauf"), ("Bezahlen", "Kauf"), ("Paket", "Nutzung")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("Anzeige\n- Flyer\nWarenkorb", "Anzeige\nFlyer\n- Warenkorb", "- Anzeige\nFlyer\n- Warenkorb"),
        *("Anzeige\nFlyer; Brief\nWarenkorb", "Anzeige; Web\n- Flyer\n- Warenkorb"),
    ],
)
def test_bullets_here_and_there_make_no_headings(text):
    assert [phase for _name, phase in under(text)] == [None, None, None]


def test_a_heading_with_nothing_below_it_is_no_heading():
    assert under("Kauf:\nWarenkorb\nNutzung:") == [("Warenkorb", "Kauf"), ("Nutzung:", "Kauf")]
    assert under("Kauf:\nNutzung:\nPaket") == [("Kauf:", None), ("Paket", "Nutzung")]


def test_the_title_above_the_headings_is_no_touchpoint():
    assert under("# Unsere Journey\n## Kauf\nWarenkorb") == [("Warenkorb", "Kauf")]
    assert under("# Unsere Journey\nKauf:\nWarenkorb") == [("Warenkorb", "Kauf")]
    assert under("# Nutzung\n# Kauf\nWarenkorb") == [("# Nutzung", None), ("Warenkorb", "Kauf")]


def test_a_phase_of_its_own_goes_before_the_heading():
    assert under("Kauf:\nWarenkorb\nPaket; Post; Nutzung") == [("Warenkorb", "Kauf"), ("Paket", "Nutzung")]


def test_a_table_may_stand_under_headings():
    found = pasted("Name;Kanal\n# Kauf\nWarenkorb;Web\n# Nutzung\nPaket;Post")
    assert [line.cells for line in found.lines] == [
        {"name": "Warenkorb", "channel": "Web", "phases": "Kauf"},
        {"name": "Paket", "channel": "Post", "phases": "Nutzung"},
    ]


@pytest.mark.parametrize("line", ["Uhr 12:30", "Abo: kündigen", "#1 Anruf", "Phase-out", "Stage-Door"])
def test_colons_and_signs_inside_a_name_make_no_heading(line):
    assert [phase for _name, phase in under(f"{line}\nWarenkorb")] == [None, None]


def test_direction_marks_and_control_characters_go():
    assert clean("gpj\u202e.exe \x07\x1b[31m\tx\u200d ") == "gpj.exe [31m x"


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20), max_size=70))
def test_as_many_lines_as_touchpoints(lines):
    assert names("\n".join(lines)) == [clean(line) for line in lines]


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    for line in pasted(text).lines:
        assert all(cell == clean(cell) for cell in line.cells.values())
