"""Server time of the journey map: page, print and files with 60 and with 500 touchpoints, all of them met.

The page has to be there within 300 ms with 500 touchpoints; the files may take longer. Run with the
interpreter of `.venv`; everything happens in a folder that is thrown away.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Plan

RUNS = 7
ADDRESSES = (
    "/map/",
    "/map/?view=planned",
    "/map/?view=lived",
    "/map/print/",
    "/map/file.pdf",
    "/map/file.png",
)
SETTINGS = {"DJANGO_SETTINGS_MODULE": "wegmarke.site.settings", "WEGMARKE_HOSTS": "testserver"}


def plan_of(count: int) -> Plan:
    """Return a plan of six phases with long German names."""
    from wegmarke.plan.contracts import Phase, Plan, Text, Touchpoint, one_journey
    from wegmarke.record.contracts import BindingRule

    phases = [Phase(f"p{k}", Text(f"Phase {k}", f"Phase {k}"), Text("Ein Ziel", "A goal")) for k in range(6)]
    touchpoints = tuple(
        Touchpoint(
            f"t{k}", Text(f"Erinnerungsschreiben an Kundschaft Nummer {k}", f"Reminder {k}"), (f"p{k % 6}",),
            channel=("mail", "phone", "web", "store")[k % 4], department="Kundenservice",
            rules=(BindingRule(f"E{k}"),),
        )
        for k in range(count)
    )  # fmt: skip
    return Plan(Text("Firma", "Company"), one_journey(*phases), touchpoints)


def analysis_of(plan: Plan) -> Analysis:
    """Return figures for every touchpoint and two hundred moves from each."""
    from wegmarke.analysis.insight import (
        Estimate,
        ExperienceInsight,
        PathsInsight,
        PhaseExperience,
        TouchpointExperience,
        Transition,
        TrendInsight,
    )
    from wegmarke.analysis.outcomes import Period
    from wegmarke.insights.contracts import Analysis

    dice = random.Random(7)  # noqa: S311 - figures of a benchmark
    keys = [touchpoint.key for touchpoint in plan.touchpoints]
    lived = tuple(
        TouchpointExperience(
            t.key, t.phases[0], 9000, dice.randint(100, 9000), 10, 20, 30, Estimate(0.1, 0.0, 0.2, 60),
            Estimate(0.05, 0.04, 0.06, 900),
        )
        for t in plan.touchpoints
    )  # fmt: skip
    phases = tuple(
        PhaseExperience(p.key, 9000, 4000, Estimate(0.1, 0.05, 0.15, 900), Estimate(0.05, 0.04, 0.06, 900))
        for p in plan.phases
    )
    moves = tuple(
        Transition(a, b, dice.randint(1, 500)) for a in keys for b in dice.sample(keys, min(200, len(keys)))
    )
    return Analysis(
        plan, Period(1_700_000_000, 1_730_000_000), 20_000, 250_000, 0, None, None,
        ExperienceInsight(lived, phases, 20_000, 250_000), PathsInsight(20_000, 250_000, moves, 0, (), ()),
        TrendInsight((), last_complete=True),
    )  # fmt: skip


def prepare(count: int) -> Any:  # noqa: ANN401 - Django's test client
    """Save plan and figures; return a client that is logged in."""
    from django.test import Client

    from wegmarke.insights import queries, storing
    from wegmarke.insights.models import Refresh, StoredInsight
    from wegmarke.plan import services
    from wegmarke.team.models import User

    now = datetime.now(UTC)
    plan = plan_of(count)
    version = services.save(plan, by=None, now=now)
    run = Refresh.objects.create(
        shape=storing.shape(),
        log_change=count,
        plan_version=version.basis,
        noticed_at=now,
        due_at=now,
        done_at=now,
    )
    StoredInsight.objects.bulk_create(
        StoredInsight(refresh=run, kind=k, key=key, parameters=parameters, payload=payload, computed_at=now)
        for k, key, parameters, payload in storing.rows_of(analysis_of(plan))
    )
    queries.forget()
    client = Client()
    client.force_login(User.objects.create_user(f"reader{count}", role="editor", language="de"))
    return client


def main() -> None:
    """Print the median of seven runs for each address."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {**SETTINGS, "WEGMARKE_DATA": folder}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        for count in (60, 500):
            client = prepare(count)
            for address in ADDRESSES:
                times = []
                for _ in range(RUNS):
                    begun = time.perf_counter()
                    answer = client.get(address)
                    times.append(time.perf_counter() - begun)
                if answer.status_code != 200:
                    message = f"{address}: {answer.status_code}"
                    raise SystemExit(message)
                median, size = statistics.median(times) * 1000, len(answer.content) / 1024
                print(f"{count:4} touchpoints  {address:20} {median:7.0f} ms {size:7.0f} KiB")


if __name__ == "__main__":
    main()
