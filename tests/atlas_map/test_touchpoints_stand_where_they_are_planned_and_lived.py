"""Which touchpoint stands in which phase, in each view; and what moving one changes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from support.insights import analysis, lived, paths, plan
from wegmarke.analysis.insight import Transition
from wegmarke.atlas.journeymap.content import Kind, View
from wegmarke.atlas.journeymap.moving import moved
from wegmarke.atlas.journeymap.placing import OUTSIDE, place
from wegmarke.plan.contracts import Journey, Phase, Status, Step, Text, Touchpoint
from wegmarke.record.contracts import BindingRule

PLAN = plan()


def stands(placing, at):
    return {(one.key, one.kind) for one in placing.places.get(at, ())}


def test_planned_shows_the_plan_alone():
    found = place(PLAN, PLAN.journeys[0], analysis(), View.PLANNED)
    assert {key for key, _ in stands(found, "purchase")} == {
        "checkout",
        "repair",
        "newsletter",
        "cancellation",
    }
    assert not found.facts
    assert not found.lived


def test_what_was_never_met_says_so_and_what_is_not_in_the_plan_stands_outside():
    more = replace(PLAN, touchpoints=(*PLAN.touchpoints, Touchpoint("fair", Text("Messe", "Fair"), ("use",))))
    found = analysis(plan=more, lived=lived((*(t.key for t in PLAN.touchpoints), "phone_call")))
    placing = place(more, more.journeys[0], found, View.BOTH)
    assert ("fair", Kind.NEVER) in stands(placing, "use")
    assert stands(placing, OUTSIDE) == {("phone_call", Kind.UNPLANNED)}


def test_what_was_planned_after_the_figures_is_not_called_never_seen():
    later = replace(
        PLAN, touchpoints=(*PLAN.touchpoints, Touchpoint("fair", Text("Messe", "Fair"), ("use",)))
    )
    assert ("fair", Kind.PLAIN) in stands(place(later, later.journeys[0], analysis(), View.BOTH), "use")


def test_a_touchpoint_lived_elsewhere_is_shown_in_both_phases():
    keys = ("checkout", "repair", "cancellation", "coupon_mail", "tasting", "newsletter", "app")
    moves = tuple(Transition(a, b, 500) for a, b in pairwise(keys))
    found = analysis(paths=replace(paths(keys), transitions=moves))
    both = place(PLAN, PLAN.journeys[0], found, View.BOTH)
    assert ("newsletter", Kind.PLAIN) in stands(both, "purchase")
    assert ("newsletter", Kind.HERE_LIVED) in stands(both, "use")
    alone = place(PLAN, PLAN.journeys[0], found, View.LIVED)
    assert ("newsletter", Kind.PLAIN) in stands(alone, "use")
    assert "newsletter" not in {key for key, _ in stands(alone, "purchase")}


def test_retired_touchpoints_are_gone_until_somebody_meets_them():
    key = PLAN.touchpoints[0].key
    changed = replace(
        PLAN, touchpoints=(replace(PLAN.touchpoints[0], status=Status.RETIRED), *PLAN.touchpoints[1:])
    )
    assert key not in {k for k, _ in stands(place(changed, PLAN.journeys[0], None, View.BOTH), "purchase")}
    assert (key, Kind.NOT_LIVE) in stands(place(changed, PLAN.journeys[0], analysis(), View.BOTH), "purchase")


JOURNEY = Journey(
    phases=(
        Phase("a", Text("A"), steps=(Step("a1", Text("A1")),)),
        Phase("b", Text("B")),
        Phase("c", Text("C")),
    )
)


@pytest.mark.parametrize(
    ("phases", "source", "target", "expected"),
    [
        (("a",), "a", "b", ("b",)),
        (("a", "x"), "a", "b", ("b", "x")),
        (("x", "a", "c"), "a", "b", ("x", "b", "c")),
        (("a", "c"), "a", "c", ("c",)),
        (("a", "c"), "c", "a1", ("a", "a1")),
        (("x",), "", "b", ("x", "b")),
        ((), "", "b", ("b",)),
        (("x", "a", "c", "y"), "a", "", ("x", "y")),
    ],
)
def test_moving_changes_one_place_and_leaves_other_models_alone(phases, source, target, expected):
    touchpoint = Touchpoint("t", Text("T"), phases, rules=(BindingRule("T"),))
    found = moved(touchpoint, JOURNEY, source=source, target=target)
    assert found == replace(touchpoint, phases=expected)
