"""The officer's pages of access: who asks, the protocol with its deadline, the archive."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
from canaries import ANNA, BEN
from django.utils import timezone

from support.pages import text_of
from wegmarke.people.access import services
from wegmarke.people.access.tables import AccessRequest
from wegmarke.people.erasure.steps import let_go_one
from wegmarke.people.erasure.tables import Retention, RetentionRun
from wegmarke.plan.evidence import services as evidence
from wegmarke.plan.evidence.contracts import Grade, Kind, Statement

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now().replace(microsecond=0)
TODAY = timezone.localtime(NOW).date()
HOME = "/people/access/"


def noted(*, days_ago: int = 0) -> int:
    return services.note(
        identifiers=ANNA.identifiers,
        asked_on=TODAY - timedelta(days=days_ago),
        language="de",
        reference="2026-17",
        by=None,
        now=NOW,
    )


@pytest.mark.parametrize("way", ["looked for", "from a page of the person"])
def test_the_ids_of_one_person_are_ticked_and_what_is_kept_is_counted(officer, lived, way):
    if way == "looked for":
        page = officer.post(f"{HOME}person/", {"q": ANNA.user})
    else:
        page = officer.get(HOME, {"id": f"~a:{ANNA.visitor}"})
    ids = {one["text"]: one["ticked"] for one in page.context["ids"]}
    assert ids[ANNA.user]
    assert ids[ANNA.visitor]
    assert BEN.user not in ids
    assert {str(one.label): one.held.rows for one in page.context["held"]}["Events and traits in the log"] > 0
    assert not AccessRequest.objects.exists()


def test_an_id_can_be_ticked_off_before_the_request_is_noted(officer, lived):
    page = officer.post(f"{HOME}person/", {"q": ANNA.user, "id": [ANNA.user]})
    ticked = [one["text"] for one in page.context["ids"] if one["ticked"]]
    assert ticked == [ANNA.user]
    given = {"id": ticked, "asked_on": TODAY.isoformat(), "language": "de", "reference": "2026-17"}
    answer = officer.post(f"{HOME}note/", given)
    row = AccessRequest.objects.get()
    assert answer["Location"] == f"{HOME}{row.pk}/"
    assert row.identifiers == [ANNA.user]


def test_the_archive_is_downloaded_and_its_delivery_is_noted(officer, lived):
    number = noted()
    answer = officer.post(f"{HOME}{number}/archive/")
    content = b"".join(answer.streaming_content)
    answer.close()
    assert answer["Content-Type"] == "application/zip"
    assert int(answer["Content-Length"]) == len(content)
    assert "no-store" in answer["Cache-Control"]
    with ZipFile(io.BytesIO(content)) as archive:
        assert ANNA.user in archive.read("index.html").decode()
        assert json.loads(archive.read("data.json"))["language"] == "de"
    assert "dora" in text_of(officer, f"{HOME}{number}/")
    officer.post(f"{HOME}{number}/delivered/")
    page = text_of(officer, f"{HOME}{number}/")
    assert "This protocol holds no id." in page
    assert ANNA.mark not in page
    again = officer.post(f"{HOME}{number}/archive/", follow=True)
    assert "This request was answered." in again.content.decode()


def test_what_is_overdue_is_said_first(officer):
    late, soon = noted(days_ago=40), noted(days_ago=3)
    listed = [(one["request"].id, one["late"]) for one in officer.get(HOME).context["requests"]]
    assert listed == [(late, True), (soon, False)]
    assert "overdue" in text_of(officer, HOME)
    assert "It had to be answered by" in text_of(officer, f"{HOME}{late}/")
    assert "days left" in text_of(officer, f"{HOME}{soon}/")


def test_evidence_that_names_the_person_is_pointed_at(officer):
    said = Statement(
        kind=next(iter(Kind)), grade=next(iter(Grade)), text=f"{ANNA.user} was cross", source="Call"
    )
    evidence.note(statement=said, by=None, now=NOW)
    page = text_of(officer, f"{HOME}{noted()}/")
    assert "Evidence names the person and is not in the archive" in page


def test_the_page_says_what_the_archive_will_lack(officer):
    assert "Name the controller." in text_of(officer, f"{HOME}{noted()}/")


@pytest.mark.parametrize(
    "given", [{}, {"id": "a"}, {"id": "a", "asked_on": "soon"}, {"id": "a", "asked_on": "2999-01-01"}]
)
def test_a_request_without_ids_or_a_day_is_none(officer, given):
    answer = officer.post(f"{HOME}note/", {"language": "de", **given}, follow=True)
    assert "Nothing was noted." in answer.content.decode()
    assert not AccessRequest.objects.exists()


@pytest.mark.parametrize("way", ["", "archive/", "delivered/"])
def test_a_request_that_is_none_is_not_found(officer, way):
    asked = officer.post if way else officer.get
    assert asked(f"{HOME}77/{way}").status_code == 404


def test_the_protocol_goes_three_years_after_the_answer():
    old, new, still_open = noted(), noted(), noted()
    for number, days in ((old, 1_200), (new, 1_000)):
        services.deliver(request=number, by=None, now=NOW - timedelta(days=days))
    while let_go_one(NOW):
        pass
    assert set(AccessRequest.objects.values_list("pk", flat=True)) == {new, still_open}
    assert RetentionRun.objects.get(kind="access").rows == 1
    assert not Retention.objects.exists()
