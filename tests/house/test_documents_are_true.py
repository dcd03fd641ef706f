"""Links lead somewhere, the changelog knows the version, decisions and methods are all listed."""

from __future__ import annotations

import re
import tomllib

import pytest
from house_paths import REPOSITORY

import wegmarke

PAGES = [*sorted(REPOSITORY.glob("*.md")), *sorted((REPOSITORY / "docs").rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_links_lead_to_files(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [match["target"].split("#")[0] for match in LINK.finditer(text)]
    inside = [target for target in targets if target and "://" not in target]
    assert [target for target in inside if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("folder", ["decisions", "methods", "guide"])
def test_every_page_is_listed(folder):
    index = REPOSITORY / "docs" / ("README.md" if folder == "guide" else f"{folder}/README.md")
    listed = {
        (index.parent / match["target"].split("#")[0]).resolve() for match in LINK.finditer(index.read_text())
    }
    pages = {
        page.resolve() for page in (REPOSITORY / "docs" / folder).glob("*.md") if page.name != "README.md"
    }
    assert pages - listed == set()


def test_the_changelog_knows_this_version():
    text = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(\d[^\]]*)\] - \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert versions[0] == wegmarke.__version__
    assert "## [Unreleased]" in text


def test_the_licence_is_apache_2():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    text = (REPOSITORY / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_both_readmes_say_the_same_in_the_same_order():
    english, german = (
        (REPOSITORY / name).read_text(encoding="utf-8") for name in ("README.md", "README.de.md")
    )
    for pattern in (r"^(#+) ", r"^(```\w*)$", r"!\[[^\]]*\]\(([^)]+)\)"):
        assert len(re.findall(pattern, english, re.MULTILINE)) == len(
            re.findall(pattern, german, re.MULTILINE)
        )
