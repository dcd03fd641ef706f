"""Stands in for the record's preview of rules: the same values and signature, and no answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from wegmarke.record.contracts import BindingRule, Bindings


@dataclass(frozen=True, slots=True)
class Example:
    """One event of the log as it came."""

    person: str
    time: datetime
    name: str
    properties: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another touchpoint whose rules match some of the same events, and how many."""

    touchpoint: str
    events: int


@dataclass(frozen=True, slots=True)
class RulePreview:
    """What rules would match: exact where `share_looked_at` is 1, else scaled up from that share."""

    events: int
    persons: int
    share_looked_at: float
    examples: tuple[Example, ...]
    overlaps: tuple[Overlap, ...]
    taken_before: int


def preview_rules(
    rules: tuple[BindingRule, ...],  # noqa: ARG001 - the signature of the record
    bindings: Bindings,  # noqa: ARG001
    touchpoint: str | None,  # noqa: ARG001
    *,
    examples: int = 10,  # noqa: ARG001
) -> RulePreview | None:
    """Give no answer."""
    return None
