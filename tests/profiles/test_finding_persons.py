"""Somebody is found by the beginning of an id, of a word of their name, of an address."""

from __future__ import annotations

import pytest
from lives import HOME, KIM, LOU, append, build, event, live, reader_of

from support.pages import text_of
from wegmarke.profiles import finding
from wegmarke.record import lookup
from wegmarke.team.contracts import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    live()
    return reader_of(Role.EDITOR)


def names(text: str) -> list[str]:
    return [one.name for one in finding.persons(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kim@", ["Kim Weber"]),
        ("kims-ph", ["Kim Weber"]),
        ("WEB", ["Kim Weber"]),
        ("lou", ["Lou Otto"]),
        ("Otto", ["Lou Otto"]),
        ("eber", []),
        ("Bremen", []),
        ("", []),
        ("a\0b", []),
    ],
)
def test_persons_are_found(editor, text, found):
    build()
    assert names(text) == found


def test_whoever_came_a_moment_ago_is_found_by_the_whole_id(editor):
    append("2", [event("new@example.com", 1, "Order Completed")])
    assert names("new@example.com") == ["new@example.com"]


def test_sealed_names_are_looked_through_newest_first_and_no_further_than_said(editor, monkeypatch):
    append("2", traits=[("zoe", "name", "Zoe Abel")])
    monkeypatch.setattr(lookup, "MOST_OPENED", 1)
    assert names("Abel") == ["Zoe Abel"]
    assert names("Weber") == []


def test_without_a_text_those_seen_last_stand_there(editor):
    found = editor.get(HOME).context["found"]
    assert [one["found"].person for one in found] == [LOU, KIM]


def test_before_anything_came_the_page_says_how_somebody_gets_here():
    page = text_of(reader_of(Role.EDITOR), HOME)
    assert "Nobody is known yet" in page
    assert "Import a file" in page


def test_accounts_are_found_beside_persons(editor):
    assert "Acme Inc." in text_of(editor, f"{HOME}?q=acme")
    assert "No account was found" in text_of(editor, f"{HOME}accounts/?q=zzz")
    assert "Nobody was found" in text_of(editor, f"{HOME}?q=zzz")
