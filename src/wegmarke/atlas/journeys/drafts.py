"""A journey model while it is being edited: what the form holds, whether it can be saved yet or not."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.formats import localize
from django.utils.translation import gettext as _

from wegmarke.atlas.inputs import in_reader_format, storable, whole
from wegmarke.plan.contracts import Journey, Phase, Step, Text
from wegmarke.plan.naming import new_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from wegmarke.plan.contracts import Plan

MOST_FIELDS = 9_000
"""Ten thousand fields of a form are taken (see the settings); some are left for what phases begin with."""


@dataclass(slots=True)
class StepDraft:
    """One step as typed."""

    key: str = ""
    de: str = ""
    en: str = ""


@dataclass(slots=True)
class PhaseDraft:
    """One phase as typed; days are texts until the draft is read."""

    key: str = ""
    de: str = ""
    en: str = ""
    goal_de: str = ""
    goal_en: str = ""
    from_day: str = ""
    to_day: str = ""
    entered_by: list[str] = field(default_factory=list)
    steps: list[StepDraft] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed, so that it counts as not there."""
        return not (
            self.key or self.de.strip() or self.en.strip() or self.goal_de.strip() or self.goal_en.strip()
        )


@dataclass(slots=True)
class Draft:
    """A whole model as typed; the phases' `errors` say by the name of the field what does not fit."""

    key: str = ""
    name_de: str = ""
    name_en: str = ""
    audience_de: str = ""
    audience_en: str = ""
    anchor_de: str = ""
    anchor_en: str = ""
    phases: list[PhaseDraft] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        """Whether any field does not fit."""
        return any(phase.errors for phase in self.phases)

    @property
    def fields(self) -> int:
        """How many fields the form of it sends, what it says of itself included."""
        of_phases = (len(_PHASE) + 1 + len(one.entered_by) + 3 * len(one.steps) for one in self.phases)
        return len(_OWN) + 4 + sum(of_phases)

    @property
    def is_full(self) -> bool:
        """Whether the form could not send another phase."""
        return self.fields + len(_PHASE) + 1 > MOST_FIELDS


def draft_of(journey: Journey) -> Draft:
    """Return the draft a model is edited in."""
    return Draft(
        journey.key,
        *(journey.name.de, journey.name.en),
        *(journey.audience.de, journey.audience.en),
        *(journey.anchor.de, journey.anchor.en),
        [
            PhaseDraft(
                phase.key,
                *(phase.name.de, phase.name.en),
                *(phase.goal.de, phase.goal.en),
                _day_text(phase.from_day),
                _day_text(phase.to_day),
                list(phase.entered_by),
                [StepDraft(step.key, step.name.de, step.name.en) for step in phase.steps],
            )
            for phase in journey.phases
        ],
    )


def _day_text(day: float | None) -> str:
    if day is None:
        return ""
    return str(localize(int(day) if float(day).is_integer() else day, use_l10n=True))


def read(data: QueryDict, key: str) -> Draft:
    """Read what was sent."""
    own: dict[str, Any] = {name: storable(data.get(name, "")) for name in _OWN}
    draft = Draft(key, **own)
    for p in range(_count(data, "phases")):
        steps = [
            StepDraft(*(storable(data.get(f"phase-{p}-step-{s}-{name}", "")) for name in ("key", "de", "en")))
            for s in range(_count(data, f"phase-{p}-steps"))
        ]
        texts: dict[str, Any] = {name: storable(data.get(f"phase-{p}-{name}", "")) for name in _PHASE}
        entered_by = [str(one) for one in data.getlist(f"phase-{p}-entered_by")]
        draft.phases.append(PhaseDraft(**texts, entered_by=entered_by, steps=steps))
    return draft


_OWN = ("name_de", "name_en", "audience_de", "audience_en", "anchor_de", "anchor_en")
_PHASE = ("key", "de", "en", "goal_de", "goal_en", "from_day", "to_day")


def _count(data: Mapping[str, object], name: str) -> int:
    """Read how many there are; more than a form can send are none."""
    return min(MOST_FIELDS, whole(str(data.get(name, "0"))))


def changed(draft: Draft, action: str) -> str:
    """Add, remove or move what an action names; return the id of the element that then has the focus.

    `add`, `up-2`, `down-2`, `remove-2`, `add-step-2`, `step-up-2-0`, `step-down-2-0`, `remove-step-2-0`.
    To a draft that `is_full` nothing is added.
    """
    match = re.fullmatch(
        r"(add|up|down|remove|add-step|step-up|step-down|remove-step)((?:-\d{1,3}){0,2})", action
    )
    if match is None:
        return ""
    verb, places = match[1], [int(number) for number in match[2].split("-") if number]
    if verb in ("add", "add-step") and draft.is_full:
        return ""
    if verb == "add" and not places:
        draft.phases.append(PhaseDraft())
        return f"phase-{len(draft.phases) - 1}-de"
    if not places or places[0] >= len(draft.phases):
        return ""
    if verb in ("up", "down", "remove"):
        at = _rearranged(draft.phases, verb, places[0])
        return f"phase-{at}-{'de' if verb == 'remove' else verb}" if draft.phases else "add"
    return _changed_steps(draft.phases[places[0]], verb, places)


def _changed_steps(phase: PhaseDraft, verb: str, places: list[int]) -> str:
    p = places[0]
    if verb == "add-step":
        phase.steps.append(StepDraft())
        return f"phase-{p}-step-{len(phase.steps) - 1}-de"
    if len(places) < 2 or places[1] >= len(phase.steps):  # noqa: PLR2004 - phase and step
        return ""
    short = {"step-up": "up", "step-down": "down", "remove-step": "remove"}[verb]
    at = _rearranged(phase.steps, short, places[1])
    if not phase.steps:
        return f"phase-{p}-add-step"
    return f"phase-{p}-step-{at}-{'de' if short == 'remove' else short}"


def _rearranged(items: list[PhaseDraft] | list[StepDraft], verb: str, at: int) -> int:
    """Move or remove an entry and return where to look now."""
    one = items.pop(at)
    if verb == "remove":
        return min(at, max(0, len(items) - 1))
    to = max(0, at - 1) if verb == "up" else min(len(items), at + 1)
    items.insert(to, one)  # type: ignore[arg-type] # it came from this very list
    return to


def journey_of(draft: Draft, plan: Plan) -> Journey:
    """Return the model a draft describes; what does not fit is noted in the `errors` of its phases.

    New phases and steps get keys from their names unlike any of the plan; blank ones are left out.
    """
    taken = set(plan.phase_keys)
    phases = []
    for phase in draft.phases:
        if phase.is_blank:
            continue
        if not (phase.de.strip() or phase.en.strip()):
            phase.errors["de"] = _("A name is missing.")
        key = phase.key or _new_key(phase.de or phase.en, "phase", taken)
        steps = tuple(
            Step(step.key or _new_key(step.de or step.en, "step", taken), _text(step.de, step.en))
            for step in phase.steps
            if step.key or step.de.strip() or step.en.strip()
        )
        phases.append(
            Phase(
                key=key,
                name=_text(phase.de, phase.en),
                goal=_text(phase.goal_de, phase.goal_en),
                from_day=_day(phase, "from_day"),
                to_day=_day(phase, "to_day"),
                entered_by=tuple(phase.entered_by),
                steps=steps,
            )
        )
    journeys = {one.key for one in plan.journeys}
    return Journey(
        key=draft.key or _new_key(draft.name_de or draft.name_en, "journey", journeys),
        name=_text(draft.name_de, draft.name_en),
        audience=_text(draft.audience_de, draft.audience_en),
        anchor=_text(draft.anchor_de, draft.anchor_en),
        phases=tuple(phases),
    )


def _text(de: str, en: str) -> Text:
    return Text(de=de.strip(), en=en.strip())


def _day(phase: PhaseDraft, name: str) -> float | None:
    """Read a day in the reader's own format."""
    text: str = getattr(phase, name)
    if not text.strip():
        return None
    try:
        day = float(in_reader_format(text))
    except ValueError:
        day = math.nan
    if not math.isfinite(day):
        phase.errors[name] = _("A number is needed here.")
        return None
    return day


def _new_key(name: str, otherwise: str, taken: set[str]) -> str:
    """Make a key of a name, and take it."""
    key = new_key(name, taken, otherwise)
    taken.add(key)
    return key
