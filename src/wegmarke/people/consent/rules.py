"""The legal gate: what may be done with somebody, from the facts. Pure, whatever the order of the facts.

1. A purpose that rests on a contract needs no consent; a no that names this very purpose still holds.
2. A consent allows its purpose on its channel from its moment on, until a no of the same moment or later.
   A consent that is only noted in an event tells a state and not a choice, so any no outweighs it, also an
   earlier one.
3. A no that lies in the future holds from when it was recorded.
4. § 7 (3) UWG allows advertising by email where all its conditions are proven; any no ends that for good.
5. Whatever is not known is refused, and the reason told is the one that has to be mended first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from wegmarke.people.consent.contracts import (
    Basis,
    Channel,
    Condition,
    ConsentFacts,
    Decision,
    Evidence,
    How,
    Reason,
    Said,
    Says,
    Terms,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

UNKNOWN: Final = Decision(allowed=False, reason=Reason.UNKNOWN)
NONE: Final = Decision(allowed=False, reason=Reason.NONE)


def may_contact(
    facts: ConsentFacts, purpose: Terms | None, channel: Channel | None, now: datetime
) -> Decision:
    """Say whether somebody may be contacted for a purpose on a channel, and why."""
    if purpose is None or purpose.basis not in set(Basis) or channel not in set(Channel):
        return UNKNOWN
    nos = [one for one in facts.said if _is_no(one, purpose, channel, now)]
    if purpose.basis == Basis.CONTRACT:
        return _refused_by(nos) if nos else Decision(allowed=True, reason=Reason.NOT_NEEDED)
    given = [one for one in facts.said if _is_given(one, purpose, channel, now)]
    standing = [one for one in given if not any(_outweighs(no, one) for no in nos)]
    by_consent = _by_consent(standing, purpose, now)
    by_sale = _by_sale(facts.evidence, purpose, channel, nos=nos, now=now)
    conditions = by_sale.conditions if by_sale else {}
    if by_consent is not None and by_consent.allowed:
        return replace(by_consent, conditions=conditions)
    if by_sale is not None and by_sale.allowed:
        return by_sale
    if nos and not standing:
        return _refused_by(nos, conditions=conditions)
    return replace(by_consent or by_sale or NONE, conditions=conditions)


def conditions_of(evidence: Evidence, *, objected: bool, now: datetime) -> dict[Condition, bool]:
    """Say of each condition of § 7 (3) UWG whether it is met."""
    sold = evidence.sold_at is not None and evidence.sold_at <= now
    return {
        Condition.SALE: bool(evidence.sale.strip()) and sold,
        Condition.SIMILAR_GOODS: bool(evidence.goods.strip()),
        Condition.NO_OBJECTION: not objected,
        Condition.TOLD_AT_COLLECTION: evidence.told_at_collection is not None,
        Condition.TOLD_AT_USE: evidence.told_at_use is not None,
    }


def _is_given(one: Said, purpose: Terms, channel: Channel, now: datetime) -> bool:
    same = one.purpose == purpose.purpose and one.channel == channel
    return one.says == Says.GIVEN and same and one.at <= now


def _is_no(one: Said, purpose: Terms, channel: Channel, now: datetime) -> bool:
    """Say whether this is a no to the purpose; one to everything does not end what a contract needs."""
    if one.says == Says.GIVEN or min(one.at, one.recorded_at) > now:
        return False
    everything = one.purpose is None and purpose.basis != Basis.CONTRACT
    everywhere = one.channel is None or one.channel not in set(Channel)
    return (everything or one.purpose == purpose.purpose) and (everywhere or one.channel == channel)


def _outweighs(no: Said, given: Said) -> bool:
    return given.how == How.STAMP or no.at >= given.at


def _refused_by(nos: Sequence[Said], conditions: Mapping[Condition, bool] | None = None) -> Decision:
    last = max(nos, key=lambda no: (no.at, no.number))
    reason = Reason.OBJECTED if last.says == Says.OBJECTED else Reason.WITHDRAWN
    return Decision(allowed=False, reason=reason, number=last.number, conditions=conditions or {})


def _by_consent(standing: Sequence[Said], purpose: Terms, now: datetime) -> Decision | None:
    """Judge consents nobody withdrew: the newest complete one that has not expired allows."""
    refused: Decision | None = None
    for one in sorted(standing, key=lambda given: (given.at, given.number), reverse=True):
        missing = _missing(one)
        if missing:
            reason = Reason.INCOMPLETE
        elif purpose.valid is not None and one.at + purpose.valid <= now:
            reason = Reason.EXPIRED
        else:
            return Decision(allowed=True, reason=Reason.CONSENT, number=one.number)
        refused = refused or Decision(allowed=False, reason=reason, number=one.number, missing=missing)
    return refused


def _missing(one: Said) -> tuple[Condition, ...]:
    missing = [] if one.wording is not None else [Condition.WORDING]
    if one.how == How.DOUBLE_OPT_IN and (one.requested_at is None or one.requested_at > one.at):
        missing.append(Condition.REQUESTED)
    return tuple(missing)


def _by_sale(
    evidence: Sequence[Evidence], purpose: Terms, channel: Channel, *, nos: Sequence[Said], now: datetime
) -> Decision | None:
    """Judge evidence for § 7 (3) UWG; None where there is none or it is not about this."""
    if purpose.basis != Basis.ADVERTISING or channel != Channel.MAIL:
        return None
    best: Decision | None = None
    known = [one for one in evidence if one.purpose == purpose.purpose and one.recorded_at <= now]
    for one in sorted(known, key=lambda found: (found.recorded_at, found.number), reverse=True):
        met = conditions_of(one, objected=bool(nos), now=now)
        missing = tuple(condition for condition, there in met.items() if not there)
        if not missing:
            return Decision(True, Reason.EXISTING_CUSTOMER, one.number, conditions=met)
        if best is None or len(missing) < len(best.missing):
            best = Decision(False, Reason.INCOMPLETE, one.number, missing, met)
    return best
