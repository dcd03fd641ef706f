"""Hostile text in every cell, header and file name of an import: nothing of it runs, anywhere it is shown."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils import timezone

from wegmarke.capture import steps
from wegmarke.capture.models import Import

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAYLOADS = [
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    '"><svg onload=window.pwned=1>',
    "'-window.pwned=1-'",
    "javascript:window.pwned=1",
    "{{7*7}}{% debug %}${7*7}",
    "</title></style></textarea><iframe srcdoc='<script>parent.pwned=1</script>'>",
    '" autofocus onfocus=window.pwned=1 x="',
    "<a hx-get='/' hx-trigger='load' data-hx-on:load='window.pwned=1'>x</a>",
    "%(name)s %s {0} %",
]


def hostile_file(*, bad_rows: bool) -> bytes:
    """Return a file whose every header, and every cell that may be any text, is a payload."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([f"{payload} {place}" for place, payload in enumerate(PAYLOADS[:5])])
    for payload in PAYLOADS:
        writer.writerow([payload, "2026-01-05 10:00", payload, payload, payload])
    if bad_rows:
        writer.writerow([PAYLOADS[0], PAYLOADS[1], PAYLOADS[2], PAYLOADS[3], PAYLOADS[4]])
    return out.getvalue().encode()


def nothing_ran(page) -> None:
    assert page.evaluate("window.pwned") is None
    assert (
        page.locator(
            "main svg[onload], main img, main iframe, main script, main [onfocus], main [hx-get='/']"
        ).count()
        == 0
    )


def upload(page, name: str, content: bytes) -> None:
    page.goto("/settings/import/")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.locator("[data-upload] button[type=submit]").click()


def test_nothing_runs_on_the_way_of_an_import(signed_in_page):
    page = signed_in_page
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    upload(page, f"{PAYLOADS[1]} {PAYLOADS[5]}.csv", hostile_file(bad_rows=True))
    page.wait_for_url("**/columns/")
    for part, place in (("person", "0"), ("time", "1"), ("event", "2"), ("experience", "3")):
        page.locator(f"[name={part}]").select_option(place)
    page.locator("[name=scale]").select_option("csat")
    page.locator("#check .wm-badge-failed").wait_for()  # no payload is a rating
    nothing_ran(page)
    page.locator("[name=experience]").select_option("")
    page.locator("#check .wm-badge-warning").wait_for()
    page.locator("[name=attributes][value='3']").check()
    nothing_ran(page)
    page.locator("button[value=continue]").click()
    page.wait_for_url("**/meaning/")
    assert page.locator("[name=leaving]").count() == len(PAYLOADS)
    assert page.get_by_text(PAYLOADS[1], exact=True).count() > 0
    page.locator("[name=kind][value=events]").check()
    page.locator("[name=leaving]").first.check()
    nothing_ran(page)
    page.locator("main form button.btn-primary").click()
    page.locator("#progress progress").wait_for()
    nothing_ran(page)
    assert steps.import_one(timezone.now())
    page.locator(".wm-big").wait_for()
    nothing_ran(page)
    upload(page, f"{PAYLOADS[0]}.csv", hostile_file(bad_rows=True))
    page.wait_for_url("**/columns/")
    assert page.locator(".alert-info").count() == 1
    nothing_ran(page)
    page.goto("/settings/import/")
    assert page.locator(".wm-imports tbody tr").count() == 2
    nothing_ran(page)
    assert Import.objects.filter(status="done", written=len(PAYLOADS)).count() == 1


def test_nothing_runs_where_a_file_is_refused(signed_in_page):
    page = signed_in_page
    upload(page, f"{PAYLOADS[1]}.exe", b"x")
    page.locator("[data-upload-error].d-block").wait_for()
    assert "cannot be read" in page.locator("[data-upload-error]").inner_text()
    nothing_ran(page)


def test_nothing_runs_where_an_import_failed(signed_in_page, colleague):
    page = signed_in_page
    problem = {"message": PAYLOADS[1], "line": 3, "column": PAYLOADS[2]}
    row = Import.objects.create(
        created_at=timezone.now(),
        due_at=timezone.now(),
        created_by=colleague,
        file_name=PAYLOADS[0],
        suffix=".csv",
        size=1,
        sha256="0" * 64,
        language="en",
        status="failed",
        problem=problem,
        last_error=PAYLOADS[1],
    )
    page.goto(f"/settings/import/{row.pk}/")
    assert page.get_by_text(PAYLOADS[1], exact=True).count() > 0
    nothing_ran(page)
