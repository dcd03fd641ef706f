"""The pages under Settings → Team, asked as a browser without scripts asks them."""

from __future__ import annotations

import re

import pytest

from support.looks import PASSWORD
from wegmarke.team import services
from wegmarke.team.contracts import Role
from wegmarke.team.models import AccountChange, User

pytestmark = pytest.mark.django_db

TEAM = "/settings/team/"


@pytest.fixture
def ada():
    return User.objects.create_user("ada", role=Role.ADMIN, language="en")


@pytest.fixture
def kim():
    return User.objects.create_user("kim", role=Role.EDITOR, department="Service", language="en")


@pytest.fixture
def browser(client, ada):
    client.force_login(ada)
    return client


def text_of(answer) -> str:
    return answer.content.decode()


def page_of(user) -> str:
    return f"{TEAM}{user.pk}/"


def as_shown(browser, address: str) -> dict[str, str]:
    """Return what a form holds before anybody types, hidden fields and all."""
    text = text_of(browser.get(address))
    form = {}
    for tag in re.findall(r"<input[^>]*>", text):
        parts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if parts.get("type") != "radio" or " checked" in tag:
            form[parts["name"]] = parts.get("value", "")
    return form


def test_a_colleague_is_added_and_the_password_is_in_the_answer_only(browser):
    form = as_shown(browser, TEAM + "add/") | {"username": "lee", "department": "Service", "role": "editor"}
    answer = browser.post(TEAM + "add/", form)
    password = re.search(r'id="password">([\w-]+)<', text_of(answer)).group(1)
    assert User.objects.get(username="lee").check_password(password)
    assert "no-store" in answer["Cache-Control"]
    assert password not in text_of(browser.get(TEAM))
    assert password not in str(dict(browser.session))


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"username": "KIM"}, "username", "There is already an account named kim."),
        ({"username": ""}, "username", "This field is required."),
        ({"username": "kim sommer"}, "username", "Enter a valid username."),
        ({"email": "nobody"}, "email", "Enter a valid email address."),
        ({"role": "owner"}, "role", "owner is not one of the available choices."),
        ({"department": "x" * 101}, "department", "at most 100 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(browser, kim, typed, field, said):
    answer = browser.post(
        TEAM + "add/", {"username": "lee", "display_name": "L. O.", "role": "viewer"} | typed
    )
    assert re.search(rf'id="id_{field}_error">[^<]*{re.escape(said)}', text_of(answer))
    assert 'value="L. O."' in text_of(answer)
    assert not User.objects.filter(username="lee").exists()


def test_the_list_shows_who_may_do_what(browser, kim):
    User.objects.create_user("zoe", is_active=False)
    text = text_of(browser.get(TEAM))
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL)[1:]]
    assert [row.split()[0] for row in rows] == ["ada", "kim", "zoe"]
    assert "Service" in rows[1]
    assert "Editor" in rows[1]
    assert "deactivated" in rows[2]


def test_an_account_is_changed(browser, kim):
    form = as_shown(browser, page_of(kim)) | {"role": "viewer", "display_name": "Kim Sommer"}
    assert browser.post(page_of(kim), form)["Location"] == TEAM
    kim.refresh_from_db()
    assert (kim.role, kim.get_full_name(), kim.department) == ("viewer", "Kim Sommer", "Service")
    assert "Kim Sommer" in text_of(browser.get(TEAM))


def test_two_administrators_on_one_account_change_only_what_each_altered(browser, ada, kim):
    form = as_shown(browser, page_of(kim))
    services.change_account(username="kim", by=ada, now=ada.date_joined, department="Sales", role=Role.VIEWER)
    browser.post(page_of(kim), form | {"email": "kim@example.com"})
    kim.refresh_from_db()
    assert (kim.email, kim.department, kim.role) == ("kim@example.com", "Sales", "viewer")


def test_the_last_administrator_is_told_why_the_role_stays(browser, ada):
    answer = browser.post(page_of(ada), as_shown(browser, page_of(ada)) | {"role": "viewer"})
    assert re.search(r'id="id_role_error">ada is the only active administrator', text_of(answer))
    answer = browser.post(page_of(ada) + "deactivate/", follow=True)
    assert "ada is the only active administrator" in text_of(answer)
    assert ada.has_role(Role.ADMIN)


def test_who_gives_up_the_own_role_is_logged_out(browser, ada):
    User.objects.create_user("eva", role=Role.ADMIN)
    browser.post(page_of(ada), as_shown(browser, page_of(ada)) | {"role": "editor"})
    assert browser.get(TEAM)["Location"].startswith("/account/log-in/")


def test_an_account_is_deactivated_and_activated_again(browser, kim):
    browser.post(page_of(kim) + "deactivate/")
    kim.refresh_from_db()
    assert not kim.is_active
    text = text_of(browser.get(page_of(kim)))
    assert "Activate the account again" in text
    assert "Deactivate the account" not in text
    browser.post(page_of(kim) + "reactivate/")
    kim.refresh_from_db()
    assert kim.is_active


def test_a_new_password_is_shown_in_the_answer(browser, kim):
    answer = browser.post(page_of(kim) + "password/")
    password = re.search(r'id="password">([\w-]+)<', text_of(answer)).group(1)
    kim.refresh_from_db()
    assert kim.check_password(password)
    assert "no-store" in answer["Cache-Control"]


def test_looking_changes_nothing(browser, kim):
    for action in ("password/", "deactivate/", "reactivate/"):
        assert browser.get(page_of(kim) + action).status_code == 405
    assert not AccountChange.objects.exists()


def test_an_account_that_is_not_there_is_not_found(browser):
    for page in ("", "password/", "deactivate/", "reactivate/"):
        assert browser.post(f"{TEAM}99999/{page}").status_code == 404


def test_the_history_says_who_did_what_in_words(browser, ada, kim):
    services.change_account(username="kim", by=ada, now=ada.date_joined, role=Role.VIEWER, department="")
    services.give_new_password(username="kim", by=None, now=ada.date_joined)
    for address in (TEAM + "history/", page_of(kim)):
        text = text_of(browser.get(address))
        for part in (
            "Role: Editor → Viewer",
            "Department: Service → \N{EN DASH}",
            "New password",
            "the system",
            "ada",
        ):
            assert part in text, (address, part)
    ada.language = "de"
    ada.save()
    assert "Rolle: Bearbeiten → Lesen" in text_of(browser.get(TEAM + "history/"))


def test_the_history_is_read_page_by_page(browser, ada, kim, monkeypatch):
    monkeypatch.setattr("wegmarke.team.queries.MOST_CHANGES", 2)
    for n in range(3):
        services.change_account(username="kim", by=ada, now=ada.date_joined, department=f"D{n}")
    services.change_account(username="ada", by=ada, now=ada.date_joined, department="Own")
    first = text_of(browser.get(TEAM + "history/?account=kim"))
    older = re.search(r'href="([^"]*page=2)"', first).group(1).replace("&amp;", "&")
    second = text_of(browser.get(older))
    assert ("D2" in first, "D0 → D1" in first, "Service → D0" in first) == (True, True, False)
    assert ("Service → D0" in second, "Own" in first + second) == (True, False)
    assert "Older" not in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "²", "9" * 30])
def test_a_page_of_the_history_that_is_not_there_is_no_error(browser, page):
    assert browser.get(TEAM + "history/", {"page": page}).status_code == 200


def test_a_name_is_shown_as_text(browser, ada):
    first = services.create_account(
        username="lee", by=ada, now=ada.date_joined, display_name="<b>Lee</b>", department='"><script>'
    )
    for address in (TEAM, TEAM + "history/", page_of(User.objects.get(username=first.username))):
        text = text_of(browser.get(address))
        assert "<b>Lee" not in text
        assert "><script>" not in text


def test_the_navigation_offers_the_team_to_administrators_only(browser, client, kim):
    assert f'href="{TEAM}"' in text_of(browser.get("/account/password/"))
    client.force_login(kim)
    text = text_of(client.get("/account/password/"))
    assert f'href="{TEAM}"' not in text
    assert 'href="/settings/import/"' in text


def test_everybody_sees_the_own_role(client, kim):
    client.force_login(kim)
    text = text_of(client.get("/account/password/"))
    assert re.search(r'class="wm-role">.*?Editor</span>', text)
    assert "<dt>Role</dt><dd>Editor" in text


def test_choosing_a_password_is_kept_in_the_history(client):
    kim = User.objects.create_user("kim", password=PASSWORD)
    client.force_login(kim)
    new = "Birke-Nebel-42-Steinbruch"
    client.post("/account/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    entry = AccountChange.objects.get()
    assert (entry.by, entry.account, entry.kind) == ("kim", "kim", "password")


def test_the_list_asks_once_however_many_there_are(browser, django_assert_max_num_queries):
    for n in range(40):
        User.objects.create_user(f"user{n}")
    with django_assert_max_num_queries(4):  # session, account, list, name of the company
        browser.get(TEAM)
