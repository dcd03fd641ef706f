"""What a browser is told about each page, and that no template needs an exception."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from support.serving import environment

# The report is one file to be sent by mail and opened from a disk: it carries its style and script inside.
REPORT = "insights/report"
ARCHIVE = "people/access/archive_head.html"
"""A file people take away, no page of the site: it holds all it needs."""
TEMPLATES = [
    path
    for path in settings.ROOT.glob("*/templates/**/*.html")
    if not any(one in path.as_posix() for one in (REPORT, ARCHIVE))
]
TAG = re.compile(
    r"\{%.*?%\}", re.DOTALL
)  # what stands inside is for the server: {% with one=… %} is no handler
INLINE = [
    re.compile(r"<style\b"),
    re.compile(r"\sstyle="),
    re.compile(r"\son[a-z]+="),
    re.compile(r"javascript:"),
    re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")"),
    re.compile(r"\bhx-on\b"),
]


@pytest.mark.django_db
def test_each_page_comes_with_the_strict_headers(client):
    headers = client.get("/account/log-in/").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("kim"))
    client.get("/account/password/")
    client.post("/account/language/", {"language": "de"})
    assert set(client.cookies) == {"sessionid", "csrftoken", "django_language"}
    for name, cookie in client.cookies.items():
        if name != "sessionid":  # the test client sets this one itself
            assert cookie["httponly"], name
            assert cookie["samesite"] == "Lax", name
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_templates_are_found():
    assert Path("ui/templates/ui/base.html") in {path.relative_to(settings.ROOT) for path in TEMPLATES}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(settings.ROOT).as_posix())
def test_no_template_holds_a_script_or_a_style(template):
    text = template.read_text(encoding="utf-8")
    assert [pattern.pattern for pattern in INLINE if pattern.search(TAG.sub("", text))] == []


@pytest.mark.django_db
def test_a_strange_host_name_is_refused(client):
    assert client.get("/health", headers={"host": "evil.example"}).status_code == 400


def test_own_style_sheets_name_no_file_but_the_fonts():
    """Hashed names are put into style sheets for what lies in the vendor folder, and for nothing else."""
    for sheet in settings.ROOT.glob("*/static/**/*.css"):
        for url in re.findall(r"url\(\s*['\"]?([^'\")]{5,10})", sheet.read_text(encoding="utf-8")):
            assert url.startswith(("data:", "../vendor/")), sheet


def test_a_font_is_named_as_it_is_served(tmp_path):
    from django.core.files.storage import FileSystemStorage

    from wegmarke.site.static import CollectedOrPlain

    (tmp_path / "room").mkdir()
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "a.ttf").write_bytes(b"letters")
    (tmp_path / "room" / "page.css").write_text(
        '@font-face { src: url("../vendor/a.ttf"); }', encoding="utf-8"
    )
    storage = CollectedOrPlain(location=str(tmp_path), base_url="/static/")
    source = FileSystemStorage(location=str(tmp_path))
    named = {n: (source, n) for n in ("room/page.css", "vendor/a.ttf")}
    assert all(not isinstance(done, Exception) for _, _, done in storage.post_process(named))
    sheet = tmp_path / storage.stored_name("room/page.css")
    font = storage.stored_name("vendor/a.ttf")
    assert font != "vendor/a.ttf"
    assert font in sheet.read_text(encoding="utf-8")


@pytest.mark.django_db
def test_a_form_without_its_token_changes_nothing_and_is_answered_kindly(django_user_model):
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "de"})
    kim = django_user_model.objects.create_user("kim", language="de")
    browser.force_login(kim)
    answer = browser.post("/account/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "Bitte senden Sie das noch einmal" in answer.content.decode()
    kim.refresh_from_db()
    assert kim.language == "de"


def test_behind_a_proxy_with_tls_cookies_never_travel_in_the_clear():
    code = "from wegmarke.site import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
    code += " s.LANGUAGE_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 10**7, s.SECURE_PROXY_SSL_HEADER is not None)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(WEGMARKE_HTTPS="1"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True"] * 5


def test_every_file_a_page_names_is_there():
    named = {
        name
        for template in TEMPLATES
        for name in re.findall(r"{%\s*static\s+['\"]([^'\"]+)['\"]", template.read_text(encoding="utf-8"))
    }
    assert "ui/wegmarke.css" in named
    assert [name for name in sorted(named) if finders.find(name) is None] == []
