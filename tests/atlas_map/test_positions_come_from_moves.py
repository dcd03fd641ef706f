"""Where touchpoints are lived: an order from who follows whom, and phases laid over it."""

from __future__ import annotations

from itertools import combinations_with_replacement, pairwise

from hypothesis import given
from hypothesis import strategies as st

from wegmarke.analysis.insight import Transition
from wegmarke.atlas.journeymap.positions import _borders, lived_phases, positions


def chain(*names: str, count: int = 100) -> list[Transition]:
    return [Transition(a, b, count) for a, b in pairwise(names)]


def test_who_comes_first_stands_first():
    found = positions(chain("ad", "shop", "cart", "pay"))
    assert sorted(found, key=found.__getitem__) == ["ad", "shop", "cart", "pay"]


def test_going_round_in_circles_says_nothing():
    found = positions([Transition("a", "b", 100), Transition("b", "a", 100), *chain("b", "c")])
    assert abs(found["a"] - found["b"]) < 1e-9
    assert found["c"] > found["b"]


def test_what_was_hardly_met_gets_no_position():
    found = positions([*chain("a", "b"), Transition("b", "rare", 29), Transition(None, "a", 100)])
    assert set(found) == {"a", "b"}


def test_a_touchpoint_is_lived_where_its_neighbours_are():
    moves = chain("ad", "page", "cart", "pay", "parcel", "guide", "repair")
    planned = {"ad": 0, "page": 0, "cart": 1, "pay": 1, "parcel": 2, "guide": 0, "repair": 2}
    found = lived_phases(moves, planned, dict.fromkeys(planned, 100), 3)
    assert found["guide"] == 2
    assert {key: found[key] for key in planned if key != "guide"} == {
        key: planned[key] for key in planned if key != "guide"
    }


def test_what_stands_in_no_phase_is_lived_in_one_all_the_same():
    found = lived_phases(chain("ad", "unknown", "cart", "pay"), {"ad": 0, "cart": 1, "pay": 1}, {}, 2)
    assert found["unknown"] in (0, 1)


def test_without_moves_or_phases_nothing_is_claimed():
    assert lived_phases([], {"a": 0}, {}, 2) == {}
    assert lived_phases(chain("a", "b"), {}, {}, 0) == {}
    assert lived_phases(chain("a", "b"), {}, {"a": 5}, 2) == {}


def kept(placed, borders):
    return sum(
        touches
        for k, (own, touches) in enumerate(placed)
        if own == next(p for p, border in enumerate(borders) if k < border)
    )


@given(
    st.lists(st.tuples(st.none() | st.integers(0, 2), st.integers(0, 9)), min_size=1, max_size=8),
    st.integers(1, 3),
)
def test_the_borders_keep_as_many_touches_as_any_borders_could(placed, phases):
    placed = [(None if own is None else min(own, phases - 1), touches) for own, touches in placed]
    every = combinations_with_replacement(range(len(placed) + 1), phases - 1)
    best = max(kept(placed, [*inner, len(placed)]) for inner in every)
    assert kept(placed, _borders(placed, phases)) == best
