"""What may be done with somebody follows from the facts, in any order; what is unknown is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.people.consent.contracts import (
    Basis,
    Channel,
    Condition,
    ConsentFacts,
    Evidence,
    How,
    Reason,
    Said,
    Says,
    Terms,
)
from wegmarke.people.consent.rules import may_contact

if TYPE_CHECKING:
    import random

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ADS = Terms("advertising", Basis.ADVERTISING)
SURVEYS = Terms("surveys", Basis.CONSENT, valid=10 * DAY)
SERVICE = Terms("service", Basis.CONTRACT)
MAIL, SMS = Channel.MAIL, Channel.SMS


def said(says, days_ago=1, *, purpose="advertising", channel=MAIL, number=1, **more) -> Said:
    at = NOW - days_ago * DAY
    given = {"how": How.FORM, "wording": 7, "recorded_at": at} | more
    return Said(number=number, says=says, purpose=purpose, channel=channel, at=at, **given)


def sale(**more) -> Evidence:
    proven = {
        "number": 5,
        "purpose": "advertising",
        "recorded_at": NOW - DAY,
        "sale": "Order 4711",
        "sold_at": NOW - 9 * DAY,
        "goods": "Hiking boots",
        "told_at_collection": 8,
        "told_at_use": 9,
    }
    return Evidence(**proven | more)


def ask(*facts, purpose=ADS, channel=MAIL, now=NOW):
    of = ConsentFacts(
        tuple(one for one in facts if isinstance(one, Said)),
        tuple(one for one in facts if isinstance(one, Evidence)),
    )
    return may_contact(of, purpose, channel, now)


def told(*facts, **more):
    decision = ask(*facts, **more)
    return decision.allowed, decision.reason


def test_consent_allows_its_purpose_on_its_channel_and_nothing_else():
    yes = said(Says.GIVEN, number=3)
    assert (ask(yes).allowed, ask(yes).number) == (True, 3)
    assert told(yes, channel=SMS) == (False, Reason.NONE)
    assert told(yes, purpose=SURVEYS) == (False, Reason.NONE)


def test_a_withdrawal_wins_from_its_moment_on_and_at_the_same_moment():
    yes = said(Says.GIVEN, 2)
    for no in (said(Says.WITHDRAWN, 2), said(Says.WITHDRAWN, 1), said(Says.OBJECTED, 1)):
        assert told(yes, no) == (False, Reason(no.says))
        assert ask(yes, no, now=NOW - 3 * DAY).reason == Reason.NONE
    assert told(yes, said(Says.WITHDRAWN, 3)) == (True, Reason.CONSENT)
    assert told(yes, said(Says.WITHDRAWN, 1), now=NOW - 1.5 * DAY) == (True, Reason.CONSENT)


def test_a_withdrawal_for_later_holds_from_when_it_is_known():
    no = said(Says.WITHDRAWN, -5, recorded_at=NOW - DAY)
    assert told(said(Says.GIVEN, 2), no) == (False, Reason.WITHDRAWN)


@pytest.mark.parametrize("wider", [{"purpose": None}, {"channel": None}, {"purpose": None, "channel": None}])
def test_a_no_to_everything_is_a_no_to_each(wider):
    assert told(said(Says.GIVEN, 2), said(Says.WITHDRAWN, 1, **wider)) == (False, Reason.WITHDRAWN)


def test_what_is_merely_noted_in_an_event_never_outweighs_a_no():
    note = said(Says.GIVEN, 1, how=How.STAMP)
    assert told(note) == (True, Reason.CONSENT)
    assert told(note, said(Says.WITHDRAWN, 30)) == (False, Reason.WITHDRAWN)


def test_a_consent_without_its_proof_allows_nothing():
    assert ask(said(Says.GIVEN, wording=None)).missing == (Condition.WORDING,)
    opted = said(Says.GIVEN, how=How.DOUBLE_OPT_IN)
    assert (ask(opted).reason, ask(opted).missing) == (Reason.INCOMPLETE, (Condition.REQUESTED,))
    assert ask(said(Says.GIVEN, how=How.DOUBLE_OPT_IN, requested_at=NOW - 2 * DAY)).allowed


def test_a_consent_expires_where_the_purpose_says_so():
    yes = said(Says.GIVEN, 10, purpose="surveys")
    assert told(yes, purpose=SURVEYS) == (False, Reason.EXPIRED)
    assert told(yes, purpose=SURVEYS, now=NOW - timedelta(seconds=1)) == (True, Reason.CONSENT)


def test_a_contract_needs_no_consent_but_honours_a_no_to_just_that():
    assert told(purpose=SERVICE) == (True, Reason.NOT_NEEDED)
    assert told(said(Says.WITHDRAWN, purpose=None), purpose=SERVICE) == (True, Reason.NOT_NEEDED)
    assert told(said(Says.OBJECTED, purpose="service"), purpose=SERVICE) == (False, Reason.OBJECTED)


def test_an_existing_customer_may_get_advertising_by_mail_only():
    decision = ask(sale())
    assert (decision.allowed, decision.reason, decision.number) == (True, Reason.EXISTING_CUSTOMER, 5)
    assert all(decision.conditions.values())
    assert told(sale(), channel=SMS) == (False, Reason.NONE)
    assert told(sale(purpose="surveys"), purpose=SURVEYS) == (False, Reason.NONE)


LACKING = {
    Condition.SALE: {"sale": " "},
    Condition.SIMILAR_GOODS: {"goods": ""},
    Condition.TOLD_AT_COLLECTION: {"told_at_collection": None},
    Condition.TOLD_AT_USE: {"told_at_use": None},
}


@pytest.mark.parametrize(("condition", "without"), LACKING.items())
def test_each_condition_of_the_law_is_needed_and_named(condition, without):
    decision = ask(sale(**without))
    assert (decision.allowed, decision.reason) == (False, Reason.INCOMPLETE)
    assert decision.missing == (condition,)
    assert [one for one, met in decision.conditions.items() if not met] == [condition]


def test_a_sale_that_has_no_date_or_is_still_to_come_is_none():
    for sold_at in (None, NOW + DAY):
        assert ask(sale(sold_at=sold_at)).missing == (Condition.SALE,)


def test_an_objection_ends_it_for_good_also_for_evidence_that_comes_later():
    no = said(Says.OBJECTED, 300)
    decision = ask(no, sale())
    assert (decision.allowed, decision.reason) == (False, Reason.OBJECTED)
    assert decision.conditions[Condition.NO_OBJECTION] is False
    by_consent = ask(no, sale(), said(Says.GIVEN, 1))
    assert (by_consent.allowed, by_consent.reason) == (True, Reason.CONSENT)
    assert by_consent.conditions == decision.conditions  # shown beside the consent, too


def test_what_is_unknown_is_refused():
    yes = said(Says.GIVEN)
    assert told(yes, purpose=None) == (False, Reason.UNKNOWN)
    assert told(yes, channel=None) == (False, Reason.UNKNOWN)
    assert told(yes, channel="pigeon") == (False, Reason.UNKNOWN)
    assert told(yes, purpose=Terms("advertising", "because")) == (False, Reason.UNKNOWN)
    assert told(yes, said("???", 0)) == (False, Reason.WITHDRAWN)
    assert told(yes, said(Says.WITHDRAWN, 0, channel="pigeon")) == (False, Reason.WITHDRAWN)


moments = st.integers(-3, 6)
people_say = st.builds(
    said,
    st.sampled_from([*Says, "???"]),
    moments,
    purpose=st.sampled_from(["advertising", "surveys", "service", None]),
    channel=st.sampled_from([MAIL, SMS, None]),
    how=st.sampled_from([How.FORM, How.STAMP, How.DOUBLE_OPT_IN]),
    wording=st.sampled_from([None, 7, 7, 7]),
    recorded_at=moments.map(lambda ago: NOW - ago * DAY),
    requested_at=st.sampled_from([None, NOW - 9 * DAY]),
)
sales = st.builds(
    sale,
    purpose=st.sampled_from(["advertising", "surveys"]),
    sale=st.sampled_from(["", "Order"]),
    sold_at=st.sampled_from([None, NOW - 9 * DAY, NOW + DAY]),
    told_at_use=st.sampled_from([None, 9]),
    recorded_at=moments.map(lambda ago: NOW - ago * DAY),
)
TERMS = (ADS, Terms("surveys", Basis.CONSENT, valid=3 * DAY), SERVICE)


def slow(facts, purpose, channel, now) -> bool:
    """Live through all moments one after another, as a clerk with a card for each consent would."""
    names = lambda one: one.purpose == purpose.purpose  # noqa: E731
    refusals = []
    for one in facts:
        if isinstance(one, Said) and one.says != "given":
            whole = one.purpose is None and purpose.basis != "contract"
            if (names(one) or whole) and one.channel in (None, channel):
                refusals.append(one)
    known = [one for one in refusals if one.at <= now or one.recorded_at <= now]
    if purpose.basis == "contract":
        return not known
    for one in facts:
        if not isinstance(one, Said) or one.says != "given" or not names(one) or one.channel != channel:
            continue
        later = [no for no in known if no.at >= one.at]
        if one.at > now or later or (one.how == "stamp" and known):
            continue
        confirmed = one.how != "double_opt_in" or (one.requested_at and one.requested_at <= one.at)
        fresh = purpose.valid is None or now - one.at < purpose.valid
        if one.wording and confirmed and fresh:
            return True
    if purpose.basis != "advertising" or channel != "mail" or known:
        return False
    proven = [one for one in facts if isinstance(one, Evidence) and names(one) and one.recorded_at <= now]
    return any(one.sale and one.sold_at and one.sold_at <= now and one.told_at_use for one in proven)


@given(st.lists(people_say | sales, max_size=7), st.randoms(use_true_random=False))
def test_the_gate_says_what_a_slow_clerk_says_in_any_order(facts, order: random.Random):
    numbered = [type(one)(**{**_values(one), "number": at + 1}) for at, one in enumerate(facts)]
    mixed = order.sample(numbered, len(numbered))
    for purpose, channel, ago in product(TERMS, (MAIL, SMS), (0, 2)):
        now = NOW - ago * DAY
        decision = ask(*numbered, purpose=purpose, channel=channel, now=now)
        assert decision.allowed == bool(slow(facts, purpose, channel, now))
        assert ask(*mixed, purpose=purpose, channel=channel, now=now) == decision


def _values(one) -> dict:
    return {name: getattr(one, name) for name in type(one).__dataclass_fields__}
