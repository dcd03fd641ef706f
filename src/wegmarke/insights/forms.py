"""The form for a funnel of one's own: steps in order and the window they must happen in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wegmarke.insights.names import Names
from wegmarke.ui.numbers import NONE

if TYPE_CHECKING:
    from wegmarke.insights.contracts import Analysis, AskedFunnel

STEPS = 6
LONGEST_WINDOW = 3650
SHORTEST_WINDOW = 1 / 1440
DEFAULT_WINDOW = 30


def choices(analysis: Analysis) -> list[tuple[str, str]]:
    """Return the touchpoints to choose from, in the order of the journey."""
    names = Names(analysis.plan)
    return [(t.touchpoint, names.touchpoint(t.touchpoint)) for t in analysis.lived.touchpoints]


def initial(asked: AskedFunnel) -> dict[str, Any]:
    """Return what the form was filled with."""
    steps = {f"step_{i}": key for i, key in enumerate(asked.steps, start=1)}
    return {**steps, "window_days": asked.window_days}


class FunnelForm(forms.Form):
    """Up to six steps; empty ones are passed over."""

    window_days = forms.FloatField(
        label=_("Window in days"),
        initial=DEFAULT_WINDOW,
        min_value=SHORTEST_WINDOW,
        max_value=LONGEST_WINDOW,
        widget=forms.NumberInput(attrs={"class": "form-control", "step": "any"}),
    )  # fmt: skip

    def __init__(self, *args: Any, touchpoints: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the touchpoints of the stored analysis."""
        super().__init__(*args, **kwargs)
        for i in range(1, STEPS + 1):
            self.fields[f"step_{i}"] = forms.ChoiceField(
                label=_("Step %(number)s") % {"number": i},
                choices=[("", NONE), *touchpoints],
                required=i <= 2,  # noqa: PLR2004 - a funnel has at least two steps
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def step_fields(self) -> list[forms.BoundField]:
        """The steps in order."""
        return [self[f"step_{i}"] for i in range(1, STEPS + 1)]

    @property
    def steps(self) -> tuple[str, ...]:
        """The chosen steps, empty ones left out."""
        chosen = (self.cleaned_data.get(f"step_{i}", "") for i in range(1, STEPS + 1))
        return tuple(key for key in chosen if key)
