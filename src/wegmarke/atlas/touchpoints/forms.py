"""The form that changes many touchpoints at once: what is left empty stays as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wegmarke.analysis.journeys import StartedBy
from wegmarke.atlas import channels, measures
from wegmarke.atlas.fields import FIELDS
from wegmarke.atlas.inputs import NumberField
from wegmarke.atlas.touchpoints.changes import Changes, How, ListChange
from wegmarke.atlas.touchpoints.pasting import clean
from wegmarke.atlas.touchpoints.understanding import CHOICES, COLUMNS
from wegmarke.plan.contracts import SHARES, Measure, Media, Metric, Nature, Status, Worth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from wegmarke.atlas.fields import Label

EMPTY = "-"
"""Chosen to empty a field."""
_SEVERAL = re.compile(r"[;,\n]")
_READ: Mapping[str, Callable[[str], Any]] = {
    "status": Status,
    "started_by": lambda word: StartedBy[word.upper()],
    "nature": Nature,
    "planned": lambda word: word == "yes",
    "worth": Worth,
    "whose": Media,
}
_EMPTIED: Mapping[str, Any] = {"started_by": StartedBy.UNKNOWN}
_HOW = (
    ("", _("leave as it is")),
    (How.REPLACE.value, _("replace by")),
    (How.ADD.value, _("add")),
    (How.REMOVE.value, _("remove")),
)


def _fixed(field: str) -> forms.ChoiceField:
    """Return a choice among fixed words; a status can be changed, not emptied."""
    kept = [("", _("leave as it is"))]
    emptied = [] if field == "status" else [(EMPTY, _("empty it"))]
    choices = [*kept, *CHOICES[field].items(), *emptied]
    return forms.ChoiceField(
        label=COLUMNS[field],
        choices=choices,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


def _text(label: Label, names: str) -> forms.CharField:
    attrs = {"class": "form-control", "list": names, "autocomplete": "off"}
    return forms.CharField(label=label, max_length=200, required=False, widget=forms.TextInput(attrs=attrs))


def _amount(label: Label) -> NumberField:
    attrs = {"class": "form-control", "inputmode": "decimal"}
    return NumberField(label=label, min_value=0, required=False, widget=forms.TextInput(attrs=attrs))


def _emptying() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("empty it"), required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )


class ChangeForm(forms.Form):
    """What to change at all of the selected touchpoints."""

    status = _fixed("status")
    phases_how = forms.ChoiceField(
        label=FIELDS["phases"],
        choices=_HOW,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    phases = forms.MultipleChoiceField(
        label=FIELDS["phases"],
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    owners_how = forms.ChoiceField(
        label=FIELDS["owners"],
        choices=_HOW,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    owners = forms.CharField(
        label=FIELDS["owners"],
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "list": "names-owner", "autocomplete": "off"}),
    )
    channel = _text(FIELDS["channel"], "names-channel")
    channel_empty = _emptying()
    department = _text(FIELDS["department"], "names-department")
    department_empty = _emptying()
    started_by = _fixed("started_by")
    nature = _fixed("nature")
    planned = _fixed("planned")
    worth = _fixed("worth")
    whose = _fixed("media")
    measure = _fixed("measure")
    target = NumberField(
        label=FIELDS["target"],
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
    )
    cost = _amount(FIELDS["cost"])
    cost_empty = _emptying()
    minutes = _amount(FIELDS["minutes"])
    minutes_empty = _emptying()
    promise = forms.ChoiceField(
        label=_("Add a promise"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    comment = forms.CharField(
        label=_("Why? (kept with the version)"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(
        self, *args: Any, phases: Mapping[str, str], promises: Mapping[str, str], **kwargs: Any
    ) -> None:
        """Offer these phases and promises, names by key."""
        super().__init__(*args, **kwargs)
        self.fields["phases"].choices = list(phases.items())  # type: ignore[attr-defined]
        promise_choices = [("", _("leave as it is")), *promises.items()]
        self.fields["promise"].choices = promise_choices  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            if self.is_bound and self.errors.get(name):
                field.widget.attrs["class"] = f"{field.widget.attrs.get('class', '')} is-invalid"

    def clean(self) -> dict[str, Any]:
        """Check what hangs together."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("phases_how") in (How.ADD, How.REMOVE) and not data.get("phases"):
            self.add_error("phases", gettext("Please choose at least one phase."))
        if data.get("phases") and not data.get("phases_how"):
            self.add_error("phases_how", gettext("Please say what to do with these phases."))
        if data.get("owners_how") in (How.ADD, How.REMOVE) and not self._owners(data):
            self.add_error("owners", gettext("Please name at least one owner."))
        if self._owners(data) and not data.get("owners_how"):
            self.add_error("owners_how", gettext("Please say what to do with these owners."))
        for name in ("channel", "department", "cost", "minutes"):
            if data.get(f"{name}_empty") and data.get(name) not in (None, ""):
                self.add_error(name, gettext("Either a value or “empty it”, not both."))
        self._check_metric(data)
        return data

    def _check_metric(self, data: Mapping[str, Any]) -> None:
        measure, target = data.get("measure"), data.get("target")
        if measure in (None, "", EMPTY):
            if target is not None:
                self.add_error("measure", gettext("A metric needs a measure and a target."))
            return
        if target is None:
            if not self.has_error("target"):
                self.add_error("target", gettext("A metric needs a measure and a target."))
        elif problem := measures.out_of_range(Measure(measure), target):
            self.add_error("target", problem)

    @staticmethod
    def _owners(data: Mapping[str, Any]) -> tuple[str, ...]:
        parts = map(clean, _SEVERAL.split(data.get("owners") or ""))
        return tuple(dict.fromkeys(part for part in parts if part))

    def changes(self, known: Iterable[str | None]) -> Changes:
        """Return what was said, once the form is valid; `known` are the channels of the plan as stored."""
        data = self.cleaned_data
        fields: dict[str, Any] = {}
        for name, read in _READ.items():
            if data[name]:
                attribute = "media" if name == "whose" else name
                fields[attribute] = _EMPTIED.get(name) if data[name] == EMPTY else read(data[name])
        for name in ("channel", "department", "cost", "minutes"):
            value = clean(data[name]) if isinstance(data[name], str) else data[name]
            value = channels.stored(value, known) if name == "channel" else value
            if data[f"{name}_empty"] or value not in (None, ""):
                fields[name] = None if data[f"{name}_empty"] else value
        if data["measure"]:
            fields["metric"] = None if data["measure"] == EMPTY else self._metric()
        lists: dict[str, ListChange] = {}
        if data["phases_how"]:
            lists["phases"] = ListChange(How(data["phases_how"]), tuple(data["phases"]))
        if data["owners_how"]:
            lists["owners"] = ListChange(How(data["owners_how"]), self._owners(data))
        if data["promise"]:
            lists["promises"] = ListChange(How.ADD, (data["promise"],))
        return Changes(fields, lists)

    def _metric(self) -> Metric:
        """Return the metric; shares are typed in per cent, net experience in points of 100."""
        measure, target = Measure(self.cleaned_data["measure"]), self.cleaned_data["target"]
        in_hundredths = measure in (*SHARES, Measure.NET_EXPERIENCE)
        return Metric(measure, target / 100 if in_hundredths else target)
