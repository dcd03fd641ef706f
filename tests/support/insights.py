"""Insights built by hand: one company with a touchpoint of every class, and hostile names where asked."""

from __future__ import annotations

from dataclasses import replace

from support import map_insights
from wegmarke.analysis.estimates import share
from wegmarke.analysis.insight import (
    Effect,
    Estimate,
    ExperienceInsight,
    FlowLink,
    FunnelInsight,
    FunnelStep,
    Instead,
    LastAction,
    LastActionsInsight,
    Moment,
    MomentClass,
    MomentsInsight,
    PathsInsight,
    PhaseExperience,
    SituationLevel,
    StratumEvidence,
    TouchpointExperience,
    Transition,
    TrendInsight,
    TrendPoint,
    Variant,
)
from wegmarke.analysis.outcomes import Period
from wegmarke.insights.contracts import Analysis
from wegmarke.plan.contracts import Funnel, Leaving, Phase, Plan, Text, Touchpoint, one_journey

START, END, DAY = map_insights.START, map_insights.END, 86_400
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(2)</script>",
    "'; DROP TABLE x; --",
    '=HYPERLINK("http://evil.example","x")',
    "{{ settings.SECRET_KEY }}{% debug %}",
    "../../etc/passwd",
    "..",
    "a/b?c=d#e%2Ff",
    "%(name)s %s {0}",
    "\u202egnp.exe",
    "<!--<script>",
)
NAMES = {
    "checkout": ("Bezahlen", "Payment"),
    "coupon_mail": ("Angebots-E-Mail", "Offer mail"),
    "repair": ("Reparatur", "Repair"),
    "tasting": ("Verkostung", "Tasting"),
    "newsletter": ("Newsletter", "Newsletter"),
    "app": ("App", "App"),
    "cancellation": ("Kündigung", "Cancellation"),
}
CHANNELS = ("web", "mail", "web", None, "mail", None, "web")


def estimate(value: float, half: float, n: int = 1000) -> Estimate:
    return Estimate(value, value - half, value + half, n)


def effect(value: float, half: float, **changed) -> Effect:
    low, high = value - half, value + half
    proven = low > 0 or high < 0
    base = Effect(
        value,
        low,
        high,
        0.0001 if proven else 0.4,
        0.0005 if proven else 0.5,
        value * 1.4,
        0.034,
        2000,
        1500,
        0.2,
        0.1,
    )
    return replace(base, **changed)


def moment(touchpoint: str, moment_class: MomentClass, **changed) -> Moment:
    strata = (
        StratumEvidence(
            ("phase=purchase", "tenure=0..15552000", "bad_so_far=0..1", "Segment=Privat"), 900, 300, 4000, 520
        ),
        StratumEvidence(
            ("phase=purchase", "tenure=15552000..", "bad_so_far=1..", "Segment=Privat"), 200, 60, 900, 81
        ),
    )
    base = Moment(
        touchpoint=touchpoint,
        moment_class=moment_class,
        touches=12_345,
        rated=8000,
        bad=2000,
        good=3000,
        bad_on_leaving=None,
        good_on_moving_on=None,
        touch_on_leaving=None,
        touch_on_moving_on=None,
        e_value=None,
        e_value_bound=None,
        lost_persons_per_quarter=None,
        won_persons_per_quarter=None,
        lost_value_per_quarter=None,
        cumulated_share=None,
        touches_needed=None,
        evidence=strata,
    )
    return replace(base, **changed)


def moments() -> tuple[Moment, ...]:
    return (
        moment(
            "checkout",
            MomentClass.BREAKS,
            bad_on_leaving=effect(0.105, 0.025),
            e_value=4.3,
            e_value_bound=3.1,
            good_on_moving_on=effect(0.01, 0.02),
            touch_on_leaving=effect(0.005, 0.01),
            lost_persons_per_quarter=estimate(120, 30),
            lost_value_per_quarter=estimate(48_200, 12_100),
            cumulated_share=0.55,
        ),
        moment(
            "coupon_mail",
            MomentClass.ANNOYS_COSTS,
            rated=0,
            bad=0,
            good=0,
            touch_on_leaving=effect(0.05, 0.01),
            lost_persons_per_quarter=estimate(60, 12),
            cumulated_share=0.8,
            evidence=(),
        ),
        moment(
            "repair",
            MomentClass.ADVANCES,
            good_on_moving_on=effect(0.08, 0.02),
            won_persons_per_quarter=estimate(30, 8),
            cumulated_share=0.93,
        ),
        moment(
            "tasting",
            MomentClass.DELIGHTS,
            good_on_moving_on=effect(0.12, 0.03),
            bad_on_leaving=effect(0.002, 0.009),
            won_persons_per_quarter=estimate(15, 4),
            cumulated_share=1.0,
        ),
        moment("newsletter", MomentClass.ANNOYS_HARMLESS, bad=3200, bad_on_leaving=effect(0.003, 0.006)),
        moment(
            "app",
            MomentClass.UNPROVEN,
            rated=160,
            bad=20,
            bad_on_leaving=effect(0.01, 0.05),
            touches_needed=18,
        ),
    )


def moments_insight(found: tuple[Moment, ...] | None = None, **changed) -> MomentsInsight:
    base = MomentsInsight(
        moments=moments() if found is None else found,
        start=START,
        end=END,
        persons=20_134,
        touches=250_000,
        judged_touches=200_000,
        leaving_rate=0.081,
        moving_on_rate=0.16,
        strata=96,
        situation=(
            SituationLevel("phase", "phase", 2, (), ("purchase",)),
            SituationLevel("tenure", "tenure", 2, (0.0, 180.0 * DAY), ()),
            SituationLevel("bad_so_far", "bad_so_far", 2, (0.0, 1.0), ()),
            SituationLevel("attribute", "Segment", 2, (), ("Privat",)),
        ),
        horizon_days=30.0,
        quiet_days=None,
        margin=0.02,
        value_per_person=402.5,
    )
    return replace(base, **changed)


def plan(names: dict[str, tuple[str, str]] | None = None) -> Plan:
    names = NAMES if names is None else names
    phases = ("purchase", "use")
    return Plan(
        name=Text("Beispiel GmbH", "Example Ltd"),
        journeys=one_journey(
            Phase("purchase", Text("Kauf", "Purchase")), Phase("use", Text("Nutzung", "Use"))
        ),
        touchpoints=tuple(
            Touchpoint(key=key, name=Text(de, en), phases=(phases[i % 2],), channel=CHANNELS[i % 7])
            for i, (key, (de, en)) in enumerate(names.items())
        ),
        leaving=Leaving(touchpoints=("cancellation",)),
        moving_on=("tasting",),
        attributes=("Segment", "Region"),
        funnels=(
            Funnel("buy", Text("Zum Kauf", "To the purchase"), ("newsletter", "checkout", "tasting"), 7),
        ),
        currency="EUR",
    )


def lived(keys: tuple[str, ...]) -> ExperienceInsight:
    touchpoints = tuple(
        TouchpointExperience(
            key,
            ("purchase", "use")[i % 2],
            1000 * (9 - i % 8),
            500 * (9 - i % 8),
            100,
            200,
            300,
            None if i % 5 == 4 else estimate(0.5 - 0.2 * (i % 6), 0.04),
            estimate(0.05, 0.01),
            share(100, 600),
        )
        for i, key in enumerate(keys)
    )
    ordered = tuple(sorted(touchpoints, key=lambda t: t.phase or ""))
    phases = tuple(
        PhaseExperience(p, 9000, 4000, estimate(0.1, 0.02), estimate(0.07, 0.01)) for p in ("purchase", "use")
    )
    return ExperienceInsight(ordered, phases, 20_134, 250_000)


def funnel(keys: tuple[str, ...] = ("newsletter", "checkout", "tasting")) -> FunnelInsight:
    a, b, c = keys
    return FunnelInsight(
        (
            FunnelStep(
                a,
                5000,
                Estimate(1.0, 0.999, 1.0, 5000),
                Estimate(1.0, 0.999, 1.0, 5000),
                (Instead(None, 2000, 0.8), Instead(c, 500, 0.2)),
            ),
            FunnelStep(b, 2500, estimate(0.5, 0.013), estimate(0.5, 0.013), (Instead(a, 1000, 1.0),)),
            FunnelStep(c, 1500, estimate(0.3, 0.012), estimate(0.6, 0.02), ()),
        ),
        7.0,
        20_134,
    )


def paths(keys: tuple[str, ...]) -> PathsInsight:
    a, b, *rest = keys
    long = tuple(keys[i % len(keys)] for i in range(40))
    return PathsInsight(
        persons=20_134,
        touches=250_000,
        transitions=(Transition(None, a, 9000), Transition(a, b, 5000), Transition(b, None, 4000)),
        variants_total=1234,
        variants=(Variant((a, b), 900, estimate(0.045, 0.003)), Variant(long, 12, estimate(0.0006, 0.0003))),
        flows=(
            FlowLink(0, a, b, 9000),
            FlowLink(0, a, None, 3000),
            FlowLink(0, b, a, 8134),
            *(FlowLink(0, b, key, 10) for key in rest),
            FlowLink(1, b, None, 9000),
            FlowLink(1, a, b, 8134),
        ),
    )


def trend() -> TrendInsight:
    months = tuple(
        TrendPoint(
            START + i * 30 * DAY,
            900 + i,
            9000 + i,
            estimate(0.1 + 0.01 * i, 0.02),
            None if i > 9 else estimate(0.08, 0.01),
            estimate(0.2 - 0.005 * i, 0.02),
        )
        for i in range(11)
    )
    return TrendInsight(months, last_complete=False)


def analysis(**changed) -> Analysis:
    keys = tuple(NAMES)
    base = Analysis(
        plan=plan(),
        period=Period(START, END),
        persons=20_134,
        touches=250_000,
        unbound=1234,
        moments=moments_insight(),
        last_actions=LastActionsInsight(
            (
                LastAction("checkout", 300, 0.3, 0.1, Estimate(3.0, 2.6, 3.5, 300)),
                LastAction("app", 20, 0.02, 0.02, Estimate(1.0, 0.6, 1.6, 20)),
            ),
            1000,
            20_134,
        ),
        lived=lived(keys),
        paths=paths(keys),
        trend=trend(),
        funnels={"buy": funnel()},
        monthly=map_insights.monthly(keys),
        spread={name: map_insights.spread(keys, name) for name in ("", "Segment", "Region")},
        load=map_insights.load(),
        load_by={name: map_insights.load(name) for name in ("Segment", "Region")},
        departments={
            name: map_insights.load(name, ("Shop", "Marketing")) for name in ("", "Segment", "Region")
        },
        placement={"main": map_insights.placement(keys)},
    )
    return replace(base, **changed)


def hostile_analysis() -> Analysis:
    """A company without a plan whose event names were written by somebody who means harm."""
    keys = HOSTILE
    found = tuple(replace(m, touchpoint=keys[i % len(keys)]) for i, m in enumerate((*moments(), *moments())))
    insight = moments_insight(
        found,
        situation=(SituationLevel("attribute", HOSTILE[0], 2, (), (HOSTILE[1],)),),
    )
    strata = (StratumEvidence((f"{HOSTILE[0]}={HOSTILE[1]}",), 90, 30, 400, 50),)
    insight = replace(insight, moments=tuple(replace(m, evidence=strata) for m in insight.moments))
    return replace(
        analysis(),
        plan=Plan(
            name=Text(HOSTILE[0], HOSTILE[0]),
            leaving=Leaving(touchpoints=(HOSTILE[1],)),
            currency="EUR",
            unbound_names_are_touchpoints=True,
            funnels=(Funnel(HOSTILE[0], Text(HOSTILE[1], HOSTILE[1]), keys[:3], 7),),
        ),
        moments=insight,
        last_actions=LastActionsInsight(
            tuple(LastAction(k, 30, 0.3, 0.1, Estimate(3.0, 2.6, 3.5, 300)) for k in keys), 1000, 20_134
        ),
        lived=lived(keys),
        paths=paths(keys),
        monthly=map_insights.monthly(keys),
        spread={"": map_insights.spread(keys)},
        funnels={HOSTILE[0]: funnel(keys[:3])},
    )
