"""How long it takes to look up one person in a large log.

    python benchmarks/lookup.py [--events 5000000]

Writes a log of five million events of 200,000 persons in a hundred batches, one person having 10,000 of them,
merges its files as the worker does, and prints milliseconds (median of seven, after one that warms up) for:
all events of that person with what the plan makes of them, the newest 50 of somebody with about 25, the
traits of one person, a name looked for in all traits, those seen last, and whole pages as the server makes
them. The exit code is 1 where the 10,000 events or a page takes longer than the target of 300 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TARGET_MS = 300
PERSONS = 200_000
OFTEN = 10_000
BATCHES = 100
NAMES = 40


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=5_000_000)
    options = parser.parse_args()
    data = Path(tempfile.mkdtemp(prefix="lookup-"))
    set_up(data)
    try:
        write(np.random.default_rng(1), options.events)
        figures = measured()
    finally:
        shutil.rmtree(data)
    print(json.dumps(figures, indent=2))
    late = [name for name, taken in figures.items() if "name" not in name and taken > TARGET_MS]
    return int(bool(late))


def set_up(data: Path) -> None:
    """Make a data folder with an empty database."""
    os.environ["WEGMARKE_DATA"] = str(data)
    os.environ["WEGMARKE_SECRET_KEY"] = "for this benchmark"  # noqa: S105 - protects nothing
    os.environ["DJANGO_SETTINGS_MODULE"] = "wegmarke.site.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def write(random: np.random.Generator, events: int) -> None:
    """Fill the log as time goes by, and merge its files."""
    from wegmarke.record import services, steps

    size = events // BATCHES
    persons = pa.array([f"customer-{at:06d}" for at in range(PERSONS)])
    for at in range(BATCHES):
        whose = random.integers(1, PERSONS, size)
        whose[: OFTEN // BATCHES] = 0
        new = persons.slice(at * PERSONS // BATCHES, PERSONS // BATCHES)
        services.append(
            events=_events(persons.take(pa.array(whose)), at, random),
            traits=_traits(new),
            source="benchmark",
            batch_key=f"{at}",
        )
    while steps.compact_one(NOW):
        pass


def _events(persons: pa.Array, at: int, random: np.random.Generator) -> pa.Table:
    n = len(persons)
    properties = [f'{{"path":"/product/{k % 9973}","order":"{at}-{k}"}}' for k in range(n)]
    times = 1_700_000_000_000_000 + at * 86_400_000_000 + np.sort(random.integers(0, 86_400_000_000, n))
    return pa.table(
        {
            "person": persons,
            "time": pa.array(times, pa.timestamp("us", tz="UTC")),
            "name": pa.array([f"event {name}" for name in random.integers(0, NAMES, n)]),
            "rating": pa.nulls(n, pa.float32()),
            "scale": pa.nulls(n, pa.string()),
            "value": pa.nulls(n, pa.float32()),
            "properties": pa.array(properties),
        }
    )


def _traits(persons: pa.Array) -> pa.Table:
    rows = [
        (person, name, f"{name} of {person}")
        for person in persons.to_pylist()
        for name in ("email", "name", "city", "plan", "segment")
    ]
    return pa.table(dict(zip(("person", "name", "value"), map(list, zip(*rows, strict=True)), strict=True)))


def measured() -> dict[str, float]:
    """Return the figures by name."""
    from wegmarke.record import queries
    from wegmarke.record.contracts import BindingRule, Bindings, Condition, Operator, TouchpointBinding

    rule = (Condition("path", Operator.LIKE, "/product/1*"),)
    bindings = Bindings(
        tuple(TouchpointBinding(f"t{at}", (BindingRule(f"event {at}", rule),)) for at in range(NAMES // 2))
    )
    often, seldom = "customer-000000", "customer-000123"
    questions: dict[str, Callable[[], object]] = {
        "10,000 events of one person, bound (ms)": lambda: queries.events_of([often], bindings, limit=20_000),
        "newest 50 of one person (ms)": lambda: queries.events_of([seldom], bindings, limit=50),
        "traits of one person (ms)": lambda: queries.traits_of([seldom]),
        "name in all traits (ms)": lambda: queries.persons_with(
            ["name", "email"], "email of customer-1999", limit=20
        ),
        "seen last (ms)": lambda: queries.last_seen(limit=20),
        **pages(often),
    }
    return {name: _milliseconds(ask) for name, ask in questions.items()}


def pages(often: str) -> dict[str, Callable[[], object]]:
    """Return the pages of somebody with 10,000 events, for an editor, once journeys are built."""
    from django.test import Client

    from wegmarke.plan.rules import FIRST, bindings_of
    from wegmarke.record import services
    from wegmarke.team.contracts import Role
    from wegmarke.team.models import User

    services.build_journeys(bindings_of(FIRST), plan_version="", now=NOW)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.create_user("editor", role=Role.EDITOR))
    asked = {
        "page of a person (ms)": f"/people/person/?id={often}",
        "page of a person, one touchpoint (ms)": f"/people/person/?id={often}&touchpoint=event+7",
        "page of a person, a word nobody said (ms)": f"/people/person/?id={often}&q=nobody",
    }
    return {name: partial(_page, browser, address) for name, address in asked.items()}


def _page(browser: Client, address: str) -> None:
    answer = browser.get(address)
    if answer.status_code != HTTPStatus.OK:
        msg = f"{address} answered {answer.status_code}"
        raise RuntimeError(msg)


def _milliseconds(ask: Callable[[], object]) -> float:
    ask()
    taken = []
    for _ in range(7):
        began = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - began))
    return round(statistics.median(taken), 1)


if __name__ == "__main__":
    sys.exit(main())
