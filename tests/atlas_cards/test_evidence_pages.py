"""Evidence on its pages: noted, filtered, exported, changed by two people, erased."""

import io
from dataclasses import replace

import pytest
from card_plans import full_plan
from django.utils import timezone
from openpyxl import load_workbook

from support.insights import HOSTILE, analysis
from wegmarke.plan import services as plans
from wegmarke.plan.evidence import queries, services
from wegmarke.plan.evidence.contracts import Grade, Kind, Statement

pytestmark = pytest.mark.django_db
TYPED = {
    "text": "Line 1\r\nLine 2",
    "kind": "interview",
    "grade": "observed",
    "day": "2025-03-01",
    "source": "Shop visit",
    "link": "https://example.com/a",
    "touchpoints": ["checkout"],
}


@pytest.fixture
def editor(log_in, store):
    store(replace(analysis(), plan=full_plan()))
    return log_in("editor")


def note(text="Too slow.", **changed):
    said = Statement(Kind.QUOTE, Grade.OBSERVED, text, touchpoints=("checkout",))
    return services.note(replace(said, **changed), by=None, now=timezone.now())


def test_noted_evidence_stands_on_the_card(editor):
    answer = editor.post("/map/evidence/new/", TYPED)
    assert answer["Location"] == "/map/touchpoints/checkout/#evidence"
    [kept] = queries.all_evidence()
    assert kept.statement.text == "Line 1\nLine 2"
    assert kept.noted_by == "kim"
    page = editor.get("/map/touchpoints/checkout/").content.decode()
    for part in ("Line 1", "Interview", "Shop visit", "noted by kim"):
        assert part in page, part


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": " "}, "This field is required."),
        ({"link": "javascript:alert(1)"}, "A link starts with http:// or https://."),
        ({"day": "2999-01-01"}, "This day is still to come."),
        ({"day": "soon"}, "Enter a valid date."),
        ({"touchpoints": ["nowhere"]}, "Select a valid choice."),
        ({"grade": "certain"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(editor, changed, said):
    answer = editor.post("/map/evidence/new/", {**TYPED, **changed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert queries.all_evidence() == ()


def test_the_list_is_filtered_by_its_address(editor):
    note("Too slow.")
    note("Half of them call.", kind=Kind.STUDY, grade=Grade.MEASURED, touchpoints=("app",))

    def shown(query):
        page = editor.get(f"/map/evidence/{query}").content.decode()
        return ["Too slow." in page, "Half of them call." in page]

    assert shown("") == [True, True]
    assert shown("?touchpoint=app") == [False, True]
    assert shown("?grade=measured") == [False, True]
    assert shown("?kind=quote") == [True, False]
    assert shown("?q=SLOW") == [True, False]
    assert shown("?grade=nonsense") == [True, True]
    assert "Nothing fits these filters" in editor.get("/map/evidence/?q=zzz").content.decode()


def test_files_hold_what_the_list_shows_and_run_nothing(editor):
    note(HOSTILE[4])
    note("Half of them call.", kind=Kind.STUDY, grade=Grade.MEASURED, touchpoints=("app",))
    csv = editor.get("/map/evidence/evidence.csv?kind=quote").content.decode("utf-8-sig")
    assert "Half of them" not in csv
    assert "\n=HYPERLINK" not in csv
    assert ",=HYPERLINK" not in csv
    sheet = load_workbook(io.BytesIO(editor.get("/map/evidence/evidence.xlsx").content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("Touchpoints", "Grade", "Kind", "Text")
    assert rows[1][:4] == ("App", "measured", "Study", "Half of them call.")
    assert editor.get("/map/evidence/evidence.exe").status_code == 404


def test_two_people_changing_one_piece_of_evidence_lose_nothing(editor):
    kept = note()
    address = f"/map/evidence/{kept.id}/"
    services.change(kept.id, replace(kept.statement, text="Theirs."), based_on=1, by=None, now=timezone.now())
    answer = editor.post(address, {**TYPED, "text": "Mine.", "based_on": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs." in page
    assert "Mine.</textarea>" in page
    assert 'name="based_on" value="2"' in page
    assert editor.post(address, {**TYPED, "text": "Mine.", "based_on": "2"}).status_code == 302
    assert queries.evidence(kept.id).statement.text == "Mine."


def test_erasing_asks_first_and_says_that_it_is_for_good(editor):
    kept = note()
    page = editor.get(f"/map/evidence/{kept.id}/erase/").content.decode()
    assert "It is deleted, not hidden" in page
    assert queries.all_evidence() == (kept,)
    editor.post(f"/map/evidence/{kept.id}/erase/")
    assert queries.all_evidence() == ()
    assert editor.get(f"/map/evidence/{kept.id}/").status_code == 404


def test_evidence_of_a_touchpoint_that_left_the_plan_can_still_be_edited(editor):
    kept = note(touchpoints=("repair",))
    plans.remove_touchpoints(["repair"], by=None, now=timezone.now())
    page = editor.get(f"/map/evidence/{kept.id}/").content.decode()
    assert 'value="repair"' in page
    sent = {**TYPED, "touchpoints": ["repair"], "based_on": "1"}
    assert editor.post(f"/map/evidence/{kept.id}/", sent).status_code == 302


def test_a_link_kept_by_an_older_program_is_shown_only_where_it_leads_into_the_web(editor):
    from wegmarke.plan.models import Evidence

    kept = note()
    Evidence.objects.filter(pk=kept.id).update(link="javascript:alert(1)")
    assert "javascript:" not in editor.get("/map/evidence/").content.decode()


def test_a_hundred_are_shown_and_the_others_on_demand(editor):
    for at in range(103):
        note(f"quote {at}.")
    page = editor.get("/map/evidence/").content.decode()
    assert page.count('<li class="wm-evidence"') == 100
    assert "Show 3 more" in page
    assert editor.get("/map/evidence/?all=1").content.decode().count('<li class="wm-evidence"') == 103


def test_what_no_database_keeps_is_not_looked_for(editor):
    note()
    assert "Too slow." in editor.get("/map/evidence/?q=slow%00").content.decode()


def test_a_version_of_thousands_of_digits_is_none(editor):
    kept = note()
    answer = editor.post(f"/map/evidence/{kept.id}/", {**TYPED, "based_on": "9" * 5000})
    assert answer.status_code == 302
