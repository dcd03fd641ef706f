"""What discovery found, as frozen values: stored by the worker, read by the page."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - msgspec reads the types at run time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wegmarke.analysis.journeys import StartedBy  # noqa: TC001 - see above
from wegmarke.plan.contracts import Text  # noqa: TC001 - see above
from wegmarke.record.contracts import BindingRule  # noqa: TC001 - see above

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Events that only tell what became of the same touch (opened, closed): no touch of their own."""

    rule: BindingRule
    events: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something customers met that no touchpoint of the plan stands for, with a proposal how to call it.

    `key` is the same in every run as long as the rules are. `share` is of all persons of the record; `months`
    counts events by `2026-03`; times are Unix seconds. `hints` are properties that may say how it was lived
    through; `rated` counts events with a rating. `technical` says that machines seem to have written it,
    `like` names the touchpoint of the plan it looks like.
    """

    key: str
    rules: tuple[BindingRule, ...]
    name: Text
    channel: str | None
    phase: str | None
    started_by: StartedBy
    events: int
    persons: int
    share: float
    first: int
    last: int
    months: Mapping[str, int]
    hints: tuple[str, ...] = ()
    rated: int = 0
    technical: bool = False
    like: str | None = None
    follow_ups: tuple[FollowUp, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One run over the log: `names` counts the event names with unbound events, `events` these events.

    `persons` counts all persons of the record, `touched` those who met any of it. `rare` counts groups of so
    few persons that they were left out.
    """

    candidates: tuple[Candidate, ...]
    names: int
    events: int
    persons: int
    touched: int
    rare: int


@dataclass(frozen=True, slots=True)
class Discovered:
    """What was found last, when, and whether it is about the log and the plan as they stand."""

    found: Found
    plan_version: int
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done about a newer state: `state` is a word of `insights.contracts.State`."""

    state: str
    share: float | None = None
    error: str = ""
    run: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is under way."""
        return self.state in {"waiting", "running", "troubled"}
