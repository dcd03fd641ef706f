"""Fixtures of all rooms: a data folder of one's own, a real database file, a real browser.

`browser_page` is a Chromium page on the running site, `signed_in_page` the same for somebody logged in. Both
follow the fixture `look` (language, theme, width), so one line tests a page in all of them:

    @pytest.mark.parametrize("look", EVERY_LOOK, ids=str)

and both fail their test when the browser's console showed an error.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

import pytest
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from support.looks import ARGUMENTS, CHROMIUM, PASSWORD, Look
from support.shared_data import shared_data, skip_without_data

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

__all__ = ["shared_data"]

# Playwright keeps an event loop in this thread, which Django would take for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# How long one example takes says more about the machine than about the code.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what cannot run here."""
    skip_without_data(items)


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Start each test in English: a page asked for in German leaves its thread speaking German."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def data_dir(tmp_path_factory, settings) -> Path:
    """Return this test's own data folder; no test writes into the working folder."""
    folder = tmp_path_factory.mktemp("data")
    settings.DATA_DIR = folder
    return folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory) -> None:
    """Use a file as in production: the threads of the live server then have their own connections."""
    from django.db import connections

    if connections["default"].vendor != "sqlite":
        return
    test = connections["default"].settings_dict["TEST"]
    test["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup) -> None:
    """Spare what nothing here uses: Django's permissions after every emptying of the database, slow hashes.

    Roles settle who may do what. Passwords are hashed as they should be, with fewer rounds.
    """
    from django.contrib.auth.hashers import ScryptPasswordHasher
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db.models.signals import post_migrate

    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
    ScryptPasswordHasher.work_factor = 2**4


@pytest.fixture
def look() -> Look:
    """Return the look of browser tests that are not about looks."""
    return Look()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one browser for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def console_problems() -> list[str]:
    """Collect what the browser's console complains about; clear it where a complaint is expected."""
    return []


@pytest.fixture
def browser_page(chromium, live_server, look, console_problems) -> Iterator[Page]:
    """Open a page in the wanted look; addresses are relative to the running site."""
    context = chromium.new_context(
        base_url=live_server.url,
        locale={"de": "de-DE", "en": "en-GB"}[look.language],
        color_scheme=look.theme,
        viewport={"width": look.width, "height": look.height},
        has_touch=look.width < 600,
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.on("console", lambda m: console_problems.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: console_problems.append(str(error)))
    yield page
    context.close()
    assert console_problems == []


@pytest.fixture
def colleague(transactional_db):
    """Return an account that can log in with PASSWORD."""
    from wegmarke.team.models import User

    user = User.objects.create_user("kim", role="admin")
    user.password = _hashed()
    user.save()
    return user


@cache
def _hashed() -> str:
    """Return the password as it is kept; it is slow to make, as it should be."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


@pytest.fixture
def session_cookie(colleague, live_server):
    """Return what a browser holds in which `colleague` has logged in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(colleague)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": live_server.url}


@pytest.fixture
def signed_in_page(browser_page, session_cookie) -> Page:
    """Return an empty page of somebody who has logged in; how that is done is for the tests of the team."""
    browser_page.context.add_cookies([session_cookie])
    return browser_page
