"""Values the insights share with pages, reports and the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wegmarke.analysis.insight import (
        ExperienceInsight,
        FunnelInsight,
        LastActionsInsight,
        MomentsInsight,
        PathsInsight,
        TrendInsight,
    )
    from wegmarke.analysis.outcomes import Period
    from wegmarke.plan.contracts import Plan


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything asked of one set of journeys under one plan.

    `moments` and `last_actions` are None where the plan says neither what leaving nor what moving on is.
    `unbound` counts events that belong to no touchpoint. `funnels` is keyed by the funnel's key in the plan.
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
    funnels: Mapping[str, FunnelInsight] = field(default_factory=dict)
