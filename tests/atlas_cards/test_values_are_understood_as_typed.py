"""Values of conditions are read as people type them, and shown so that they are read the same again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_strategies import scalars

from wegmarke.atlas.cards.wording import understood
from wegmarke.atlas.typed import read, typed

everything = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("60", 60),
        (" -3 ", -3),
        ("60.5", 60.5),
        ("60,5", 60.5),
        ("1e3", 1000.0),
        ("true", True),
        ("Falsch", False),
        ("payment", "payment"),
        ('"60"', "60"),
        ('"true"', "true"),
        ('"a\\nb"', "a\nb"),
        ('"open', '"open'),
        ("1.2.3", "1.2.3"),
        ("1e999", "1e999"),
        ("2026-01-01", "2026-01-01"),
        ("٣", "٣"),
    ],
)
def test_a_typed_value_is_recognised(text, value):
    found = read(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("card; invoice", ("card", "invoice")),
        ("card, invoice", ("card", "invoice")),
        ("1; 2,5; true", (1, 2.5, True)),
        ('"a; b"; c', ("a; b", "c")),
        ('"a, b", c', ("a, b", "c")),
        ("one", ("one",)),
        ("; ;", ()),
        ("", ()),
    ],
)
def test_a_typed_list_is_taken_apart(text, values):
    assert read(text, many=True) == values


@given(scalars | everything)
def test_a_shown_value_is_read_as_the_same_again(value):
    again = read(typed(value))
    assert again == value
    assert isinstance(again, bool) is isinstance(value, bool)
    assert isinstance(again, str) is isinstance(value, str)


@given(st.lists(scalars | everything, min_size=1, max_size=4).map(tuple))
def test_a_shown_list_is_read_as_the_same_again(values):
    again = read(typed(values), many=True)
    assert again == values
    assert [isinstance(one, str) for one in again] == [isinstance(one, str) for one in values]


@given(everything)
def test_anything_typed_is_read_as_something(text):
    read(text)
    read(text, many=True)


def test_what_was_understood_is_said():
    assert understood(60) == "number 60"
    assert understood(0.25) == "number 0.25"
    assert understood("card") == "text “card”"
    assert understood(True) == "true"
    assert understood((1, "card")) == "List: number 1, text “card”"
