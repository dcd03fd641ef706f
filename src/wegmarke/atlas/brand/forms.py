"""Forms of the brand: one promise, and which touchpoints keep which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from wegmarke.plan.contracts import Promise, Text
from wegmarke.plan.naming import new_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from wegmarke.plan.contracts import Plan

LONGEST = 200
BETWEEN = ","
"""Between the boxes that were ticked: one field each would be more than a form can send."""


def _line(label: Any) -> forms.CharField:  # noqa: ANN401 - lazy text
    widget = forms.TextInput(attrs={"class": "form-control"})
    return forms.CharField(label=label, max_length=LONGEST, required=False, widget=widget)


def _lines(label: Any) -> forms.CharField:  # noqa: ANN401 - lazy text
    widget = forms.Textarea(attrs={"class": "form-control", "rows": 2})
    return forms.CharField(label=label, max_length=2000, required=False, widget=widget)


class PromiseForm(forms.Form):
    """One promise in both languages; one of the two names is enough."""

    name_de = _line(_("Promise in German"))
    name_en = _line(_("Promise in English"))
    about_de = _lines(_("What customers notice it by, in German"))
    about_en = _lines(_("What customers notice it by, in English"))
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Ask for a name in either language."""
        cleaned = super().clean() or {}
        if not (cleaned.get("name_de") or cleaned.get("name_en")):
            raise ValidationError(now_("A promise needs a name in at least one language."))
        return cleaned

    def promise(self, key: str) -> Promise:
        """Return the promise as filled in."""
        given = self.cleaned_data
        return Promise(
            key=key,
            name=Text(de=given["name_de"], en=given["name_en"]),
            about=Text(de=given["about_de"], en=given["about_en"]),
        )

    def key(self, taken: Collection[str]) -> str:
        """Return a new key made of the name."""
        name = self.cleaned_data["name_en"] or self.cleaned_data["name_de"]
        return new_key(name, taken, "promise")


def initial(promise: Promise, version: int) -> dict[str, Any]:
    """Return what the form of a promise starts with."""
    return {
        "name_de": promise.name.de,
        "name_en": promise.name.en,
        "about_de": promise.about.de,
        "about_en": promise.about.en,
        "based_on": version,
    }


def pairs(values: Iterable[str], plan: Plan) -> set[tuple[str, str]]:
    """Read the ticked boxes, "promise touchpoint" each; what the plan does not know is passed over."""
    promises = {one.key for one in plan.promises}
    touchpoints = {one.key for one in plan.touchpoints}
    split = (value.partition(" ") for value in values)
    return {(promise, key) for promise, _space, key in split if promise in promises and key in touchpoints}
