"""The officer's pages: who is meant, what is kept of them, the request, its protocol, and retention."""

from __future__ import annotations

from datetime import timedelta

import pytest
from canaries import ANNA, BEN, work
from django.utils import timezone

from support.pages import text_of
from wegmarke.people.erasure import services
from wegmarke.people.erasure.contracts import Ground
from wegmarke.people.erasure.tables import Erasure, Retention

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now().replace(microsecond=0)
HOME = "/people/erasure/"


def test_the_ids_of_one_person_are_ticked_and_what_is_kept_is_counted(officer, lived):
    page = officer.post(f"{HOME}person/", {"q": ANNA.user})
    ids = {one["text"]: one["ticked"] for one in page.context["ids"]}
    assert ids[ANNA.user]
    assert ids[ANNA.visitor]
    assert BEN.user not in ids
    rows = {str(one.label): one.held.rows for one in page.context["held"]}
    assert rows["Events and traits in the log"] > 0
    assert rows["Refused events"] > 0
    assert rows["Which ids are one person"] > 0
    assert not Erasure.objects.exists()


def test_a_request_becomes_a_protocol_without_a_single_id(officer, lived):
    ids = [*ANNA.identifiers, f"{ANNA.mark}-card"]
    answer = officer.post(
        f"{HOME}request/", {"id": ids, "ground": "objection", "reference": "2026-17", "sure": "1"}
    )
    number = Erasure.objects.get().pk
    assert answer["Location"] == f"{HOME}{number}/"
    assert "Requested" in text_of(officer, answer["Location"])
    begun = timezone.now()
    for minutes in (0, 1, 130, 140, 150):
        work(begun + timedelta(minutes=minutes))
    page = officer.get(answer["Location"]).content.decode()
    assert "This protocol holds no id." in page
    assert "2026-17" in page
    assert ANNA.mark not in page
    listed = officer.get(f"{HOME}file/").content.decode()
    assert listed.count("\n") == len(ids)
    assert ANNA.mark not in listed


@pytest.mark.parametrize(
    "given",
    [{"ground": "objection"}, {"id": "a"}, {"id": "a", "ground": "reapplied"}, {"id": "a", "ground": "x"}],
)
def test_a_request_without_ids_or_ground_is_none(officer, given):
    answer = officer.post(f"{HOME}request/", given, follow=True)
    assert "Nothing was erased." in answer.content.decode()
    assert not Erasure.objects.exists()


def test_an_erasure_that_was_given_up_can_be_tried_again(officer):
    number = services.request(identifiers=["a"], ground=Ground.OBJECTION, by=None, now=NOW)
    Erasure.objects.update(dead_at=NOW, last_error="OSError: the disk is full")
    assert "The last attempt failed: OSError: the disk is full" in text_of(officer, f"{HOME}{number}/")
    officer.post(f"{HOME}{number}/again/")
    assert Erasure.objects.get().dead_at is None


def test_an_erasure_that_is_none_is_not_found(officer):
    assert officer.get(f"{HOME}77/").status_code == 404
    assert officer.post(f"{HOME}77/again/").status_code == 404


def test_how_long_data_are_kept_is_set_and_counted(officer, lived):
    officer.post(f"{HOME}retention/", {"kind": "persons", "days": "2"})
    assert Retention.objects.get().days == 2
    page = officer.get(f"{HOME}retention/?count=1")
    would = {one.key: one.would for one in page.context["kinds"]}
    assert would["persons"] > 0
    assert would["visitors"] == 0
    officer.post(f"{HOME}retention/", {"kind": "persons", "days": ""})
    assert Retention.objects.get().days is None


@pytest.mark.parametrize(
    "given", [{"kind": "persons", "days": "0"}, {"kind": "persons", "days": "x"}, {"kind": "y"}]
)
def test_nonsense_about_how_long_data_are_kept_changes_nothing(officer, given):
    officer.post(f"{HOME}retention/", given)
    assert not Retention.objects.exists()
