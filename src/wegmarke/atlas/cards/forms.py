"""The form of a touchpoint: its plain fields. What comes in rows stands in `rows`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wegmarke.analysis.journeys import Experience, StartedBy
from wegmarke.atlas import channels, measures
from wegmarke.atlas.cards import labels
from wegmarke.atlas.fields import FIELDS, HINTS, choices, word_of
from wegmarke.atlas.inputs import LONGEST_TEXT, NumberField
from wegmarke.plan.contracts import (
    SHARES,
    Measure,
    Media,
    Metric,
    Nature,
    Status,
    Text,
    Worth,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wegmarke.atlas.cards.labels import Label
    from wegmarke.plan.contracts import Plan, Touchpoint

TEXTS = ("name", "purpose", "timing", "notes")
NUMBERS = ("per_quarter", "cost", "minutes")
WORDS = ("channel", "department")
PER_CENT = (*SHARES, Measure.NET_EXPERIENCE)
"""Measures whose targets are entered times a hundred, as they are shown."""
LONGEST_WORD = 500
_WORDED = {name: name for name in ("status", "nature", "worth", "planned", "started_by")} | {"whose": "media"}
"""Fields with words of the format, by what the form calls them; `media` is a form's own files."""


def _line(label: Label, *, help_text: Label = "", required: bool = False, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs})
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=LONGEST_WORD, widget=widget
    )


def _prose(label: Label, language: str, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "form-control", "rows": rows, "lang": language})
    return forms.CharField(label=label, required=False, max_length=LONGEST_TEXT, widget=widget)


def _number(label: Label, help_text: Label = "", *, least: float | None = 0) -> NumberField:
    widget = forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal", "autocomplete": "off"})
    return NumberField(label=label, help_text=help_text, required=False, min_value=least, widget=widget)


def _choice(label: Label, choices: Iterable[tuple[str, Label]], help_text: Label = "") -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(
        label=label, help_text=help_text, required=False, choices=list(choices), widget=widget
    )


def _worded(field: str) -> forms.ChoiceField:
    """Return a choice among the words of a field, with what they mean; what is always said has no gap."""
    unsaid: list[tuple[str, Label]] = [] if field == "status" else [("", _("Not said"))]
    return _choice(FIELDS[field], [*unsaid, *choices(field, full=True)], HINTS.get(field, ""))


class TouchpointForm(forms.Form):
    """Names, design, facets, metric; the texts in German and English side by side."""

    name_de = _line(_("Name in German"), lang="de")
    name_en = _line(_("Name in English"), lang="en")
    key = _line(FIELDS["key"], help_text=HINTS["key"])
    status = _worded("status")
    purpose_de = _prose(_("Purpose in German"), "de")
    purpose_en = _prose(_("Purpose in English"), "en")
    timing_de = _line(_("Timing in German"), lang="de")
    timing_en = _line(_("Timing in English"), lang="en")
    per_quarter = _number(FIELDS["per_quarter"], HINTS["per_quarter"])
    channel = _line(FIELDS["channel"], list="known-channels", help_text=HINTS["channel"])
    department = _line(FIELDS["department"], list="known-departments")
    cost = _number(FIELDS["cost"])
    minutes = _number(FIELDS["minutes"])
    metric_measure = _choice(
        FIELDS["metric"],
        [("", _("Not said")), *((key.value, label) for key, label in measures.AT_ONE_TOUCHPOINT.items())],
    )
    metric_target = _number(FIELDS["target"], HINTS["target"], least=None)
    nature = _worded("nature")
    planned = _worded("planned")
    started_by = _worded("started_by")
    worth = _worded("worth")
    whose = _worded("media")
    promises = forms.MultipleChoiceField(
        label=_("Promises it has to keep"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    notes_de = _prose(_("Notes in German"), "de")
    notes_en = _prose(_("Notes in English"), "en")
    otherwise = _choice(
        _("Where no rule and no answer decides"),
        [
            ("", _("Neutral where there are rules, else unknown")),
            *((key.name.lower(), label) for key, label in labels.EXPERIENCES.items()),
        ],
    )
    comment = _line(_("Why this change? (kept in the history)"))

    def __init__(self, *args: Any, plan: Plan, language: str, new: bool, **kwargs: Any) -> None:
        """Offer the promises of the plan; only a new touchpoint still gets its key."""
        super().__init__(*args, **kwargs)
        self._channels = tuple(one.channel for one in plan.touchpoints)
        if not new:
            del self.fields["key"]
        promises = self.fields["promises"]
        if isinstance(promises, forms.MultipleChoiceField):
            promises.choices = [(one.key, one.name.in_language(language) or one.key) for one in plan.promises]
        if plan.currency:
            self.fields["cost"].help_text = _("In %(currency)s.") % {"currency": plan.currency}

    def clean(self) -> dict[str, Any]:
        """Ask for a name, and for a target where there is a measure."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not (cleaned.get("name_de") or cleaned.get("name_en")) and "name_de" not in self.errors:
            self.add_error("name_de", _("A name is missing."))
        measured = cleaned.get("metric_measure")
        if measured and cleaned.get("metric_target") is None and "metric_target" not in self.errors:
            self.add_error("metric_target", _("A target belongs to the metric."))
        elif measured and (problem := measures.out_of_range(Measure(measured), cleaned.get("metric_target"))):
            self.add_error("metric_target", problem)
        return cleaned

    def changes(self, original: Touchpoint) -> dict[str, Any]:
        """Return the fields as the plan has them; a text not touched stays as it is to the letter."""
        given = self.cleaned_data
        taken: dict[str, Any] = {name: _text(given, name, getattr(original, name)) for name in TEXTS}
        taken |= {name: _one(given[name], getattr(original, name)) for name in WORDS}
        if taken["channel"]:
            taken["channel"] = channels.stored(taken["channel"], self._channels, original.channel)
        taken |= {name: given[name] for name in NUMBERS}
        return taken | {
            "status": Status(given["status"] or Status.LIVE),
            "nature": Nature(given["nature"]) if given["nature"] else None,
            "worth": Worth(given["worth"]) if given["worth"] else None,
            "media": Media(given["whose"]) if given["whose"] else None,
            "planned": {"yes": True, "no": False}.get(given["planned"]),
            "started_by": StartedBy[given["started_by"].upper()]
            if given["started_by"]
            else StartedBy.UNKNOWN,
            "promises": _in_order(given["promises"], original.promises),
            "otherwise": Experience[given["otherwise"].upper()] if given["otherwise"] else None,
            "metric": _metric(given, original.metric),
        }


def initial_of(touchpoint: Touchpoint) -> dict[str, Any]:
    """Return what the form shows of a touchpoint."""
    t = touchpoint
    shown: dict[str, Any] = {
        "key": t.key,
        **{name: word_of(getattr(t, attribute)) for name, attribute in _WORDED.items()},
        "promises": list(t.promises),
        "otherwise": t.otherwise.name.lower() if t.otherwise is not None else "",
    }
    for name in TEXTS:
        text = getattr(t, name)
        shown |= {f"{name}_de": text.de, f"{name}_en": text.en}
    shown |= {"channel": channels.name_of(t.channel or ""), "department": t.department or ""}
    shown |= {name: _plainly(getattr(t, name)) for name in NUMBERS}
    if t.metric is not None:
        shown |= {"metric_measure": t.metric.measure.value, "metric_target": _shown_target(t.metric)}
    return shown


def _shown_target(metric: Metric) -> float:
    times = 100 if metric.measure in PER_CENT else 1
    return _plainly(float(Decimal(repr(metric.target)) * times)) or 0


def _plainly(number: float | None) -> float | None:
    """Return a whole number as such, so that it is shown without a decimal point."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _metric(given: Mapping[str, Any], original: Metric | None) -> Metric | None:
    if not given["metric_measure"]:
        return None
    measure = Measure(given["metric_measure"])
    untouched = original is not None and original.measure is measure
    if original is not None and untouched and _shown_target(original) == given["metric_target"]:
        return original  # a target times and through a hundred may come back changed in its last digit
    times = 100 if measure in PER_CENT else 1
    return Metric(measure, float(Decimal(repr(given["metric_target"])) / times))


def _text(given: Mapping[str, Any], name: str, original: Text) -> Text:
    return Text(
        de=_kept(given[f"{name}_de"], original.de),
        en=_kept(given[f"{name}_en"], original.en),
    )


def _kept(typed: str, original: str) -> str:
    """Return the original where the form merely tidied its white space."""
    typed = typed.replace("\r\n", "\n")
    return original if typed == original.replace("\r\n", "\n").strip() else typed


def _one(typed: str, original: str | None) -> str | None:
    return _kept(typed, original or "") or None


def _in_order(chosen: Iterable[str], original: tuple[str, ...]) -> tuple[str, ...]:
    """Keep the order promises had; new ones come after."""
    wanted = list(chosen)
    return (*(key for key in original if key in wanted), *(key for key in wanted if key not in original))
