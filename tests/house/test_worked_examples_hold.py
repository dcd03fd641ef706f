"""The figures worked out in the documentation come out when its examples are run."""

from __future__ import annotations

import doctest
import re

import pytest
from house_paths import REPOSITORY

BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = sorted((REPOSITORY / "docs").rglob("*.md"))


def examples_in(text: str, name: str) -> doctest.DocTest:
    """Gather the examples of one page, in order; later ones see the names of earlier ones."""
    parser = doctest.DocTestParser()
    examples = []
    for block in BLOCK.finditer(text):
        above = text[: block.start("code")].count("\n")
        for example in parser.get_examples(block["code"], name):
            example.lineno += above
            examples.append(example)
    return doctest.DocTest(examples, {}, name, name, 0, text)


def run(test: doctest.DocTest) -> str:
    """Run the examples; return what went wrong."""
    said: list[str] = []
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    doctest.DocTestRunner(optionflags=flags).run(test, out=said.append)
    return "".join(said)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_the_examples_of_a_page(page):
    assert run(examples_in(page.read_text(encoding="utf-8"), page.name)) == ""


def test_each_page_about_a_method_has_a_worked_example():
    methods = [page for page in PAGES if page.parent.name == "methods" and page.name != "README.md"]
    without = [
        page.name for page in methods if not examples_in(page.read_text(encoding="utf-8"), "").examples
    ]
    assert without == []


def test_a_wrong_figure_would_be_found():
    page = "Text.\n\n```python\n>>> share = 3 / 4\n```\n\nMore text.\n\n```python\n>>> share\n0.74\n```\n"
    found = run(examples_in(page, "page.md"))
    assert "line 10" in found
    assert "0.75" in found
