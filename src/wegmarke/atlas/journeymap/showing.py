"""What the page of the map shows around the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from wegmarke.atlas.journeymap import listing, wordings
from wegmarke.atlas.journeymap.building import Sources
from wegmarke.atlas.journeymap.content import View
from wegmarke.atlas.journeymap.forms import MoveForm, places_of
from wegmarke.atlas.journeymap.tabling import table_of
from wegmarke.atlas.links import card
from wegmarke.atlas.pages import NO_VERSION
from wegmarke.insights import queries as insights
from wegmarke.insights.contracts import State as FreshState
from wegmarke.insights.links import evidence_link
from wegmarke.plan import queries as plans
from wegmarke.plan.evidence.contracts import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.http import QueryDict

    from wegmarke.atlas.journeymap.content import Map
    from wegmarke.atlas.journeymap.reading import State
    from wegmarke.atlas.pages import Here

MOST_ROWS = 100
"""So many rows of the table stand on the page, all of them in its files."""
MOST_AT_ONCE = 60
"""With more touchpoints, picture, list for narrow screens and table come once somebody sees them."""
ENDINGS = ("pdf", "png", "svg")


def is_empty(at: Here) -> bool:
    """Say whether there is nothing to draw: no plan, and nothing seen either."""
    return at.version == NO_VERSION and at.stored is None


def ways_in() -> dict[str, Any]:
    """Return what stands on the page before there is anything to draw."""
    return {"touchpoints_url": reverse("atlas:touchpoints")}


def sources(at: Here) -> Sources:
    """Gather what a map is made of."""
    return Sources(
        plan=at.plan,
        version=at.version,
        stored=at.stored,
        said=at.said,
        link=_link(at),
        may_move=(lambda _any: True) if at.may_edit else at.may_edit_touchpoint,
        quotes=_quotes(),
    )


def _link(at: Here) -> Callable[[str], str]:
    """Lead to the card of a touchpoint; what is not in the plan leads to its evidence, if any."""
    planned = {touchpoint.key for touchpoint in at.plan.touchpoints}
    insight = at.stored.analysis.moments if at.stored else None
    judged = {moment.touchpoint for moment in insight.moments} if insight else set()

    def link(key: str) -> str:
        if key in planned:
            return card(key)
        return evidence_link(key) if key in judged else ""

    return link


def _quotes() -> Mapping[str, Sequence[str]]:
    """Return what customers said at each touchpoint."""
    return {
        key: [one.statement.text for one in pieces]
        for key, pieces in plans.evidence_by_touchpoint(Kind.QUOTE).items()
    }


def page(at: Here, state: State, content: Map, path: str) -> dict[str, Any]:
    """Return what stands around the picture."""
    wanted = state.wanted
    touchpoints = sum(card.number > 0 for column in content.columns for card in column.cards)
    at_once = touchpoints <= MOST_AT_ONCE
    return {
        "at_once": at_once,
        "picture_url": state.address(reverse("atlas:map-picture")),
        "file_url": state.address(reverse("atlas:map-file", args=["svg"])),
        "list_url": state.address(reverse("atlas:map-list")),
        "numbers_url": state.address(reverse("atlas:map-numbers")),
        **(as_list(at, state, content) | as_table(state, content) if at_once else {}),
        "content": content,
        "state_query": state.address("").removeprefix("?"),
        "view_tabs": [
            (wordings.view_name(view), state.with_view(path, view), view is wanted.view) for view in View
        ],
        "journey_tabs": [
            (_journey_name(at, journey), state.with_journey(path, journey), journey == wanted.journey)
            for journey in state.journeys
        ],
        "lanes": [
            (lane.value, title, lane in wanted.lanes)
            for lane, (title, _) in wordings.lane_titles(at.plan).items()
        ],
        "kept": {key: value for key, value in state.query().items() if value and key != "lanes"},
        "downloads": [(end.upper(), state.address(reverse("atlas:map-file", args=[end]))) for end in ENDINGS],
        "print_url": state.address(reverse("atlas:map-print")),
        "journeys_url": reverse("atlas:journeys"),
        "discovery_url": reverse("atlas:discovery"),
        "touchpoints_url": reverse("atlas:touchpoints"),
        "moves": any(card.movable for column in content.columns for card in column.cards),
        "uncounted": "" if content.counted else wordings.uncounted(),
        "unplaced": sum(not one.phases for one in at.plan.touchpoints) if at.plan.journeys else 0,
        "without_figures": at.stored is None,
        "planned_only": wanted.view is View.PLANNED,
        "lived_only": wanted.view is View.LIVED,
        "freshness": insights.freshness(timezone.now()),
        "stored": at.stored,
        "showing": str(at.stored.refresh) if at.stored else "",
        "State": FreshState,
    }


def as_list(at: Here, state: State, content: Map) -> dict[str, Any]:
    """Return the list of phases that narrow screens show instead of the picture."""
    movable = at.version != NO_VERSION and state.wanted.view is not View.LIVED
    move_url = state.address(reverse("atlas:map")) if movable else ""
    return {
        "listed": [
            (column, [(slot, listing.items(slot.cards, move_url)) for slot in column.slots])
            for column in content.columns
        ]
    }


def as_table(state: State, content: Map) -> dict[str, Any]:
    """Return the figures of the map as a table, with its files."""
    table = table_of(content)
    return {
        "table": table,
        "table_rows": table.rows[:MOST_ROWS],
        "table_rest": max(0, len(table.rows) - MOST_ROWS),
        "table_files": [
            (end.upper(), state.address(reverse("atlas:map-table", args=[end]))) for end in ("csv", "xlsx")
        ],
    }


def _journey_name(at: Here, journey: Any) -> str:  # noqa: ANN401 - a journey model
    name = wordings.journey_name(journey, at.said)
    audience = at.said(journey.audience)
    return f"{name} · {audience}" if audience else name


def move_form(at: Here, state: State, chosen: str, data: QueryDict | None = None) -> MoveForm | None:
    """Return the form that moves touchpoints; None for readers who may move none."""
    movable = [one for one in at.plan.touchpoints if at.may_edit_touchpoint(one)]
    if not movable or not state.wanted.journey.phases:
        return None
    names = sorted(
        ((one.key, at.said(one.name) or one.key) for one in movable), key=lambda pair: pair[1].casefold()
    )
    return MoveForm(
        data,
        touchpoints=names,
        places=places_of(state.wanted.journey, at.said),
        initial={"key": chosen, "based_on": at.version},
    )
