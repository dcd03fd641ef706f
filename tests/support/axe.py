"""Accessibility of a page as axe-core sees it (it finds a little over half of what is wrong)."""

from __future__ import annotations

import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from support.looks import Look

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Return one line per violated rule and element, empty when there is none.

    Evaluated through the debugger, so that the page's content security policy stays as strict as it is.
    """
    page.evaluate(_source())
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def look_at(page: Page, look: Look, name: str) -> None:
    """Check that axe finds nothing and the page fits; WEGMARKE_PICTURES names a folder for pictures."""
    page.evaluate("window.scrollTo(0, 0)")  # the bar at the top of a small screen would lie over the page
    pictures = os.environ.get("WEGMARKE_PICTURES")
    if pictures:
        Path(pictures).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{pictures}/{name}-{look}.png", full_page=True)
    assert violations(page) == []
    width, room = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert width <= min(room, look.width)
