"""Make the demo company in an installation: its plan, its people, its two years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from django.utils import timezone

from wegmarke.demo.export import SEED, plan_text
from wegmarke.demo.generate import generate
from wegmarke.people.accounts import queries as accounts
from wegmarke.people.accounts import services as learning
from wegmarke.people.accounts.contracts import SeenGroup
from wegmarke.plan import documents
from wegmarke.plan import services as planning
from wegmarke.record import services as recording

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from wegmarke.plan.contracts import PlanVersion

SOURCE = "demo"
ACCOUNT = ("Konto", "Firma")
"""The traits that say which company somebody is a contact of: its id, its name."""


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """What was made: the version of the plan, how many events and attributes, and the last day."""

    plan: PlanVersion
    events: int
    traits: int
    ends_on: date


def create_demo_company(
    *,
    seed: int = SEED,
    ends_on: date | None = None,
    customers: int = 20_000,
    progress: Callable[[float], None] | None = None,
    now: datetime | None = None,
) -> DemoCompany:
    """Make the demo company, the two years ending with `ends_on` (left out: yesterday).

    Everything goes in through the doors real data come through; the worker then builds the journeys. Called
    again with the same seed and day it adds nothing. `progress` is told the share that is done, 0 to 1.
    """
    tell = progress or _nothing
    moment = now or timezone.now()
    last_day = ends_on or (timezone.localdate(moment) - timedelta(days=1))
    tell(0.0)
    made = generate(seed=seed, ends_on=last_day, customers=customers)
    tell(0.5)
    plan = planning.save(documents.load(plan_text()), by=None, now=moment)
    recording.append(
        events=made.events,
        traits=made.traits,
        source=SOURCE,
        batch_key=f"demo-{seed}-{customers}-{last_day.isoformat()}",
        now=moment,
    )
    _introduce(made.traits, now=moment)
    tell(1.0)
    return DemoCompany(plan, made.events.num_rows, made.traits.num_rows, last_day)


def _introduce(traits: pa.Table, *, now: datetime) -> None:
    """Say which customers are contacts of which company, as group messages would; once."""
    said: dict[str, dict[str, str]] = {}
    for row in traits.filter(
        pc.is_in(traits.column("name").cast(pa.string()), pa.array(ACCOUNT))
    ).to_pylist():
        said.setdefault(row["person"], {})[row["name"]] = row["value"]
    known = set(accounts.identifiers())
    account, company = ACCOUNT
    learning.learn(
        (
            SeenGroup(person, of[account], 0, SOURCE, {"name": of[company]})
            for person, of in said.items()
            if person not in known
        ),
        now=now,
    )


def _nothing(_share: float) -> None:
    """Tell nobody."""
