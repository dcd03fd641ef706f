"""The plan as frozen values; `plan.queries` and `plan.documents` give them, everything above reads them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from wegmarke.analysis.journeys import Experience, StartedBy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from wegmarke.record.contracts import BindingRule, ExperienceRule


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages of the product; either may stand in for the other."""

    de: str = ""
    en: str = ""

    def in_language(self, language: str) -> str:
        """Return the text for `de`, `de-at`, `en`, …; anything else gets English."""
        wanted, other = (self.de, self.en) if language.startswith("de") else (self.en, self.de)
        return wanted or other

    def __bool__(self) -> bool:
        """Say whether there is anything to read in either language."""
        return bool(self.de.strip() or self.en.strip())


NO_TEXT = Text()


@dataclass(frozen=True, slots=True)
class Step:
    """A step inside a phase, where a phase opens into several."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of a journey, in its order.

    `goal` is what customers want to reach in it. A phase may have a window in days after the journey's anchor
    (`from_day` ≤ day < `to_day`, either end open), and `entered_by` touchpoints (keys) with which it begins.
    """

    key: str
    name: Text
    goal: Text = NO_TEXT
    from_day: float | None = None
    to_day: float | None = None
    entered_by: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


MAIN_JOURNEY = "main"


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey model: ordered phases, for everybody or for one persona or segment (`audience`).

    `anchor` says in words what day 0 of the phases' windows is. Without a name it is called like the plan.
    """

    key: str = MAIN_JOURNEY
    name: Text = NO_TEXT
    audience: Text = NO_TEXT
    anchor: Text = NO_TEXT
    phases: tuple[Phase, ...] = ()

    def phase_keys(self) -> Iterator[str]:
        """Yield the keys of all phases and steps, each phase before its steps."""
        for phase in self.phases:
            yield phase.key
            yield from (step.key for step in phase.steps)

    def phase_of(self, key: str) -> Phase | None:
        """Return the phase with this key or with a step of this key; None where there is neither."""
        for phase in self.phases:
            if phase.key == key or any(step.key == key for step in phase.steps):
                return phase
        return None

    def place_of(self, touchpoint: Touchpoint) -> Phase | None:
        """Return the phase that places a touchpoint on this journey: the first it names; None without one."""
        for key in touchpoint.phases:
            if (phase := self.phase_of(key)) is not None:
                return phase
        return None


class Status(StrEnum):
    """How far a touchpoint is."""

    IDEA = "idea"
    LIVE = "live"
    PAUSED = "paused"
    RETIRED = "retired"


class Nature(StrEnum):
    """What customers meet at a touchpoint."""

    HUMAN = "human"
    DIGITAL = "digital"
    PRODUCT = "product"
    ADMINISTRATIVE = "administrative"


class Worth(StrEnum):
    """Whether a touchpoint creates value for customers or is only necessary."""

    VALUE_CREATING = "value_creating"
    ADMINISTRATIVE = "administrative"


class Media(StrEnum):
    """Whose touchpoint it is: the company's own, a partner's, or earned (word of mouth, reviews)."""

    OWNED = "owned"
    PARTNER = "partner"
    EARNED = "earned"


class Measure(StrEnum):
    """A figure of the record that a success metric or a goal may aim at."""

    NET_EXPERIENCE = "net_experience"  # share of good minus share of bad, -1..1
    BAD_SHARE = "bad_share"  # bad among rated touches, 0..1
    DROP_OFF = "drop_off"  # left right after it, 0..1
    PERSONS = "persons"  # distinct persons a month
    TOUCHES = "touches"  # touches a month
    LEAVING = "leaving"  # persons of a month who left, 0..1
    CONVERSION = "conversion"  # of a funnel, 0..1


SHARES = (Measure.BAD_SHARE, Measure.DROP_OFF, Measure.LEAVING, Measure.CONVERSION)
"""Measures between 0 and 1."""
FALLING = (Measure.BAD_SHARE, Measure.DROP_OFF, Measure.LEAVING)
"""Measures of which less is better."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure with the value it should reach: at least this, or at most where less is better."""

    measure: Measure
    target: float

    @property
    def falling(self) -> bool:
        """Whether the target is an upper bound."""
        return self.measure in FALLING

    def reached(self, actual: float) -> bool:
        """Say whether an actual value reaches the target."""
        return actual <= self.target if self.falling else actual >= self.target


@dataclass(frozen=True, slots=True)
class Content:
    """What is said at a touchpoint to one segment in one phase; an empty field means all of them."""

    text: Text
    segment: str = ""
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """One touchpoint with its design card and its binding rules.

    `phases` are keys of phases or steps by importance; the first one of the leading journey places it there.
    `owners` are the names of those who answer for it (an account's name gives that account the right to edit
    it). `per_quarter` is how often a customer is to meet it in a quarter, `cost` money per touch in the
    plan's currency, `minutes` the work per touch. `started_by` company means proactive, customer reactive.
    `promises` are keys of the brand attributes it has to keep. `planned` None means nobody has said.
    """

    key: str
    name: Text
    phases: tuple[str, ...] = ()
    status: Status = Status.LIVE
    channel: str | None = None
    department: str | None = None
    owners: tuple[str, ...] = ()
    started_by: StartedBy = StartedBy.UNKNOWN
    nature: Nature | None = None
    planned: bool | None = None
    worth: Worth | None = None
    media: Media | None = None
    purpose: Text = NO_TEXT
    timing: Text = NO_TEXT
    per_quarter: float | None = None
    content: tuple[Content, ...] = ()
    metric: Metric | None = None
    cost: float | None = None
    minutes: float | None = None
    promises: tuple[str, ...] = ()
    notes: Text = NO_TEXT
    rules: tuple[BindingRule, ...] = ()
    experience: tuple[ExperienceRule, ...] = ()
    otherwise: Experience | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What the brand promises everywhere, for example "quick help"."""

    key: str
    name: Text
    about: Text = NO_TEXT


class Side(StrEnum):
    """Whose goal it is."""

    COMPANY = "company"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of the company or of the customers, on a metric, until a day.

    The metric is looked at over `touchpoints` or `phases` (keys), or over everything where both are empty;
    for `Measure.CONVERSION` it is that of `funnel`. `start` is the value it begins with, where one was noted.
    """

    key: str
    name: Text
    side: Side
    metric: Metric
    until: date
    owner: str | None = None
    touchpoints: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    funnel: str | None = None
    start: float | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaving is: one of these touchpoints (keys), or silence of `quiet_days`. Exactly one is given."""

    touchpoints: tuple[str, ...] = ()
    quiet_days: float | None = None


@dataclass(frozen=True, slots=True)
class Funnel:
    """A workflow people watch: ordered touchpoint keys and the window counted from the first."""

    key: str
    name: Text
    steps: tuple[str, ...]
    window_days: float


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of the plan.

    The first of `journeys` leads: figures are computed along its phases. `not_touchpoints` are rules for
    events somebody has looked at and found to be no touchpoint.
    """

    name: Text
    journeys: tuple[Journey, ...] = ()
    touchpoints: tuple[Touchpoint, ...] = ()
    leaving: Leaving | None = None
    moving_on: tuple[str, ...] = ()
    horizon_days: float = 30.0
    margin: float = 0.02
    attributes: tuple[str, ...] = ()
    funnels: tuple[Funnel, ...] = ()
    goals: tuple[Goal, ...] = ()
    promises: tuple[Promise, ...] = ()
    not_touchpoints: tuple[BindingRule, ...] = ()
    currency: str | None = None
    unbound_names_are_touchpoints: bool = False

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases of the leading journey."""
        return self.journeys[0].phases if self.journeys else ()

    @property
    def phase_keys(self) -> frozenset[str]:
        """The keys of all phases and steps of all journeys."""
        return frozenset(key for journey in self.journeys for key in journey.phase_keys())

    def journey(self, key: str) -> Journey | None:
        """Return one journey model; None where there is none with this key."""
        return next((one for one in self.journeys if one.key == key), None)

    def touchpoint(self, key: str) -> Touchpoint | None:
        """Return one touchpoint; None where there is none with this key."""
        return next((one for one in self.touchpoints if one.key == key), None)

    def phase_of(self, touchpoint: Touchpoint) -> Phase | None:
        """Return the phase that places a touchpoint on the leading journey; None where none does."""
        return self.journeys[0].place_of(touchpoint) if self.journeys else None


def one_journey(*phases: Phase) -> tuple[Journey, ...]:
    """Return the journeys of a plan that has just one, called like the plan."""
    return (Journey(phases=phases),) if phases else ()


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One saved version of the plan; `version` counts from 1, `saved_by` names the account or is None.

    `basis` is the newest version up to this one that changed what figures are computed from: figures of one
    basis hold for every version with this basis.
    """

    version: int
    plan: Plan
    saved_at: datetime
    saved_by: str | None = None
    comment: str = ""
    basis: int = 0


@dataclass(frozen=True, slots=True)
class SavedVersion:
    """A version without its plan, for lists."""

    version: int
    saved_at: datetime
    saved_by: str | None
    comment: str
    basis: int


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one item of the plan that differs: plain values as they stand in a document, None absent.

    `kind` is a key of the document (`touchpoints`, `journeys`, `goals`, …; empty for the plan's own fields).
    A whole item that is new or gone has an empty `name` and None before or after.
    """

    kind: str
    key: str
    name: str
    before: object = None
    after: object = None


@dataclass(frozen=True, slots=True)
class Edit:
    """What one version changed at one item: for the history of a touchpoint."""

    version: SavedVersion
    changes: tuple[Change, ...]
