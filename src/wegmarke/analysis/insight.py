"""What the questions answer: small frozen values, ready for a page, a file or a test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wegmarke.analysis.journeys import StartedBy


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval and the number of observations behind it."""

    estimate: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a touch or an experience does to an outcome, as a risk difference (0.10 = ten percentage points).

    `n` counts the touches judged (treated, inside common support), `persons` the persons behind them;
    `crude` is the unadjusted difference, `outside_support` the share of treated touches without any like
    touch to compare with, `p` the two-sided p-value and `q` the same after Benjamini-Hochberg.
    """

    estimate: float
    low: float
    high: float
    p: float
    q: float
    crude: float
    outside_support: float
    n: int
    persons: int
    treated_rate: float
    control_rate: float


class MomentClass(StrEnum):
    """The verdict on a touchpoint; decided on intervals, never on a bare p-value."""

    BREAKS = "breaks"
    ADVANCES = "advances"
    DELIGHTS = "delights"
    ANNOYS_HARMLESS = "annoys_harmless"
    ANNOYS_COSTS = "annoys_costs"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class StratumEvidence:
    """One group of like situations at one touchpoint: bad against not bad, and how many left."""

    situation: tuple[str, ...]
    bad: int
    bad_left: int
    not_bad: int
    not_bad_left: int


@dataclass(frozen=True, slots=True)
class Moment:
    """One touchpoint, its effects, its class, its size and the evidence.

    `touches` counts the touches at risk whose horizon is known; `bad` and `good` those among them.
    `value_per_quarter` is in the unit of the journeys' values.
    """

    touchpoint: str
    moment_class: MomentClass
    touches: int
    rated: int
    bad: int
    good: int
    bad_on_leaving: Effect | None
    good_on_moving_on: Effect | None
    touch_on_leaving: Effect | None
    touch_on_moving_on: Effect | None
    e_value: float | None
    e_value_bound: float | None
    lost_persons_per_quarter: Estimate | None
    won_persons_per_quarter: Estimate | None
    lost_value_per_quarter: Estimate | None
    cumulated_share: float | None
    touches_needed: int | None
    evidence: tuple[StratumEvidence, ...]
    started_by: StartedBy = StartedBy.UNKNOWN


@dataclass(frozen=True, slots=True)
class SituationLevel:
    """How one feature of the situation before a touch was coarsened, in words the page can show.

    `kind` is phase, attribute, tenure, touches_30_days, days_since_last or bad_so_far; `cuts` are lower
    bounds of the levels (seconds for tenure and days_since_last), `labels` the phases or labels that were
    split off from the others.
    """

    kind: str
    name: str
    levels: int
    cuts: tuple[float, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MomentsInsight:
    """All touchpoints judged, largest loss first, with the parameters they were judged with."""

    moments: tuple[Moment, ...]
    start: int
    end: int
    persons: int
    touches: int
    judged_touches: int
    leaving_rate: float
    moving_on_rate: float
    strata: int
    situation: tuple[SituationLevel, ...]
    horizon_days: float
    quiet_days: float | None
    margin: float
    value_per_person: float | None


@dataclass(frozen=True, slots=True)
class Instead:
    """What persons did next who reached a step but not the following one; `None` means silence."""

    touchpoint: str | None
    persons: int
    share: float


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step: who reached it, as a share of the first step and of the step before."""

    touchpoint: str
    persons: int
    share: Estimate
    transfer: Estimate
    instead: tuple[Instead, ...]


@dataclass(frozen=True, slots=True)
class FunnelMonth:
    """Of those who took the first step in a month (`start` in Unix seconds, UTC), who reached the last."""

    start: int
    reached: Estimate


@dataclass(frozen=True, slots=True)
class FunnelInsight:
    """Ordered steps within a window counted from the first one.

    `months` are those whose window has closed within the data and in which anybody took the first step.
    """

    steps: tuple[FunnelStep, ...]
    window_days: float
    persons: int
    months: tuple[FunnelMonth, ...] = ()


@dataclass(frozen=True, slots=True)
class Transition:
    """How often one touchpoint follows another; `None` stands for the start or the end of a journey."""

    source: str | None
    target: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Variant:
    """One sequence of touchpoints and how many persons lived exactly this one."""

    touchpoints: tuple[str, ...]
    persons: int
    share: Estimate


@dataclass(frozen=True, slots=True)
class FlowLink:
    """Persons who went from `source` as their step `step` to `target` as the next; for the Sankey picture."""

    step: int
    source: str
    target: str | None
    persons: int


@dataclass(frozen=True, slots=True)
class PathsInsight:
    """Real paths: transitions, the most frequent variants, and the first steps as flows."""

    persons: int
    touches: int
    transitions: tuple[Transition, ...]
    variants_total: int
    variants: tuple[Variant, ...]
    flows: tuple[FlowLink, ...]


@dataclass(frozen=True, slots=True)
class LastAction:
    """A touchpoint among the last touches before leaving, against its share among all touches.

    `lift` above 1: more often the last action than its frequency alone explains.
    """

    touchpoint: str
    last: int
    share_of_last: float
    share_of_all: float
    lift: Estimate


@dataclass(frozen=True, slots=True)
class LastActionsInsight:
    """Last action before leaving, highest lift first."""

    actions: tuple[LastAction, ...]
    left: int
    persons: int


@dataclass(frozen=True, slots=True)
class TouchpointExperience:
    """Volume, experience and drop-off at one touchpoint.

    `experience` is the net share good minus bad among the rated touches (-1..1), `bad_share` the share of bad
    among them; `drop_off` the share of persons who met it and left right after it.
    """

    touchpoint: str
    phase: str | None
    touches: int
    persons: int
    bad: int
    neutral: int
    good: int
    experience: Estimate | None
    drop_off: Estimate | None
    bad_share: Estimate | None = None


@dataclass(frozen=True, slots=True)
class PhaseExperience:
    """Volume, experience and drop-off over the touchpoints of one phase."""

    phase: str
    touches: int
    persons: int
    experience: Estimate | None
    drop_off: Estimate | None


@dataclass(frozen=True, slots=True)
class ExperienceInsight:
    """The journey as lived: touchpoints in order of phase, then volume."""

    touchpoints: tuple[TouchpointExperience, ...]
    phases: tuple[PhaseExperience, ...]
    persons: int
    touches: int


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month: how much happened, how it felt, how many left. `start` in Unix seconds (UTC month)."""

    start: int
    persons: int
    touches: int
    experience: Estimate | None
    leaving: Estimate | None
    bad_share: Estimate | None = None


@dataclass(frozen=True, slots=True)
class TrendInsight:
    """Month by month; the last month may be incomplete (`complete` False there)."""

    points: tuple[TrendPoint, ...]
    last_complete: bool
