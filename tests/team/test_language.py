"""Which language somebody reads, and where it is remembered."""

from __future__ import annotations

import pytest
from django.test import Client

from wegmarke.team.models import User

pytestmark = pytest.mark.django_db


def language_of(answer) -> str:
    return answer.content.decode().partition('<html lang="')[2][:2]


@pytest.mark.parametrize(
    ("browser", "expected"), [("de-AT,en;q=0.5", "de"), ("en-GB,de;q=0.5", "en"), ("fr,es", "en"), ("", "en")]
)
def test_a_stranger_is_spoken_to_as_the_browser_asks(client, browser, expected):
    answer = client.get("/account/log-in/", headers={"accept-language": browser})
    assert language_of(answer) == expected


def test_a_choice_on_the_log_in_page_goes_before_the_browser(client):
    back = client.post("/account/language/", {"language": "de", "next": "/account/log-in/?next=/x"})
    assert back.url == "/account/log-in/?next=/x"
    answer = client.get("/account/log-in/", headers={"accept-language": "en"})
    assert language_of(answer) == "de"
    assert "Anmelden" in answer.content.decode()


def test_a_choice_when_logged_in_is_remembered_with_the_account(client):
    kim = User.objects.create_user("kim")
    client.force_login(kim)
    client.post("/account/language/", {"language": "de"})
    other_browser = Client(headers={"accept-language": "en"})
    other_browser.force_login(kim)
    assert language_of(other_browser.get("/account/password/")) == "de"


def test_the_account_goes_before_the_cookie_of_a_shared_browser(client):
    client.cookies["django_language"] = "en"
    client.force_login(User.objects.create_user("kim", language="de"))
    answer = client.get("/account/password/")
    assert language_of(answer) == "de"
    assert answer.headers["Content-Language"] == "de"


@pytest.mark.parametrize("strange", ["", "fr", "../de", "de\r\nX: y"])
def test_a_language_there_is_not_is_refused(client, strange):
    assert client.post("/account/language/", {"language": strange}).status_code == 400


def test_the_language_is_switched_by_post_only(client):
    assert client.get("/account/language/?language=de").status_code == 405
