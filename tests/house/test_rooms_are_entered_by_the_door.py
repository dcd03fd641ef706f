"""From outside a room only its contracts, queries, services and public modules are imported.

`analysis`, `due`, `sealing` and `ui` are tool boxes without a door: all of their modules are for others.
`site` joins the parts and may reach everywhere.
"""

from __future__ import annotations

import ast

import pytest
from house_paths import REPOSITORY

PACKAGE = REPOSITORY / "src" / "wegmarke"
DOORS = {"contracts", "queries", "services"}
OPEN = {"analysis", "due", "sealing", "ui"}
JOINS = {"site"}
PUBLIC = {
    "team": {"models", "access"},  # foreign keys and types name the account; views ask who is there
    "record": {
        *("laying", "running"),  # journeys in memory, for the command line
        "found",  # values of looking persons up
    },
    "plan": {
        *("rules", "documents", "findings"),  # a plan without a database, for the command line
        *("rights", "parts"),  # who may change what; a plan in comparable parts
        "evidence",  # a room within the room, with a door of its own
        *("examples", "schema"),  # plans to start from; the format for editors
        *("naming", "likeness"),  # keys for new names; names that mean the same
    },
    "people": {
        "identifiers",  # how the log writes who somebody is
        "showing",  # how pages write it
        "erasure",  # a room within the room, with a door of its own
        *("access", "processing"),  # rooms within the room, with doors of their own
        "consent",  # a room within the room, with a door of its own
        "accounts",  # a room within the room, with a door of its own
    },
    "capture": {"files", "uploading"},  # reading files, for the command line
    "insights": {
        *("analysing", "report"),  # an analysis and its report without a database, for the command line
        *("figures", "names", "tables", "moment_tables", "path_tables"),  # the same tables in a terminal
        *("wording", "words"),  # the same sentences in a terminal
        *("links", "showing", "exporting", "charting"),  # the same tables and charts on pages of the plan
    },
    "atlas": {
        "changes",  # what differs between two plans, in words, for the command line
        "links",  # every name of a touchpoint leads to its card
    },
}
"""Modules besides contracts, queries and services that a room documents as public, and what for."""


def imports_of(text: str) -> set[tuple[str, str]]:
    """Return (room, module) for everything imported from a room of the house."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for parts in (name.split(".") for name in names):
            if parts[0] == "wegmarke" and len(parts) > 2:
                found.add((parts[1], parts[2]))
    return found


def trespasses(room: str, text: str) -> list[str]:
    """Return the modules of other rooms that are imported past the door."""
    return sorted(
        f"wegmarke.{other}.{module}"
        for other, module in imports_of(text)
        if room not in JOINS and other not in {room, *OPEN} and module not in DOORS | PUBLIC.get(other, set())
    )


ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_enters_others_by_the_door(room):
    found = {}
    for path in sorted((PACKAGE / room).rglob("*.py")):
        if wrong := trespasses(room, path.read_text(encoding="utf-8")):
            found[path.relative_to(PACKAGE).as_posix()] = wrong
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "from wegmarke.plan.models import Version",
        "from wegmarke.plan import models",
        "import wegmarke.plan.reading",
        "def f():\n    from wegmarke.plan.reading import read",
    ],
)
def test_an_import_past_the_door_would_be_found(text):
    assert trespasses("insights", text) in (["wegmarke.plan.models"], ["wegmarke.plan.reading"])
    assert trespasses("plan", text) == []
    assert trespasses("site", text) == []
