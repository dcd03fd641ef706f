"""What touchpoints and phases are called in the language of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext

if TYPE_CHECKING:
    from wegmarke.plan.contracts import Plan, Text


class Names:
    """Turns keys into names; a key the plan does not know (an event name without a plan) is its own name."""

    def __init__(self, plan: Plan) -> None:
        """Look the names up once; the language is asked for at each use."""
        self._touchpoints = {t.key: t.name for t in plan.touchpoints}
        self._phases = {p.key: p.name for p in plan.phases}
        self._funnels = {f.key: f.name for f in plan.funnels}

    def touchpoint(self, key: str) -> str:
        """Return the name of a touchpoint."""
        return _in_language(self._touchpoints.get(key), key)

    def phase(self, key: str | None) -> str:
        """Return the name of a phase; None is the place of touchpoints without one."""
        return gettext("Without phase") if key is None else _in_language(self._phases.get(key), key)

    def funnel(self, key: str) -> str:
        """Return the name of a funnel."""
        return _in_language(self._funnels.get(key), key)

    def path(self, keys: tuple[str, ...]) -> str:
        """Return touchpoints in order, joined by arrows."""
        return " → ".join(self.touchpoint(key) for key in keys)


def _in_language(text: Text | None, key: str) -> str:
    if text is None:
        return key
    return text.in_language(get_language() or "en") or key
