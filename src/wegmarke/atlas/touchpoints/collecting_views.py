"""Collecting touchpoints quantity-first: one line each, looked at before they are saved."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wegmarke.atlas import links
from wegmarke.atlas.journeys.shipped import phases_by_name
from wegmarke.atlas.pages import here, page
from wegmarke.atlas.touchpoints.merging import SKIP, Kind, Rules, merge
from wegmarke.atlas.touchpoints.pasting import pasted
from wegmarke.atlas.touchpoints.previewing import Previewing, answers_of, choices_of
from wegmarke.atlas.touchpoints.reading import Lexicon, Reader
from wegmarke.atlas.touchpoints.saving import NotSavedError, changed_since, list_after, save, seal
from wegmarke.insights.links import with_query
from wegmarke.plan import rights
from wegmarke.plan.contracts import Status
from wegmarke.ui.numbers import number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from wegmarke.atlas.pages import Here
    from wegmarke.atlas.touchpoints.merging import Outcome
    from wegmarke.atlas.touchpoints.reading import Reading


LONGEST_LINE = 2_000
"""What is handed on in an address."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def collect(request: HttpRequest) -> HttpResponse:
    """Ask for lines, show what becomes of them, save them."""
    at = here(request)
    rights.require_plan(at.user)
    data = request.POST
    text = data.get("text", request.GET.get("text", ""))
    context: dict[str, Any] = {"text": text, "live": data.get("live") == "1", "preview": None}
    if request.method != "POST":
        return page(request, "atlas/touchpoints/collect.html", at, context)
    reading, outcome = _outcome(at, data, text)
    asked, sealed = data.get("do") == "save", seal(_seal(text), at)
    if asked and (problem := changed_since(data.get("seen", ""), _seal(text), at)):
        context["problem"] = problem
    if asked and data.get("seen") == sealed and not reading.open and outcome.changes_anything:
        try:
            version = save(outcome.plan, by=at.user, based_on=at.version, comment=_comment(outcome))
        except NotSavedError as error:
            context["problem"] = str(error)
        else:
            return redirect(list_after(version))
    found = pasted(text)
    preview = Previewing(at, answers_of(data)).preview(outcome, reading.unknown)
    context |= {
        "preview": preview,
        "asks_live": preview.savable,
        "fields": found.fields,
        "surplus": found.surplus,
        "seal": sealed,
        "looked": True,
        "empty": not outcome.rows,
    }
    return page(request, "atlas/touchpoints/collect.html", at, context)


def _outcome(at: Here, data: QueryDict, text: str) -> tuple[Reading, Outcome]:
    """Read the lines with the answers given; choices count for the text they were made for only."""
    seen = data.get("seen", "").endswith(f" {_seal(text)}")
    reading = Reader(Lexicon(at.plan), answers_of(data)).read(pasted(text).lines)
    rules = Rules(
        language=at.language,
        overwrite=False,
        same=SKIP,
        status=Status.LIVE.value if data.get("live") == "1" else Status.IDEA.value,
        choices=choices_of(data) if seen else {},
        models=phases_by_name([one.word for one in reading.unknown if one.field == "phases"]),
    )
    return reading, merge(at.plan, reading.drafts, rules)


def _seal(text: str) -> str:
    """Return what tells one text from another, so that a choice is never taken for another line."""
    plain = "\n".join(text.splitlines())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _comment(outcome: Outcome) -> str:
    new = outcome.count(Kind.NEW)
    values = {"n": number(new), "m": number(outcome.count(Kind.CHANGED))}
    if not new:
        return _("%(m)s touchpoints completed from a list") % values
    return ngettext("%(n)s touchpoint collected", "%(n)s touchpoints collected", new) % values


@never_cache
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add one touchpoint by its line; one that is there already is named, one that needs a look gets it."""
    at = here(request)
    rights.require_plan(at.user)
    text = request.POST.get("name", "")
    reading, outcome = _outcome(at, request.POST, text)
    if not outcome.rows:
        messages.warning(request, _("Please type the name of a touchpoint."))
        return redirect(_list_with_focus())
    row = outcome.rows[0]
    if len(outcome.rows) > 1 or reading.unknown or row.problem:
        return redirect(with_query(reverse("atlas:touchpoints-collect"), {"text": text[:LONGEST_LINE]}))
    if row.kind is Kind.SKIPPED:
        messages.warning(request, _("“%(name)s” is there already.") % {"name": row.candidates[0].name})
        return redirect(_list_with_focus())
    try:
        comment = _("“%(name)s” added") % {"name": row.name}
        save(outcome.plan, by=at.user, based_on=at.version, comment=comment)
    except NotSavedError as error:
        messages.error(request, str(error))
        return redirect(_list_with_focus())
    said = _("“%(name)s” was added as an idea.") % {"name": row.name}
    if row.candidates:
        said += " " + _("It is similar to “%(name)s”.") % {"name": row.candidates[0].name}
    messages.success(request, said)
    return redirect(_list_with_focus(row.key))


def _list_with_focus(key: str = "-") -> str:
    """Return the address of the list in which the next name can be typed at once."""
    return with_query(reverse(links.TOUCHPOINTS), {"added": key})
