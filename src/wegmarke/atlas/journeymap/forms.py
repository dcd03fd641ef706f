"""Moving a touchpoint by a form: what the picture does by mouse and keyboard, it does without either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wegmarke.ui.selects import ManyOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wegmarke.plan.contracts import Journey, Text

NOWHERE = "-"
"""The choice of no phase; an empty one would mean that nothing was chosen."""


class NameForm(forms.Form):
    """Whose map it is."""

    name = forms.CharField(
        label=gettext_lazy("Name of the company"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "organization"}),
    )


class MoveForm(forms.Form):
    """Which touchpoint goes to which phase or step; from `source`, or from its main place."""

    key = forms.ChoiceField(label=gettext_lazy("Touchpoint"), widget=ManyOptions)
    target = forms.ChoiceField(label=gettext_lazy("Move to"))
    source = forms.CharField(required=False, widget=forms.HiddenInput)
    based_on = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        touchpoints: Sequence[tuple[str, str]],
        places: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        """Offer the touchpoints that may be moved and the places of the journey, each as (key, name)."""
        super().__init__(*args, **kwargs)
        self._places = dict(places)
        for name, choices in (("key", touchpoints), ("target", places)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
                field.widget.attrs["class"] = "form-select"

    @property
    def target_key(self) -> str:
        """The chosen phase or step, empty for none."""
        target: str = self.cleaned_data["target"]
        return "" if target == NOWHERE else target

    @property
    def place_name(self) -> str:
        """The name of the chosen phase or step."""
        return self._places[self.cleaned_data["target"]]


def places_of(journey: Journey, said: Callable[[Text], str]) -> list[tuple[str, str]]:
    """Return the phases and steps of a journey with their names, and the place without a phase."""
    found = []
    for phase in journey.phases:
        name = said(phase.name) or phase.key
        found.append((phase.key, name))
        found += [(step.key, f"{name} · {said(step.name) or step.key}") for step in phase.steps]
    return [*found, (NOWHERE, _("Without phase"))]
