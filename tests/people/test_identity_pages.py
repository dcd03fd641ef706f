"""The pages about who is who: for editors, from what is to be decided to what was taken back."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from people_stories import NOW, PHONE, TABLET, live

from support.pages import text_of
from wegmarke.people import queries, services
from wegmarke.people.contracts import Kind, SeenLink
from wegmarke.team.contracts import Role
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db
HOME = "/people/identities/"
KIM = "kim@example.com"


def reader_of(role: Role) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_user(f"reader-{role}", role=role))
    return browser


@pytest.fixture
def editor() -> Client:
    return reader_of(Role.EDITOR)


def page_of(identifier: str) -> str:
    return f"{HOME}person/?id={quote(identifier)}"


def said(answer) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def test_before_anything_is_known_the_page_says_so(editor):
    page = text_of(editor, HOME)
    assert "No visitor is linked with several persons" in page
    assert "Nothing yet" in page


def test_what_is_to_be_decided_stands_with_who_it_may_be_and_how_often(editor):
    live()
    page = text_of(editor, HOME)
    assert "5f1c7c0e" in page
    assert "51 messages" in page
    assert "2 messages" in page
    assert page.index("51 messages") < page.index("2 messages")
    assert "Sisters" in page


def test_a_visitor_is_given_to_a_person_and_taken_back(editor):
    live()
    answer = editor.post(
        f"{HOME}join/", {"one": TABLET, "other": KIM, "reason": "Only she has the PIN"}, follow=True
    )
    assert "Joined" in said(answer)
    assert queries.resolution().person_of(TABLET) == KIM
    assert queries.conflicts() == ()
    number = queries.decisions()[0].number
    editor.post(f"{HOME}undo/", {"fact": number, "one": TABLET})
    assert queries.resolution().person_of(TABLET) == TABLET
    assert "reader-editor" in text_of(editor, HOME)


def test_an_id_is_separated_from_its_person(editor):
    live()
    answer = editor.post(f"{HOME}separate/", {"one": KIM, "other": PHONE, "reason": "Sold"}, follow=True)
    assert "Separated" in said(answer)
    assert queries.resolution().person_of(PHONE) == PHONE


@pytest.mark.parametrize(("visitor", "typed", "means"), [("", "~x", "~u:~x"), ("1", "c3", "~a:c3")])
def test_another_id_is_typed_as_its_sender_writes_it(editor, visitor, typed, means):
    editor.post(f"{HOME}join/", {"one": KIM, "typed": typed, "visitor": visitor, "reason": "Told us"})
    (decided,) = queries.decisions()
    assert (decided.kind, decided.one, decided.other) == (Kind.JOIN, KIM, means)


def test_what_cannot_be_decided_is_said(editor):
    live()
    for data in (
        {"one": KIM, "other": ""},
        {"one": "", "other": KIM},
        {"one": KIM, "other": KIM},
        {"one": "a\0b", "other": KIM},
    ):
        answer = editor.post(f"{HOME}join/", data | {"reason": "so"}, follow=True)
        assert answer.status_code == 200
        assert said(answer)
    answer = editor.post(f"{HOME}join/", {"one": KIM, "other": PHONE, "reason": " "}, follow=True)
    assert "why" in said(answer)
    assert len(queries.decisions()) == 2


def test_somebody_is_found_by_the_beginning_of_any_id(editor):
    live()
    page = text_of(editor, f"{HOME}?q=0d6a")
    assert "kim@example.com" in page.split("Look somebody up")[1]
    assert "begins like this" in text_of(editor, f"{HOME}?q=nobody")


def test_a_person_shows_all_ids_and_everything_that_was_said(editor):
    live()
    page = text_of(editor, page_of(PHONE))
    assert "<h1" in page
    assert "names the person" in page
    assert "Logged in or registered" in page
    assert "To decide" in page  # the tablet may be this person, too
    assert "To decide" not in text_of(editor, page_of("mia"))


def test_an_id_nobody_ever_named_has_a_page_to_join_it_from(editor):
    assert "Join with another id" in text_of(editor, page_of("new"))
    for address in (f"{HOME}person/", page_of("a\0b")):
        assert editor.get(address).status_code == 404
    assert editor.get(f"{HOME}?q=a%00b").status_code == 200


@pytest.mark.parametrize("fact", ["", "x", "99", "-1", "9" * 40])
def test_facts_that_are_none_are_not_found(editor, fact):
    assert editor.post(f"{HOME}undo/", {"fact": fact}).status_code == 404


def test_hostile_ids_are_shown_as_text(editor):
    hostile = "<script>alert(1)</script>"
    editor.post(f"{HOME}join/", {"one": hostile, "other": KIM, "reason": "<b>so</b>"})
    for address in (HOME, page_of(hostile)):
        content = editor.get(address).content.decode()
        assert "<script>alert" not in content
        assert "<b>so" not in content


def test_viewers_see_and_change_nothing():
    live()
    viewer = reader_of(Role.VIEWER)
    state = queries.state()
    assert viewer.get(HOME).status_code == 403
    assert viewer.get(page_of(KIM)).status_code == 403
    for verb in ("join", "separate"):
        answer = viewer.post(f"{HOME}{verb}/", {"one": KIM, "other": TABLET, "reason": "so"})
        assert answer.status_code == 403
    assert viewer.post(f"{HOME}undo/", {"fact": queries.decisions()[0].number}).status_code == 403
    assert queries.state() == state
    assert HOME not in viewer.get("/settings/import/").content.decode()


def test_editors_are_led_to_the_page(editor):
    assert HOME in editor.get("/settings/import/").content.decode()


def test_a_change_is_never_made_by_following_a_link(editor):
    for verb in ("join", "separate", "undo"):
        assert editor.get(f"{HOME}{verb}/").status_code == 405


def test_where_an_alias_leads_round_a_separation_only_saying_no_is_offered(editor):
    services.learn(
        [SeenLink("a", "b", Kind.ALIAS, 1, "Shop"), SeenLink("b", "c", Kind.ALIAS, 1, "Shop")], now=NOW
    )
    services.separate("a", "c", by=None, reason="Sisters", now=NOW)
    page = text_of(editor, page_of("c"))
    assert "They are not one person" in page
    assert "It is this person" not in page
    editor.post(f"{HOME}separate/", {"one": "b", "other": "c", "reason": "Two customer numbers"})
    assert queries.conflicts() == ()
