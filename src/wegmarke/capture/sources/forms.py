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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Dress the fields."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"class": "form-control", "autocomplete": "off"}

    def clean_origins(self) -> Sequence[str]:
        """Return the web sites as browsers call them."""
        try:
            return checked_origins(self.cleaned_data["origins"].splitlines())
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from error
