"""Versions on pages: listed with what they changed, compared, restored, downloaded, uploaded."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from support.insights import HOSTILE
from support.pages import based_on, text_of
from wegmarke.plan import documents, queries, services
from wegmarke.plan.contracts import Plan, Text, Touchpoint

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
PAY = Touchpoint("pay", Text("Bezahlen", "Payment"), channel="web")
SHOP = Plan(name=Text("Laden", "Shop"), touchpoints=(PAY,))
APP = replace(SHOP, touchpoints=(replace(PAY, channel="app"),))
UPLOAD = "/plan/versions/upload/"


@pytest.fixture
def two():
    services.save(SHOP, by=None, now=NOW, comment="first")
    services.save(APP, by=None, now=NOW, comment="now an app")


def test_without_a_plan_the_page_says_how_to_get_one(reader):
    page = text_of(reader, "/plan/versions/")
    assert "There is no plan yet" in page
    assert 'href="/map/start/"' in page


def test_the_list_says_who_when_why_and_what(reader, two):
    page = text_of(reader, "/plan/versions/")
    assert "now an app" in page
    assert "1 touchpoint changed" in page
    assert "<del>web</del>" in page
    assert "<ins>app</ins>" in page


def test_the_list_stays_short_where_a_version_changed_much(reader):
    many = tuple(Touchpoint(f"t{n}", Text(f"T{n}", f"T{n}")) for n in range(40))
    services.save(replace(SHOP, touchpoints=many), by=None, now=NOW)
    page = text_of(reader, "/plan/versions/")
    assert page.count('class="wm-change"') == 12
    assert "29 more" in page
    assert text_of(reader, "/plan/versions/1/").count('class="wm-change"') == 41


def test_the_list_speaks_german(reader, two):
    reader.language("de")
    page = text_of(reader, "/plan/versions/")
    assert "1 Touchpoint geändert" in page
    assert "Touchpoint „Bezahlen“" in page


def test_the_list_goes_on_on_another_page_and_asks_few_questions(reader, django_assert_max_num_queries):
    for margin in range(1, 26):
        services.save(replace(SHOP, margin=margin / 100), by=None, now=NOW)
    with django_assert_max_num_queries(12):
        page = text_of(reader, "/plan/versions/")
    assert 'href="?before=6"' in page
    assert 'href="/plan/versions/6/"' in page
    assert 'href="/plan/versions/5/"' not in page
    assert 'href="/plan/versions/5/"' in text_of(reader, "/plan/versions/?before=6")


def test_any_two_versions_can_be_compared_whichever_is_named_first(reader, two):
    for query in ("from=1&to=2", "from=2&to=1"):
        page = text_of(reader, f"/plan/versions/compare/?{query}")
        assert "From version 1 to version 2" in page
        assert "<ins>app</ins>" in page
    assert "do not differ" in text_of(reader, "/plan/versions/compare/?from=2&to=2")


@pytest.mark.parametrize(
    "address",
    [
        *("9/", "9/plan.yaml", "9/restore/", "0/", "compare/?from=9&to=1"),
        "compare/?from=99999999999999999999&to=9",
    ],
)
def test_a_version_that_never_was_is_not_found(reader, two, address):
    answer = reader.get(f"/plan/versions/{address}")
    assert answer.status_code == (200 if "9999" in address and "to=2" in address else 404)


def test_a_version_is_downloaded_as_a_document_that_loads_as_it(reader, two):
    answer = reader.get("/plan/versions/1/plan.yaml")
    assert answer["Content-Disposition"] == 'attachment; filename="plan-1.yaml"'
    assert documents.load(answer.content.decode()) == SHOP


def test_going_back_shows_the_difference_and_makes_a_version(reader, two):
    page = text_of(reader, "/plan/versions/1/restore/")
    assert "<del>app</del>" in page
    answer = reader.post(
        "/plan/versions/1/restore/", {"based_on": based_on(page), "comment": ""}, follow=True
    )
    assert "Saved as version 3." in answer.content.decode()
    current = queries.current()
    assert (current.plan, current.saved_by, current.comment) == (SHOP, "kim", "Back to version 1")


def test_a_version_from_before_a_rule_is_downloaded_and_told_apart_when_going_back(reader, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(services, "findings_of", lambda _plan: ())
        services.save(replace(SHOP, margin=7), by=None, now=NOW)
    services.save(SHOP, by=None, now=NOW)
    document = reader.get("/plan/versions/1/plan.yaml").content.decode()
    assert documents.load(document, check=False).margin == 7
    page = text_of(reader, "/plan/versions/1/restore/")
    answer = reader.post("/plan/versions/1/restore/", {"based_on": based_on(page), "comment": ""})
    assert "The margin lies between 0 and 1" in html.unescape(answer.content.decode())
    assert queries.current().version == 2


def test_going_back_is_refused_where_somebody_saved_in_between(reader, two):
    page = text_of(reader, "/plan/versions/1/restore/")
    services.save(replace(APP, margin=0.5), by=None, now=NOW)
    answer = reader.post("/plan/versions/1/restore/", {"based_on": based_on(page)})
    assert "Somebody saved another version" in answer.content.decode()
    assert queries.current().version == 3
    assert based_on(answer.content.decode()) == "3"


@pytest.mark.parametrize("address", ["/plan/versions/1/restore/", UPLOAD])
def test_a_viewer_reads_versions_but_changes_nothing(reader, two, address):
    reader.role("viewer")
    page = text_of(reader, "/plan/versions/")
    assert UPLOAD not in page
    assert reader.get(address).status_code == 403
    sent = {"based_on": "2", "document": documents.dump(SHOP), "comment": ""}
    assert reader.post(address, sent).status_code == 403
    assert queries.current().version == 2


def test_an_uploaded_document_is_shown_first_and_then_applied(reader, two):
    document = documents.dump(SHOP).encode()
    page = reader.post(UPLOAD, {"file": SimpleUploadedFile("plan.yaml", document)}).content.decode()
    assert "<del>app</del>" in page
    assert queries.current().version == 2
    carried = html.unescape(re.search(r'name="document" value="([^"]*)"', page).group(1))
    sent = {"document": carried, "based_on": based_on(page), "comment": "as agreed"}
    answer = reader.post(UPLOAD, sent, follow=True)
    assert "Saved as version 3." in answer.content.decode()
    assert (queries.current().plan, queries.current().comment) == (SHOP, "as agreed")


def test_an_upload_is_refused_where_somebody_saved_in_between(reader, two):
    services.save(replace(APP, margin=0.5), by=None, now=NOW)
    answer = reader.post(UPLOAD, {"document": documents.dump(SHOP), "based_on": "2", "comment": ""})
    page = answer.content.decode()
    assert "Somebody saved another version" in page
    assert based_on(page) == "3"
    assert queries.current().version == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "name: L\ntouchpoints:\n  - {key: a, chanel: b}\n",
            "Line 3, column 14: “chanel” is not known here.",
        ),
        ("name: L\nmoving_on: [gone]\n", "Line 2, column 13: There is no touchpoint “gone” in the plan."),
        ("a: &x [1]\nb: *x\n", "Line 2, column 4: Aliases"),
        ("!!python/object/apply:os.system ['id']", "The tag"),
        ("name: [" * 40, "nested deeper"),
        ("---\nname: a\n---\nname: b\n", "A second document begins here"),
        ("name: \x00", "Null characters are not allowed."),
        ("   \n", "Choose a file or paste a document."),
    ],
)
def test_a_document_with_a_mistake_is_refused_by_line_and_column(reader, two, text, said):
    answer = reader.post(UPLOAD, {"text": text})
    assert answer.status_code == 422
    assert said in html.unescape(answer.content.decode())
    assert queries.current().version == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"name: \xff\xfe", "The file is not UTF-8 text."), (b"#" * 2_000_001, "larger than 2 MB")],
)
def test_a_file_that_is_no_document_is_refused(reader, two, content, said):
    answer = reader.post(UPLOAD, {"file": SimpleUploadedFile("plan.yaml", content)})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_hostile_names_are_text_on_every_page(reader):
    hostile = tuple(
        Touchpoint(f"t{n}", Text(name, name), channel=name, notes=Text(name, name))
        for n, name in enumerate(HOSTILE)
    )
    services.save(SHOP, by=None, now=NOW)
    plan = replace(SHOP, touchpoints=hostile)
    preview = reader.post(UPLOAD, {"text": documents.dump(plan)}).content.decode()
    services.save(plan, by=None, now=NOW, comment=HOSTILE[0])
    addresses = ("", "2/", "compare/?from=1&to=2", "1/restore/")
    pages = [reader.get(f"/plan/versions/{one}").content.decode() for one in addresses]
    for page in (preview, *pages):
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
