"""The audit itself: every kind of finding has one function. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.atlas.audit import binding, cards, elsewhere, handovers, measured, phases
from wegmarke.atlas.audit.contracts import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from wegmarke.atlas.audit.contracts import Finding, Ground

RULES: Mapping[Kind, Callable[[Ground], Iterator[Finding]]] = {
    Kind.HAND_OVER: handovers.hand_over,
    Kind.ANNOYS: measured.annoys,
    Kind.TARGET_MISSED: measured.target_missed,
    Kind.DEAD: measured.dead,
    Kind.OVERLOADED_PHASE: phases.overloaded_phase,
    Kind.GAP_UNOWNED: phases.gap_unowned,
    Kind.GAP_EMPTY: phases.gap_empty,
    Kind.GAP_NO_CONTACT: phases.gap_no_contact,
    Kind.RULE_TAKEN: binding.rule_taken,
    Kind.RULE_IMPOSSIBLE: binding.rule_impossible,
    Kind.NEVER_SEEN: measured.never_seen,
    Kind.LIVED_ELSEWHERE: elsewhere.lived_elsewhere,
    Kind.NO_RULE: binding.no_rule,
    Kind.NO_PURPOSE: cards.no_purpose,
    Kind.NO_OWNER: cards.no_owner,
    Kind.OWNER_UNCLEAR: cards.owner_unclear,
    Kind.SEVERAL_OWNERS: cards.several_owners,
    Kind.NO_DEPARTMENT: cards.no_department,
    Kind.NO_METRIC: cards.no_metric,
    Kind.NO_CHANNEL: cards.no_channel,
    Kind.DUPLICATE_NAME: cards.duplicate_name,
}
"""One function a kind; a new kind is one function and one line here."""


def audit(ground: Ground) -> tuple[Finding, ...]:
    """Return everything found, what matters most first; within a severity by kind, then by the plan."""
    found = [finding for rule in RULES.values() for finding in rule(ground)]
    order = {kind: place for place, kind in enumerate(Kind)}
    return tuple(sorted(found, key=lambda one: (one.severity.rank, order[one.kind])))
