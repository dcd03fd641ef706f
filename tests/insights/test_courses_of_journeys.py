"""The phases of a journey model, with the touchpoints the plan puts into each."""

from wegmarke.insights.courses import phases_of
from wegmarke.plan.contracts import Journey, Phase, Plan, Step, Text, Touchpoint


def touchpoint(key, *phases):
    return Touchpoint(key, Text(key, key), phases=phases)


def test_each_touchpoint_stands_in_the_first_phase_it_names_of_this_journey():
    start = Phase("start", Text("S", "S"), from_day=0, to_day=90, entered_by=("signup",))
    later = Phase("later", Text("L", "L"), steps=(Step("deep", Text("D", "D")),))
    saas = Journey("saas", phases=(start, later))
    other = Journey("other", phases=(Phase("all", Text("A", "A")),))
    plan = Plan(
        Text("P", "P"),
        journeys=(other, saas),
        touchpoints=(touchpoint("a", "all", "deep", "start"), touchpoint("b", "start"), touchpoint("c")),
    )
    first, second = phases_of(saas, plan)
    assert (first.key, first.touchpoints, first.entered_by) == ("start", ("b",), ("signup",))
    assert (first.from_day, first.to_day) == (0, 90)
    assert (second.key, second.touchpoints) == ("later", ("a",))
    assert [phase.touchpoints for phase in phases_of(other, plan)] == [("a",)]
