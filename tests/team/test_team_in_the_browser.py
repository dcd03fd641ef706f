"""Adding a colleague and logging in as them, in a real browser; each page of the team in every look."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.axe import look_at as check
from support.looks import EVERY_LOOK
from wegmarke.team import services
from wegmarke.team.contracts import Role
from wegmarke.team.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEAM = "/settings/team/"
TOO_SMALL = """
    all => all
        .filter(one => one.getClientRects().length)
        .filter(one => !one.closest("p, .visually-hidden, .wm-skip, .page-pretitle"))
        .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
        .filter(([, box]) => box.height < 43.5)
        .map(([html, box]) => `${box.width}x${box.height} ${html}`)
"""


def look_at(page, look, name: str) -> None:
    """Check a page, and that fingers find what they are to press."""
    check(page, look, name)
    if look.width < 600:
        assert (
            page.locator("main a, main button, main input:not([type=hidden], [type=radio])").evaluate_all(
                TOO_SMALL
            )
            == []
        )


@pytest.fixture
def team(colleague):
    """Return a team with a past: somebody in Service, somebody who left, a long name."""
    now = colleague.date_joined
    for name, more in {
        "mara": {"display_name": "Mara Lindqvist", "department": "Kundenservice", "role": Role.EDITOR},
        "bo.von-der-langen-strasse@example.com": {"department": "Vertrieb und Partnerschaften Süd"},
        "tilo": {"display_name": "Tilo Brandt", "department": "Marketing"},
    }.items():
        services.create_account(username=name, by=colleague, now=now, **more)
    services.change_account(
        username="mara", by=colleague, now=now, department="Service", email="m@example.com"
    )
    services.deactivate_account(username="tilo", by=None, now=now)
    return {user.username: user for user in User.objects.all()}


@pytest.fixture
def team_page(signed_in_page, team):
    """Return a browser page of an administrator on a site with a team."""
    return signed_in_page


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_nothing_on_the_pages_of_the_team_is_out_of_reach(team_page, team, look, console_problems):
    page = team_page
    page.goto(TEAM)
    look_at(page, look, "1-team")
    page.goto(f"{TEAM}{team['mara'].pk}/")
    look_at(page, look, "2-account")
    page.goto(f"{TEAM}{team['kim'].pk}/")
    page.locator("[name=role][value=viewer]").check()
    page.locator("main button.btn-primary").click()
    page.locator("#id_role_error").wait_for()
    look_at(page, look, "3-own-account-refused")
    page.goto(f"{TEAM}{team['tilo'].pk}/")
    look_at(page, look, "4-deactivated")
    page.goto(TEAM + "history/")
    look_at(page, look, "5-history")
    page.goto(TEAM + "add/")
    page.locator("[name=username]").fill("MARA")
    page.locator("main button.btn-primary").click()
    page.locator("#id_username_error").wait_for()
    look_at(page, look, "6-add-refused")
    page.locator("[name=username]").fill("noor")
    page.locator("main button.btn-primary").click()
    page.locator("#password").wait_for()
    look_at(page, look, "7-password")
    page.goto("/account/password/")
    look_at(page, look, "8-own-password")
    team["kim"].role = Role.VIEWER
    team["kim"].save()
    page.goto(TEAM)
    console_problems.clear()  # the browser reports the 403 itself
    look_at(page, look, "9-refused")


def test_a_colleague_is_added_and_logs_in(signed_in_page, chromium, live_server):
    page = signed_in_page
    page.goto(TEAM)
    page.get_by_role("link", name="Add a colleague").click()
    page.get_by_label("User name").fill("lee")
    page.get_by_label("Display name").fill("Lee Ong")
    page.get_by_label("Department").fill("Service")
    page.get_by_role("radio", name="Editor Reads").check()
    page.get_by_role("button", name="Add", exact=True).click()
    password = page.locator("#password").inner_text()

    context = chromium.new_context(base_url=live_server.url, locale="en-GB")
    context.set_default_timeout(10_000)
    theirs = context.new_page()
    theirs.goto("/account/log-in/")
    theirs.locator("[name=username]").fill("lee")
    theirs.locator("[name=password]").fill(password)
    theirs.locator("[name=password]").press("Enter")
    account = theirs.get_by_role("list", name="Account")
    expect(account).to_contain_text("lee")
    expect(account).to_contain_text("Editor")
    expect(theirs.get_by_role("link", name="Import", exact=True)).to_be_visible()
    expect(theirs.get_by_role("link", name="Team")).to_have_count(0)

    page.get_by_role("link", name="To the team").click()
    page.get_by_role("link", name="Lee Ong").click()
    page.get_by_role("button", name="Deactivate the account").click()
    page.get_by_text("The account lee was deactivated.").wait_for()
    theirs.goto("/settings/import/")
    assert "/account/log-in/" in theirs.url
    context.close()


def test_a_role_is_changed_by_keyboard_alone_and_without_scripts(chromium, live_server, session_cookie, team):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="en-GB")
    context.set_default_timeout(10_000)
    context.add_cookies([session_cookie])
    page = context.new_page()
    page.goto(TEAM)
    tab_to(page, page.get_by_role("link", name="Mara Lindqvist"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{TEAM}{team['mara'].pk}/")
    tab_to(page, page.get_by_role("radio", name="Editor Reads"))
    for _role in ("officer", "administrator"):
        page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")
    page.get_by_text("The account mara was saved.").wait_for()
    context.close()
    assert User.objects.get(username="mara").role == Role.ADMIN


def tab_to(page, element) -> None:
    """Press Tab until this element has the focus."""
    for _ in range(60):
        if element.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{element} cannot be reached by keyboard")
