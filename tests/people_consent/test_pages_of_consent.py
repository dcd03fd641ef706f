"""The pages of consent: who agreed to what, purposes and wordings, categories of banners."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.test import Client

from support.pages import text_of
from wegmarke.people import queries as people
from wegmarke.people.consent import models, queries, services
from wegmarke.people.consent.contracts import Channel, Reason, Shown
from wegmarke.team.contracts import Role
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME = "/people/consent/"
LOU = "lou@example.com"
PERSON = f"{HOME}person/?id={quote(LOU)}"
AT = "2026-03-01T12:00"


@pytest.fixture(autouse=True)
def nothing_remembered():
    people.forget()
    yield
    people.forget()


def reader_of(role: Role, language: str = "en") -> Client:
    browser = Client()
    browser.force_login(User.objects.create_user(f"reader-{role}", role=role, language=language))
    return browser


@pytest.fixture
def editor() -> Client:
    return reader_of(Role.EDITOR)


@pytest.fixture
def admin() -> Client:
    return reader_of(Role.ADMIN)


def wording(shown=Shown.CONSENT, text="News by email, please.") -> int:
    return services.add_wording(
        purpose="advertising", shown=shown, language="en", text=text, by=None, now=NOW
    )


def write(browser, act, **fields):
    sent = {f"{act}-{name}": value for name, value in fields.items()}
    return browser.post(f"{HOME}person/", sent | {"id": LOU, "act": act}, follow=True)


def decided(channel="mail") -> Reason:
    return queries.may_contact(LOU, "advertising", channel, now=datetime.now(UTC)).reason


def test_somebody_unknown_can_be_found_to_write_something_down(editor):
    page = text_of(editor, f"{HOME}?q=lou@")
    assert "Nothing is known of an id that begins like this." in page
    assert "Advertising" in page
    assert "Nothing was said yet." in text_of(editor, PERSON)
    services.refuse(LOU, purpose=None, channel=None, at=NOW, by=None, now=NOW)
    assert PERSON in editor.get(f"{HOME}?q=lou@").content.decode()


def test_a_consent_is_written_down_with_its_proof_and_shown(editor):
    fields = {"purpose": "advertising", "channel": "mail", "how": "double_opt_in", "at": AT}
    fields |= {"requested_at": "2026-03-01T11:00", "wording": wording(), "place": "Fair", "note": "Stand 5"}
    assert "Written down." in write(editor, "give", **fields).content.decode()
    assert decided() == Reason.CONSENT
    page = text_of(editor, PERSON)
    for shown in ("Form, confirmed by link", "Fair", "Stand 5", "News by email, please.", "reader-editor"):
        assert shown in page


def test_what_is_missing_is_said_beside_what_was_typed(editor):
    fields = {"purpose": "advertising", "channel": "mail", "how": "double_opt_in", "at": AT, "place": "Fair"}
    page = write(editor, "give", **fields, wording=wording()).content.decode()
    assert "Say when the confirmation was asked for" in page
    assert 'value="Fair"' in page
    assert "This field is required" in write(editor, "give", **fields).content.decode()
    assert not models.ConsentFact.objects.exists()


def test_a_withdrawal_of_everything_is_written_down(editor):
    services.give(
        *(LOU,),
        purpose="advertising",
        channel=Channel.MAIL,
        at=NOW,
        how="form",
        wording=wording(),
        by=None,
        now=NOW,
    )
    write(editor, "refuse", at="2026-03-01T14:00", objected="on")
    assert decided() == Reason.OBJECTED
    assert "Everything" in text_of(editor, PERSON)


def test_each_condition_of_the_law_is_shown_there_or_missing(editor):
    told = wording(Shown.OBJECTION, "You can object at any time.")
    write(editor, "evidence", purpose="advertising", sale="Order 4711", sold_at=AT, told_at_collection=told)
    page = text_of(editor, PERSON)
    assert "No. 2: advertising for own, similar goods or services" in page
    assert decided() == Reason.INCOMPLETE
    fields = {"sale": "Order 4711", "sold_at": AT, "goods": "Boots"}
    write(
        *(editor, "evidence"),
        **fields,
        purpose="advertising",
        told_at_collection=told,
        told_at_use=told,
    )
    assert decided() == Reason.EXISTING_CUSTOMER


def test_purposes_and_wordings_are_named_by_administrators(admin):
    fields = {"key": "panel", "name_de": "Panel", "name_en": "Customer panel", "basis": "consent"}
    answer = admin.post(f"{HOME}purposes/add/", fields, follow=True)
    assert "Customer panel" in answer.content.decode()
    assert "Another purpose has this key." in admin.post(f"{HOME}purposes/add/", fields).content.decode()
    page = f"{HOME}purposes/panel/"
    for text in ("Join us.", "Join us, please."):
        admin.post(page, {"shown": "consent", "language": "en", "text": text})
    assert [one.version for one in queries.purpose("panel").wordings] == [2, 1]
    admin.post(page, {"name_de": "Runde", "name_en": "Round", "valid_days": "365"})
    changed = queries.purpose("panel")
    assert (changed.name_de, changed.valid_days, changed.basis) == ("Runde", 365, "consent")
    assert "Join us, please." in text_of(admin, page)


def test_a_category_is_given_its_meaning_and_loses_it(admin):
    fields = {"category": "ads", "purpose": "advertising", "channel": "web", "wording": wording()}
    admin.post(f"{HOME}categories/", fields)
    (category,) = queries.categories()
    assert "ads" in text_of(admin, HOME)
    assert "Advertising, Web site" in text_of(admin, f"{HOME}categories/")
    admin.post(f"{HOME}categories/{category.meanings[0].number}/remove/")
    assert queries.categories()[0].meanings == ()
    assert admin.post(f"{HOME}categories/99/remove/").status_code == 404
    assert 'value="ads"' in admin.get(f"{HOME}categories/?name=ads").content.decode()


def test_viewers_are_not_led_there_and_editors_are(editor):
    assert HOME in editor.get("/settings/import/").content.decode()
    assert HOME not in reader_of(Role.VIEWER).get("/settings/import/").content.decode()


def test_what_is_nobody_or_nothing_is_not_found(editor):
    for address in (f"{HOME}person/", f"{HOME}person/?id=a%00b", f"{HOME}purposes/love/"):
        assert editor.get(address).status_code == 404
    assert editor.post(f"{HOME}person/", {"id": LOU, "act": "erase"}).status_code == 404
    assert editor.get(f"{HOME}?q=a%00b").status_code == 200


def test_hostile_texts_are_shown_as_text(editor):
    hostile = "<script>alert(1)</script>"
    services.refuse(
        hostile, purpose=None, channel=None, at=NOW, place=hostile, note=hostile, by=None, now=NOW
    )
    wording(text=hostile)
    for address in (f"{HOME}person/?id={quote(hostile)}", f"{HOME}?q=%3C", f"{HOME}purposes/advertising/"):
        assert "<script>alert" not in editor.get(address).content.decode()


def test_the_pages_ask_the_database_the_same_however_much_there_is(editor, django_assert_max_num_queries):
    number = wording()
    for at in range(30):
        services.give(
            *(LOU,),
            purpose="advertising",
            channel=Channel.MAIL,
            at=NOW,
            how="form",
            wording=number,
            by=None,
            now=NOW,
            note=f"{at}",
        )
        services.mean(
            category=f"c{at}", purpose="surveys", channel=Channel.WEB, wording=None, by=None, now=NOW
        )
    editor.get(PERSON)
    with django_assert_max_num_queries(14):
        editor.get(PERSON)
    with django_assert_max_num_queries(14):
        editor.get(HOME)


def test_the_pages_speak_german(editor):
    german = reader_of(Role.ADMIN, "de")
    assert "Einwilligung" in text_of(german, HOME)
    assert "Werbung" in text_of(german, PERSON)
