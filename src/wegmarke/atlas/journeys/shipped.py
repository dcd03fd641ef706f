"""The journey models that come with Wegmarke, as plan documents, and how one is taken into a plan."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from wegmarke.plan import documents

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
