"""What people fill in on the way of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wegmarke.capture.contracts import Meaning
from wegmarke.capture.files.mapping import ColumnMapping
from wegmarke.capture.rules import SUFFIXES
from wegmarke.record.contracts import Scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wegmarke.capture.contracts import Name

NO_COLUMN = ""
MAX_DAYS = 3650
DAYS = 30
SCALES = [
    ("", _("Please choose")),
    (Scale.CSAT, _("Satisfaction 1 to 5 (CSAT)")),
    (Scale.CES, _("Effort 1 to 7, 7 is easy (CES)")),
    (Scale.NPS, _("Recommendation 0 to 10 (NPS)")),
    (Scale.BAD_NEUTRAL_GOOD, _("bad, neutral, good")),
]
ORDERS = [
    ("", _("As the file shows")),
    ("day", _("Day first: 31.12. or 31/12")),
    ("month", _("Month first: 12/31")),
]
DECIMALS = [("", _("As the file shows")), (",", _("Comma: 1.234,56")), (".", _("Point: 1,234.56"))]


class _Dressed(forms.Form):
    """A form whose controls carry the classes of the shell, and say to screen readers that they are wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", _class_of(field.widget))


def _class_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


class UploadForm(_Dressed):
    """One file."""

    file = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Please choose a file."), "empty": _("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ",".join((*SUFFIXES, ".gz"))}),
    )


def zones() -> list[tuple[str, str]]:
    """Return the time zones, the company's own and UTC first."""
    first = dict.fromkeys([settings.TIME_ZONE, "UTC"])
    return [
        (name, name)
        for name in [*first, *sorted(available_timezones() - first.keys())]
        if "/" in name or name in first
    ]


def _place(value: object) -> int:
    """Return the place of a column; -1 for none, or for what nobody could have chosen."""
    return int(value) if isinstance(value, str) and value.isdecimal() else -1


class MappingForm(_Dressed):
    """Which column is what. Columns are meant by their place, so that their names may be anything."""

    person = forms.ChoiceField(
        label=_("Person"), help_text=_("Who it happened to: a customer number, an account.")
    )
    time = forms.ChoiceField(label=_("Time"), help_text=_("When it happened."))
    event = forms.ChoiceField(label=_("Event"), required=False, help_text=_("What happened."))
    event_name = forms.CharField(
        label=_("Name of every event"),
        required=False,
        max_length=200,
        help_text=_("Only where no column says what happened, for example “Order”."),
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, help_text=_("Of times that carry no zone of their own.")
    )
    day_order = forms.ChoiceField(label=_("Day and month"), choices=ORDERS, required=False)
    experience = forms.ChoiceField(
        label=_("Experience"), required=False, help_text=_("How the person lived through it: a rating.")
    )
    scale = forms.ChoiceField(label=_("Scale of the rating"), choices=SCALES, required=False)
    value = forms.ChoiceField(label=_("Value"), required=False, help_text=_("Money or any other amount."))
    decimal = forms.ChoiceField(label=_("Decimal mark"), choices=DECIMALS, required=False)
    identity = forms.ChoiceField(
        label=_("Id of the row"),
        required=False,
        help_text=_(
            "A number no two rows of the same event share, such as a ticket number. By it, the next file "
            "recognises the rows that are here already; without it, by all that was read of them."
        ),
    )
    attributes = forms.MultipleChoiceField(
        label=_("Attributes of the person"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "What stays the same over all events of a person, such as segment or region. The last row counts."
        ),
    )
    properties = forms.BooleanField(
        label=_("Keep all other columns with each event"),
        required=False,
        help_text=_("Rules of the plan can look at them. What nobody needs is better not kept."),
    )

    PARTS = ("person", "time", "event", "experience", "value", "identity")

    def __init__(self, columns: Sequence[str], *args: Any, **kwargs: Any) -> None:
        """Offer these columns."""
        super().__init__(*args, **kwargs)
        self.columns = tuple(columns)
        places = [(str(place), name) for place, name in enumerate(self.columns)]
        for part in self.PARTS:
            required = part in {"person", "time"}
            none = _("Please choose") if required else _("No column")
            self.fields[part].choices = [(NO_COLUMN, none), *places]  # type: ignore[attr-defined]
        self.fields["attributes"].choices = places  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check what hangs together."""
        data: dict[str, Any] = super().clean() or {}
        if (
            not self.has_error("event")
            and not data.get("event")
            and not (data.get("event_name") or "").strip()
        ):
            self.add_error("event", gettext("Please choose a column, or name the event below."))
        if data.get("event") and data.get("event_name"):
            self.add_error(
                "event_name", gettext("A column already says what happened. Please leave this empty.")
            )
        if data.get("experience") and not data.get("scale"):
            self.add_error(
                "scale", gettext("Please choose the scale, so that bad and good can be told apart.")
            )
        self._check_doubles(data)
        return data

    def _check_doubles(self, data: dict[str, Any]) -> None:
        taken: dict[str, str] = {}
        for part in ("person", "time", "event"):
            place = data.get(part)
            if place and place in taken:
                self.add_error(part, gettext("This column is already in use for something else."))
            elif place:
                taken[place] = part
        if set(data.get("attributes") or ()) & taken.keys():
            self.add_error("attributes", gettext("Person, time and event cannot be attributes as well."))

    def mapping(self) -> ColumnMapping:
        """Return what was said, once the form is valid."""
        data = self.cleaned_data
        return ColumnMapping(
            person=self._name(data["person"]),
            time=self._name(data["time"]),
            event=self._name(data["event"]),
            event_name=data["event_name"].strip() or None,
            experience=self._name(data["experience"]),
            scale=Scale(data["scale"]) if data["experience"] else None,
            value=self._name(data["value"]),
            attributes=tuple(self.columns[int(place)] for place in data["attributes"]),
            properties=None if data["properties"] else (),
            timezone=data["timezone"],
            day_first={"": None, "day": True, "month": False}[data["day_order"]],
            decimal=data["decimal"] or None,
            complete=True,
            identity=self._name(data["identity"]),
        )

    def parts(self) -> dict[int, str]:
        """Return what each column is used for as the form stands, by place; attributes included."""
        used: dict[int, str] = {}
        for place in self["attributes"].value() or ():
            used[_place(place)] = gettext("Attribute")
        for part in self.PARTS:
            used[_place(self[part].value())] = str(self.fields[part].label)
        return used

    def _name(self, place: str) -> str | None:
        return self.columns[int(place)] if place else None

    @staticmethod
    def initial_of(mapping: ColumnMapping, columns: Sequence[str], *, keep_all: bool) -> dict[str, Any]:
        """Return the start values for a guessed or an earlier mapping."""
        places = {name: str(place) for place, name in enumerate(columns)}
        return {
            **{part: places.get(getattr(mapping, part) or "", NO_COLUMN) for part in MappingForm.PARTS},
            "event_name": mapping.event_name or "",
            "scale": mapping.scale or "",
            "timezone": mapping.timezone or settings.TIME_ZONE,
            "day_order": {None: "", True: "day", False: "month"}[mapping.day_first],
            "decimal": mapping.decimal or "",
            "attributes": [places[name] for name in mapping.attributes if name in places],
            "properties": keep_all,
        }


class MeaningForm(_Dressed):
    """What leaving and moving on are."""

    KINDS = (
        ("events", _("One of these events")),
        ("silence", _("Nothing from the customer for a while")),
        ("unknown", _("We do not know yet")),
    )

    plan = forms.ChoiceField(
        choices=[("keep", _("Leave the plan as it is")), ("change", _("Change it"))], widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label=_("What is leaving?"), choices=KINDS, widget=forms.RadioSelect, required=False
    )
    leaving = forms.MultipleChoiceField(
        label=_("Events that mean leaving"), required=False, widget=forms.CheckboxSelectMultiple
    )
    quiet_days = forms.FloatField(
        label=_("Days without a sign"), min_value=0.01, max_value=MAX_DAYS, required=False
    )
    horizon_days = forms.FloatField(
        label=_("Days after a touch in which we look"),
        min_value=0.01,
        max_value=MAX_DAYS,
        required=False,
        help_text=_("Leaving or moving on counts for a touch when it follows within this time."),
    )
    moving_on = forms.MultipleChoiceField(
        label=_("Events that mean moving on"), required=False, widget=forms.CheckboxSelectMultiple
    )
    add_attributes = forms.BooleanField(required=False)
    again = forms.BooleanField(label=_("Import it all the same; its events count twice"), required=False)

    def __init__(self, names: Sequence[Name], *args: Any, first: bool, **kwargs: Any) -> None:
        """Offer these names; `first` where there is no plan that could stay as it is."""
        super().__init__(*args, **kwargs)
        self.names = tuple(names)
        self.key_of = {name.code: name.key for name in names}
        choices = [(name.code, name.label) for name in names]
        self.fields["leaving"].choices = choices  # type: ignore[attr-defined]
        self.fields["moving_on"].choices = choices  # type: ignore[attr-defined]
        if first:
            del self.fields["plan"]

    @property
    def leaving_rows(self) -> list[tuple[Any, Name]]:
        """The boxes of leaving, each with its name."""
        return list(zip(self["leaving"], self.names, strict=True))

    @property
    def moving_on_rows(self) -> list[tuple[Any, Name]]:
        """The boxes of moving on, each with its name."""
        return list(zip(self["moving_on"], self.names, strict=True))

    @property
    def changes(self) -> bool:
        """Say whether the person wants another meaning than the plan has."""
        return bool(self.cleaned_data.get("plan", "change") == "change")

    def clean(self) -> dict[str, Any]:
        """Check what hangs together, where the plan changes at all."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("plan", "change") != "change":
            return data
        kind = data.get("kind")
        if not kind:
            self.add_error("kind", gettext("Please choose."))
        if not data.get("horizon_days") and not self.has_error("horizon_days"):
            self.add_error("horizon_days", gettext("Please enter a number of days."))
        if kind == "events" and not data.get("leaving"):
            self.add_error("leaving", gettext("Please choose at least one event."))
        if kind == "silence":
            self._check_silence(data)
        if kind == "events" and set(data.get("leaving", ())) & set(data.get("moving_on", ())):
            self.add_error("moving_on", gettext("The same event cannot mean leaving and moving on."))
        return data

    def _check_silence(self, data: dict[str, Any]) -> None:
        if not data.get("quiet_days") and not self.has_error("quiet_days"):
            self.add_error("quiet_days", gettext("Please enter a number of days."))

    def meaning(self, *, based_on: int | None) -> Meaning | None:
        """Return what was said, or None where the plan stays as it is."""
        if not self.changes:
            return None
        data = self.cleaned_data
        return Meaning(
            leaving=self._keys("leaving") if data["kind"] == "events" else (),
            quiet_days=data["quiet_days"] if data["kind"] == "silence" else None,
            moving_on=self._keys("moving_on"),
            horizon_days=data["horizon_days"],
            based_on=based_on,
        )

    def _keys(self, field: str) -> tuple[str, ...]:
        return tuple(self.key_of[code] for code in self.cleaned_data[field])

    @staticmethod
    def initial_of(now: Meaning | None, names: Sequence[Name]) -> dict[str, Any]:
        """Return the start values: what the plan says, or without one what the names suggest."""
        if now is None:
            leaving = [name.code for name in names if name.sounds_like_leaving]
            kind = "events" if leaving else "silence"
            return {"kind": kind, "leaving": leaving, "quiet_days": DAYS, "horizon_days": DAYS}
        known = "silence" if now.quiet_days is not None else "unknown"
        return {
            "plan": "keep",
            "kind": "events" if now.leaving else known,
            "leaving": [name.code for name in names if name.key in now.leaving],
            "quiet_days": now.quiet_days or DAYS,
            "horizon_days": now.horizon_days,
            "moving_on": [name.code for name in names if name.key in now.moving_on],
            "add_attributes": True,
        }
