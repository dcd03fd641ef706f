"""What the form suggests while somebody types: colleagues, departments, channels, events, properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.atlas import channels
from wegmarke.plan.rules import properties_of
from wegmarke.record import queries as record
from wegmarke.team import queries as team

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wegmarke.plan.contracts import Plan


def suggestions(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the words to suggest by field, each list in the order of the alphabet."""
    colleagues = [one for one in team.colleagues() if one.active]
    touchpoints = plan.touchpoints
    build = record.current_build()
    unbound = () if build is None else tuple(name for name, _count in build.unbound_names)
    return {
        "owners": _sorted(
            [*(one.username for one in colleagues), *(o for t in touchpoints for o in t.owners)]
        ),
        "departments": _sorted(
            [*(one.department for one in colleagues), *(t.department or "" for t in touchpoints)]
        ),
        "channels": _sorted(channels.name_of(t.channel or "") for t in touchpoints),
        "segments": _sorted(c.segment for t in touchpoints for c in t.content),
        "events": _sorted([*unbound, *(r.event for t in touchpoints for r in t.rules)]),
        "properties": _sorted(properties_of(plan)),
    }


def _sorted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({word for word in words if word}, key=str.casefold))
