"""Two changes of one part of the plan put together, as saving does it. Pure."""

from __future__ import annotations

from typing import TypeVar

from wegmarke.plan import parts
from wegmarke.plan.contracts import Goal, Promise, Touchpoint

Part = TypeVar("Part", Touchpoint, Goal, Promise)
KINDS = {Touchpoint: "touchpoints", Goal: "goals", Promise: "promises"}


def together(base: Part, mine: Part, theirs: Part) -> Part:
    """Merge two changes of one part; mine stands where both changed a field."""
    kind = KINDS[type(base)]
    write, read = parts.WRITERS[kind], parts.READERS[kind]
    merged, _fields = parts.merged(write(base), write(mine), write(theirs))
    found: Part = read(merged)
    return found
