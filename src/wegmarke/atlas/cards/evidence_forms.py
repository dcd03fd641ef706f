"""Forms of evidence: what is noted, and what the list shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wegmarke.atlas.cards import labels
from wegmarke.plan.evidence import rules
from wegmarke.plan.evidence.contracts import Grade, Kind, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable

GRADE_CHOICES = [(key.value, label) for key, label in labels.GRADES.items()]
KIND_CHOICES = [(key.value, label) for key, label in labels.KINDS.items()]


class EvidenceForm(forms.Form):
    """One piece of evidence."""

    text = forms.CharField(
        label=_("What was said or found"),
        max_length=rules.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 5}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=KIND_CHOICES, widget=forms.Select(attrs={"class": "form-select"})
    )
    grade = forms.ChoiceField(
        label=_("Grade"),
        choices=GRADE_CHOICES,
        initial=Grade.OBSERVED.value,
        help_text=_("Assumed: somebody believes it. Observed: seen or heard. Measured: counted."),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=rules.LONGEST_SOURCE,
        help_text=_("Who or where, without names of customers if you can."),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    link = forms.CharField(
        label=_("Link"),
        required=False,
        max_length=rules.LONGEST_LINK,
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "inputmode": "url",
                "placeholder": "https://",
                "autocomplete": "off",
            }
        ),
    )
    touchpoints = forms.MultipleChoiceField(
        label=_("Touchpoints it is about"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, touchpoints: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        """Offer touchpoints by key and name."""
        super().__init__(*args, **kwargs)
        field = self.fields["touchpoints"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(touchpoints)

    def statement(self) -> Statement:
        """Return what was entered; only after `is_valid`."""
        given = self.cleaned_data
        return Statement(
            kind=Kind(given["kind"]),
            grade=Grade(given["grade"]),
            text=given["text"].replace("\r\n", "\n"),
            source=given["source"],
            link=given["link"],
            day=given["day"],
            touchpoints=tuple(given["touchpoints"]),
        )


def initial_of(statement: Statement) -> dict[str, Any]:
    """Return what the form shows of evidence."""
    return {
        "text": statement.text,
        "kind": statement.kind.value,
        "grade": statement.grade.value,
        "day": statement.day,
        "source": statement.source,
        "link": statement.link,
        "touchpoints": list(statement.touchpoints),
    }
