"""Forms of sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wegmarke.capture.sources.services import checked_origins

if TYPE_CHECKING:
    from collections.abc import Sequence


class SourceForm(forms.Form):
    """A source and the web sites that may send to it."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("For example the shop, the app, or the support desk.")
    )
    origins = forms.CharField(
        label=_("Web sites that may send"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One a line, for example https://shop.example.com. Empty: every web site that has a key."
        ),
    )

    declines_signals = forms.BooleanField(
        label=_("Keep nothing of visitors who ask not to be watched"),
        required=False,
        help_text=_(
            "Browsers say so by Global Privacy Control or Do Not Track. Otherwise what happens is kept, each "
            "event for itself, without anything that says who it was."
        ),
    )
    estimates_visitors = forms.BooleanField(
        label=_("Estimate visitors of a day without storing an id"),
        required=False,
        help_text=_(
            "For web sites whose tracker stores nothing on the device. Network address and browser go into a "
            "digest with a key that is destroyed after the day; none of them is kept."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Dress the fields."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            ticked = isinstance(field.widget, forms.CheckboxInput)
            look = (
                {"class": "form-check-input"} if ticked else {"class": "form-control", "autocomplete": "off"}
            )
            field.widget.attrs |= look

    def clean_origins(self) -> Sequence[str]:
        """Return the web sites as browsers call them."""
        try:
            return checked_origins(self.cleaned_data["origins"].splitlines())
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from error
