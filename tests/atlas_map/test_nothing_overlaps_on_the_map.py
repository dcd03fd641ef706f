"""Whatever stands on a map: nothing overlaps, nothing leaves the paper."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import Phase, given, settings
from map_strategies import maps

from wegmarke.atlas.journeymap.content import Card, Column, Kind, Lane, Map, Slot
from wegmarke.atlas.journeymap.layout import A3, SCREEN, draw
from wegmarke.atlas.journeymap.picture import Box, Link, Place, Words
from wegmarke.atlas.journeymap.svg import svg

QUICKLY = (Phase.explicit, Phase.generate)
"""A map is large: making a failing one smaller takes minutes, and tells little more."""
PAPERS = pytest.mark.parametrize("paper", [SCREEN, A3], ids=["screen", "a3"])


def overlapping(boxes: list[tuple[Box, str]]) -> list[tuple[str, str]]:
    """Return the names of boxes that overlap; only neighbours in height are compared."""
    boxes = sorted(boxes, key=lambda pair: pair[0].y)
    found = []
    for k, (box, name) in enumerate(boxes):
        for other, other_name in boxes[k + 1 :]:
            if other.y >= box.bottom:
                break
                # A hair of overlap between the boxes of letters that leave them half empty is none.
            if box.overlaps(other, slack=1.0):
                found.append((name, other_name))
    return found


def is_sign(item: Words) -> bool:
    """Say whether words are a sign in a plot, which stands where its value is."""
    return item.look in {"bad", "warn", "good", "accent", "quiet", "unknown"}


@PAPERS
@given(content=maps())
@settings(max_examples=25, phases=QUICKLY)
def test_nothing_overlaps_and_nothing_leaves_the_paper(paper, content):
    picture = draw(content, paper)
    outside = [item for item in picture.every() if not picture.box.holds(item.box, slack=0.6)]
    assert outside == []
    cards = [item for item in picture.items if isinstance(item, Link)]
    assert len(cards) == sum(len(column.cards) for column in content.columns)
    assert [pair for pair in combinations(cards, 2) if pair[0].box.overlaps(pair[1].box)] == []
    words = [one for one in picture.every() if isinstance(one, Words) and not is_sign(one)]
    assert overlapping([(one.box, one.text) for one in words]) == []


@PAPERS
@given(content=maps(most=20))
@settings(max_examples=15, phases=QUICKLY)
def test_what_stands_on_a_card_stays_on_it(paper, content):
    for link in (item for item in draw(content, paper).items if isinstance(item, Link)):
        assert [item for item in link.items if not link.box.holds(item.box, slack=0.6)] == []


@PAPERS
@given(content=maps(most=30))
@settings(max_examples=10, phases=QUICKLY)
def test_the_same_map_is_drawn_the_same_way(paper, content):
    assert svg(draw(content, paper), alone=True) == svg(draw(content, paper), alone=True)


def map_of(count: int, *, columns: int = 6) -> Map:
    name = "Erinnerungsschreiben an Kundschaft"
    cards = [Card(f"t{k}", k + 1, f"{name} {k}", Kind.PLAIN, "mail", "E-Mail · Abo") for k in range(count)]
    phases = (
        Column(f"p{c}", f"Phase {c}", (Slot(f"p{c}", "", tuple(cards[c::columns])),), goal="Ein Ziel")
        for c in range(columns)
    )
    return Map("Firma", "", tuple(phases), {lane: (lane.value, "") for lane in Lane})


@pytest.mark.parametrize(("count", "least"), [(8, 3.0), (30, 2.2), (60, 2.0)])
def test_sixty_touchpoints_can_be_read_on_a3(count, least):
    # The smallest names on cards, in millimetres of type size; newspapers set their text in 3.
    picture = draw(map_of(count), A3)
    size = min(
        item.kind.size
        for item in picture.every()
        if isinstance(item, Words) and item.text.startswith("Erinn")
    )
    assert size * 420 / picture.width >= least


@pytest.mark.parametrize("count", [0, 1, 250, 500])
def test_any_number_of_touchpoints_fits_onto_one_sheet(count):
    picture = draw(map_of(count), A3)
    assert picture.width / picture.height == pytest.approx(420 / 297, rel=0.01)
    assert sum(isinstance(item, Link) for item in picture.items) == count


def test_each_slot_has_a_place_to_put_touchpoints_down():
    picture = draw(map_of(12), SCREEN)
    places = [item for item in picture.items if isinstance(item, Place)]
    assert [place.key for place in places] == [f"p{c}" for c in range(6)]
    assert [p for p in combinations(places, 2) if p[0].box.overlaps(p[1].box)] == []
