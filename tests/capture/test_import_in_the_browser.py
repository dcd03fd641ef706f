"""The whole way of an import in a real browser, in every language, theme and width."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from support.axe import look_at
from support.imports import CSV
from support.looks import EVERY_LOOK, Look
from wegmarke.capture import steps
from wegmarke.capture.models import Import

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BAD_ROWS = b"K-4,yesterday,Order,Private\n,2026-01-05 10:00,Order,Private\n"


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_a_file_is_uploaded_mapped_started_and_imported(signed_in_page, look, tmp_path):
    page = signed_in_page
    file = tmp_path / "Kundenkontakte 2026.csv"
    file.write_bytes(CSV + BAD_ROWS)

    page.goto("/settings/import/")
    look_at(page, look, "1-upload")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("[data-upload] button[type=submit]").click()

    page.wait_for_url("**/columns/")
    check = page.locator("#check")
    assert check.locator(".wm-badge-done").inner_text().startswith("6 ")
    assert check.locator(".wm-badge-warning").inner_text().startswith("2 ")
    page.locator("details summary").first.click()
    page.locator("[name=attributes][value='3']").check()
    check.locator(".wm-part").nth(3).wait_for()
    look_at(page, look, "2-columns")
    page.locator("button[value=continue]").click()

    page.wait_for_url("**/meaning/")
    assert page.locator("[name=leaving]:checked").count() == 1
    page.locator("[name=moving_on]").nth(1).check()
    look_at(page, look, "3-meaning")
    page.locator("main form button[type=submit].btn-primary").click()

    page.locator("#progress progress").wait_for()
    look_at(page, look, "4-waiting")
    assert steps.import_one(timezone.now())
    page.locator(".wm-big").wait_for()
    assert page.locator(".wm-big").inner_text().startswith("6 ")
    look_at(page, look, "5-done")
    with page.expect_download() as download:
        page.locator("a[href$='rejected.csv']").click()
    assert "yesterday" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    page.goto("/settings/import/")
    look_at(page, look, "6-list")
    assert Import.objects.get().status == "done"


def test_a_file_is_imported_without_scripts_and_by_keyboard_alone(
    chromium, live_server, session_cookie, tmp_path
):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="en-GB")
    context.set_default_timeout(10_000)
    context.add_cookies([session_cookie])
    page = context.new_page()
    file = tmp_path / "events.csv"
    file.write_bytes(CSV)
    page.goto("/settings/import/")
    page.locator("input[type=file]").set_input_files(file)
    page.keyboard.press("Tab")
    tab_to(page, "Upload and look at the columns")
    page.keyboard.press("Enter")
    page.wait_for_url("**/columns/")
    tab_to(page, "Check again")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/meaning/")
    tab_to(page, "Start the import")
    page.keyboard.press("Enter")
    page.locator("#progress progress").wait_for()
    assert steps.import_one(timezone.now())
    page.get_by_text("6 new events are in the log.").wait_for()  # the page loads itself anew
    context.close()


def tab_to(page, text: str) -> None:
    """Press Tab until the button with this text has the focus."""
    button = page.get_by_role("button", name=text)
    for _ in range(80):
        if button.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{text!r} cannot be reached by keyboard")


def test_a_dropped_file_is_taken_and_one_that_is_too_large_is_refused_at_once(signed_in_page, settings):
    settings.IMPORT_MAX_BYTES = 1000
    page = signed_in_page
    page.goto("/settings/import/")
    drop = """size => {
      const data = new DataTransfer();
      data.items.add(new File(["x".repeat(size)], "events.csv"));
      const zone = document.querySelector("[data-drop]");
      zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      return document.querySelector("input[type=file]").files[0].name;
    }"""
    assert page.evaluate(drop, 2000) == "events.csv"
    assert "larger than" in page.locator("[data-upload-error]").inner_text()
    page.locator("[data-upload] button[type=submit]").click()
    assert page.url.endswith("/settings/import/")
    page.evaluate(drop, 10)
    assert page.locator("[data-upload-error]").inner_text() == ""


@pytest.mark.parametrize("look", [Look("de", "light", 390), Look("en", "dark", 1440)], ids=str)
def test_a_failed_import_is_told_and_its_columns_are_chosen_again(signed_in_page, look, colleague):
    page = signed_in_page
    rows = b"K-1,2026-01-05 10:00,Order,A\n" * 250 + b"K-9,never,Order,A\n" * 400
    page.goto("/settings/import/")
    content = CSV.splitlines(keepends=True)[0] + rows
    file = {"name": "events.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("[data-upload] button[type=submit]").click()
    page.wait_for_url("**/columns/")
    page.locator("button[value=continue]").click()
    page.wait_for_url("**/meaning/")
    page.locator("main form button.btn-primary").click()
    page.locator("#progress progress").wait_for()
    assert steps.import_one(timezone.now())
    page.locator(".wm-badge-failed").wait_for()
    look_at(page, look, "7-failed")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/columns/")
