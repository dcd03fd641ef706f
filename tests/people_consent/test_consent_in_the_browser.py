"""Consent in a real browser: every page in every look, and a withdrawal written down."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from support.axe import look_at
from support.looks import EVERY_LOOK
from wegmarke.people import queries as people
from wegmarke.people.consent import services
from wegmarke.people.consent.contracts import Channel, How, Preference, Shown

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/people/consent/"
LOU = "lou.with.a.very.long.name.indeed@customers.example.com"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_remembered():
    people.forget()
    yield
    people.forget()


def live() -> None:
    text = "I would like to get news and offers by email. I can withdraw at any time."
    words = {
        shown: services.add_wording(
            purpose="advertising", shown=shown, language="en", text=text, by=None, now=NOW
        )
        for shown in Shown
    }
    services.give(
        *(LOU,),
        purpose="advertising",
        channel=Channel.MAIL,
        at=NOW,
        how=How.FORM,
        by=None,
        wording=words[Shown.CONSENT],
        now=NOW,
        place="https://shop.example/newsletter",
    )
    services.refuse(LOU, purpose="surveys", channel=None, at=NOW, by=None, now=NOW, note="By phone")
    services.keep_evidence(
        *(LOU,),
        purpose="advertising",
        sale="Order 4711",
        sold_at=NOW,
        by=None,
        now=NOW,
        told_at_collection=words[Shown.OBJECTION],
    )
    services.mean(
        category="marketing", purpose="advertising", channel=Channel.WEB, wording=None, by=None, now=NOW
    )
    services.learn([Preference(LOU, NOW, {"statistics": True}, False, 1, "Shop")], now=NOW)


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_pages_are_sound_in_every_look(signed_in_page, look):
    live()
    for name, address in (
        ("consent", f"{HOME}?q=lou"),
        ("purpose", f"{HOME}purposes/advertising/"),
        ("purpose-add", f"{HOME}purposes/add/"),
        ("categories", f"{HOME}categories/"),
        ("consent-person", f"{HOME}person/?id={LOU}"),
    ):
        signed_in_page.goto(address)
        for folded in signed_in_page.locator("main details.card summary").all():
            folded.click()
        look_at(signed_in_page, look, name)


def test_a_withdrawal_is_written_down(signed_in_page):
    live()
    page = signed_in_page
    page.goto(HOME)
    page.get_by_label("Beginning of an id").fill("lou")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("link", name=LOU).click()
    page.get_by_text("Write down: Withdrawal or objection").first.click()
    page.get_by_role("button", name="Write down: Withdrawal or objection").click()
    expect(page.get_by_text("Written down.")).to_be_visible()
    expect(page.get_by_text("Everything, every channel")).to_be_visible()
