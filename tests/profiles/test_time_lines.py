"""A time line shows all that is known of somebody, whatever id it came with, and nothing of anybody else."""

from __future__ import annotations

import pytest
from lives import (
    ACME,
    HOME,
    KIM,
    LOU,
    NOW,
    PHONE,
    account_page,
    append,
    build,
    event,
    live,
    moment,
    page_of,
    reader_of,
)

from support.pages import words_of
from wegmarke.people import services as identities
from wegmarke.people.accounts import services as accounts
from wegmarke.team.contracts import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    live()
    return reader_of(Role.EDITOR)


def lines(reader, address: str) -> list[str]:
    """Return the titles of the entries on a page, the newest first."""
    return [row["entry"].title for day in reader.get(address).context["days"] for row in day["rows"]]


def test_all_kinds_of_entries_of_all_ids_stand_in_order(editor):
    assert lines(editor, page_of(KIM)) == [
        "Something New",
        "Withdrawn",
        "Checkout",
        "Checkout",
        "Logged in or registered",
        "Search",
        "Named with the account",
        "Attributes",
    ]
    assert lines(editor, page_of(PHONE)) == lines(editor, page_of(KIM))


def test_the_page_says_what_was_lived_and_how(editor):
    page = words_of(editor, page_of(KIM))
    assert "Kim Weber" in page
    assert "rating 5 (csat)" in page
    assert "value 27.50" in page
    assert "error.code card error.tries 3" in page
    assert "undocumented" in page
    assert "tea" not in page, "that was Lou"


def test_it_speaks_german(editor):
    page = words_of(reader_of(Role.OFFICER, "de"), page_of(KIM))
    assert "Kasse schlecht Kaufen" in page
    assert "Payment Failed" in page
    assert "Zeitleiste" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "consent"}, ["Withdrawn"]),
        ({"touchpoint": "checkout"}, ["Checkout", "Checkout"]),
        ({"phase": "look"}, ["Search"]),
        ({"feel": "bad"}, ["Checkout"]),
        ({"feel": "unsaid", "q": "something"}, ["Something New"]),
        ({"q": "BREMEN"}, ["Attributes"]),
        ({"since": "2026-03-02"}, []),
        ({"until": "2026-02-28"}, []),
        ({"feel": "nonsense", "kind": "nothing", "before": "-1", "since": "yesterday"}, None),
    ],
    ids=str,
)
def test_it_can_be_narrowed_down(editor, query, expected):
    assert lines(editor, page_of(KIM, **query)) == (
        lines(editor, page_of(KIM)) if expected is None else expected
    )


def test_who_separates_ids_sees_two_persons_at_once(editor):
    identities.separate(PHONE, KIM, by=None, reason="Borrowed", now=moment(9))
    assert "Search" not in lines(editor, page_of(KIM))
    assert "Checkout" not in lines(editor, page_of(PHONE))


def test_the_same_trait_again_is_no_entry(editor):
    append("2", traits=[(KIM, "city", "Bremen"), (KIM, "plan", "large")], at=moment(20))
    append("3", traits=[(KIM, "city", None)], at=moment(21))
    said = [
        row["entry"].said
        for day in editor.get(page_of(KIM, kind="traits")).context["days"]
        for row in day["rows"]
    ]
    assert said == ["city: removed", "plan: large", "name: Kim Weber · city: Bremen"]
    assert [one.name for one in editor.get(page_of(KIM)).context["traits"]] == ["name", "plan"]


def test_older_entries_come_by_a_link_that_goes_on_where_the_page_ended(editor):
    append("2", [event(LOU, 10 + hour / 100, f"Event {hour}") for hour in range(120)])
    seen: list[str] = []
    address = page_of(LOU, kind="event")
    while address:
        answer = editor.get(address, headers={"HX-Request": "true"})
        seen += [row["entry"].title for day in answer.context["days"] for row in day["rows"]]
        address = answer.context["older"]
    assert seen == [f"Event {hour}" for hour in reversed(range(120))] + ["Search"]


def test_nothing_new_is_no_answer_and_something_new_is(editor):
    address = editor.get(page_of(LOU)).context["live"]
    assert editor.get(address).status_code == 204
    append("2", [event(LOU, 6, "Order Completed")])
    answer = editor.get(address)
    assert next(row["entry"].title for day in answer.context["days"] for row in day["rows"]) == "Checkout"
    assert editor.get(answer.context["live"]).status_code == 204


def test_what_arrives_late_stands_where_it_belongs(editor):
    address = editor.get(page_of(LOU)).context["live"]
    append("2", [event(LOU, 4.5, "Late")])
    rows = [row["entry"].title for day in editor.get(address).context["days"] for row in day["rows"]]
    assert rows[:2] == ["Search", "Late"]


def test_an_account_shows_what_all_its_contacts_lived_and_whose_it_was(editor):
    page = editor.get(account_page(ACME))
    rows = [
        (row["entry"].title, row["who"] and row["who"][0])
        for day in page.context["days"]
        for row in day["rows"]
    ]
    assert rows[:2] == [("Search", "Lou Otto"), ("Something New", "Kim Weber")]
    assert ("Search", "Kim Weber") in rows
    assert "Acme Inc." in page.content.decode()
    assert "large" in page.content.decode()


def test_a_contact_removed_by_hand_is_no_longer_shown_and_can_be_taken_back(editor):
    removed = {"account": ACME, "remove": LOU, "reason": "Left the firm"}
    answer = editor.post(f"{HOME}accounts/contact/", removed, follow=True)
    assert "Removed." in answer.content.decode()
    assert contacts(answer) == {KIM: True, LOU: False}
    assert whose_events(answer) == {"Kim Weber"}
    number = answer.context["facts"][0]["fact"].number
    answer = editor.post(f"{HOME}accounts/undo/", {"fact": str(number)}, follow=True)
    assert contacts(answer) == {KIM: True, LOU: True}
    assert whose_events(answer) == {"Kim Weber", "Lou Otto"}


def contacts(answer) -> dict[str, bool]:
    return {one.person: belongs for one, _address, belongs in answer.context["contacts"]}


def whose_events(answer) -> set[str]:
    rows = [row for day in answer.context["days"] for row in day["rows"]]
    return {row["who"][0] for row in rows if row["entry"].strand == "event"}


def test_a_contact_is_added_by_the_id_its_sender_writes(editor):
    editor.post(f"{HOME}accounts/contact/", {"account": "new one", "typed": LOU, "reason": "Said so"})
    assert "new one" in words_of(editor, f"{HOME}accounts/")
    assert "Lou Otto" in words_of(editor, account_page("new one"))
    answer = editor.post(
        f"{HOME}accounts/contact/", {"account": ACME, "typed": "x", "reason": " "}, follow=True
    )
    assert "Say why" in answer.content.decode()


def test_the_picture_shows_phases_in_order_with_every_touch(editor):
    build()
    lived = editor.get(page_of(KIM)).context["lived"]
    assert [(lane.name, sum(mark.count for mark in lane.marks)) for lane in lived.lanes] == [
        ("Looking", 1),
        ("Buying", 2),
    ]
    assert (lived.touches, lived.bad, lived.last_bad_touchpoint) == (3, 1, "checkout")
    assert "1 was bad: at “Checkout”" in words_of(editor, page_of(KIM))


def test_somebody_nobody_knows_has_an_empty_time_line(editor):
    assert "Nothing is known yet" in words_of(editor, page_of("nobody"))
    assert editor.get(f"{HOME}person/").status_code == 404
    assert editor.get(f"{HOME}person/?id=a%00b").status_code == 404
    assert editor.get(account_page("nothing")).status_code == 404
    assert editor.get(f"{HOME}accounts/account/?key=a%00b").status_code == 404


def test_hostile_texts_are_shown_as_text(editor):
    hostile = "<script>alert(1)</script>"
    append(
        "2",
        [event(hostile, 1, hostile, **{hostile: hostile})],
        [(hostile, "name", hostile), (hostile, hostile, hostile)],
    )
    accounts.decide(hostile, hostile, belongs=True, by=None, reason=hostile, now=NOW)
    for address in (
        page_of(hostile),
        account_page(hostile),
        f"{HOME}?q=%3Cscript",
        f"{HOME}accounts/?q=%3Cscript",
    ):
        page = editor.get(address).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page


def test_the_page_asks_the_database_the_same_however_much_there_is(editor, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        editor.get(page_of(LOU))
    for number in range(40):
        append(f"more {number}", [event(LOU, number, "Order Completed")], [(LOU, f"trait {number}", "x")])
    with django_assert_max_num_queries(60):
        editor.get(page_of(LOU))
