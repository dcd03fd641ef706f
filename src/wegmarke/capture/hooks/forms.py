"""Forms of webhooks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wegmarke.capture.hooks.contracts import HookMapping, Scheme
from wegmarke.capture.hooks.mail import PROVIDERS
from wegmarke.capture.hooks.templates import TEMPLATES

MAIL = "mail:"
KINDS = [
    (_("Systems"), [(key, label) for key, (label, _mapping) in TEMPLATES.items()]),
    (_("Mail providers"), [(f"{MAIL}{key}", name) for key, (name, _view, _key) in PROVIDERS.items()]),
]
SCHEMES = [
    (Scheme.STANDARD, _("Standard Webhooks: id, time and body are signed")),
    (Scheme.STAMPED, _("Time and body are signed: t=…,v1=… in one header, as Stripe does")),
    (Scheme.BODY, _("The body is signed: HMAC-SHA256 in one header, as GitHub does")),
]


class _Dressed(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs |= {
                "class": "form-select" if select else "form-control",
                "autocomplete": "off",
            }


class AddForm(_Dressed):
    """A new webhook."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("For example the ticket system."))
    kind = forms.ChoiceField(label=_("What sends"), choices=KINDS)
    scheme = forms.ChoiceField(
        label=_("Signature"), choices=SCHEMES, help_text=_("A mail provider signs in its own way.")
    )
    header = forms.CharField(
        label=_("Header of the signature"),
        required=False,
        max_length=80,
        help_text=_("Only where it is in one header, for example Stripe-Signature or X-Hub-Signature-256."),
    )
    secret = forms.CharField(
        label=_("Secret"),
        required=False,
        max_length=400,
        help_text=_("The one the sender made. Empty: Wegmarke makes one and shows it once."),
    )

    def values(self) -> dict[str, Any]:
        """Return what the service wants to know."""
        data = self.cleaned_data
        mail = data["kind"].startswith(MAIL)
        return {
            "name": data["name"],
            "scheme": Scheme.MAIL if mail else Scheme(data["scheme"]),
            "provider": data["kind"].removeprefix(MAIL) if mail else "",
            "header": data["header"].strip(),
            "secret": data["secret"],
            "mapping": None if mail else TEMPLATES[data["kind"]][1],
        }


class PathsForm(_Dressed):
    """Where a body says what."""

    person = forms.CharField(label=_("Person"), max_length=400)
    event = forms.CharField(label=_("Event"), required=False, max_length=400)
    event_name = forms.CharField(
        label=_("Name before it"),
        required=False,
        max_length=100,
        help_text=_("“Ticket” makes “Ticket solved” of “solved”. Without a path it is the whole name."),
    )
    time = forms.CharField(
        label=_("Time"), required=False, max_length=400, help_text=_("Empty: when the body comes.")
    )
    value = forms.CharField(label=_("Value"), required=False, max_length=400)
    id = forms.CharField(
        label=_("Id of the event"),
        required=False,
        max_length=400,
        help_text=_("By it the same event counts once, however often it is sent."),
    )
    properties = forms.CharField(
        label=_("Properties"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: name = path."),
    )

    def clean_properties(self) -> tuple[tuple[str, str], ...]:
        """Return names and paths."""
        pairs = []
        for line in filter(None, (line.strip() for line in self.cleaned_data["properties"].splitlines())):
            name, _is, path = (part.strip() for part in line.partition("="))
            if not name or not path:
                raise forms.ValidationError(
                    gettext("“%(line)s” is not of the form name = path.") % {"line": line}
                )
            pairs.append((name, path))
        return tuple(pairs)

    def clean(self) -> dict[str, Any]:
        """Ask for a name of the event."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("event") and not data.get("event_name"):
            self.add_error("event", gettext("Please enter a path, or a name."))
        return data

    def mapping(self) -> HookMapping:
        """Return what was said, once the form is valid."""
        return HookMapping(**self.cleaned_data)

    @staticmethod
    def initial_of(mapping: HookMapping) -> dict[str, Any]:
        """Return the start values."""
        pairs = "\n".join(f"{name} = {path}" for name, path in mapping.properties)
        return mapping.as_dict() | {"properties": pairs}
