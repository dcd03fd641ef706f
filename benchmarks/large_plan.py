"""A folder with a large plan: touchpoints with figures, goals, promises, evidence, many versions."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Plan

ROOT = Path(__file__).resolve().parents[1]
USER = "kim"
PASSWORD = "Kiesel-Moos-17-Wacholder"  # noqa: S105 - it protects nothing
PHASES = ("purchase", "use", *(f"phase{n}" for n in range(6)))
CHANNELS, DEPARTMENTS = ("web", "mail", "phone", "store", "app"), ("Marketing", "Service", "Vertrieb")
PROMISES, GOALS, VERSIONS, CANDIDATES, PIECES = 3, 8, 40, 60, 200
MOVES = 200
"""From each touchpoint to so many others somebody went on."""


def fill(count: int) -> None:
    """Store a plan of so many touchpoints with its figures, and somebody to read it."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    sys.path.insert(0, str(ROOT / "tests"))
    from support.stored import store_analysis
    from wegmarke.team.models import User

    plan = plan_of(count)
    store_analysis(_analysis_of(plan))
    reader = User.objects.create_user(USER, password=PASSWORD, role="editor", language="de")
    _keep_versions(plan, reader)
    _keep_evidence(plan)
    _keep_candidates()


def plan_of(count: int) -> Plan:
    """Return a plan of eight phases; no field of a touchpoint is empty everywhere."""
    from wegmarke.analysis.journeys import StartedBy
    from wegmarke.plan.contracts import Leaving, Phase, Plan, Promise, Text, one_journey

    phases = (Phase(key, Text(f"Phase {key}", f"Phase {key}"), Text("Ein Ziel", "A goal")) for key in PHASES)
    started = (StartedBy.COMPANY, StartedBy.CUSTOMER)
    return Plan(
        Text("Firma", "Company"),
        one_journey(*phases),
        tuple(replace(_touchpoint(n), started_by=started[n % 2]) for n in range(count)),
        leaving=Leaving(quiet_days=60),
        attributes=("Segment", "Region"),
        goals=tuple(_goal(n) for n in range(GOALS)),
        promises=tuple(Promise(f"promise{n}", Text(f"Wort {n}", f"Word {n}")) for n in range(PROMISES)),
    )


def _touchpoint(n: int) -> Any:  # noqa: ANN401 - a touchpoint; its module needs Django set up
    from wegmarke.plan.contracts import Measure, Metric, Nature, Status, Text, Touchpoint
    from wegmarke.record.contracts import BindingRule

    return Touchpoint(
        key=f"touchpoint_{n}",
        name=Text(f"Erinnerungsschreiben an Kundschaft Nummer {n}", f"Reminder number {n}"),
        phases=(PHASES[n % 8], PHASES[(n + 3) % 8]),
        # Every fifth is not live, as in a plan that people work on.
        status=list(Status)[n % 4] if n % 5 == 0 else Status.LIVE,
        channel=CHANNELS[n % 5] if n % 7 else None,
        department=DEPARTMENTS[n % 3] if n % 9 else None,
        owners=(f"owner{n % 20}", f"owner{n % 7}x")[: n % 3],
        nature=list(Nature)[n % 4],
        purpose=Text("In zwei Minuten erledigt", "Done within two minutes") if n % 2 else Text(),
        per_quarter=float(n % 3) or None,
        metric=Metric(Measure.BAD_SHARE, 0.05) if n % 3 == 0 else None,
        promises=(f"promise{n % PROMISES}",) if n % 4 == 0 else (),
        rules=(BindingRule(f"Event {n}"),),
    )


def _goal(n: int) -> Any:  # noqa: ANN401 - a goal; its module needs Django set up
    from wegmarke.plan.contracts import Goal, Measure, Metric, Side, Text

    return Goal(
        key=f"goal{n}",
        name=Text(f"Ziel {n}", f"Goal {n}"),
        side=list(Side)[n % 2],
        metric=Metric(Measure.NET_EXPERIENCE, 0.3) if n % 2 else Metric(Measure.BAD_SHARE, 0.1),
        until=date(2030, 12, 31),
        phases=(PHASES[n],) if n % 3 == 0 else (),
        touchpoints=tuple(f"touchpoint_{k}" for k in range(n, n + 20)) if n % 3 == 1 else (),
    )


def _analysis_of(plan: Plan) -> Analysis:
    """Return figures for every touchpoint, in the phase it stands in, and many moves between them."""
    from support import insights, map_insights
    from wegmarke.analysis.insight import Transition

    dice = random.Random(7)  # noqa: S311 - figures of a benchmark
    keys = tuple(touchpoint.key for touchpoint in plan.touchpoints)
    kinds = insights.moments()
    judged = tuple(replace(kinds[at % len(kinds)], touchpoint=key) for at, key in enumerate(keys))
    lived = insights.lived(keys)
    home = {touchpoint.key: touchpoint.phases[0] for touchpoint in plan.touchpoints}
    met = tuple(replace(one, phase=home[one.touchpoint]) for one in lived.touchpoints)
    moves = [
        Transition(a, b, dice.randint(1, 500)) for a in keys for b in dice.sample(keys, min(MOVES, len(keys)))
    ]
    moves.sort(key=lambda move: -move.count)
    return insights.analysis(
        plan=plan,
        lived=replace(lived, touchpoints=met),
        moments=insights.moments_insight(judged),
        paths=replace(insights.paths(keys[:20]), transitions=tuple(moves)),
        monthly=map_insights.monthly(keys),
        spread={name: map_insights.spread(keys, name) for name in ("", "Segment", "Region")},
        placement={"main": map_insights.placement(keys)},
        funnels={},
    )


def _keep_versions(plan: Plan, by: Any) -> None:  # noqa: ANN401 - an account
    """Change one touchpoint after the other, as people do over weeks."""
    from django.utils import timezone

    from wegmarke.plan import queries, services
    from wegmarke.plan.contracts import Text

    for touchpoint in plan.touchpoints[:VERSIONS]:
        saved = queries.current()
        assert saved is not None  # noqa: S101 - it was stored above
        services.change_touchpoint(
            replace(touchpoint, timing=Text("Am Abend", "In the evening")),
            based_on=saved.version,
            by=by,
            now=timezone.now(),
        )


def _keep_evidence(plan: Plan) -> None:
    from django.utils import timezone

    from wegmarke.plan.evidence import services
    from wegmarke.plan.evidence.contracts import Grade, Kind, Statement

    keys = [touchpoint.key for touchpoint in plan.touchpoints]
    for n in range(PIECES):
        about = (keys[n % len(keys)],)
        kind, grade = list(Kind)[n % 4], list(Grade)[n % 3]
        text = f"Das hat mir gut gefallen, beim {n}. Mal."
        services.note(Statement(kind, grade, text, touchpoints=about), by=None, now=timezone.now())


def _keep_candidates() -> None:
    sys.path.insert(0, str(ROOT / "tests" / "atlas_discovery"))
    from discovery_samples import candidate, found
    from django.utils import timezone

    from wegmarke.atlas.discovery import storing
    from wegmarke.atlas.models import Discovery

    now = timezone.now()
    candidates = (candidate(f"Unbound {n}", phase=PHASES[n % 8]) for n in range(CANDIDATES))
    Discovery.objects.create(
        log_change=1, plan_version=1, basis=1, ignored=0, shape=storing.shape(),
        noticed_at=now, due_at=now, done_at=now, payload=storing.write(found(*candidates)),
    )  # fmt: skip
