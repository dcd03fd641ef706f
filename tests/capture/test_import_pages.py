"""The pages of an import, asked as a browser without scripts asks them."""

from __future__ import annotations

import gzip
import io
import json
import os
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from support.imports import CSV
from wegmarke.capture import steps, storage
from wegmarke.capture.models import Import
from wegmarke.plan import queries as plans
from wegmarke.plan import services as plan_services
from wegmarke.plan.contracts import Leaving, Plan, Text

pytestmark = pytest.mark.django_db

HOME = "/settings/import/"
AMBIGUOUS = b"customer_id,timestamp,event\nK-1,03/04/2026 10:00,Order\nK-2,05/06/2026 11:00,Order\n"


@pytest.fixture
def person(django_user_model):
    return django_user_model.objects.create_user("kim", password="x", language="en", role="editor")


@pytest.fixture
def browser(client, person):
    client.force_login(person)
    return client


def upload(client, content: bytes = CSV, name: str = "events.csv"):
    return client.post(HOME, {"file": SimpleUploadedFile(name, content)})


def columns_form(**changed):
    form = {"person": "0", "time": "1", "event": "2", "timezone": "Europe/Berlin", "attributes": ["3"]}
    return {key: value for key, value in (form | changed).items() if value is not None}


def named(client, content: bytes = CSV) -> str:
    """Upload a file and name its columns; return the address of the next page."""
    return client.post(upload(client, content)["Location"], columns_form())["Location"]


def start(client, meaning: str, **answers) -> str:
    return client.post(meaning, {"kind": "unknown", "horizon_days": "30"} | answers)["Location"]


def text_of(answer) -> str:
    return answer.content.decode()


def test_a_file_goes_all_the_way_from_upload_to_the_log(browser, person):
    columns = upload(browser)["Location"]
    page = text_of(browser.get(columns))
    assert "Guessed by its name" in page
    assert "6 rows would be read" in page
    meaning = browser.post(columns, columns_form())["Location"]
    code = re.search(r'name="leaving" value="(\w+)"[^>]*checked', text_of(browser.get(meaning))).group(1)
    detail = start(browser, meaning, kind="events", leaving=code)
    assert "Waiting for the worker" in text_of(browser.get(detail))
    assert steps.import_one(timezone.now())
    assert "6 new events are in the log." in text_of(browser.get(detail))
    plan = plans.current().plan
    assert (plan.leaving.touchpoints, plan.attributes) == (("Cancellation",), ("segment",))
    assert plan.unbound_names_are_touchpoints
    assert Import.objects.get().created_by == person


def test_without_a_log_in_there_is_no_import(client, db):
    assert upload(client)["Location"].startswith("/account/log-in/")
    assert client.get(HOME)["Location"].startswith("/account/log-in/")
    assert not storage.root().exists()


@pytest.mark.parametrize("cookie", [True, False])
def test_an_upload_without_the_token_of_the_form_is_refused_and_not_kept(person, cookie):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    if cookie:
        strict.get(HOME)
    assert upload(strict).status_code == 403
    assert not Import.objects.exists()
    assert [path for path in storage.root().rglob("*") if path.is_file()] == []


def test_an_upload_with_the_token_of_the_form_is_taken(person):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text_of(strict.get(HOME))).group(1)
    file = SimpleUploadedFile("events.csv", CSV)
    assert strict.post(HOME, {"csrfmiddlewaretoken": token, "file": file}).status_code == 302


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("events.exe", CSV, "This kind of file cannot be read."),
        ("events", CSV, "This kind of file cannot be read."),
        ("events.csv", b"", "The file is empty."),
        ("events.csv", b"  \n\n", "the file is empty."),
        ("events.csv", b"\x00\x01\x02\xff" * 50, "is not valid in the encoding"),
        ("events.parquet", b"PAR1 and then nothing", "the Parquet file is damaged"),
        ("events.xlsx", b"PK\x03\x04 and then nothing", "the Excel file is damaged"),
        ("events.xes.gz", b"\x1f\x8b\x08\x00 and then nothing", "the packed file is damaged"),
        ("events.xes", b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'b'>]><log>&a;</log>", "is refused"),
        ("events.csv", ",".join(f"c{n}" for n in range(2500)).encode(), "2500 columns or more"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason_and_not_kept(browser, name, content, said):
    page = upload(browser, content, name)
    assert page.status_code == 200
    assert said in text_of(page)
    assert not Import.objects.exists()
    assert [path for path in storage.root().rglob("*") if path.is_file()] == []


def test_a_request_that_is_too_large_is_refused_before_it_is_read(browser, settings):
    settings.IMPORT_MAX_BYTES = 1024**2

    class Unread:
        def read(self, *_size):
            pytest.fail("the body was read")

        readline = read

    answer = browser.generic(
        "POST",
        HOME,
        b"x",
        content_type="multipart/form-data; boundary=b",
        **{
            "CONTENT_LENGTH": str(2 * 1024**2),
            "wsgi.input": Unread(),
        },
    )
    assert answer.status_code == 413
    assert "larger than 1 MB" in text_of(answer)


def test_a_file_that_turns_out_too_large_while_it_comes_is_refused_and_not_kept(browser, settings):
    settings.IMPORT_MAX_BYTES = 100_000
    answer = upload(browser, b"x" * 150_000)
    assert answer.status_code == 413
    assert list(storage.incoming().iterdir()) == []


def test_the_name_of_a_file_is_shown_but_never_a_path(browser):
    upload(browser, CSV, "..\\..\\etc\\cron.d\\events\u202e.csv")
    row = Import.objects.get()
    assert row.file_name == "events.csv"
    assert sorted(path.name for path in storage.folder(row.pk).iterdir()) == ["look.json", "upload.csv"]


def test_two_files_in_one_form_are_not_taken_as_one(browser):
    files = [SimpleUploadedFile("one.csv", CSV), SimpleUploadedFile("two.csv", CSV)]
    browser.post(HOME, {"file": files})
    assert [row.file_name for row in Import.objects.all()] in ([], ["one.csv"])
    assert list(storage.incoming().iterdir()) == []


def test_dates_that_can_be_read_both_ways_ask_for_an_answer(browser):
    columns = upload(browser, AMBIGUOUS)["Location"]
    page = browser.post(columns, columns_form(attributes=None))
    assert "every date can be read with the day first or with the month first" in text_of(page)
    page = browser.post(columns + "check/", columns_form(attributes=None, day_order="month"))
    assert "2 rows would be read" in text_of(page)
    assert browser.post(columns, columns_form(attributes=None, day_order="day")).status_code == 302


def test_the_check_says_which_rows_would_be_rejected_and_why(browser):
    content = CSV + b"K-9,never,Order,Private\n,2026-01-01,Order,Private\n"
    columns = upload(browser, content)["Location"]
    page = text_of(browser.post(columns + "check/", columns_form()))
    assert "6 rows would be read" in page
    assert "2 rows would be rejected" in page
    assert page.count('class="wm-bad-row"') == 2
    assert "1 \N{MULTIPLICATION SIGN} the time is empty or cannot be read" in page


def test_a_rating_needs_its_scale(browser):
    columns = upload(browser, CSV.replace(b"segment", b"stars"))["Location"]
    page = browser.post(columns, columns_form(experience="3", attributes=None))
    assert "Please choose the scale" in text_of(page)


def test_one_column_cannot_be_two_things(browser):
    page = browser.post(upload(browser)["Location"], columns_form(event="0"))
    assert "already in use" in text_of(page)


def test_a_file_without_a_column_for_events_takes_one_name_for_all(browser):
    content = b"customer_id,timestamp,amount\nK-1,2026-01-05,5\nK-2,2026-01-06,7\n"
    columns = upload(browser, content)["Location"]
    meaning = browser.post(columns, columns_form(event="", event_name="Purchase", attributes=None))[
        "Location"
    ]
    start(browser, meaning)
    steps.import_one(timezone.now())
    assert Import.objects.get().written == 2


def test_columns_that_nobody_could_choose_are_refused(browser):
    page = browser.post(upload(browser)["Location"], columns_form(person="99"))
    assert page.status_code == 200
    assert "is not one of the available choices" in text_of(page)


def test_silence_may_be_longer_than_the_time_in_which_it_has_to_begin(browser):
    start(browser, named(browser), kind="silence", quiet_days="60", horizon_days="30")
    plan = plans.current().plan
    assert (plan.leaving, plan.horizon_days) == (Leaving(quiet_days=60.0), 30.0)


def test_silence_needs_its_days(browser):
    page = browser.post(named(browser), {"kind": "silence", "quiet_days": "", "horizon_days": "30"})
    assert "Please enter a number of days." in text_of(page)
    assert plans.current() is None


def test_the_same_event_cannot_be_leaving_and_moving_on(browser):
    meaning = named(browser)
    codes = re.findall(r'name="leaving" value="(\w+)"', text_of(browser.get(meaning)))
    answers = {"kind": "events", "leaving": codes[0], "moving_on": codes[0], "horizon_days": "30"}
    assert "cannot mean leaving and moving on" in text_of(browser.post(meaning, answers))


def test_a_plan_that_is_there_stays_as_it_is(browser, person):
    plan = Plan(Text("Plan", "Plan"), leaving=Leaving(quiet_days=20), unbound_names_are_touchpoints=True)
    plan_services.save(plan=plan, by=person, now=timezone.now())
    meaning = named(browser)
    assert "There is a plan already." in text_of(browser.get(meaning))
    start(browser, meaning, plan="keep")
    assert (plans.current().version, plans.current().plan) == (1, plan)


def test_a_plan_that_is_there_changes_where_the_person_says_so(browser, person):
    plan = Plan(Text("Plan", "Plan"), leaving=Leaving(quiet_days=20), unbound_names_are_touchpoints=True)
    plan_services.save(plan=plan, by=person, now=timezone.now())
    start(browser, named(browser), plan="change", kind="silence", quiet_days="25", add_attributes="on")
    changed = plans.current().plan
    assert (changed.leaving, changed.attributes) == (Leaving(quiet_days=25.0), ("segment",))


def test_the_same_file_again_is_pointed_out_and_counts_once(browser):
    start(browser, named(browser))
    steps.import_one(timezone.now())
    columns = upload(browser)["Location"]
    assert "The very same file was imported before." in text_of(browser.get(columns))
    meaning = browser.post(columns, columns_form())["Location"]
    assert "its rows are recognised and count once" in text_of(browser.get(meaning))
    detail = start(browser, meaning, plan="keep")
    steps.import_one(timezone.now())
    assert "6 rows were already known" in text_of(browser.get(detail))


def test_the_same_file_read_with_other_columns_would_count_twice_and_needs_a_yes(browser):
    start(browser, named(browser))
    steps.import_one(timezone.now())
    columns = upload(browser)["Location"]
    other = columns_form(event=None, event_name="Visit", attributes=["3"])
    meaning = browser.post(columns, other)["Location"]
    page = browser.post(meaning, {"plan": "keep"})
    assert "Please confirm this" in text_of(page)
    assert Import.objects.filter(status="waiting").count() == 0
    start(browser, meaning, plan="keep", again="on")
    assert Import.objects.filter(status="waiting").count() == 1


def test_starting_twice_starts_once(browser):
    meaning = named(browser)
    first = start(browser, meaning)
    assert browser.post(meaning, {"kind": "unknown", "horizon_days": "30"})["Location"] == first
    assert plans.current().version == 1


def test_an_import_is_cancelled_before_it_begins_and_its_file_removed(browser):
    detail = start(browser, named(browser))
    assert browser.post(detail + "cancel/")["Location"] == HOME
    assert not steps.import_one(timezone.now())
    assert Import.objects.get().status == "cancelled"
    assert not storage.folder(Import.objects.get().pk).exists()


def test_an_import_that_has_begun_is_not_cancelled(browser):
    detail = start(browser, named(browser))
    steps.import_one(timezone.now())
    page = browser.post(detail + "cancel/", follow=True)
    assert "too late to cancel" in text_of(page)
    assert Import.objects.get().status == "done"


def test_looking_at_a_page_never_changes_anything(browser):
    detail = start(browser, named(browser))
    for action in ("cancel/", "again/", "retry/"):
        assert browser.get(detail + action).status_code == 405
    assert Import.objects.get().status == "waiting"


def test_a_failed_import_says_what_to_do_and_its_columns_can_be_chosen_again(browser):
    content = (
        CSV + b"K-9,never,Order,Private\n" * 400
    )  # the sample looks well enough, the whole file does not
    good = b"customer_id,timestamp,event,segment\n" + b"K-1,2026-01-05 10:00,Order,A\n" * 300
    detail = start(browser, named(browser, good + content.split(b"\n", 1)[1]))
    assert steps.import_one(timezone.now())
    page = text_of(browser.get(detail))
    assert "cannot be used, more than half" in page
    assert "Nothing of this file is in the log" in page
    columns = browser.post(detail + "again/")["Location"]
    assert browser.get(columns).status_code == 200
    assert Import.objects.get().status == "draft"


def test_the_list_names_who_imported_what_and_with_which_end(browser):
    start(browser, named(browser, CSV + b"K-9,never,Order,Private\n"))
    steps.import_one(timezone.now())
    page = text_of(browser.get(HOME))
    for part in ("events.csv", "kim", "Finished", "rejected.csv"):
        assert part in page


def test_rejected_rows_are_safe_to_open_in_a_spreadsheet(browser):
    detail = start(browser, named(browser, CSV + b'=1+1,never,"=cmd|calc!A1",@SUM(A1)\n'))
    steps.import_one(timezone.now())
    answer = browser.get(detail + "rejected.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="rejected.csv"'
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "never" in content
    cells = re.findall(r'"((?:[^"]|"")*)"', content)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert ",=" not in content


def test_rejected_rows_are_for_those_who_may_import(browser, person):
    detail = start(browser, named(browser, CSV + b"K-9,never,Order,Private\n"))
    steps.import_one(timezone.now())
    assert all("rejected.csv" in text_of(browser.get(page)) for page in (HOME, detail))
    person.role = "viewer"
    person.save()
    assert browser.get(detail + "rejected.csv").status_code == 403
    assert all("rejected.csv" not in text_of(browser.get(page)) for page in (HOME, detail))


def test_an_import_that_is_not_there_is_not_found(browser):
    address = HOME + "00000000-0000-4000-8000-000000000000/"
    for page in ("", "columns/", "meaning/", "progress/", "rejected.csv"):
        assert browser.get(address + page).status_code == 404


def test_progress_ends_with_loading_the_page_anew(browser):
    detail = start(browser, named(browser))
    assert "<progress" in text_of(browser.get(detail + "progress/"))
    steps.import_one(timezone.now())
    assert browser.get(detail + "progress/")["HX-Refresh"] == "true"


def test_a_full_disk_is_told_and_leaves_nothing_behind(browser, monkeypatch):
    from wegmarke.capture import uploading

    class FullDisk:
        def write(self, _data):
            raise OSError(28, "No space left on device")

        def close(self):  # closing flushes, and that is refused as well
            self.write(b"")

    monkeypatch.setattr(uploading.os, "fdopen", lambda descriptor, _mode: os.close(descriptor) or FullDisk())
    answer = upload(browser)
    assert answer.status_code == 507
    assert "No space left on device" in text_of(answer)
    assert [path for path in storage.root().rglob("*") if path.is_file()] == []


XES = b"""<?xml version="1.0"?><log><trace><string key="concept:name" value="K-1"/>
<event><string key="concept:name" value="Order"/>
<date key="time:timestamp" value="2026-01-05T10:00:00Z"/></event>
<event><string key="concept:name" value="Delivery"/>
<date key="time:timestamp" value="2026-01-06T10:00:00Z"/></event>
</trace></log>"""


def parquet_with_an_odd_name() -> bytes:
    table = pa.table({"{customer}": ["K-1"], "time": ["2026-01-05 10:00"], "event": ["Order"]})
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "rows", "columns"),
    [
        ("log.xes", XES, 2, None),
        ("log.xes.gz", gzip.compress(XES), 2, None),
        ("events.parquet", parquet_with_an_odd_name(), 1, ["{customer}", "time", "event"]),
    ],
)
def test_every_kind_of_file_is_checked_and_imported(browser, name, content, rows, columns):
    address = upload(browser, content, name)["Location"]
    found = columns or list(json.loads(storage.look_file(Import.objects.get().pk).read_text())["columns"])
    wanted = columns or ["case:concept:name", "time:timestamp", "concept:name"]
    parts = zip(("person", "time", "event"), wanted, strict=True)
    form = columns_form(attributes=None, **{part: str(found.index(column)) for part, column in parts})
    assert f"{rows} row" in text_of(browser.post(address + "check/", form))
    start(browser, browser.post(address, form)["Location"])
    steps.import_one(timezone.now())
    assert Import.objects.get().written == rows
