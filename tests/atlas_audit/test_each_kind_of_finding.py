"""Each kind of finding, once where it appears and once where it must not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import translation

from support.insights import END, analysis, estimate
from wegmarke.analysis.insight import Estimate, Transition
from wegmarke.analysis.journeys import StartedBy
from wegmarke.atlas.audit import binding, rules, wording
from wegmarke.atlas.audit.contracts import Ground, Kind, Limits, Severity
from wegmarke.atlas.audit.handovers import all_hand_overs
from wegmarke.atlas.verdicts import judged
from wegmarke.insights.names import Names
from wegmarke.plan.contracts import (
    Measure,
    Metric,
    Phase,
    Plan,
    Status,
    Text,
    Touchpoint,
    one_journey,
)
from wegmarke.record.contracts import BindingRule, Condition, Operator

FULL = Touchpoint(
    key="call",
    name=Text("Anruf", "Call"),
    phases=("use",),
    channel="phone",
    department="Service",
    owners=("kim",),
    purpose=Text("Helfen", "Help"),
    metric=Metric(Measure.DROP_OFF, 0.5),
    started_by=StartedBy.COMPANY,
    rules=(BindingRule("Called"),),
)


def plan_with(*touchpoints: Touchpoint, phases: tuple[str, ...] = ("use",)) -> Plan:
    return Plan(
        name=Text("x", "x"),
        journeys=one_journey(*(Phase(key, Text(key, key)) for key in phases)),
        touchpoints=touchpoints,
    )


def ground(plan: Plan, found=None, **changed) -> Ground:
    limits = changed.pop("limits", Limits())
    return Ground(
        plan=plan,
        analysis=found,
        judgements={} if found is None else judged(found, plan),
        accounts=frozenset({"kim"}),
        departments=frozenset({"service"}),
        limits=limits,
        hand_overs=() if found is None else all_hand_overs(plan, found, limits.cross_share),
    )


def kinds(where: Ground) -> set[Kind]:
    return {one.kind for one in rules.audit(where)}


def test_a_complete_card_has_no_finding():
    assert kinds(ground(plan_with(FULL))) == set()


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"purpose": Text()}, Kind.NO_PURPOSE),
        ({"purpose": Text("  ", "")}, Kind.NO_PURPOSE),
        ({"owners": ()}, Kind.NO_OWNER),
        ({"owners": ("kim", "Service")}, Kind.SEVERAL_OWNERS),
        ({"owners": ("somebody",)}, Kind.OWNER_UNCLEAR),
        ({"department": None}, Kind.NO_DEPARTMENT),
        ({"metric": None}, Kind.NO_METRIC),
        ({"channel": None}, Kind.NO_CHANNEL),
        ({"rules": ()}, Kind.NO_RULE),
        ({"started_by": StartedBy.CUSTOMER}, Kind.GAP_NO_CONTACT),
    ],
)
def test_what_a_card_lacks_is_found_and_nothing_else(changed, kind):
    assert kinds(ground(plan_with(replace(FULL, **changed)))) == {kind}


@pytest.mark.parametrize("status", [Status.IDEA, Status.PAUSED, Status.RETIRED])
def test_what_customers_do_not_meet_is_not_audited(status):
    bare = Touchpoint("x", Text("x", "x"), status=status)
    assert kinds(ground(plan_with(FULL, bare))) == set()


def test_an_owner_may_be_a_department_and_case_does_not_count():
    for owner in ("SERVICE", "Kim"):
        assert kinds(ground(plan_with(replace(FULL, owners=(owner,))))) == set()


def test_more_owners_are_allowed_where_the_limit_says_so():
    two = replace(FULL, owners=("kim", "Service"))
    assert kinds(ground(plan_with(two), limits=Limits(most_owners=2))) == set()


@pytest.mark.parametrize("name", [Text("Der Anruf", "call!"), Text("ANRUF ", "A call")])
def test_names_that_read_alike_in_either_language_are_found_once(name):
    twin = replace(FULL, key="call2", name=name, rules=(BindingRule("Called again"),))
    found = [one for one in rules.audit(ground(plan_with(FULL, twin))) if one.kind is Kind.DUPLICATE_NAME]
    assert [one.touchpoints for one in found] == [("call", "call2")]


def test_different_names_are_no_duplicates():
    other = replace(FULL, key="mail", name=Text("Brief", "Letter"), rules=(BindingRule("Sent"),))
    assert kinds(ground(plan_with(FULL, other))) == set()


def test_an_empty_phase_is_a_gap():
    found = rules.audit(ground(plan_with(FULL, phases=("use", "renewal"))))
    assert [(one.kind, one.phase, one.severity) for one in found] == [
        (Kind.GAP_EMPTY, "renewal", Severity.HIGH)
    ]


def test_too_many_touchpoints_overload_a_phase_only_above_the_limit():
    two = (FULL, replace(FULL, key="b", name=Text("b", "b"), rules=(BindingRule("b"),)))
    assert kinds(ground(plan_with(*two), limits=Limits(most_touchpoints=2))) == set()
    assert kinds(ground(plan_with(*two), limits=Limits(most_touchpoints=1))) == {Kind.OVERLOADED_PHASE}


# Binding rules


def _where(*conditions) -> tuple[Condition, ...]:
    return tuple(Condition(key, operator, value) for key, operator, value in conditions)


IS, IN, ABOVE, BELOW, EXISTS = Operator.IS, Operator.IN, Operator.ABOVE, Operator.BELOW, Operator.EXISTS


@pytest.mark.parametrize(
    ("earlier", "later", "taken"),
    [
        (BindingRule("A*"), BindingRule("Ab"), True),
        (BindingRule("A*"), BindingRule("Ab*c"), True),
        (BindingRule("*"), BindingRule("a*"), True),
        (BindingRule("Ab*"), BindingRule("A*"), False),
        (BindingRule("A"), BindingRule("a"), False),
        (BindingRule("A"), BindingRule("A", _where(("x", IS, 1))), True),
        (BindingRule("A", _where(("x", IS, 1))), BindingRule("A"), False),
        (
            BindingRule("A", _where(("x", IS, 1))),
            BindingRule("A", _where(("x", IS, "1"), ("y", IS, 2))),
            True,
        ),
        (BindingRule("A", _where(("x", IN, (1, 2)))), BindingRule("A", _where(("x", IS, 2))), True),
        (BindingRule("A", _where(("x", IS, 1))), BindingRule("A", _where(("x", IN, (1, 2)))), False),
        (BindingRule("A", _where(("x", EXISTS, True))), BindingRule("A", _where(("x", ABOVE, 2))), True),
        (BindingRule("A", _where(("x", EXISTS, False))), BindingRule("A", _where(("x", IS, 2))), False),
        (BindingRule("A", _where(("x", ABOVE, 1))), BindingRule("A", _where(("x", ABOVE, 1))), True),
        (BindingRule("A", _where(("x", IS, True))), BindingRule("A", _where(("x", IS, 1))), False),
    ],
)
def test_an_earlier_rule_takes_a_later_one_only_where_that_is_certain(earlier, later, taken):
    assert binding.covers(earlier, later) is taken


def test_a_touchpoint_of_which_every_event_is_taken_is_found_with_who_takes_them():
    first = replace(FULL, rules=(BindingRule("Called*"),))
    late = replace(FULL, key="late", name=Text("Spät", "Late"), rules=(BindingRule("Called back"),))
    found = [one for one in rules.audit(ground(plan_with(first, late))) if one.kind is Kind.RULE_TAKEN]
    assert [(one.touchpoints, one.severity) for one in found] == [(("late", "call"), Severity.HIGH)]
    half = replace(late, rules=(BindingRule("Called back"), BindingRule("Wrote")))
    found = [one for one in rules.audit(ground(plan_with(first, half))) if one.kind is Kind.RULE_TAKEN]
    assert [one.severity for one in found] == [Severity.MEDIUM]


@pytest.mark.parametrize("own", [(), ("Wrote", "Rang")])
def test_several_that_take_events_are_spoken_of_as_several(own):
    own_c, own_d = tuple(map(BindingRule, own[:1])), tuple(map(BindingRule, own[1:]))
    plan = plan_with(
        replace(FULL, key="a", name=Text("A", "A"), rules=(BindingRule("Called"),)),
        replace(FULL, key="b", name=Text("B", "B"), rules=(BindingRule("Mailed"),)),
        replace(FULL, key="c", rules=(BindingRule("Called"), *own_c)),
        replace(FULL, key="d", rules=(BindingRule("Called"), BindingRule("Mailed"), *own_d)),
    )
    found = [one for one in rules.audit(ground(plan)) if one.kind is Kind.RULE_TAKEN]
    for language, one_takes, both_take in (("en", " takes ", " take "), ("de", " nimmt ", " nehmen ")):
        with translation.override(language):
            said = [wording.sentence(one, Names(plan), None) for one in found]
        assert [one_takes in one for one in said] == [True, False]
        assert [both_take in one for one in said] == [False, True]


@pytest.mark.parametrize(
    ("where", "impossible"),
    [
        (_where(("x", IS, "a"), ("x", IS, "b")), True),
        (_where(("x", IS, "a"), ("x", IN, ("a", "b"))), False),
        (_where(("x", ABOVE, 5), ("x", BELOW, 5)), True),
        (_where(("x", Operator.AT_LEAST, 5), ("x", Operator.AT_MOST, 5)), False),
        (_where(("x", EXISTS, False), ("x", IS, 1)), True),
        (_where(("x", EXISTS, True), ("x", IS, 1)), False),
        (_where(("x", IS, "a"), ("y", IS, "b")), False),
        (_where(("x", IS, 1), ("x", IS, "1.0")), False),
    ],
)
def test_conditions_that_contradict_each_other_are_impossible(where, impossible):
    assert binding.contradicts(where) is impossible
    card = replace(FULL, rules=(BindingRule("Called", where),))
    assert (Kind.RULE_IMPOSSIBLE in kinds(ground(plan_with(card)))) is impossible


# What figures say


def cards(found) -> Plan:
    """Return the plan of an analysis with every card filled in."""
    full = tuple(
        replace(
            one, channel="web", department="Service", owners=("kim",), purpose=Text("x", "x"),
            metric=Metric(Measure.TOUCHES, 0), started_by=StartedBy.COMPANY, rules=(BindingRule(one.key),),
        )
        for one in found.plan.touchpoints
    )  # fmt: skip
    return replace(found.plan, touchpoints=full)


def settled(**changed):
    """Return an analysis with full cards whose touchpoints were all met lately."""
    found = analysis(**changed)
    months = tuple(replace(one, last_touch=END) for one in found.monthly.touchpoints)
    return replace(found, plan=cards(found), monthly=replace(found.monthly, touchpoints=months))


def about(found, kind: Kind, plan: Plan | None = None, **more) -> list:
    return [one for one in rules.audit(ground(plan or found.plan, found, **more)) if one.kind is kind]


def test_annoying_touchpoints_are_found_and_those_that_cost_come_first():
    found = about(settled(), Kind.ANNOYS)
    assert [(one.touchpoints[0], one.severity) for one in found] == [
        ("coupon_mail", Severity.HIGH),
        ("newsletter", Severity.MEDIUM),
    ]


def test_what_works_neither_annoys_nor_is_dead():
    found = settled()
    named = {
        key for kind in (Kind.ANNOYS, Kind.DEAD) for one in about(found, kind) for key in one.touchpoints
    }
    assert {"checkout", "repair", "tasting"} & named == set()


def test_what_nobody_met_for_long_is_dead():
    found = settled()
    months = replace(
        found.monthly,
        touchpoints=tuple(
            replace(one, last_touch=END - 300 * 86_400) if one.touchpoint == "repair" else one
            for one in found.monthly.touchpoints
        ),
    )
    silent = replace(found, monthly=months)
    assert "repair" in {one.touchpoints[0] for one in about(silent, Kind.DEAD)}
    assert "repair" not in {one.touchpoints[0] for one in about(found, Kind.DEAD)}


def test_never_seen_is_said_only_of_rules_the_figures_know():
    found = settled()
    fax = replace(FULL, key="fax", name=Text("Fax", "Fax"))
    with_fax = replace(found.plan, touchpoints=(*found.plan.touchpoints, fax))
    assert about(found, Kind.NEVER_SEEN, with_fax) == []
    asked = replace(found, plan=with_fax)
    assert [one.touchpoints for one in about(asked, Kind.NEVER_SEEN)] == [("fax",)]


@pytest.mark.parametrize(
    ("metric", "severity"),
    [
        (Metric(Measure.BAD_SHARE, 0.10), Severity.HIGH),
        (Metric(Measure.BAD_SHARE, 0.16), Severity.LOW),
        (Metric(Measure.BAD_SHARE, 0.50), None),
        (Metric(Measure.NET_EXPERIENCE, 0.9), Severity.HIGH),
        (Metric(Measure.NET_EXPERIENCE, 0.52), Severity.LOW),
        (Metric(Measure.NET_EXPERIENCE, 0.1), None),
        (Metric(Measure.DROP_OFF, 0.01), Severity.HIGH),
        (Metric(Measure.DROP_OFF, 0.10), None),
        (Metric(Measure.TOUCHES, 1_000_000), Severity.HIGH),
        (Metric(Measure.PERSONS, 1), None),
        (Metric(Measure.CONVERSION, 1), None),
    ],
)
def test_a_missed_target_is_grave_only_where_the_whole_interval_misses_it(metric, severity):
    found = settled()
    plan = replace(
        found.plan,
        touchpoints=tuple(
            replace(one, metric=metric if one.key == "checkout" else None) for one in found.plan.touchpoints
        ),
    )
    missed = about(found, Kind.TARGET_MISSED, plan)
    assert [one.severity for one in missed] == ([] if severity is None else [severity])


def test_a_phase_that_is_contacted_more_than_the_limit_is_overloaded():
    found = settled()
    assert [one.phase for one in about(found, Kind.OVERLOADED_PHASE, limits=Limits(most_contacts=2.0))] == [
        "use"
    ]
    assert about(found, Kind.OVERLOADED_PHASE, limits=Limits(most_contacts=2.5)) == []  # the estimate is 2.67


def _dropping(found):
    phases = (
        replace(found.lived.phases[0], drop_off=estimate(0.30, 0.02)),
        replace(found.lived.phases[1], drop_off=estimate(0.05, 0.02)),
    )
    return replace(found, lived=replace(found.lived, phases=phases))


def test_a_drop_off_nobody_answers_for_is_found_and_one_that_has_an_owner_is_not():
    found = _dropping(settled())
    assert about(found, Kind.GAP_UNOWNED) == []
    ownerless = replace(
        found.plan, touchpoints=tuple(replace(one, owners=()) for one in found.plan.touchpoints)
    )
    assert [one.phase for one in about(found, Kind.GAP_UNOWNED, ownerless)] == ["purchase"]


# Lived elsewhere: among the figures, only the third touchpoint happens mostly in the other phase.

ELSEWHERE = "repair"


def changed_placement(found, **changed):
    placement = found.placement["main"]
    touchpoints = tuple(
        replace(one, **changed) if one.touchpoint == ELSEWHERE else one for one in placement.touchpoints
    )
    return replace(found, placement={"main": replace(placement, touchpoints=touchpoints)})


def by_day(plan: Plan, end: float | None) -> Plan:
    first, *rest = plan.journeys[0].phases
    return replace(plan, journeys=(replace(plan.journeys[0], phases=(replace(first, to_day=end), *rest)),))


@pytest.mark.parametrize(("end", "severity"), [(90, Severity.MEDIUM), (None, Severity.LOW)])
def test_what_happens_mostly_in_another_phase_is_found_with_its_figures(end, severity):
    found = settled()
    found = replace(found, plan=by_day(found.plan, end))
    (one,) = about(found, Kind.LIVED_ELSEWHERE)
    assert (one.touchpoints, one.severity, one.field) == ((ELSEWHERE,), severity, "phases")
    place = one.values["place"]
    assert (one.values["planned"], place.phase, place.touches, place.persons) == (
        "purchase",
        "use",
        1000,
        500,
    )
    assert (place.as_planned.low, place.as_planned.high) == pytest.approx((0.07, 0.13))


@pytest.mark.parametrize(
    "changed",
    [
        {"as_planned": Estimate(0.45, 0.39, 0.51, 1000)},
        {"persons": 29},
        {"lived": (("purchase", 100), ("use", 200)), "outside": 700},
        {"lived": (("purchase", 400), ("use", 300)), "outside": 300},
    ],
    ids=["interval reaches one half", "few persons", "mostly in no phase", "nowhere more than as planned"],
)
def test_what_is_not_shown_to_happen_mostly_in_another_phase_is_no_finding(changed):
    assert about(changed_placement(settled(), **changed), Kind.LIVED_ELSEWHERE) == []


def test_thirty_persons_are_enough_to_find_it():
    assert about(changed_placement(settled(), persons=30), Kind.LIVED_ELSEWHERE)


@pytest.mark.parametrize("phases", [("purchase", "use"), ("use",), ()])
def test_what_the_plan_puts_there_as_well_is_not_lived_elsewhere(phases):
    found = settled()
    touchpoints = tuple(
        replace(one, phases=phases) if one.key == ELSEWHERE else one for one in found.plan.touchpoints
    )
    assert about(found, Kind.LIVED_ELSEWHERE, replace(found.plan, touchpoints=touchpoints)) == []


def test_without_figures_for_the_leading_journey_nothing_is_called_lived_elsewhere():
    assert about(replace(settled(), placement={}), Kind.LIVED_ELSEWHERE) == []


# Hand-overs


def handed(lost: int, *, n: int = 2000, within: int = 40):
    """Return an analysis in which `checkout` (Shop) hands over to Service and `newsletter` stays in Shop."""
    found = settled()
    shop = {"checkout", "newsletter"}
    plan = replace(
        found.plan,
        touchpoints=tuple(
            replace(one, department="Shop" if one.key in shop else "Service", phases=("use",))
            for one in found.plan.touchpoints
        ),
    )
    lived = tuple(
        replace(
            one,
            phase="use",
            drop_off=_share(lost if one.touchpoint == "checkout" else within, n),
        )
        for one in found.lived.touchpoints
    )
    transitions = (
        Transition("checkout", "repair", 900),
        Transition("checkout", "newsletter", 100),
        Transition("checkout", None, 5000),
        Transition("newsletter", "checkout", 800),
        Transition("repair", "app", 800),
    )
    return replace(
        found,
        plan=plan,
        lived=replace(found.lived, touchpoints=lived),
        paths=replace(found.paths, transitions=transitions),
    )


def _share(count: int, n: int) -> Estimate:
    return Estimate(count / n, 0.0, 1.0, n)


def test_a_hand_over_with_a_material_drop_is_found_with_both_departments():
    (found,) = about(handed(lost=300), Kind.HAND_OVER)
    one = found.values["hand_over"]
    assert (one.exit.touchpoint, one.exit.department, one.exit.to) == ("checkout", "Shop", "Service")
    assert one.alike
    assert one.more.low < 0.13 < one.more.high
    assert found.severity is Severity.HIGH


@pytest.mark.parametrize("lost", [40, 50, 20])
def test_a_hand_over_that_loses_hardly_more_is_no_finding(lost):
    assert about(handed(lost=lost), Kind.HAND_OVER) == []


def test_a_hand_over_few_have_met_is_not_judged():
    assert about(handed(lost=20, n=40, within=1), Kind.HAND_OVER) == []


def test_where_most_stay_in_the_department_there_is_no_hand_over():
    assert about(handed(lost=300), Kind.HAND_OVER, limits=Limits(cross_share=0.95)) == []


def test_the_leaving_itself_is_no_hand_over():
    found = handed(lost=300)
    leaving = replace(found.plan, leaving=replace(found.plan.leaving, touchpoints=("checkout",)))
    assert about(found, Kind.HAND_OVER, leaving) == []


# Everything together


def test_every_kind_has_a_rule_and_every_finding_a_sentence():
    assert set(rules.RULES) == set(Kind)
    bare = replace(FULL, key="bare", name=FULL.name, owners=("a", "b"), rules=(BindingRule("Called"),))
    found = _dropping(handed(lost=300))
    plan = replace(found.plan, touchpoints=(*found.plan.touchpoints, FULL, bare))
    every = rules.audit(ground(plan, replace(found, plan=plan), limits=Limits(most_touchpoints=1)))
    assert len({one.kind for one in every}) >= 8
    for one in every:
        said = wording.sentence(one, Names(plan), found.moments)
        assert said
        assert "%(" not in said


def test_findings_have_keys_of_their_own_that_stay_the_same():
    bare = (Touchpoint("x", Text("x", "x")), Touchpoint("y", Text("y", "y")))
    keys = [one.key for one in rules.audit(ground(plan_with(*bare)))]
    assert len(keys) == len(set(keys))
    assert keys == [one.key for one in rules.audit(ground(plan_with(*bare)))]
