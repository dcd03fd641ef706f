"""No part of a request becomes an argument of a query: names and operators from outside change nothing.

What Django CVE-2025-64459 (`_connector`) and Chatwoot CVE-2025-21628 (`field__lookup`) were about.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import pytest

from support.imports import NOW
from support.routes import filled, routes
from wegmarke.capture.sources import services as sources
from wegmarke.record import properties
from wegmarke.team.contracts import Role
from wegmarke.team.models import User

ROOT = Path(__file__).parents[2] / "src" / "wegmarke"
PAGES = sorted(filled(route, taken, {}) for route, taken in routes() if not set(taken) - {"ending"})
LOOKUPS = (
    *("_connector", "_negated", "pk", "pk__in", "id__gt", "password__startswith", "role__in", "order_by"),
    *("source__name", "source__keys__digest__regex", "user__password", "created_by__password__contains"),
    *("content__icontains", "name__iregex", "q__icontains", "page__gte", "filter", "where", "select", "sql"),
    *("__class__", "__init__", "fields", "values", "extra", "self", "request", "now", "by", "using"),
)
VALUES = (
    *("OR 1=1", "1) OR 1=1--", "pbkdf2", "[]", "{}", "-password", "password", "\0", "\udc80", "'", '"', "%"),
    *("9" * 30, "-1", "1e9", "NaN", "nul", "../../secret", "${7*7}", "{{7*7}}", "x" * 3_000),
    *("read_csv('/etc/passwd')", "ATTACH '/etc/passwd'", "; DROP TABLE capture_source;--"),
)


def known_names() -> list[str]:
    """Return every name the code asks a request for, and some more."""
    text = "\n".join(path.read_text() for path in ROOT.rglob("*.py"))
    return sorted(set(re.findall(r'\.get(?:list)?\("([a-z_]{1,20})"', text)))


@pytest.fixture
def admin(client, db):
    sources.add_source(name="Shop", by=None, now=NOW)
    client.force_login(User.objects.create_user("lee", role=Role.ADMIN, language="en"))
    return client


def shown(answer) -> str:
    """Return what a person reads; addresses on the page carry the question on, and may."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return re.sub(r"<[^>]*>", "", content.decode("utf-8", "replace"))


def asked(client, page, question):
    return client.get(f"{page}?{urlencode(question, doseq=True, errors='surrogatepass')}")


@pytest.mark.parametrize("page", PAGES)
def test_names_that_no_page_asks_for_change_nothing_on_it(admin, page):
    before, after = admin.get(page), asked(admin, page, {name: ["1", "OR", "a"] for name in LOOKUPS})
    assert after.status_code == before.status_code
    if before.headers["Content-Type"].startswith("text/html"):
        assert shown(after) == shown(before)


@pytest.mark.parametrize("page", PAGES)
def test_no_value_breaks_a_page(admin, page):
    names = known_names()
    for value in VALUES:
        assert asked(admin, page, dict.fromkeys(names, value)).status_code < 500, value


def test_no_call_takes_its_arguments_from_a_request():
    """Forms and their `cleaned_data` name what they let through; a request does not."""
    taken = []
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                taken += [
                    f"{path.name}:{node.lineno}"
                    for keyword in node.keywords
                    if keyword.arg is None
                    and re.search(
                        r"\.(GET|POST|FILES|META|headers|body)\b|\bjson\.", ast.unparse(keyword.value)
                    )
                ]
    assert taken == []


@pytest.mark.parametrize(
    "sql",
    [
        *(
            "SELECT * FROM read_csv('{file}')",
            "SELECT * FROM read_parquet('{file}')",
            "SELECT * FROM '{file}'",
        ),
        *(
            "SELECT * FROM read_text('{file}')",
            "ATTACH '{file}' AS stolen",
            "COPY (SELECT 1) TO '{file}.out'",
        ),
        *(
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET enable_external_access = true",
            "SELECT * FROM glob('/etc/*')",
        ),
    ],
)
def test_the_engine_that_takes_properties_apart_reaches_no_file_and_no_network(tmp_path, sql):
    file = tmp_path / "secret.csv"
    file.write_text("a,b\n1,2\n")
    with properties._database(0).cursor() as connection, pytest.raises(duckdb.Error):
        connection.execute(sql.format(file=file)).fetchall()
    assert not file.with_suffix(".csv.out").exists()
