"""The archive opened in a real browser without a network, and the officer's pages in every look."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from canaries import ANNA, BEN, fill, send, work
from django.utils import timezone
from playwright.sync_api import expect

from support.axe import look_at
from support.looks import EVERY_LOOK
from wegmarke.capture.sources import services as sources
from wegmarke.people.access import services
from wegmarke.people.erasure import tombstones
from wegmarke.people.processing import services as processing
from wegmarke.people.processing.contracts import Field

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/people/access/"
NOW = timezone.now().replace(microsecond=0)
TODAY = timezone.localtime(NOW).date()
HOSTILE = (
    "<script>document.title='ran'</script>",
    '"><img src=http://evil.example/x onerror="document.title=\'ran\'">',
    "</table></section><iframe src=http://evil.example/></iframe>",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "\u202egnp.exe",
    '=HYPERLINK("http://evil.example")',
    "half \ud83d of a pair",
    "nul \u0000 and bell \u0007",
    "</style><style>*{background:url(http://evil.example/)}",
)


@pytest.fixture
def source() -> int:
    tombstones.forget()
    return sources.add_source(name="Shop </title><script>", by=None, now=NOW)


def note(identifiers: list[str], language: str = "en") -> int:
    return services.note(identifiers=identifiers, asked_on=TODAY, language=language, by=None, now=NOW)


def unpacked(number: int, folder: Path) -> Path:
    made = services.archive(request=number, by=None, now=NOW)
    with ZipFile(io.BytesIO(made.read())) as archive:
        archive.extractall(folder)
    made.close()
    return folder


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_pages_and_the_archive_are_sound_in_every_look(signed_in_page, look, source, tmp_path):
    page = signed_in_page
    fill(source, [ANNA, BEN], NOW - timedelta(minutes=1))
    processing.write(field=Field.CONTROLLER, de="Muster GmbH\nRing 1", en="", based_on=0, by=None, now=NOW)
    note(BEN.identifiers)
    number = note(ANNA.identifiers, look.language)
    page.goto(HOME)
    look_at(page, look, "access")
    page.locator("#q").fill(ANNA.user)
    page.locator("#q").press("Enter")
    page.wait_for_url(f"**{HOME}person/")
    look_at(page, look, "access-person")
    page.goto(f"{HOME}{number}/")
    look_at(page, look, "access-request")
    for name, address in (
        ("processing", "/people/processing/"),
        ("processing-text", "/people/processing/controller/"),
    ):
        page.goto(address)
        look_at(page, look, name)
    page.goto((unpacked(number, tmp_path) / "index.html").as_uri())
    look_at(page, look, "archive")


def test_an_officer_answers_a_request(signed_in_page, source):
    page = signed_in_page
    fill(source, [ANNA], NOW - timedelta(minutes=1))
    page.goto(HOME)
    page.get_by_role("searchbox").fill(ANNA.user)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("checkbox", name=ANNA.user, exact=True)).to_be_checked()
    page.get_by_label("Language of the archive").select_option("de")
    page.get_by_role("button", name="Note the request").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the archive").click()
    with ZipFile(download.value.path()) as archive:
        assert '<html lang="de">' in archive.read("index.html").decode()
    page.get_by_label("The person has the archive.").check()
    page.get_by_role("button", name="Note as delivered").click()
    expect(page.get_by_text("This protocol holds no id.")).to_be_visible()
    expect(page.get_by_text(ANNA.user)).to_have_count(0)


def test_what_others_sent_is_text_and_nothing_else(browser_page, source, tmp_path):
    page, asked = browser_page, []
    at = (NOW - timedelta(days=1)).isoformat()
    said = [
        {
            "type": "track",
            "userId": ANNA.user,
            "event": f"{text} happened",
            "timestamp": at,
            "messageId": f"hostile-{place}",
            "properties": {text: text, "list": [text, {text: [text]}]},
        }
        for place, text in enumerate(HOSTILE)
    ]
    traits = {"type": "identify", "userId": ANNA.user, "timestamp": at, "messageId": "t", "traits": {}}
    traits["traits"] = {"evil": HOSTILE[0]} | {text: text for text in HOSTILE[:3]}
    send(source, [*said, traits], NOW)
    send(source, [{**one, "messageId": f"waits-{place}"} for place, one in enumerate(said)], NOW, most=1)
    work(NOW)
    send(source, [{**one, "messageId": f"still-{place}"} for place, one in enumerate(said)], NOW)
    folder = unpacked(note([ANNA.user]), tmp_path)
    page.context.set_offline(True)
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "index.html").as_uri())
    assert asked == [(folder / "index.html").as_uri()]
    assert page.title() == "Your data"
    assert page.locator("script, iframe, img, link, object, form").count() == 0
    body = page.locator("main").inner_text()
    for text in HOSTILE[:3]:
        assert text in body
    assert "SECRET_KEY" in body
    assert "gnp.exe" in body
    assert json.loads((folder / "data.json").read_bytes())["sections"]["events"]["rows"]
