"""A touchpoint stands in the matrix where the plan puts it: its first known phase, its channel."""

from __future__ import annotations

from dataclasses import replace

from wegmarke.insights.cells import by_department, cells_of
from wegmarke.plan.contracts import Phase, Plan, Step, Text, Touchpoint, one_journey


def touchpoint(key, phases=(), channel=None):
    return Touchpoint(key, Text(key, key), phases=phases, channel=channel)


def plan(*touchpoints):
    unpacking = Step("unpacking", Text("Auspacken", "Unpacking"))
    phases = Phase("purchase", Text("Kauf", "Buy")), Phase("use", Text("Nutzung", "Use"), steps=(unpacking,))
    return Plan(Text("P", "P"), journeys=one_journey(*phases), touchpoints=touchpoints)


def test_the_first_phase_or_step_that_the_plan_knows_places_a_touchpoint():
    made = plan(
        touchpoint("a", ("elsewhere", "use", "purchase"), "web"), touchpoint("b", ("unpacking",), "parcel")
    )
    assert cells_of(made, ("a", "b"))[1] == (("use", "parcel"), ("use", "web"))


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


def test_by_department_a_touchpoint_stands_in_that_of_its_department():
    made = plan(replace(touchpoint("a", ("use",), "web"), department="Service"), touchpoint("b", ("use",)))
    assert cells_of(made, ("a", "b"), by_department) == ((1, 0), (("use", ""), ("use", "Service")))
