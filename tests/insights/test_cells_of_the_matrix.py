"""A touchpoint stands in the matrix where the plan puts it: its first known phase, its channel."""

from __future__ import annotations

from wegmarke.insights.cells import cells_of, phase_of
from wegmarke.plan.contracts import Phase, Plan, Text, Touchpoint


def touchpoint(key, phases=(), channel=None):
    return Touchpoint(key, Text(key, key), phases=phases, channel=channel)


def plan(*touchpoints):
    phases = tuple(Phase(key, Text(key, key)) for key in ("purchase", "use"))
    return Plan(Text("P", "P"), phases=phases, touchpoints=touchpoints)


def test_the_first_phase_that_the_plan_knows_places_a_touchpoint():
    one = touchpoint("a", ("step inside", "use", "purchase"))
    assert phase_of(one, plan(one)) == "use"
    assert phase_of(touchpoint("b", ("elsewhere",)), plan()) is None


def test_cells_stand_by_phase_and_channel_and_hold_several_touchpoints():
    made = plan(
        touchpoint("invoice", ("use",), "mail"),
        touchpoint("shop", ("purchase",), "web"),
        touchpoint("basket", ("purchase",), "web"),
        touchpoint("call", (), "phone"),
        touchpoint("box", ("use",)),
    )
    cells, names = cells_of(made, ("shop", "invoice", "basket", "call", "box"))
    assert names == (("purchase", "web"), ("use", ""), ("use", "mail"), ("", "phone"))
    assert [names[cell] for cell in cells] == [names[0], names[2], names[0], names[3], names[1]]


def test_what_has_neither_phase_nor_channel_or_is_not_in_the_plan_is_passed_over():
    made = plan(touchpoint("a"), touchpoint("b", ("use",), "web"))
    assert cells_of(made, ("a", "nobody planned this", "b")) == ((-1, -1, 0), (("use", "web"),))
    assert cells_of(made, ()) == ((), ())
