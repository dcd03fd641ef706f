"""What can be done with candidates: adopt them, add their rules to a touchpoint, leave them alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wegmarke.plan import queries as plans
from wegmarke.plan import services as planning
from wegmarke.plan.contracts import Text, Touchpoint
from wegmarke.plan.naming import new_keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from wegmarke.atlas.discovery.contracts import Candidate
    from wegmarke.plan.contracts import PlanVersion
    from wegmarke.record.contracts import BindingRule
    from wegmarke.team.models import User


@dataclass(frozen=True, slots=True)
class Adoption:
    """A candidate with what somebody made of its proposal; `name` is in the language of the reader."""

    candidate: Candidate
    name: str
    channel: str
    phase: str
    language: str

    @property
    def named(self) -> Text:
        """The name in both languages as long as it is the proposed one."""
        proposed = self.candidate.name
        if self.name == proposed.in_language(self.language):
            return proposed
        return Text(de=self.name) if self.language.startswith("de") else Text(en=self.name)


def adopt(adoptions: Sequence[Adoption], *, by: User | None, now: datetime, comment: str = "") -> PlanVersion:
    """Make candidates touchpoints of the plan, all in one version.

    Raises `PlanError`, `NotAllowedError`, `PlanChangedError`; then none is adopted.
    """
    saved = plans.current()
    taken = [] if saved is None else [one.key for one in saved.plan.touchpoints]
    keys = new_keys([one.name for one in adoptions], taken)
    touchpoints = [_touchpoint(key, one) for key, one in zip(keys, adoptions, strict=True)]
    return planning.add_touchpoints(touchpoints, by=by, now=now, comment=comment)


def _touchpoint(key: str, adoption: Adoption) -> Touchpoint:
    return Touchpoint(
        key=key,
        name=adoption.named,
        phases=(adoption.phase,) if adoption.phase else (),
        channel=adoption.channel or None,
        started_by=adoption.candidate.started_by,
        rules=adoption.candidate.rules,
    )


def add_rules(
    candidate: Candidate, touchpoint: str, *, by: User | None, now: datetime, comment: str = ""
) -> PlanVersion:
    """Add a candidate's rules to a touchpoint that stands for the same.

    Raises `UnknownPartError`, `PlanError`, `NotAllowedError` (for its owners too).
    """

    def change(one: Touchpoint) -> Touchpoint:
        return replace(one, rules=tuple(dict.fromkeys((*one.rules, *candidate.rules))))

    return planning.change_touchpoints({touchpoint}, change, by=by, now=now, comment=comment)


def leave_alone(
    candidates: Sequence[Candidate], *, by: User | None, now: datetime, comment: str = ""
) -> PlanVersion:
    """Remember that candidates are no touchpoints; what follows up on them is none either."""
    rules = [rule for one in candidates for rule in one.rules]
    rules += [follow_up.rule for one in candidates for follow_up in one.follow_ups]
    return planning.leave_alone(rules, by=by, now=now, comment=comment)


def look_again(rule: BindingRule, *, by: User | None, now: datetime, comment: str = "") -> PlanVersion:
    """Forget that events of a rule are no touchpoint."""
    return planning.look_again([rule], by=by, now=now, comment=comment)
