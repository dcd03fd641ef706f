"""A key is made from any name, however hostile, and never twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.plan.checks_touchpoints import KEY, MAX_KEY
from wegmarke.plan.naming import new_key, new_keys


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Angebots-E-Mail", "angebots_e_mail"),
        ("Kündigung & Rückgabe", "kuendigung_rueckgabe"),
        ("Ku\u0308ndigung", "kuendigung"),
        ("STRASSE Große Öfen", "strasse_grosse_oefen"),
        ("Café crème", "cafe_creme"),
        ("  Week 1: call  ", "week_1_call"),
        ("ﬁrst", "first"),
        ("😀🎉", "touchpoint"),
        ("\u202e\u200f", "touchpoint"),
        ("購入", "touchpoint"),
        ("", "touchpoint"),
        ("../../etc/passwd", "etc_passwd"),
    ],
)
def test_a_key_is_lower_snake_case_in_plain_letters(name, key):
    assert new_key(name, ()) == key


def test_a_name_that_makes_no_key_gets_the_one_of_its_kind():
    assert new_key("購入", ("goal",), "goal") == "goal_2"


def test_a_taken_key_gets_a_number_whatever_its_case():
    assert new_key("Mail", {"MAIL", "mail_2"}) == "mail_3"


def test_a_long_name_leaves_room_for_its_number():
    first, second = new_keys(["x" * 300] * 2, ())
    assert len(first) == len(second) == MAX_KEY
    assert second.endswith("x_2")


def test_the_number_of_a_name_does_not_take_the_key_of_another():
    assert new_keys(["Mail", "Mail", "Mail 2", "Mail"], ()) == ("mail", "mail_2", "mail_2_2", "mail_3")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=130), max_size=12), st.data())
def test_every_name_gets_a_valid_key_of_its_own(names, data):
    taken = data.draw(st.sets(st.sampled_from([*new_keys(names, ()), "touchpoint"])))
    keys = new_keys(names, taken)
    assert all(KEY.fullmatch(key) and len(key) <= MAX_KEY for key in keys)
    assert len(set(keys)) == len(names)
    assert not set(keys) & taken
