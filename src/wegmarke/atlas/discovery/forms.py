"""What the page sends: which candidates, and what somebody made of their proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from wegmarke.atlas import channels
from wegmarke.atlas.discovery.pages import CHANNELS, Entered
from wegmarke.atlas.discovery.services import Adoption
from wegmarke.atlas.inputs import storable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.http import QueryDict

    from wegmarke.atlas.discovery.contracts import Candidate
    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Plan

FIELDS: Final = ("name", "channel", "phase")
LONGEST_NAME: Final = 200
LONGEST_CHANNEL: Final = 100


def picked(data: QueryDict, button: str, candidates: Mapping[str, Candidate]) -> list[Candidate]:
    """Return the candidate of the pressed button, or all that are ticked; unknown ones are left out."""
    pressed = str(data.get(button, ""))
    keys = [pressed] if pressed else data.getlist("pick")
    return [candidates[key] for key in dict.fromkeys(keys) if key in candidates]


def entered(
    data: QueryDict, candidates: Mapping[str, Candidate], chosen: list[Candidate], plan: Plan
) -> dict[str, Entered]:
    """Return what was entered in every row of the page, with what is wrong in the chosen ones."""
    wanted = {one.key for one in chosen}
    ticked = {*data.getlist("pick"), *wanted}
    phases = {phase.key for phase in plan.phases}
    planned = [one.channel for one in plan.touchpoints]
    found = {}
    for key in candidates:
        if f"name-{key}" not in data:
            continue
        name, channel, phase = (storable(str(data.get(f"{field}-{key}", ""))).strip() for field in FIELDS)
        channel = channels.stored(channel, (*planned, *CHANNELS), candidates[key].channel)
        problem = _problem(name, channel, phase, phases) if key in wanted else ""
        found[key] = Entered(name, channel, phase, key in ticked, problem)
    return found


def unsaved(
    data: QueryDict, candidates: Mapping[str, Candidate], done: Collection[str], at: Here
) -> dict[str, Entered]:
    """Return the rows besides those done in which somebody ticked the box or changed what was proposed."""
    rows = entered(data, candidates, [], at.plan)
    return {
        key: row
        for key, row in rows.items()
        if key not in done and (row.checked or _typed(row) != _proposed(candidates[key], at.language))
    }


def _typed(row: Entered) -> tuple[str, str, str]:
    return row.name, row.channel, row.phase


def _proposed(one: Candidate, language: str) -> tuple[str, str, str]:
    return one.name.in_language(language), one.channel or "", one.phase or ""


def _problem(name: str, channel: str, phase: str, phases: set[str]) -> str:
    if not name:
        return _("The touchpoint needs a name.")
    if len(name) > LONGEST_NAME:
        return _("The name may have %(most)s characters at most.") % {"most": LONGEST_NAME}
    if len(channel) > LONGEST_CHANNEL:
        return _("The channel may have %(most)s characters at most.") % {"most": LONGEST_CHANNEL}
    if phase and phase not in phases:
        return _("This phase is not in the plan (any more).")
    return ""


def adoption(candidate: Candidate, rows: Mapping[str, Entered], language: str) -> Adoption:
    """Return what is to be adopted: as entered, or as proposed where nothing was sent."""
    row = rows.get(candidate.key)
    if row is None:
        return Adoption(candidate, *_proposed(candidate, language), language)
    return Adoption(candidate, row.name, row.channel, row.phase, language)
