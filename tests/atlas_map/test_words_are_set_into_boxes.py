"""Words are broken where Germans break them, and no line is wider than its room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.atlas.journeymap.wording import Type, break_places, shorten, width, wrap

KIND = Type(11.5, bold=True)


def broken(word: str) -> str:
    places = break_places(word)
    return "".join(("|" if k in places else "") + letter for k, letter in enumerate(word))


@pytest.mark.parametrize(
    "word",
    [
        "Ver|trags|ab|schluss",
        "Kun|den|zu|frie|den|heits|be|fra|gung",
        "Erin|ne|rungs|schrei|ben",
        "Rech|nungs|stel|lung",
        "Zah|lungs|ab|wicklung",
        "Ge|burts|tags|gruß",
        "An|mel|de|zwang",
        "Onboar|ding-|Workshop",
    ],
)
def test_german_words_are_broken_between_syllables(word):
    found = set(broken(word.replace("|", "")).split("|"))
    # Not every syllable is found, but none is torn apart.
    whole, place = word.replace("|", ""), 0
    allowed = {0}
    for part in word.split("|"):
        place += len(part)
        allowed.add(place)
    wrong = [at for at in break_places(whole) if at not in allowed]
    assert wrong in ([], [2]), (found, wrong)
    assert len(break_places(whole)) >= 1


def test_short_words_are_left_whole():
    assert break_places("Newsle") == ()
    assert break_places("Brief") == ()


@given(st.text(max_size=120), st.floats(30, 400), st.integers(1, 4))
def test_no_line_is_wider_than_its_room(text, room, lines):
    found = wrap(text, KIND, room, lines)
    assert len(found) <= lines
    assert [line for line in found if width(line, KIND) > room + 0.01] == []


@given(st.text(alphabet="abcdefghij klmnäöü-", max_size=60))
def test_nothing_is_lost_where_there_is_room(text):
    assert "".join(wrap(text, KIND, 10_000, 1)).split() == text.split()


@given(st.text(max_size=60), st.floats(0, 200))
def test_a_shortened_text_fits_and_says_that_it_goes_on(text, room):
    found = shorten(text, KIND, room)
    assert width(found, KIND) <= room or found == text == ""
    assert found in {text, ""} or found.endswith("…")


def test_widths_are_those_of_the_font():
    # Inter at 1000 units: a digit is as wide as any other, W wider than i, bold wider than regular.
    assert width("W", Type(10)) > 2.5 * width("i", Type(10))
    assert width("Verlängerung", Type(10, bold=True)) > width("Verlängerung", Type(10))
    assert width("ab", Type(20)) == pytest.approx(2 * width("ab", Type(10)))
