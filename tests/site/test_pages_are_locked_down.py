"""What a browser is told about each page, and that no template needs an exception."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

# The report is one file to be sent by mail and opened from a disk: it carries its style and script inside.
REPORT = "insights/report"
TEMPLATES = [path for path in settings.ROOT.glob("*/templates/**/*.html") if REPORT not in path.as_posix()]
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
    assert [pattern.pattern for pattern in INLINE if pattern.search(text)] == []


@pytest.mark.django_db
def test_a_strange_host_name_is_refused(client):
    assert client.get("/health", headers={"host": "evil.example"}).status_code == 400


def test_no_own_style_sheet_names_another_file():
    """Hashed names are not put into style sheets, so they must not need it."""
    for sheet in settings.ROOT.glob("*/static/**/*.css"):
        for url in re.findall(r"url\(\s*['\"]?(.{5})", sheet.read_text(encoding="utf-8")):
            assert url == "data:", sheet
