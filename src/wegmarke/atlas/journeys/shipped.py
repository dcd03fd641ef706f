"""The journey models that come with Wegmarke, as plan documents, and how one is taken into a plan."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from wegmarke.plan import documents
from wegmarke.plan.contracts import Phase

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from wegmarke.plan.contracts import Journey, Plan

NAMES = ("before_during_after", "awareness_to_advocacy", "perception_to_repurchase", "saas_life_cycle")


@cache
def shipped() -> Mapping[str, Journey]:
    """Return the models by the names of their files, in the order they are offered."""
    folder = resources.files("wegmarke.atlas.journeys").joinpath("models")
    texts = {name: folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8") for name in NAMES}
    return {name: documents.load(text).journeys[0] for name, text in texts.items()}


def phases_by_name(words: Collection[str]) -> Mapping[str, Phase]:
    """Return what the model that knows most of these words as phases says about each, in the model's order.

    Windows of days and what a phase begins with stay behind: they belong to the model as a whole.
    """
    found: dict[str, Phase] = {}
    for model in shipped().values():
        names = {name: phase for phase in model.phases for name in _names(phase)}
        known = [(names[_plainly(word)], word) for word in words if _plainly(word) in names]
        known.sort(key=lambda pair: model.phases.index(pair[0]))
        if len(known) > len(found):
            found = {word: Phase(phase.key, phase.name, phase.goal) for phase, word in known}
    return found


def completed(journey: Journey, model: Journey) -> Journey | None:
    """Return a nameless journey filled up to the model; None where it has phases the model has not.

    A journey without a name grew out of phases that stood in a list. Its phases stay as they are, with the
    goals and windows they lack, and what stands in them goes on standing there.
    """
    own = {name: phase for phase in journey.phases for name in _names(phase)}
    pairs = [
        (phase, next((own[name] for name in _names(phase) if name in own), None)) for phase in model.phases
    ]
    matched = {mine.key for _phase, mine in pairs if mine is not None}
    if journey.name or not matched or matched != {phase.key for phase in journey.phases}:
        return None
    taken = set(journey.phase_keys())
    phases = []
    for phase, mine in pairs:
        if mine is None:
            phases.append(replace(phase, key=free_key(phase.key, taken)))
        else:
            window = mine if mine.from_day is not None or mine.to_day is not None else phase
            goal = mine.goal or phase.goal
            phases.append(replace(mine, goal=goal, from_day=window.from_day, to_day=window.to_day))
    return replace(model, key=journey.key, phases=tuple(phases))


def _names(phase: Phase) -> set[str]:
    return {_plainly(name) for name in (phase.name.de, phase.name.en) if name}


def _plainly(word: str) -> str:
    return word.strip().casefold()


def with_own_keys(journey: Journey, plan: Plan) -> tuple[Journey, dict[str, str]]:
    """Return a model whose keys collide with none of the plan, and which phase or step key became which."""
    taken = set(plan.phase_keys)
    became: dict[str, str] = {}
    for key in journey.phase_keys():
        became[key] = free_key(key, taken)
        taken.add(became[key])
    phases = tuple(
        replace(
            phase,
            key=became[phase.key],
            steps=tuple(replace(step, key=became[step.key]) for step in phase.steps),
        )
        for phase in journey.phases
    )
    key = free_key(journey.key, {one.key for one in plan.journeys})
    return replace(journey, key=key, phases=phases), became


def free_key(wanted: str, taken: Collection[str]) -> str:
    """Return the key itself, or with the first number that is free."""
    key, number = wanted, 2
    while key in taken:
        key, number = f"{wanted}_{number}", number + 1
    return key
