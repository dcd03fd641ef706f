"""Values the insights share with pages, reports and the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from wegmarke.analysis.insight import (
        ExperienceInsight,
        FunnelInsight,
        LastActionsInsight,
        MomentsInsight,
        PathsInsight,
        TrendInsight,
    )
    from wegmarke.analysis.map_insight import (
        LoadInsight,
        MonthlyInsight,
        PlacementInsight,
        SpreadInsight,
    )
    from wegmarke.analysis.outcomes import Period
    from wegmarke.plan.contracts import Plan

EVERYBODY = ""
"""Instead of the name of an attribute: all persons as one group."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything asked of one set of journeys under one plan.

    `moments` and `last_actions` are None where the plan says neither what leaving nor what moving on is.
    `unbound` counts events that belong to no touchpoint. `funnels` is keyed by the funnel's key in the plan.
    `spread`, `load_by` and `departments` are keyed by the attribute that makes the groups, the first few of
    the plan; in `spread` and `departments`, "" is everybody as one group. The cells of `load` are (phase,
    channel), those of `departments` (phase, department), "" where there is none.
    `placement` is keyed by the journey models of the plan.
    """

    plan: Plan
    period: Period
    persons: int
    touches: int
    unbound: int
    moments: MomentsInsight | None
    last_actions: LastActionsInsight | None
    lived: ExperienceInsight
    paths: PathsInsight
    trend: TrendInsight
    monthly: MonthlyInsight
    spread: Mapping[str, SpreadInsight]
    load: LoadInsight
    load_by: Mapping[str, LoadInsight]
    departments: Mapping[str, LoadInsight] = field(default_factory=dict)
    placement: Mapping[str, PlacementInsight] = field(default_factory=dict)
    funnels: Mapping[str, FunnelInsight] = field(default_factory=dict)


class State(StrEnum):
    """How the shown insights stand to log and plan."""

    FRESH = "fresh"
    WAITING = "waiting"
    RUNNING = "running"
    TROUBLED = "troubled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the shown insights are and what is being done about it.

    `step`, `done` and `steps` tell how far a run is; `problem` says in words why a run failed, and `error` is
    the last line of an unexpected error. `refresh` names the run that can be tried again.
    """

    state: State
    step: str = ""
    done: int = 0
    steps: int = 0
    problem: str = ""
    error: str = ""
    refresh: int | None = None

    @property
    def share(self) -> float:
        """How much of the run is done, 0 to 1."""
        return self.done / self.steps if self.steps else 0.0

    @property
    def is_open(self) -> bool:
        """Whether something is under way, so that a page may look again soon."""
        return self.state in (State.WAITING, State.RUNNING, State.TROUBLED)


@dataclass(frozen=True, slots=True)
class Stored:
    """An analysis as stored, with what is needed to say how it was made.

    `plan_version` is the version since which the plan computes these figures; names are those of today.
    """

    refresh: int
    analysis: Analysis
    plan_version: int
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class AskedFunnel:
    """A funnel somebody asked for: answered, under way or failed."""

    key: str
    steps: tuple[str, ...]
    window_days: float
    insight: FunnelInsight | None
    asked_at: datetime
    refresh: int
    failed: bool
    problem: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Touches of persons with one attribute, from `since` to before `until`; what is None takes all.

    With `case_gap_days` a person's touches are one case until so many days pass without one; without, a
    person is one case.
    """

    attribute: str | None = None
    label: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    case_gap_days: float | None = None


class NoSuchAttributeError(LookupError):
    """The journeys have no such attribute, or nobody has this value of it."""
