"""What touchpoints and phases are called in the language of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext

if TYPE_CHECKING:
    from wegmarke.plan.contracts import Plan


class Names:
    """Turns keys into names; a key the plan does not know (an event name without a plan) is its own name."""

    def __init__(self, plan: Plan) -> None:
        """Read the names in the active language once; a table may ask for thousands."""
        language = get_language() or "en"
        self._touchpoints = {t.key: t.name.in_language(language) or t.key for t in plan.touchpoints}
        self._phases = {p.key: p.name.in_language(language) or p.key for p in plan.phases}
        self._funnels = {f.key: f.name.in_language(language) or f.key for f in plan.funnels}

    def touchpoint(self, key: str) -> str:
        """Return the name of a touchpoint."""
        return self._touchpoints.get(key, key)

    def phase(self, key: str | None) -> str:
        """Return the name of a phase; None is the place of touchpoints without one."""
        return gettext("Without phase") if key is None else self._phases.get(key, key)

    def funnel(self, key: str) -> str:
        """Return the name of a funnel."""
        return self._funnels.get(key, key)

    def path(self, keys: tuple[str, ...]) -> str:
        """Return touchpoints in order, joined by arrows."""
        return " → ".join(self.touchpoint(key) for key in keys)
