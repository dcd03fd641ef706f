"""What is wrong with whole phases: too much, too little, nobody responsible. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.analysis.insight import Estimate
from wegmarke.analysis.journeys import StartedBy
from wegmarke.atlas.audit.contracts import Finding, Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from wegmarke.analysis.map_insight import LoadCell
    from wegmarke.atlas.audit.contracts import Ground
    from wegmarke.insights.contracts import Analysis


def overloaded_phase(ground: Ground) -> Iterator[Finding]:
    """Find phases with more touchpoints, or more contacts per active customer and quarter, than the limit."""
    limits = ground.limits
    for phase in ground.plan.phases:
        touchpoints = len(ground.live_in(phase))
        contacts = None if ground.analysis is None else contacts_in(phase.key, ground.analysis)
        flooded = contacts is not None and contacts.low > limits.most_contacts
        if flooded or touchpoints > limits.most_touchpoints:
            values = {
                "touchpoints": touchpoints,
                "contacts": contacts if flooded else None,
                "many": touchpoints > limits.most_touchpoints,
                "limits": limits,
            }
            severity = Severity.HIGH if flooded else Severity.LOW
            yield Finding(Kind.OVERLOADED_PHASE, severity, phase=phase.key, values=values)


def last_quarter(analysis: Analysis) -> int | None:
    """Return the start of the last complete quarter; None where the data hold none."""
    load = analysis.load
    complete = load.quarters if load.last_complete else load.quarters[:-1]
    return complete[-1] if complete else None


def contacts_in(phase: str, analysis: Analysis) -> Estimate | None:
    """Return contacts per active customer in a phase in the last complete quarter; None where nobody was."""
    quarter = last_quarter(analysis)
    return together(cell for cell in analysis.load.cells if cell.quarter == quarter and cell.cell[0] == phase)


def together(cells: Iterable[LoadCell]) -> Estimate | None:
    """Add contacts per person over cells of one quarter and group.

    How contacts in different cells hang together is not known, so that the half-widths are added, too: the
    interval holds in at least 95 % of cases, whatever the correlation.
    """
    each = [(cell.contacts_each, cell.active) for cell in cells]
    if not each:
        return None
    return Estimate(
        sum(one.estimate for one, _n in each),
        sum(one.low for one, _n in each),
        sum(one.high for one, _n in each),
        max(n for _one, n in each),
    )


def gap_empty(ground: Ground) -> Iterator[Finding]:
    """Find phases in which customers meet nothing that is planned."""
    for phase in ground.plan.phases:
        if not ground.live_in(phase):
            yield Finding(Kind.GAP_EMPTY, Severity.HIGH, phase=phase.key)


def gap_no_contact(ground: Ground) -> Iterator[Finding]:
    """Find phases in which the company only reacts."""
    for phase in ground.plan.phases:
        here = ground.live_in(phase)
        if here and all(one.started_by is not StartedBy.COMPANY for one in here):
            values = {"touchpoints": len(here)}
            yield Finding(Kind.GAP_NO_CONTACT, Severity.LOW, phase=phase.key, values=values)


def gap_unowned(ground: Ground) -> Iterator[Finding]:
    """Find phases in which more drop off than on average and of which nobody owns a single touchpoint."""
    if ground.analysis is None:
        return
    known = [one for one in ground.analysis.lived.phases if one.drop_off is not None and one.persons]
    persons = sum(one.persons for one in known)
    if not persons:
        return
    average = sum(one.persons * one.drop_off.estimate for one in known if one.drop_off) / persons
    for one in known:
        phase = next((phase for phase in ground.plan.phases if phase.key == one.phase), None)
        if phase is None or one.drop_off is None or one.drop_off.low <= average:
            continue
        here = ground.live_in(phase)
        if here and not any(touchpoint.owners for touchpoint in here):
            values = {"drop_off": one.drop_off, "average": average}
            yield Finding(Kind.GAP_UNOWNED, Severity.HIGH, phase=phase.key, values=values)
