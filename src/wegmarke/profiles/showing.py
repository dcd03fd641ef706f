"""Time lines on pages: entries by day, ways to older ones, what a page asks for to stay current."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from wegmarke.insights.links import with_query
from wegmarke.people import showing
from wegmarke.profiles import asking, strands
from wegmarke.profiles.contracts import Feel
from wegmarke.profiles.naming import names
from wegmarke.ui.numbers import weekday

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from django.http import HttpRequest

    from wegmarke.profiles.contracts import Entry, Lived, Page, Subject, Wanted

    Whose = Mapping[str, tuple[str, str]]

SIZE: Final = 50
MOST_LIVE: Final = 500
"""Entries a page shows without asking for older ones; with more it is loaded anew."""


def timeline(request: HttpRequest, subject: Subject, lived: Lived | None, whose: Whose) -> dict[str, Any]:
    """Return what `profiles/timeline.html` shows; `whose` has the name and page of whom an identifier is."""
    wanted = asking.wanted(request.GET)
    page = strands.page(subject, wanted, size=SIZE)
    return {
        "days": _days(page.entries, whose),
        "empty": not page.entries,
        "wanted": wanted,
        "filtered": bool(
            wanted.touchpoint
            or wanted.phase
            or wanted.feel
            or request.GET.get("since")
            or request.GET.get("until")
        ),
        "query": {key: request.GET.get(key, "") for key in ("q", "since", "until")},
        "kinds": [(strand.key, strand.label, strand.key in wanted.strands) for strand in strands.STRANDS],
        "touchpoints": _touchpoints(lived, wanted),
        "phases": [(key, name, key == wanted.phase) for key, name in _phases(subject)],
        "feels": [(feel, feel == wanted.feel) for feel in Feel],
        **_older(request, page),
        **_live(request, subject, wanted, page),
    }


def asks_for_older(request: HttpRequest) -> bool:
    """Say whether a page that stands asks for older entries to add."""
    return request.headers.get("HX-Request") == "true" and "before" in request.GET


def newest(request: HttpRequest, subject: Subject, whose: Whose) -> HttpResponse:
    """Answer a page that asks what is new: nothing (204), or all its newest entries anew."""
    if request.GET.get("state") == strands.state(subject):
        return HttpResponse(status=204)
    wanted = asking.wanted(request.GET)
    page = strands.page(subject, wanted, size=MOST_LIVE)
    if page.older is not None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context = {"days": _days(page.entries, whose), "empty": not page.entries, "wanted": wanted}
    return render(request, "profiles/newest.html", context | _live(request, subject, wanted, page))


def _live(request: HttpRequest, subject: Subject, wanted: Wanted, page: Page) -> dict[str, Any]:
    """Return where a page asks for what is new; it shows the same span of time then, and what came since."""
    if wanted.before is not None:
        return {"live": ""}
    since = asking.written(page.older) or request.GET.get("from", "")
    path = reverse("profiles:account_live" if subject.account else "profiles:live")
    asked = [(key, value) for key, value in _pairs(request) if key not in {"from", "state"}]
    return {"live": f"{path}?{urlencode([*asked, ('from', since), ('state', strands.state(subject))])}"}


def _older(request: HttpRequest, page: Page) -> dict[str, Any]:
    if page.older is None:
        return {"older": ""}
    asked = [(key, value) for key, value in _pairs(request) if key != "before"]
    older = f"{request.path}?{urlencode([*asked, ('before', asking.written(page.older))])}"
    return {"older": older, "exhausted": page.exhausted, "reached": page.older}


def _pairs(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for key, values in request.GET.lists():
        yield from ((key, str(value)) for value in values if value)


def _days(entries: Sequence[Entry], whose: Whose) -> list[dict[str, Any]]:
    """Group entries by the day they are of, where this installation is."""
    alike: Counter[tuple[str, datetime]] = Counter()

    def row(entry: Entry) -> dict[str, Any]:
        alike[entry.strand, entry.at] += 1
        return _row(entry, alike[entry.strand, entry.at], whose)

    by_day = groupby(entries, key=lambda entry: timezone.localtime(entry.at).date())
    return [_day([row(entry) for entry in some]) for _date, some in by_day]


def _day(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": weekday(rows[0]["entry"].at), "rows": rows}


def _row(entry: Entry, at: int, whose: Whose) -> dict[str, Any]:
    return {
        "entry": entry,
        "id": f"{entry.strand}-{asking.written(entry.at)}-{at}",
        "at": timezone.localtime(entry.at),
        "sign": "" if entry.feel in {None, Feel.UNSAID} else str(entry.feel),
        "who": whose.get(entry.whose),
    }


def _touchpoints(lived: Lived | None, wanted: Wanted) -> list[tuple[str, str, int, bool]]:
    called = names()
    met = dict(lived.touchpoints) if lived else {}
    keys = [*met, *([wanted.touchpoint] if wanted.touchpoint and wanted.touchpoint not in met else [])]
    listed = [(key, called.touchpoint(key), met.get(key, 0), key == wanted.touchpoint) for key in keys]
    return sorted(listed, key=lambda one: one[1].casefold())


def _phases(subject: Subject) -> list[tuple[str, str]]:
    called = names()
    return [(key, called.phase(key)) for key in subject.bindings.phases]


def identifier(one: str) -> dict[str, Any]:
    """Return what `people/identifier.html` shows of an identifier, leading to the person's page here."""
    return showing.identifier(one, address=person_address(one))


def person_address(one: str) -> str:
    """Return the address of the page of the person an identifier belongs to."""
    return with_query(reverse("profiles:person"), {"id": one})


def account_address(key: str) -> str:
    """Return the address of the page of an account."""
    return with_query(reverse("profiles:account"), {"key": key})
