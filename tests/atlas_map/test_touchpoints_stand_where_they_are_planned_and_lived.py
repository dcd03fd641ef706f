"""Which touchpoint stands in which phase, in each view; and what moving one changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.insights import analysis, lived, plan
from wegmarke.analysis.insight import Estimate
from wegmarke.analysis.map_insight import TouchpointPlacement
from wegmarke.atlas.journeymap.content import Kind, View
from wegmarke.atlas.journeymap.moving import moved
from wegmarke.atlas.journeymap.placing import place
from wegmarke.atlas.lived_places import OUTSIDE, lived_places
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
    assert all(one.lived is None for ones in found.places.values() for one in ones)


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


def counted(key: str, planned: str | None, *, lived: dict[str, int], outside: int = 0, half: float = 0.03):
    """Return an analysis in which one touchpoint happens like this, out of 1,000 touches."""
    base = analysis()
    placement = base.placement["main"]
    share = None if planned is None else lived.get(planned, 0) / 1000
    interval = None if share is None else Estimate(share, share - half, share + half, 1000)
    found = TouchpointPlacement(key, planned, 1000, 500, outside, tuple(lived.items()), interval)
    others = tuple(one for one in placement.touchpoints if one.touchpoint != key)
    return replace(base, placement={"main": replace(placement, touchpoints=(*others, found))})


def views(found, plan=PLAN):
    return tuple(place(plan, plan.journeys[0], found, view) for view in (View.BOTH, View.LIVED))


def test_a_touchpoint_that_happens_elsewhere_is_shown_in_both_phases():
    both, alone = views(counted("newsletter", "purchase", lived={"purchase": 100, "use": 900}))
    assert ("newsletter", Kind.PLAIN) in stands(both, "purchase")
    assert ("newsletter", Kind.HERE_LIVED) in stands(both, "use")
    assert ("newsletter", Kind.PLAIN) in stands(alone, "use")
    assert "newsletter" not in {key for key, _ in stands(alone, "purchase")}


def test_what_is_not_proven_to_happen_elsewhere_stands_there_as_lived_and_has_no_second_card():
    found = counted("newsletter", "purchase", lived={"purchase": 480, "use": 520})
    both, alone = views(found)
    assert "newsletter" not in {key for key, _ in stands(both, "use")}
    assert ("newsletter", Kind.PLAIN) in stands(alone, "use")
    assert not lived_places(PLAN, PLAN.journeys[0], found)["newsletter"].elsewhere


@pytest.mark.parametrize(("high", "elsewhere"), [(0.499, True), (0.5, False), (0.501, False)])
def test_it_happens_elsewhere_only_where_the_whole_interval_lies_below_one_half(high, elsewhere):
    found = counted("newsletter", "purchase", lived={"purchase": 400, "use": 600}, half=high - 0.4)
    assert lived_places(PLAN, PLAN.journeys[0], found)["newsletter"].elsewhere is elsewhere


def test_what_the_plan_also_puts_there_does_not_happen_elsewhere():
    plan = with_phases("newsletter", "purchase", "use")
    found = counted("newsletter", "purchase", lived={"purchase": 100, "use": 900})
    both, alone = views(found, plan)
    assert not lived_places(plan, plan.journeys[0], found)["newsletter"].elsewhere
    assert ("newsletter", Kind.ALSO) in stands(both, "use")
    assert ("newsletter", Kind.PLAIN) in stands(alone, "use")


def test_what_lies_outside_every_window_stands_in_no_phase():
    both, alone = views(counted("newsletter", "purchase", lived={"purchase": 100}, outside=900))
    assert ("newsletter", Kind.PLAIN) in stands(alone, OUTSIDE)
    assert ("newsletter", Kind.PLAIN) in stands(both, "purchase")
    assert stands(both, OUTSIDE) == set()


def test_what_the_plan_puts_nowhere_is_lived_somewhere_all_the_same():
    plan = with_phases("newsletter")
    both, alone = views(counted("newsletter", None, lived={"purchase": 100, "use": 900}), plan)
    assert ("newsletter", Kind.PLAIN) in stands(both, OUTSIDE)
    assert ("newsletter", Kind.HERE_LIVED) in stands(both, "use")
    assert ("newsletter", Kind.PLAIN) in stands(alone, "use")


def test_after_a_move_the_share_of_the_old_phase_is_not_claimed_of_the_new_one():
    found = counted("newsletter", "purchase", lived={"purchase": 900, "use": 100})
    plan = with_phases("newsletter", "use")
    lived = lived_places(plan, plan.journeys[0], found)["newsletter"]
    assert (lived.phase, lived.as_planned, lived.elsewhere) == ("purchase", None, False)


def with_phases(key: str, *phases: str):
    changed = tuple(replace(one, phases=phases) if one.key == key else one for one in PLAN.touchpoints)
    return replace(PLAN, touchpoints=changed)


def never_counted():
    return replace(analysis(), placement={})


def counted_with_other_windows():
    first, *rest = PLAN.journeys[0].phases
    journey = replace(PLAN.journeys[0], phases=(replace(first, to_day=30), *rest))
    return analysis(plan=replace(PLAN, journeys=(journey,)))


def counted_with_other_phases():
    journey = replace(PLAN.journeys[0], phases=PLAN.journeys[0].phases[:1])
    return analysis(plan=replace(PLAN, journeys=(journey,)))


@pytest.mark.parametrize("figures", [never_counted, counted_with_other_windows, counted_with_other_phases])
def test_a_model_the_figures_do_not_know_is_shown_as_planned(figures):
    for found in views(figures()):
        assert not found.counted
        assert {key for key, _ in stands(found, "use")} == {"app", "coupon_mail", "tasting"}
        assert found.facts


def test_other_names_and_goals_of_phases_leave_the_figures_valid():
    first, *rest = PLAN.journeys[0].phases
    journey = replace(PLAN.journeys[0], phases=(replace(first, name=Text("Neu", "New")), *rest))
    assert place(PLAN, journey, analysis(), View.LIVED).counted


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
