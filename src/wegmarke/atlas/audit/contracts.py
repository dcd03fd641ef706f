"""Values of the audit: what is looked at, with which limits, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from wegmarke.atlas.verdicts import OFTEN_BAD, SILENT_DAYS
from wegmarke.plan.contracts import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from wegmarke.atlas.audit.handovers import HandOver
    from wegmarke.atlas.verdicts import Judgement
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Phase, Plan, Touchpoint


LONGEST_KEY = 500
"""What many touchpoints together are called beyond this is shortened."""


class Kind(StrEnum):
    """What can be found, in the order of the page."""

    HAND_OVER = "hand_over"
    ANNOYS = "annoys"
    TARGET_MISSED = "target_missed"
    DEAD = "dead"
    OVERLOADED_PHASE = "overloaded_phase"
    GAP_UNOWNED = "gap_unowned"
    GAP_EMPTY = "gap_empty"
    GAP_NO_CONTACT = "gap_no_contact"
    RULE_TAKEN = "rule_taken"
    RULE_IMPOSSIBLE = "rule_impossible"
    NEVER_SEEN = "never_seen"
    LIVED_ELSEWHERE = "lived_elsewhere"
    NO_RULE = "no_rule"
    NO_PURPOSE = "no_purpose"
    NO_OWNER = "no_owner"
    OWNER_UNCLEAR = "owner_unclear"
    SEVERAL_OWNERS = "several_owners"
    NO_DEPARTMENT = "no_department"
    NO_METRIC = "no_metric"
    NO_CHANNEL = "no_channel"
    DUPLICATE_NAME = "duplicate_name"


class Severity(StrEnum):
    """How much a finding matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """The place in the order of what to look at first."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something counts as too much, too long or too often.

    `most_contacts` is per active customer and quarter within one phase; `cross_share` the share of next
    touches in another department from which a touchpoint counts as a hand-over.
    """

    most_owners: int = 1
    most_touchpoints: int = 12
    most_contacts: float = 4.0
    often_bad: float = OFTEN_BAD
    silent_days: float = SILENT_DAYS
    cross_share: float = 0.5


@dataclass(frozen=True, slots=True)
class Ground:
    """What an audit looks at.

    `plan` as it stands today, `analysis` the stored figures (None before there are any), which may be of an
    earlier plan; `hand_overs` compares every one of them; `accounts` and `departments` are the known names,
    case folded.
    """

    plan: Plan
    analysis: Analysis | None
    judgements: Mapping[str, Judgement]
    accounts: frozenset[str]
    departments: frozenset[str]
    limits: Limits = field(default_factory=Limits)
    hand_overs: tuple[HandOver, ...] = ()

    @property
    def live(self) -> tuple[Touchpoint, ...]:
        """The touchpoints customers meet today: ideas, paused and retired ones are not audited."""
        return tuple(one for one in self.plan.touchpoints if one.status is Status.LIVE)

    def live_in(self, phase: Phase) -> tuple[Touchpoint, ...]:
        """Return the live touchpoints that stand in a phase of the leading journey, in whichever place."""
        keys = {phase.key, *(step.key for step in phase.steps)}
        return tuple(one for one in self.live if keys & set(one.phases))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    `about` is the touchpoint's key (or the phase's, for what is found about phases); `values` holds what the
    sentence and the evidence say; `field` is the field of the card that mends it.
    """

    kind: Kind
    severity: Severity
    touchpoints: tuple[str, ...] = ()
    phase: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    field: str = ""

    @property
    def key(self) -> str:
        """What a finding is remembered by; the same the next time the same thing is found."""
        about = "+".join(self.touchpoints) or self.phase
        if len(about) > LONGEST_KEY:
            about = sha256(about.encode()).hexdigest()
        return f"{self.kind}:{about}"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding somebody decided to leave as it is, why, and until when."""

    finding: str
    reason: str
    until: date
    by: str | None
