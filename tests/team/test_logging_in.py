"""Log in, log out, and what keeps strangers out."""

from __future__ import annotations

import pytest
from django.utils import timezone

from wegmarke.team import services
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "Kiesel-Moos-17-Wacholder"
LOG_IN = "/account/log-in/"


@pytest.fixture
def kim():
    return User.objects.create_user("kim", password=PASSWORD)


def enter(client, name="kim", password=PASSWORD, **more):
    return client.post(LOG_IN, {"username": name, "password": password, **more})


def test_the_right_password_leads_to_the_page_asked_for(client, kim):
    assert enter(client, next="/account/password/").url == "/account/password/"
    assert client.get("/account/password/").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_leads_nowhere_else(client, kim, elsewhere):
    assert enter(client, next=elsewhere).url == "/"
    answer = client.post("/account/language/", {"language": "de", "next": elsewhere})
    assert answer.url == "/"


def test_an_unknown_name_is_answered_like_a_wrong_password(client, kim):
    known = list(enter(client, password="wrong").context["form"].non_field_errors())
    unknown = list(enter(client, name="nobody").context["form"].non_field_errors())
    assert len(known) == 1
    assert known == unknown


def test_after_five_wrong_passwords_even_the_right_one_waits(client, kim):
    answers = [enter(client, password=f"wrong {n}").status_code for n in range(5)]
    assert answers == [200] * 4 + [429]
    shut = enter(client)
    assert shut.status_code == 429
    assert "15" in shut.content.decode()
    assert client.get("/account/password/").status_code == 302


def test_a_colleague_elsewhere_is_not_locked_out_by_it(client, kim):
    for n in range(6):
        enter(client, password=f"wrong {n}")
    answer = client.post(LOG_IN, {"username": "kim", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 302


def test_behind_a_proxy_the_address_it_writes_last_is_the_one_that_counts(client, kim, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for n in range(6):
        sent = {"username": "kim", "password": f"wrong {n}"}
        client.post(LOG_IN, sent, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}, 192.0.2.1")
    right = {"username": "kim", "password": PASSWORD}
    assert client.post(LOG_IN, right, HTTP_X_FORWARDED_FOR="192.0.2.7, 192.0.2.1").status_code == 429
    assert client.post(LOG_IN, right, HTTP_X_FORWARDED_FOR="192.0.2.1, 192.0.2.7").status_code == 302


def test_without_a_proxy_nobody_is_believed_about_their_address(client, kim):
    for n in range(6):
        sent = {"username": "kim", "password": f"wrong {n}"}
        client.post(LOG_IN, sent, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")
    right = {"username": "kim", "password": PASSWORD}
    assert client.post(LOG_IN, right, HTTP_X_FORWARDED_FOR="10.0.0.99").status_code == 429


def test_the_lock_speaks_german_to_germans(client, kim):
    for n in range(5):
        shut = client.post(
            LOG_IN, {"username": "kim", "password": f"wrong {n}"}, headers={"accept-language": "de-DE"}
        )
    assert "Minuten" in shut.content.decode()


def test_logging_out_needs_a_post(client, kim):
    client.force_login(kim)
    assert client.get("/account/log-out/").status_code == 405
    assert client.get("/account/password/").status_code == 200
    assert client.post("/account/log-out/").status_code == 302
    assert client.get("/account/password/").status_code == 302


def test_a_new_password_ends_every_other_session(client, kim):
    from django.test import Client

    elsewhere = Client()
    for browser in (client, elsewhere):
        enter(browser)
    new = "Birke-Nebel-42-Steinbruch"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/account/password/", form).status_code == 302
    assert client.get("/account/password/").status_code == 200
    assert elsewhere.get("/account/password/").status_code == 302


@pytest.mark.parametrize("weak", ["kurz-1", "password1234", "kimkimkimkim"])
def test_a_weak_password_is_refused(client, weak):
    user = User.objects.create_user("kimkimkim", password=PASSWORD)
    client.force_login(user)
    form = {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    assert client.post("/account/password/", form).status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_the_first_account_is_made_once_and_its_password_works(client):
    first = services.ensure_first_account(timezone.now())
    assert enter(client, first.username, first.password).status_code == 302
    assert services.ensure_first_account(timezone.now()) is None
    assert User.objects.count() == 1


def test_generated_passwords_are_long_random_and_easy_to_type():
    many = {services.generated_password() for _ in range(500)}
    assert len(many) == 500
    for password in many:
        groups = password.split("-")
        assert [len(group) for group in groups] == [5, 5, 5, 5]
        assert not set("".join(groups)) & set("0O1lI8B")


def test_a_password_set_anew_ends_the_sessions_of_the_old_one(client, kim):
    enter(client)
    fresh = services.give_new_password(username="kim", by=None, now=timezone.now())
    assert client.get("/account/password/").status_code == 302
    assert enter(client, "kim", fresh.password).status_code == 302


def test_passwords_are_kept_by_a_memory_hard_function(kim):
    assert kim.password.startswith("scrypt$")
