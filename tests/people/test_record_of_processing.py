"""The record of processing: what the system knows cannot go stale, the rest is written and has a history."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone, translation

from support.pages import text_of
from wegmarke.capture.sources import services as sources
from wegmarke.people.access.contracts import Matter
from wegmarke.people.consent import services as consent
from wegmarke.people.consent.contracts import Basis
from wegmarke.people.erasure import services as erasure
from wegmarke.people.processing import queries, services
from wegmarke.people.processing.contracts import FIELDS, TOLD, ChangedMeanwhileError, Field, Topic
from wegmarke.people.processing.tables import ProcessingText
from wegmarke.team.contracts import NotAllowedError, Role
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
HOME = "/people/processing/"


@pytest.fixture
def officer() -> Client:
    browser = Client()
    browser.force_login(User.objects.create_user("dora", role=Role.OFFICER, language="en"))
    return browser


def write(field: Field, de: str = "", en: str = "", *, based_on: int = 0, by=None) -> int:
    services.write(field=field, de=de, en=en, based_on=based_on, by=by, now=NOW)
    return queries.text(field).number


def known(topic: Topic) -> str:
    return "\n".join(next(one.known for one in queries.record(now=NOW) if one.topic is topic))


def test_what_is_configured_stands_there_at_once(officer):
    source = sources.add_source(name="Web shop", by=None, now=NOW)
    assert "Web shop (no key in force)" in known(Topic.SOURCES)
    sources.make_key(source=source, browser=True, by=None, now=NOW)
    assert "Web shop (web pages, without who it was" in known(Topic.SOURCES)
    erasure.keep_for(kind="persons", days=400, by=None, now=NOW)
    assert "Events of known persons: 400 days" in known(Topic.RETENTION)
    consent.add_purpose(
        key="news", name_de="Post", name_en="News", basis=Basis.CONSENT, valid_days=90, by=None
    )
    assert "News: consent, Art. 6 (1) (a) GDPR; a consent holds for 90 days" in known(Topic.PURPOSES)
    page = text_of(officer, HOME)
    assert all(text in page for text in ("Web shop", "400 days", "News: consent"))


def test_statements_about_protection_follow_the_settings(settings, monkeypatch):
    monkeypatch.delenv("WEGMARKE_FIELD_KEY", raising=False)
    assert "a file in the data folder" in known(Topic.SECURITY)
    assert "does not say that connections are encrypted" in known(Topic.SECURITY)
    monkeypatch.setenv("WEGMARKE_FIELD_KEY", "x")
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.AXES_FAILURE_LIMIT = 7
    said = known(Topic.SECURITY)
    assert "given by the environment" in said
    assert "A proxy in front encrypts connections" in said
    assert "After 7 wrong passwords" in said


def test_uploaded_files_are_said_to_be_kept_only_where_they_are(settings):
    settings.IMPORT_KEEP_FILES = True
    assert "are kept after they were read" in known(Topic.RETENTION)
    settings.IMPORT_KEEP_FILES = False
    assert "are removed once they were read" in known(Topic.RETENTION)


def test_what_is_missing_is_said_until_it_was_written(officer):
    assert "Name the controller." in text_of(officer, HOME)
    write(Field.CONTROLLER, de="Muster GmbH, Ring 1", en="Muster Ltd")
    assert "Name the controller." not in text_of(officer, HOME)
    before = len(queries.missing())
    for field in Field:
        write(field, de="da", based_on=queries.text(field).number)
    assert (before, queries.missing()) == (7, ())


def test_a_text_is_shown_in_the_language_of_the_page_or_in_the_other(officer):
    write(Field.CONTROLLER, de="Muster GmbH", en="Muster Ltd")
    write(Field.PURPOSES, de="Verbesserung der Reise")
    page = text_of(officer, HOME)
    assert "Muster Ltd" in page
    assert "Muster GmbH" not in page
    assert '<div lang="de">Verbesserung der Reise' in page
    assert "only in German so far" in page


def test_each_change_is_kept_with_who_and_when(officer):
    for text in ("First", "Second"):
        number = queries.text(Field.CONTROLLER).number
        officer.post(f"{HOME}controller/", {"de": "", "en": text, "based_on": str(number)})
    versions = queries.history(Field.CONTROLLER)
    assert [(one.en, one.changed_by) for one in versions] == [("Second", "dora"), ("First", "dora")]
    page = text_of(officer, f"{HOME}controller/")
    assert "First" in page
    assert "dora" in page


def test_the_same_text_is_no_new_version():
    number = write(Field.CONTROLLER, en="Muster")
    assert write(Field.CONTROLLER, en=" Muster ", based_on=number) == number
    assert ProcessingText.objects.count() == 1


def test_nobody_overwrites_what_somebody_else_wrote_meanwhile(officer):
    write(Field.CONTROLLER, en="Theirs")
    with pytest.raises(ChangedMeanwhileError):
        write(Field.CONTROLLER, en="Mine")
    answer = officer.post(f"{HOME}controller/", {"de": "", "en": "Mine", "based_on": "x"})
    page = answer.content.decode()
    assert "Somebody else changed this text meanwhile." in page
    assert ">Mine</textarea>" in page
    assert queries.text(Field.CONTROLLER).en == "Theirs"


def test_a_text_that_is_too_long_is_not_saved(officer):
    answer = officer.post(f"{HOME}controller/", {"de": "x" * 5_001, "en": "", "based_on": "0"})
    assert "The text is too long." in answer.content.decode()
    assert not ProcessingText.objects.exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_only_the_officer_writes(role):
    with pytest.raises(NotAllowedError):
        write(Field.CONTROLLER, en="x", by=User(role=role, is_active=True))


def test_the_file_holds_all_of_it_and_no_markup_of_others(officer):
    sources.add_source(name="<b>Shop</b> [x](http://evil.example)", by=None, now=NOW)
    write(Field.CONTROLLER, en="# Muster *Ltd*\n- Ring 1")
    answer = officer.get(f"{HOME}file/")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/markdown")
    assert r"\<b\>Shop\</b\> \[x\](http://evil.example)" in text
    assert "\\# Muster \\*Ltd\\*  \n\\- Ring 1" in text
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        f"## {one.label}" for one in Topic
    ]
    assert "Still missing: Name the supervisory authority." in text


def test_persons_who_ask_are_told_what_the_law_wants_told():
    write(Field.CONTROLLER, de="Muster GmbH")
    with translation.override("de"):
        told = {one.key: one for one in queries.matters(now=NOW)}
    assert set(told) == {topic.value for topic in TOLD}
    assert told["controller"] == Matter("controller", "Wer verantwortlich ist", ("Muster GmbH",))
    assert any("Art. 77 DSGVO" in line for line in told["rights"].lines)


def test_every_field_belongs_to_one_topic():
    placed = [field for fields in FIELDS.values() for field in fields]
    assert sorted(placed) == sorted(Field)
    assert list(FIELDS) == [topic for topic in Topic if topic in FIELDS]


def test_a_text_nobody_knows_is_not_found(officer):
    assert officer.get(f"{HOME}colour/").status_code == 404
