"""Columns named once and recognised in the next file."""

from __future__ import annotations

import pytest
from test_import_pages import columns_form, start, text_of, upload

from support.axe import violations
from support.imports import CSV
from support.looks import EVERY_LOOK
from wegmarke.capture import steps
from wegmarke.capture.mappings import queries
from wegmarke.capture.models import Import, SavedMapping
from wegmarke.record import queries as log

pytestmark = pytest.mark.django_db

HOME = "/settings/import/"
MORE = (
    CSV.replace(b",segment", b",segment,note")
    .replace(b"Business", b"Business,x")
    .replace(b"Private", b"Private,y")
)
OTHER_LAYOUT = CSV.replace(b"timestamp", b"moment")


@pytest.fixture
def person(django_user_model):
    return django_user_model.objects.create_user("kim", password="x", language="en", role="editor")


@pytest.fixture
def browser(client, person):
    client.force_login(person)
    return client


def work() -> None:
    from django.utils import timezone

    assert steps.import_one(timezone.now())


@pytest.fixture
def saved(browser):
    """Import a file and save its mapping on the way."""
    columns = upload(browser)["Location"]
    start(
        browser,
        browser.post(columns, columns_form(properties="on") | {"save_as": " Shop  export "})["Location"],
    )
    work()
    return SavedMapping.objects.get()


def page_of(saved) -> str:
    return f"{HOME}mappings/{saved.pk}/"


def test_a_mapping_is_saved_on_the_way_of_an_import_with_when_it_was_used(browser, saved):
    assert saved.name == "Shop export"
    (shown,) = queries.saved_mappings()
    assert (shown.runs, shown.used_at is not None, shown.created_by) == (1, True, "kim")
    assert "Shop export" in text_of(browser.get(HOME))


@pytest.mark.parametrize("content", [CSV + b"K-9,2026-03-01 10:00,Order,Private\n", MORE])
def test_the_next_file_with_these_columns_is_recognised_and_read_with_one_click(browser, saved, content):
    columns = upload(browser, content, "february.csv")["Location"]
    assert "This file is recognised" in text_of(browser.get(columns))
    draft = Import.objects.get(status="draft")
    meaning = browser.post(f"{HOME}{draft.pk}/use/{saved.pk}/")["Location"]
    assert meaning == f"{HOME}{draft.pk}/meaning/"
    start(browser, meaning, plan="keep")
    work()
    draft.refresh_from_db()
    assert (draft.known, draft.written) == (6, draft.accepted - 6)
    assert log.log_state().rows == draft.accepted


def test_a_changed_layout_says_which_columns_are_missing(browser, saved):
    columns = upload(browser, OTHER_LAYOUT)["Location"]
    page = text_of(browser.get(columns))
    assert "This file looks familiar" in page
    assert "Columns this file does not have: <strong>timestamp</strong>" in page


def test_a_run_takes_a_new_file_and_stops_where_columns_are_missing(browser, saved):
    from django.core.files.uploadedfile import SimpleUploadedFile

    address = f"{HOME}?saved={saved.pk}"
    answer = browser.post(address, {"file": SimpleUploadedFile("x.csv", OTHER_LAYOUT)}, follow=True)
    assert "Columns it does not have: timestamp." in text_of(answer)
    answer = browser.post(address, {"file": SimpleUploadedFile("x.csv", CSV + b"K-9,2026-03-01,Order,P\n")})
    assert answer["Location"].endswith("/meaning/")
    start(browser, answer["Location"], plan="keep")
    work()
    page = text_of(browser.get(page_of(saved)))
    assert page.count("Finished") == 2
    assert '<td class="number">1</td><td class="number">6</td><td class="number">0</td>' in page


def test_a_mapping_changed_later_still_knows_its_rows(browser, saved):
    form = columns_form(attributes=["3"], event="2")
    browser.post(page_of(saved) + "columns/", form | {"timezone": "Europe/Berlin", "value": "3"})
    saved.refresh_from_db()
    assert saved.mapping["value"] == "segment"
    assert saved.told_apart == []


def test_changes_are_kept_in_the_mapping_only_where_the_person_says_so(browser, saved):
    for keep, expected in (({}, "timestamp"), ({"keep": "on"}, "timestamp")):
        columns = upload(browser, MORE)["Location"]
        draft = Import.objects.get(status="draft")
        browser.post(f"{HOME}{draft.pk}/use/{saved.pk}/")
        browser.post(columns, columns_form(attributes=[], **keep))
        saved.refresh_from_db()
        assert saved.mapping["time"] == expected
        assert (saved.mapping["attributes"] == []) is bool(keep)
        draft.delete()


def test_the_columns_kept_with_each_event_stay_kept_whichever_way_one_goes(browser):
    columns = upload(browser, MORE)["Location"]
    form = columns_form(properties="on")
    start(browser, browser.post(columns, form | {"save_as": "Shop"})["Location"])
    work()
    saved = SavedMapping.objects.get()
    assert saved.mapping["properties"] == ["note"]
    columns = upload(browser, MORE + b"K-9,2026-03-01,Order,P,z\n")["Location"]
    draft = Import.objects.get(status="draft")
    browser.post(f"{HOME}{draft.pk}/use/{saved.pk}/")
    page = browser.get(columns)
    assert page.context["form"]["properties"].value() is True
    browser.post(columns, form | {"keep": "on"})
    saved.refresh_from_db()
    assert saved.mapping["properties"] == ["note"]
    assert browser.get(page_of(saved) + "columns/").context["form"]["properties"].value() is True


def test_a_file_that_lacks_columns_changes_the_mapping_only_where_that_is_ticked(browser, saved):
    upload(browser, OTHER_LAYOUT)
    draft = Import.objects.get(status="draft")
    page = browser.post(f"{HOME}{draft.pk}/use/{saved.pk}/", follow=True)
    assert 'id="id_keep">' in text_of(page)
    upload(browser)
    draft = Import.objects.exclude(pk=draft.pk).get(status="draft")
    browser.post(f"{HOME}{draft.pk}/use/{saved.pk}/")
    assert 'id="id_keep" checked>' in text_of(browser.get(f"{HOME}{draft.pk}/columns/"))


def test_two_mappings_with_the_same_columns_do_not_share_what_they_know(browser, saved):
    columns = upload(browser)["Location"]
    meaning = browser.post(columns, columns_form(properties="on") | {"save_as": "Second shop"})["Location"]
    start(browser, meaning, plan="keep", again="on")
    work()
    assert log.log_state().rows == 12


def test_a_name_that_is_taken_is_said_and_saves_nothing(browser, saved):
    columns = upload(browser)["Location"]
    page = text_of(browser.post(columns, columns_form() | {"save_as": "Shop export"}))
    assert "Another saved mapping has this name." in page
    assert SavedMapping.objects.count() == 1


def test_a_mapping_is_renamed_and_deleted_and_its_events_stay(browser, saved):
    browser.post(page_of(saved), {"name": "Shop, monthly"})
    assert SavedMapping.objects.get().name == "Shop, monthly"
    assert "A name is missing." in text_of(browser.post(page_of(saved), {"name": "  "}))
    browser.post(page_of(saved) + "delete/")
    assert not SavedMapping.objects.exists()
    assert log.log_state().rows == 6
    assert browser.get(page_of(saved)).status_code == 404


def test_an_import_is_read_differently_after_all(browser, saved):
    upload(browser)
    draft = Import.objects.get(status="draft")
    browser.post(f"{HOME}{draft.pk}/use/{saved.pk}/")
    browser.post(f"{HOME}{draft.pk}/set-aside/")
    draft.refresh_from_db()
    assert (draft.saved, draft.namespace) == (None, "")


def test_viewers_see_mappings_and_change_nothing(client, django_user_model, saved):
    client.force_login(django_user_model.objects.create_user("vi", role="viewer", language="en"))
    page = text_of(client.get(page_of(saved)))
    assert "Shop export" in page
    assert "Import the next file" not in page
    assert client.post(page_of(saved), {"name": "x"}).status_code == 403
    assert client.post(page_of(saved) + "delete/").status_code == 403
    assert client.get(page_of(saved) + "columns/").status_code == 403
    assert SavedMapping.objects.get().name == "Shop export"


@pytest.mark.browser
@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_pages_are_accessible_and_a_known_file_takes_one_click(signed_in_page, look, colleague, client):
    client.force_login(colleague)
    columns = upload(client)["Location"]
    start(client, client.post(columns, columns_form() | {"save_as": "Shop export"})["Location"])
    work()
    saved = SavedMapping.objects.get()
    page = signed_in_page
    for address in (HOME, page_of(saved), page_of(saved) + "columns/", upload(client)["Location"]):
        page.goto(address)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".wm-offers button").click()
    page.wait_for_url("**/meaning/")
