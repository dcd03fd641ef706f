"""The report is one file: complete, in one language, loading nothing, and no name in it can run."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.insights import HOSTILE, analysis, hostile_analysis
from wegmarke.insights import report

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = re.compile(r"\b(the|and|with|of|to|persons|touches|leaving|whoever|more|points|share|after)\b")


def without_scripts(text: str) -> str:
    return re.sub(r"<(script|style)\b[^>]*>.*?</\1>", " ", text, flags=re.DOTALL)


def visible(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", without_scripts(text))))


@pytest.fixture(scope="module")
def english() -> str:
    return report.render(analysis(), language="en")


@pytest.fixture(scope="module")
def german() -> str:
    return report.render(analysis(), language="de")


def test_all_findings_charts_and_tables_are_in_it(english):
    page = visible(english)
    for part in (
        "Example Ltd: Moments that matter",
        "Whoever has a bad experience at “Payment” leaves 8 to 13 percentage points more often",
        "Whoever is met by “Offer mail”",
        "Whoever has a good experience at “Tasting”",
        "“Newsletter” annoys but does no harm",
        "at least 4.3 times as likely",
        "known for less than 180 days · nothing bad so far",
        "To the purchase",
        "Last action before leaving",
        "Most frequent journeys",
        "What this does not say",
        "96 groups by",
    ):
        assert part in page, part
    kinds = re.findall(r'<figure class="wm-chart" data-kind="([a-z]+)"', english)
    assert set(kinds) == {"intervals", "pareto", "line", "curve", "funnel", "bars", "sankey"}
    names = re.findall(r'id="(chart-[^"]+-data)"', english)
    assert len(names) == len(set(names)) == len(kinds)


def test_the_german_one_is_german_throughout(german):
    assert '<html lang="de">' in german
    assert "Wer am Touchpoint „Bezahlen“ etwas Schlechtes erlebt" in visible(german)
    assert ENGLISH.findall(visible(german).casefold()) == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_nothing_in_it_points_outside(language):
    text = without_scripts(report.render(analysis(), language=language))
    addresses = re.findall(r'(?:href|src|action|poster|srcset|data)="([^"]*)"', text)
    assert addresses
    assert all(address.startswith("#") for address in addresses)
    assert not re.findall(r"url\(|@import|<link|<iframe|<object|<base|http-equiv=\"refresh\"", text)
    policy = html.unescape(
        re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text).group(1)
    )
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline'" not in policy.split("style-src")[0]


def test_a_name_cannot_end_its_element_or_become_one():
    text = report.render(hostile_analysis(), language="en")
    ours = report._scripts()
    for script in ours:
        assert text.count(script) == 1
        text = text.replace(script, "")
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", text, flags=re.DOTALL)
    assert [body for attributes, body in scripts if "application/json" not in attributes] == [""] * len(ours)
    for attributes, body in scripts:
        if "application/json" in attributes:
            json.loads(body)
            assert not re.search("[<>&]", body)
    assert "<img" not in text
    assert "<!--" not in text
    assert html.escape(HOSTILE[0]) in text


def test_a_script_that_holds_the_end_of_a_script_is_written_otherwise():
    assert (
        report._inlined('a = "</script><!--"; b = "</SCRIPT>"')
        == 'a = "<\\/script><\\!--"; b = "<\\/SCRIPT>"'
    )


def test_without_the_drawing_library_the_tables_remain_with_a_note(monkeypatch, tmp_path):
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui/charts.css").write_text("")
    monkeypatch.setattr(report, "STATIC", tmp_path)
    text = report.render(analysis(), language="en")
    assert "This report holds tables only" in visible(text)
    assert "<figure" not in text
    assert "<script" not in text
    assert "script-src 'none'" in html.unescape(text)
    assert "Most frequent journeys" in text


def test_what_was_not_asked_leaves_no_hole():
    page = visible(report.render(analysis(moments=None, last_actions=None, funnels={}), language="en"))
    assert "does not say what leaving or moving on means" in page
    assert "Nothing can be judged yet" in page


def test_it_needs_no_site_and_no_database(tmp_path):
    code = (
        "from support.insights import analysis; from wegmarke.insights.report import render; import sys;"
        "sys.stdout.reconfigure(encoding='utf-8'); sys.stdout.write(render(analysis(), language='de'))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "PATH": ""},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert "Wer am Touchpoint „Bezahlen“" in html.unescape(done.stdout.decode())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.browser
@pytest.mark.parametrize(("language", "theme", "width"), [("de", "light", 1440), ("en", "dark", 390)])
def test_a_browser_draws_it_from_a_file_and_asks_nobody(chromium, tmp_path, language, theme, width):
    from support.axe import violations

    file = tmp_path / "report.html"
    file.write_text(report.render(hostile_analysis(), language=language), encoding="utf-8")
    page = chromium.new_page(color_scheme=theme, viewport={"width": width, "height": 900})
    asked, said, opened = [], [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: opened.append(dialog.message))
    page.goto(file.as_uri())
    page.locator(".wm-chart-stage svg").first.wait_for()
    assert page.locator(".wm-chart-stage svg").count() == page.locator("figure.wm-chart").count()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [file.as_uri()]
    assert (said, opened) == ([], [])
    # axe runs through the debugger in the page, the policy of the report notwithstanding
    assert violations(page) == []
    page.close()
