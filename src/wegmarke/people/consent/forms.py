"""Forms of consent: what is written down by hand, and what can be agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wegmarke.people.consent.contracts import Basis, Channel, How, Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wegmarke.people.consent.contracts import Purpose, Wording

LANGUAGES = [("de", _("German")), ("en", _("English"))]
EVERYTHING = ("", _("All"))
BY_HAND = [(one.value, one.label) for one in How if one.by_colleagues]
AS_TYPED = "%Y-%m-%dT%H:%M"
"""How browsers send date and time."""


class Dressed(forms.Form):
    """A form whose fields look like those of the house; `prefix` keeps several on one page apart."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Dress the fields."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            ticked = isinstance(field.widget, forms.CheckboxInput)
            chosen = isinstance(field.widget, forms.Select)
            look = "form-check-input" if ticked else "form-select" if chosen else "form-control"
            field.widget.attrs["class"] = look
            if not ticked and not chosen:
                field.widget.attrs["autocomplete"] = "off"


def moment(label: Any, *, required: bool = True) -> forms.DateTimeField:  # noqa: ANN401 - a text to come
    """Return a field for date and time, as browsers show it."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=AS_TYPED)
    return forms.DateTimeField(
        label=label, required=required, widget=widget, input_formats=["%Y-%m-%dT%H:%M"]
    )


def _now() -> str:
    return timezone.localtime().strftime(AS_TYPED)


def _names(purposes: Iterable[Purpose]) -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(one.key, one.name(language)) for one in purposes]


def _wordings(purposes: Iterable[Purpose], shown: Shown) -> list[tuple[str, str]]:
    """Return wordings to choose from, each with purpose, language, version and its beginning."""
    language = get_language() or "en"
    return [
        (str(text.number), _beginning(text, one.name(language)))
        for one in purposes
        for text in one.wordings
        if text.shown == shown
    ]


def _beginning(of: Wording, name: str) -> str:
    since = date_format(timezone.localtime(of.made_at), "SHORT_DATE_FORMAT")
    return f"{name}, {of.language} {of.version} ({since}): {of.text[:60]}"


class GiveForm(Dressed):
    """A consent with its proof."""

    purpose = forms.ChoiceField(label=_("Purpose"))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    how = forms.ChoiceField(label=_("How"), choices=BY_HAND)
    at = moment(_("When it was given or confirmed"))
    requested_at = moment(_("When the confirmation was asked for"), required=False)
    wording = forms.ChoiceField(label=_("Wording that was shown"))
    place = forms.CharField(label=_("Where"), max_length=300, required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, purposes: Sequence[Purpose], *args: Any, **kwargs: Any) -> None:
        """Offer the purposes that need consent, and their wordings."""
        super().__init__(*args, **kwargs)
        needed = [one for one in purposes if one.basis != Basis.CONTRACT]
        self.fields["purpose"].choices = _names(needed)  # type: ignore[attr-defined]
        self.fields["wording"].choices = _wordings(needed, Shown.CONSENT)  # type: ignore[attr-defined]
        self.fields["at"].initial = _now()


class RefuseForm(Dressed):
    """A withdrawal or an objection."""

    purpose = forms.ChoiceField(label=_("Purpose"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[EVERYTHING, *Channel.choices])
    at = moment(_("When"))
    place = forms.CharField(label=_("Where"), max_length=300, required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    objected = forms.BooleanField(label=_("It is an objection (Art. 21 GDPR)"), required=False)

    def __init__(self, purposes: Sequence[Purpose], *args: Any, **kwargs: Any) -> None:
        """Offer all purposes."""
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [EVERYTHING, *_names(purposes)]  # type: ignore[attr-defined]
        self.fields["at"].initial = _now()


class EvidenceForm(Dressed):
    """Evidence for § 7 (3) UWG, condition by condition."""

    purpose = forms.ChoiceField(label=_("Purpose"))
    sale = forms.CharField(
        label=_("No. 1: the sale with which the address was received"), max_length=200, required=False
    )
    sold_at = moment(_("When it was sold"), required=False)
    goods = forms.CharField(
        label=_("No. 2: own, similar goods or services to be advertised"), max_length=200, required=False
    )
    told_at_collection = forms.ChoiceField(
        label=_("No. 4: how the right to object was told on collection"), required=False
    )
    told_at_use = forms.ChoiceField(label=_("No. 4: and how at each use"), required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, purposes: Sequence[Purpose], *args: Any, **kwargs: Any) -> None:
        """Offer advertising, and the wordings that tell of the right to object."""
        super().__init__(*args, **kwargs)
        advertising = [one for one in purposes if one.basis == Basis.ADVERTISING]
        told = [("", _("Not told, or not known")), *_wordings(advertising, Shown.OBJECTION)]
        self.fields["purpose"].choices = _names(advertising)  # type: ignore[attr-defined]
        for name in ("told_at_collection", "told_at_use"):
            self.fields[name].choices = told  # type: ignore[attr-defined]


class PurposeForm(Dressed):
    """Something people can agree to; what allows it is chosen once."""

    key = forms.SlugField(label=_("Key"), max_length=40, help_text=_("For programs, for example panel."))
    name_de = forms.CharField(label=_("Name in German"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    basis = forms.ChoiceField(label=_("What allows it"), choices=Basis.choices)
    valid_days = forms.IntegerField(
        label=_("A consent holds for so many days"),
        required=False,
        min_value=1,
        max_value=36_500,
        help_text=_("Empty: until it is withdrawn."),
    )

    def __init__(self, *args: Any, existing: bool = False, **kwargs: Any) -> None:
        """Leave out of an existing purpose what never changes."""
        super().__init__(*args, **kwargs)
        if existing:
            del self.fields["key"], self.fields["basis"]


class WordingForm(Dressed):
    """A text as it is shown."""

    shown = forms.ChoiceField(label=_("What for"), choices=Shown.choices)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 4}), max_length=10_000)


class MeaningForm(Dressed):
    """What a category of consent in messages means."""

    category = forms.CharField(label=_("Category"), max_length=100)
    purpose = forms.ChoiceField(label=_("Purpose"))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.WEB)
    wording = forms.ChoiceField(label=_("Wording beside it"), required=False)

    def __init__(self, purposes: Sequence[Purpose], *args: Any, **kwargs: Any) -> None:
        """Offer the purposes that need consent, and their wordings."""
        super().__init__(*args, **kwargs)
        needed = [one for one in purposes if one.basis != Basis.CONTRACT]
        none = ("", _("None: such consents allow nothing"))
        self.fields["purpose"].choices = _names(needed)  # type: ignore[attr-defined]
        self.fields["wording"].choices = [none, *_wordings(needed, Shown.CONSENT)]  # type: ignore[attr-defined]
