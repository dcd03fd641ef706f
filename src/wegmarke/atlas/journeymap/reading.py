"""What the address of the map asks for, and the addresses that ask for something else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wegmarke.atlas.journeymap.building import Wanted
from wegmarke.atlas.journeymap.content import Lane, View
from wegmarke.insights.links import with_query
from wegmarke.plan.contracts import Journey

if TYPE_CHECKING:
    from django.http import QueryDict

    from wegmarke.plan.contracts import Plan


@dataclass(frozen=True, slots=True)
class State:
    """The state of the page as it stands in its address."""

    wanted: Wanted
    journeys: tuple[Journey, ...]

    def query(self) -> dict[str, str]:
        """Return the address's query; what is as usual is left out."""
        lanes, wanted = self.wanted.lanes, self.wanted
        leads = not self.journeys or wanted.journey.key == self.journeys[0].key
        return {
            "journey": "" if leads else wanted.journey.key,
            "view": "" if wanted.view is View.BOTH else wanted.view.value,
            "lanes": ""
            if lanes == frozenset(Lane)
            else ",".join(lane for lane in Lane if lane in lanes) or "-",
        }

    def address(self, path: str) -> str:
        """Return another address with the same state."""
        return with_query(path, self.query())

    def with_view(self, path: str, view: View) -> str:
        """Return the address of another view."""
        return State(replace(self.wanted, view=view), self.journeys).address(path)

    def with_journey(self, path: str, journey: Journey) -> str:
        """Return the address of another journey model."""
        return State(replace(self.wanted, journey=journey), self.journeys).address(path)


def state_of(query: QueryDict, plan: Plan) -> State:
    """Read the state; what makes no sense counts as not said, an unknown journey as the leading one."""
    journeys = plan.journeys
    journey = plan.journey(query.get("journey", "")) or (journeys[0] if journeys else Journey())
    view = query.get("view", "")
    wanted = Wanted(
        journey=journey,
        view=View(view) if view in set(View) else View.BOTH,
        lanes=_lanes(query),
    )
    return State(wanted, journeys)


def _lanes(query: QueryDict) -> frozenset[Lane]:
    """Read `lanes=goal,owner`, or the boxes of the form (`lane=goal&lane=owner`)."""
    if "lanes" in query:
        return frozenset(lane for lane in Lane if lane in query.get("lanes", "").split(","))
    if query.get("shown"):
        return frozenset(lane for lane in Lane if lane in query.getlist("lane"))
    return frozenset(Lane)
