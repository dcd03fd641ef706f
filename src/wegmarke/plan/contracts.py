"""The plan as frozen values; `plan.queries` and `plan.documents` give them, everything above reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wegmarke.analysis.journeys import Experience, StartedBy

if TYPE_CHECKING:
    from datetime import datetime

    from wegmarke.record.contracts import BindingRule, ExperienceRule


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages of the product; either may stand in for the other."""

    de: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text for `de`, `de-at`, `en`, …; anything else gets English."""
        wanted, other = (self.de, self.en) if language.startswith("de") else (self.en, self.de)
        return wanted or other


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of the journey, in its order."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """One touchpoint with its binding rules; `phases` by importance, the first places it on the map."""

    key: str
    name: Text
    phases: tuple[str, ...] = ()
    channel: str | None = None
    owner: str | None = None
    started_by: StartedBy = StartedBy.UNKNOWN
    rules: tuple[BindingRule, ...] = ()
    experience: tuple[ExperienceRule, ...] = ()
    otherwise: Experience | None = None


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
    """One version of the plan."""

    name: Text
    phases: tuple[Phase, ...] = ()
    touchpoints: tuple[Touchpoint, ...] = ()
    leaving: Leaving | None = None
    moving_on: tuple[str, ...] = ()
    horizon_days: float = 30.0
    margin: float = 0.02
    attributes: tuple[str, ...] = ()
    funnels: tuple[Funnel, ...] = ()
    currency: str | None = None
    unbound_names_are_touchpoints: bool = False


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One saved version of the plan; `version` counts from 1, `saved_by` names the account or is None."""

    version: int
    plan: Plan
    saved_at: datetime
    saved_by: str | None = None
    comment: str = ""
