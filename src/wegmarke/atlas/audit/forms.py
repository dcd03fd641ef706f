"""Forms of the audit: its limits, and accepting a finding."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from wegmarke.atlas.audit.contracts import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

USUAL_DAYS = 90
MOST_DAYS = 366


def _number(label: Any, lowest: float, highest: float, step: str) -> dict[str, Any]:  # noqa: ANN401 - lazy text
    widget = forms.NumberInput(attrs={"class": "form-control", "step": step})
    return {"label": label, "min_value": lowest, "max_value": highest, "widget": widget}


class LimitsForm(forms.Form):
    """From where on something counts as too much; what is left out or wrong stays as it is usually."""

    most_owners = forms.IntegerField(**_number(_("Owners of a touchpoint, at most"), 1, 20, "1"))
    most_touchpoints = forms.IntegerField(**_number(_("Touchpoints in a phase, at most"), 1, 500, "1"))
    most_contacts = forms.FloatField(
        **_number(_("Contacts per customer, phase and quarter, at most"), 0.1, 1000, "any")
    )
    often_bad = forms.FloatField(**_number(_("Often bad from this share on"), 0.01, 1, "0.01"))
    silent_days = forms.FloatField(**_number(_("Dead after so many days without a touch"), 1, 3650, "1"))
    cross_share = forms.FloatField(
        **_number(_("Hand-over from this share of next touches elsewhere"), 0.05, 1, "0.05")
    )


def limits_of(query: Mapping[str, str]) -> tuple[Limits, LimitsForm]:
    """Read the limits from an address; each that is missing or makes no sense is the usual one."""
    usual = asdict(Limits())
    form = LimitsForm({key: query.get(key) or value for key, value in usual.items()})
    form.full_clean()
    return Limits(**{**usual, **{key: form.cleaned_data[key] for key in form.cleaned_data}}), form


def changed(query: Mapping[str, str], limits: Limits) -> dict[str, str]:
    """Return the limits of an address that are not the usual ones, as they stand in it."""
    usual, wanted = asdict(Limits()), asdict(limits)
    return {key: query[key] for key in usual if key in query and wanted[key] != usual[key]}


class AcceptForm(forms.Form):
    """Why a finding is left as it is, and until when."""

    reason = forms.CharField(
        label=_("Why is it left as it is?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )
    until = forms.DateField(
        label=_("Until when?"),
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
        help_text=_("Afterwards it is found again."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Propose three months."""
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].initial = today + timedelta(days=USUAL_DAYS)
        for name, field in self.fields.items():
            if self.is_bound and name in self.errors:
                field.widget.attrs["class"] += " is-invalid"

    def clean_until(self) -> date:
        """Refuse a day that is over, and one so far away that nobody looks again."""
        until: date = self.cleaned_data["until"]
        if until < self.today:
            raise ValidationError(now_("This day is over."))
        if until > self.today + timedelta(days=MOST_DAYS):
            raise ValidationError(now_("At most a year: then somebody should look again."))
        return until
