"""The page's way to an event log: a form, and the file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import HttpResponseBadRequest, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wegmarke.insights import queries
from wegmarke.insights.contracts import Selection
from wegmarke.team.access import colleague_of, editors
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

MOST_VALUES: Final = 200
GAPS: Final = (1, 7, 30, 90)


def _cases() -> list[tuple[str, str]]:
    found = [("", gettext("A person"))]
    for days in GAPS:
        words = ngettext(
            "A person, until %(n)s day without a touch", "A person, until %(n)s days without a touch", days
        )
        found.append((str(days), words % {"n": days}))
    return found


class SelectionForm(forms.Form):
    """Whose journeys, of which time, cut into which cases."""

    segment = forms.ChoiceField(label=_("Persons"), required=False)
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("To, this day included"), required=False)
    case = forms.ChoiceField(label=_("A case is"), choices=_cases, required=False)

    def __init__(self, *args: Any, segments: tuple[tuple[str, tuple[str, ...]], ...], **kwargs: Any) -> None:
        """Offer these attributes and their values, by place, so that their names may be anything."""
        super().__init__(*args, **kwargs)
        self._segments = {
            f"{at}.{place}": (name, label)
            for at, (name, labels) in enumerate(segments)
            for place, label in enumerate(labels[:MOST_VALUES])
            if label
        }
        offered = [(key, f"{name}: {label}") for key, (name, label) in self._segments.items()]
        self.fields["segment"].choices = [("", _("All")), *offered]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = (
                "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            )
            field.widget.attrs["id"] = f"id_log_{name}"
            if isinstance(field, forms.DateField):
                field.widget.input_type = "date"

    def selection(self) -> Selection:
        """Return what was chosen, once the form is valid; days are those of the site's time zone."""
        data = self.cleaned_data
        attribute, label = self._segments.get(data["segment"], (None, None))
        until = data["until"] and data["until"] + timedelta(days=1)
        return Selection(
            attribute=attribute,
            label=label,
            since=_midnight(data["since"]),
            until=_midnight(until),
            case_gap_days=float(data["case"]) if data["case"] else None,
        )


def _midnight(day: Any) -> datetime | None:  # noqa: ANN401 - a date or nothing
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone()).astimezone(UTC)


def offered(request: HttpRequest) -> dict[str, object]:
    """Return whether the journey's page offers the file: it names persons, so editors may have it."""
    return {"may_export": editors(request)}


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Ask whose journeys of which time are wanted."""
    require_role(colleague_of(request), Role.EDITOR)
    form = SelectionForm(segments=queries.log_segments())
    return render(request, "insights/eventlog.html", {"form": form})


@require_safe
def event_log(request: HttpRequest) -> HttpResponseBase:
    """Send a selection as XES; it names persons, so it needs an editor."""
    require_role(colleague_of(request), Role.EDITOR)
    form = SelectionForm(request.GET, segments=queries.log_segments())
    if not form.is_valid():
        return HttpResponseBadRequest(form.errors.as_text(), content_type="text/plain; charset=utf-8")
    blocks = queries.event_log(form.selection())
    headers = {"Content-Disposition": 'attachment; filename="wegmarke.xes.gz"'}
    return StreamingHttpResponse(blocks, content_type="application/gzip", headers=headers)
