"""Whoever asks for their data is told all of it, nothing of anybody else, and nothing once erased."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from canaries import MARK, NEIGHBOUR, fill, persons, send, work
from django.core.exceptions import ValidationError
from django.utils import timezone

from wegmarke.capture.sources import services as sources
from wegmarke.people.access import services
from wegmarke.people.access.contracts import AlreadyAnsweredError, NobodyMeantError, due
from wegmarke.people.access.tables import AccessRequest
from wegmarke.people.accounts import services as accounts
from wegmarke.people.consent import services as consent
from wegmarke.people.consent.contracts import Channel, How, Shown
from wegmarke.people.erasure import services as erasure
from wegmarke.people.erasure import tombstones
from wegmarke.people.erasure.contracts import Ground
from wegmarke.people.erasure.tables import Erasure
from wegmarke.site.erasure import STORES
from wegmarke.team.contracts import NotAllowedError, Role
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now().replace(microsecond=0)
TODAY = timezone.localtime(NOW).date()
ANNA, BEN = persons(1, MARK.decode())[0], persons(1, NEIGHBOUR)[0]
WORDING = "May we write to you?"
CARD = f"{ANNA.mark}-card"
IDS = [*ANNA.identifiers, CARD]
MARKS = re.compile(rf"{ANNA.mark}[\w@.-]*")


@pytest.fixture(autouse=True)
def afresh(settings):
    settings.IMPORT_KEEP_FILES = True
    tombstones.forget()


@pytest.fixture
def lived() -> int:
    """Let two persons live in every store, and return their source."""
    source = sources.add_source(name="Shop", by=None, now=NOW)
    fill(source, [ANNA, BEN], NOW - timedelta(minutes=1))
    for one in (ANNA, BEN):
        agree(one)
        accounts.decide(
            one.user, f"{one.mark}-firm", belongs=True, by=None, reason=f"{one.mark} works", now=NOW
        )
        send(source, one.messages(NOW, part="-waiting"), NOW)
    return source


def agree(one) -> None:
    wording = consent.add_wording(
        purpose="surveys", shown=Shown.CONSENT, language="en", text=WORDING, by=None, now=NOW
    )
    consent.give(
        one.user,
        purpose="surveys",
        channel=Channel.MAIL,
        wording=wording,
        how=How.FORM,
        at=NOW,
        place=f"{one.mark}-form",
        note=f"{one.mark}-note",
        by=None,
        now=NOW,
    )
    consent.keep_evidence(
        one.user, purpose="advertising", sale=f"{one.mark}-sale", sold_at=NOW, by=None, now=NOW
    )


def ask(identifiers=None, language: str = "en") -> int:
    chosen = IDS if identifiers is None else identifiers
    return services.note(identifiers=chosen, asked_on=TODAY, language=language, by=None, now=NOW)


def archive(number: int, now=NOW) -> tuple[str, dict]:
    """Return the page and the data of an archive."""
    made = services.archive(request=number, by=None, now=now)
    with ZipFile(io.BytesIO(made.read())) as whole:
        assert whole.testzip() is None
        assert whole.namelist() == ["index.html", "data.json"]
        found = whole.read("index.html").decode(), json.loads(whole.read("data.json"))
    made.close()
    return found


def texts_in(value) -> list[str]:
    """Return all texts in a value of JSON."""
    if isinstance(value, dict):
        return [text for name, inner in value.items() for text in (name, *texts_in(inner))]
    if isinstance(value, list):
        return [text for inner in value for text in texts_in(inner)]
    return [value] if isinstance(value, str) else []


def everything_said(one) -> set[str]:
    """Return every value of a person that `fill` and `lived` put anywhere and a store goes on holding."""
    before = NOW - timedelta(days=3)
    said = [one.messages(before), one.messages(before, part="-again"), one.messages(NOW, part="-waiting")]
    parts = [json.dumps([*said, one.refused(before), one.rows(before)]), one.mark + "-card"]
    parts += [f"{one.mark}{end}" for end in ("-firm", "-form", "-note", "-sale", " said so", " works")]
    found = {text for part in parts for text in MARKS.findall(part)}
    # Ids of messages that reached the log stand there as hashes only.
    return {one for one in found if "-messageId-" not in one and "-messageId-again" not in one}


def test_every_value_of_every_store_is_told_and_none_of_the_neighbour(lived):
    page, data = archive(ask())
    told = set(MARKS.findall(" ".join(texts_in(data))))
    assert everything_said(ANNA) - told == set()
    assert everything_said(ANNA) - set(MARKS.findall(page)) == set()
    assert WORDING in page
    assert NEIGHBOUR not in page
    assert NEIGHBOUR not in json.dumps(data)
    filled = {key for key, one in data["sections"].items() if one["rows"]}
    assert filled == set(data["sections"]) - {"webhook_bodies", "kept_proofs", "evidence"}


def test_page_and_data_tell_the_same(lived):
    page, data = archive(ask())
    for key, section in data["sections"].items():
        body = page.partition(f'<section id="{key}">')[2].partition("</section>")[0]
        assert body.count("<tr>") == len(section["rows"]) + bool(section["rows"]), key


def test_the_same_is_asked_twice_and_told_twice(lived):
    number = ask()
    (first_page, first), (page, data) = archive(number), archive(number, NOW + timedelta(minutes=3))
    first.pop("made_at"), data.pop("made_at")
    assert data == first
    assert [line for line in page.splitlines() if line not in set(first_page.splitlines())][1:] == []


def test_whoever_was_erased_is_told_nothing_but_that_it_was_so(lived):
    answered = ask()
    services.deliver(request=answered, by=None, now=NOW)
    still_open = ask()
    erasure.request(identifiers=IDS, ground=Ground.OBJECTION, by=None, now=NOW)
    for minutes in (0, 1, 2, 130, 136, 142, 143, *range(150, 180)):
        if minutes > 143 and not Erasure.objects.filter(done_at=None).exists():
            break
        work(NOW + timedelta(minutes=minutes))
    assert AccessRequest.objects.get(pk=still_open).identifiers == []
    page, data = archive(ask())
    kept = {key: one["rows"] for key, one in data["sections"].items() if one["rows"]}
    assert set(kept) == {"kept_proofs", "access_requests"}
    assert [one["says"] for one in kept["kept_proofs"]] == ["given"]
    assert len(kept["access_requests"]) == 3
    assert set(MARKS.findall(page)) == {ANNA.user, ANNA.visitor, CARD}, "the ids that were asked for"


def test_an_id_that_is_not_ticked_and_what_links_it_is_left_out(lived):
    page, data = archive(ask([ANNA.user]))
    assert ANNA.visitor not in json.dumps(data["sections"]["identities"])
    assert data["sections"]["identities"]["withheld"] > 0
    assert "may be somebody else" in page


def test_messages_about_somebody_else_that_mention_a_person_are_only_counted(lived):
    about_ben = {
        "type": "track",
        "userId": BEN.user,
        "event": "Recommended",
        "messageId": "m1",
        "properties": {"userId": ANNA.user, "to": ANNA.user},
    }
    before = archive(ask())[1]["sections"]["waiting"]
    send(lived, [about_ben], NOW)
    page, data = archive(ask())
    assert data["sections"]["waiting"]["rows"] == before["rows"]
    assert data["sections"]["waiting"]["withheld"] == before["withheld"] + 1
    assert BEN.user not in page
    _page, of_ben = archive(ask([BEN.user]))
    assert "Recommended" in json.dumps(of_ben["sections"]["waiting"]["rows"])


def test_no_colleague_is_named(lived):
    kim = User.objects.create_user("kim.the.colleague", role=Role.ADMIN)
    accounts.decide(ANNA.user, "Firm", belongs=True, by=kim, reason="phone call", now=NOW)
    number = services.note(identifiers=IDS, asked_on=TODAY, language="de", by=kim, now=NOW)
    page, data = archive(number)
    assert "phone call" in page
    assert "kim.the.colleague" not in page + json.dumps(data)


def test_the_archive_is_in_the_language_of_the_person(lived):
    german, data = archive(ask(language="de"))
    assert '<html lang="de">' in german
    assert "Was geschehen ist" in german
    assert data["language"] == "de"
    assert "What happened" in archive(ask(language="en"))[0]


def test_every_store_tells_or_says_why_not():
    silent = {store.key for store in STORES if store.tell is None}
    assert silent == {"journeys", "answers", "discovery"}
    assert all(str(store.untold) for store in STORES if store.tell is None)


def test_the_guide_names_every_section_and_every_name_in_it(lived):
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "privacy.md").read_text(encoding="utf-8")
    listed = {}
    for line in guide.partition("### data.json")[2].partition("\n## ")[0].splitlines():
        cells = [re.findall(r"`(\w+)`", cell) for cell in line.split("|")[1:-1]]
        if len(cells) == 2:
            listed |= dict.fromkeys(cells[0], cells[1])
    data = archive(ask())[1]
    assert set(data) <= set(listed)
    assert {key: listed.get(key) for key in data["sections"]} == {
        key: list(one["fields"]) or ["withheld"] for key, one in data["sections"].items()
    }


def test_nothing_of_an_archive_stays_on_disk(lived, data_dir):
    before = {path for path in data_dir.rglob("*") if path.is_file()}
    made = services.archive(request=ask(), by=None, now=NOW)
    assert {path for path in data_dir.rglob("*") if path.is_file()} == before
    lying = made._file
    lying.seek(0)
    assert not lying.read().startswith(b"PK")
    made.close()
    assert lying.closed


def test_once_it_was_delivered_the_request_names_nobody(lived):
    number = ask()
    services.deliver(request=number, by=None, now=NOW)
    row = AccessRequest.objects.get(pk=number)
    assert row.identifiers == []
    assert ANNA.mark not in "".join(row.digests)
    assert len(row.digests) == len(IDS)
    with pytest.raises(AlreadyAnsweredError):
        services.archive(request=number, by=None, now=NOW)
    with pytest.raises(AlreadyAnsweredError):
        services.deliver(request=number, by=None, now=NOW)


@pytest.mark.parametrize(
    ("asked_on", "due_on"),
    [("2026-01-31", "2026-02-28"), ("2026-12-03", "2027-01-03"), ("2028-01-30", "2028-02-29")],
)
def test_a_request_is_due_within_a_month(asked_on, due_on):
    assert due(date.fromisoformat(asked_on)).isoformat() == due_on


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_only_the_officer_is_told(role):
    by = User(role=role, is_active=True)
    number = ask()
    for refused in (
        lambda: services.note(identifiers=IDS, asked_on=TODAY, language="de", by=by, now=NOW),
        lambda: services.archive(request=number, by=by, now=NOW),
        lambda: services.deliver(request=number, by=by, now=NOW),
    ):
        with pytest.raises(NotAllowedError):
            refused()


@pytest.mark.parametrize("identifiers", [[], [""], ["x" * 301], ["a\0b"], [str(one) for one in range(1_001)]])
def test_nobody_is_told_of_nobody(identifiers):
    with pytest.raises(NobodyMeantError):
        ask(identifiers)


@pytest.mark.parametrize(
    "given", [{"asked_on": TODAY + timedelta(days=1)}, {"language": "fr"}, {"reference": "x" * 101}]
)
def test_a_request_that_cannot_be_is_not_noted(given):
    said = {"identifiers": IDS, "asked_on": TODAY, "language": "en", "by": None, "now": NOW}
    with pytest.raises(ValidationError):
        services.note(**(said | given))
    assert not AccessRequest.objects.exists()
