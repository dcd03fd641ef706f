"""What people fill in about a goal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.formats import localize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wegmarke.atlas import measures
from wegmarke.atlas.dressing import Dressed
from wegmarke.atlas.fields import FIELDS, choices
from wegmarke.atlas.inputs import NumberField
from wegmarke.atlas.journeymap.forms import NOWHERE, places_of
from wegmarke.plan.contracts import Goal, Measure, Metric, Side, Text
from wegmarke.ui.numbers import NONE

if TYPE_CHECKING:
    from django.http import QueryDict

    from wegmarke.atlas.pages import Here

LONGEST_NAME = 200


def _day(label: Any, *, required: bool) -> forms.DateField:  # noqa: ANN401 - a lazy text
    """Return a field for a day; browsers send it as 2026-12-31, people may type it as they do."""
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
    )


class GoalForm(Dressed):
    """One goal: what it is called, on which figure, over what, until when."""

    name_de = forms.CharField(label=_("Name in German"), required=False, max_length=LONGEST_NAME)
    name_en = forms.CharField(label=_("Name in English"), required=False, max_length=LONGEST_NAME)
    side = forms.ChoiceField(label=FIELDS["side"], choices=choices("side"))
    measure = forms.ChoiceField(label=FIELDS["measure"])
    target = NumberField(
        label=FIELDS["target"],
        help_text=_("Shares in per cent, net experience from -100 to +100, persons and touches as numbers."),
    )
    start = NumberField(label=_("Value at the start"), required=False)
    since = _day(_("Since"), required=False)
    until = _day(_("Deadline"), required=True)
    owner = forms.CharField(label=_("Owner"), required=False, max_length=LONGEST_NAME)
    funnel = forms.ChoiceField(label=_("Funnel"), required=False, help_text=_("For the conversion only."))
    phases = forms.MultipleChoiceField(label=_("Phases"), required=False, widget=forms.CheckboxSelectMultiple)
    touchpoints = forms.MultipleChoiceField(
        label=_("Touchpoints"), required=False, widget=forms.CheckboxSelectMultiple
    )
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, at: Here, **kwargs: Any) -> None:
        """Offer what the plan has."""
        super().__init__(*args, **kwargs)
        plan = at.plan
        choices: dict[str, list[tuple[str, str]]] = {
            "measure": [(one.value, f"{name}: {measures.MEANINGS[one]}") for one, name in _measures()],
            "funnel": [("", NONE), *((one.key, at.said(one.name) or one.key) for one in plan.funnels)],
            "touchpoints": [(one.key, at.said(one.name) or one.key) for one in plan.touchpoints],
            "phases": _places(at),
        }
        for name, offered in choices.items():
            field = self.fields[name]
            field.choices = offered  # type: ignore[attr-defined] # all four are fields of choices

    def clean(self) -> dict[str, Any]:
        """Say what does not go together, in the words of the page."""
        cleaned = super().clean() or {}
        if not (cleaned.get("name_de", "").strip() or cleaned.get("name_en", "").strip()):
            self.add_error("name_de", gettext("A goal needs a name in one language at least."))
        measure = cleaned.get("measure")
        several = len(cleaned.get("touchpoints", ())) > 1 or bool(cleaned.get("phases"))
        for name in ("target", "start"):
            if measure and (problem := measures.out_of_range(Measure(measure), cleaned.get(name))):
                self.add_error(name, problem)
        if measure == Measure.CONVERSION and not cleaned.get("funnel"):
            self.add_error("funnel", gettext("A conversion needs its funnel."))
        if measure == Measure.LEAVING and (several or cleaned.get("touchpoints")):
            self.add_error(
                "measure", gettext("Leaving is known for everything only; choose no touchpoint or phase.")
            )
        if measure == Measure.PERSONS and several:
            self.add_error("measure", gettext("Persons are counted at one touchpoint, or over everything."))
        return cleaned

    def rebase(self, goal: Goal, version: int) -> None:
        """Show a goal of a newer version, for the next attempt; the data must be a copy of what was sent."""
        data = cast("QueryDict", self.data)
        for name, value in initial(goal, version).items():
            several = value if isinstance(value, list) else ["" if value is None else str(value)]
            data.setlist(name, several)

    def goal(self, key: str) -> Goal:
        """Return the goal as filled in; shares typed in per cent become shares."""
        given = self.cleaned_data
        measure = Measure(given["measure"])
        conversion, times = measure is Measure.CONVERSION, measures.factor(measure)
        return Goal(
            key=key,
            name=Text(given["name_de"].strip(), given["name_en"].strip()),
            side=Side(given["side"]),
            metric=Metric(measure, round(given["target"] / times, 6)),
            until=given["until"],
            owner=given["owner"].strip() or None,
            touchpoints=() if conversion else tuple(given["touchpoints"]),
            phases=() if conversion else tuple(given["phases"]),
            funnel=given["funnel"] if conversion else None,
            start=None if given["start"] is None else round(given["start"] / times, 6),
            since=given["since"],
        )


def _places(at: Here) -> list[tuple[str, str]]:
    """Return the phases and steps of all models with their names, those of a phase after it."""
    places = {
        key: name for one in at.plan.journeys for key, name in places_of(one, at.said) if key != NOWHERE
    }
    return list(places.items())


def _measures() -> list[tuple[Measure, Any]]:
    return list(measures.MEASURES.items())


def initial(goal: Goal, version: int) -> dict[str, Any]:
    """Return what the form of a goal begins with."""
    times = measures.factor(goal.metric.measure)
    return {
        "name_de": goal.name.de,
        "name_en": goal.name.en,
        "side": goal.side.value,
        "measure": goal.metric.measure.value,
        "target": _typed(goal.metric.target, times),
        "start": None if goal.start is None else _typed(goal.start, times),
        "since": goal.since,
        "until": goal.until,
        "owner": goal.owner or "",
        "funnel": goal.funnel or "",
        "phases": list(goal.phases),
        "touchpoints": list(goal.touchpoints),
        "based_on": version,
    }


def _typed(value: float, times: float) -> object:
    """Return a value as people type it, without the tail of floating point."""
    shown = round(value * times, 4)
    return localize(int(shown) if shown == int(shown) else shown, use_l10n=True)
