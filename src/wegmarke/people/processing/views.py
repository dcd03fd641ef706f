"""Pages of the record of processing, for data protection officers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wegmarke.people.erasure.views import for_officers
from wegmarke.people.processing import queries, services, writing
from wegmarke.people.processing.contracts import Field
from wegmarke.team.access import colleague_of

if TYPE_CHECKING:
    from django.http import HttpRequest


@for_officers
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Show the record, with what is still missing."""
    language = get_language() or "en"
    context = {
        "entries": [
            {
                "entry": one,
                "texts": [
                    {
                        "text": text,
                        "words": text.in_language(language),
                        "other": text.only_in_other(language),
                        "language": language if not text.only_in_other(language) else _other(language),
                    }
                    for text in one.texts
                ],
            }
            for one in queries.record(now=timezone.now())
        ],
        "missing": queries.missing(),
        "now": timezone.now(),
    }
    return render(request, "people/processing/record.html", context)


def _other(language: str) -> str:
    return "en" if language.startswith("de") else "de"


@for_officers
@require_safe
def markdown(_request: HttpRequest) -> HttpResponse:
    """Hand out the record as a file."""
    now = timezone.now()
    return HttpResponse(
        writing.markdown(queries.record(now=now), now=now),
        content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="processing-{now:%Y-%m-%d}.md"'},
    )


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, key: str) -> HttpResponse:
    """Show and change one text in both languages, and who changed it when."""
    if key not in set(Field):
        raise Http404
    field = Field(key)
    shown = queries.text(field)
    typed = {"de": shown.de, "en": shown.en}
    if request.method == "POST":
        typed = {language: request.POST.get(language, "") for language in ("de", "en")}
        try:
            services.write(
                field=field,
                **typed,
                based_on=_number(request.POST.get("based_on", "")),
                by=colleague_of(request),
                now=timezone.now(),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Saved."))
            return redirect("processing:record")
    context = {"field": field, "typed": typed, "based_on": shown.number, "history": queries.history(field)}
    return render(request, "people/processing/text.html", context)


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else -1  # noqa: PLR2004 - of any row
