"""Runs one analysis from files to answer."""

from __future__ import annotations

import json
import sys
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from zoneinfo import ZoneInfo

import click
from django.utils.timezone import override

from wegmarke.analysis.errors import AnalysisError
from wegmarke.capture.files import FileError, write_rejected
from wegmarke.cli.as_json import as_json
from wegmarke.cli.complaints import RequestError
from wegmarke.cli.harmless import harmless
from wegmarke.cli.language import gettext as _
from wegmarke.cli.language import ngettext, prepare_django
from wegmarke.cli.loading import load
from wegmarke.cli.planning import plan_of
from wegmarke.cli.progress import Progress
from wegmarke.cli.writing import write_all
from wegmarke.insights import figures
from wegmarke.plan.findings import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from wegmarke.cli.loading import Loaded
    from wegmarke.cli.request import Request
    from wegmarke.cli.writing import Writer
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Plan

_MOST_SHOWN = 3


def what_people_can_mend() -> tuple[type[Exception], ...]:
    """Return the errors whose message is all a person needs."""
    return (FileError, RequestError, AnalysisError, PlanError)


def run(request: Request) -> None:
    """Read, analyse, answer. Raises one of `what_people_can_mend` where that cannot be done."""
    prepare_django()
    document = _document(request)
    with Progress() as progress, override(_zone(request)):
        loaded = load(request, document, progress)
        plan = plan_of(request, document, loaded.names)
        analysis = _analyse(loaded, plan, progress)
        answer = _answer(analysis, loaded, request)
        written = _write(analysis, loaded, request)
    for file in written:
        progress.say(_("Written: %(file)s") % {"file": file})
    _say_rejected(loaded, request, progress)
    click.echo(_for_output(answer, request))


def _zone(request: Request) -> tzinfo:
    """Return the zone days are named in: that of the file, which the answer shall agree with."""
    try:
        return ZoneInfo(request.timezone or "UTC")
    except (KeyError, ValueError, OSError):  # whoever reads the file says so, where it matters
        return UTC


def _for_output(answer: str, request: Request) -> str:
    """Return the answer in letters that standard output has; JSON has another way to write the others."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        answer.encode(encoding)
    except UnicodeError:
        if request.form == "json":
            return json.dumps(json.loads(answer), indent=2)
        return answer.encode(encoding, "backslashreplace").decode(encoding)
    return answer


def _document(request: Request) -> Plan | None:
    if request.plan is None:
        return None
    from django.utils.translation import gettext

    from wegmarke.plan.documents import PlanDocumentError, load

    try:
        return load(request.plan)
    except PlanDocumentError as error:
        raise RequestError("\n".join(error.lines(gettext))) from None


def _analyse(loaded: Loaded, plan: Plan, progress: Progress) -> Analysis:
    progress.show(_("Starting the analysis"), 0.0)
    from wegmarke.insights.analysing import analyse
    from wegmarke.plan.rules import bindings_of
    from wegmarke.record.laying import lay_out

    progress.show(_("Laying out journeys"), 0.0)
    shard = lay_out(loaded.events, bindings_of(plan), traits=loaded.traits)
    return analyse(
        [shard],
        plan,
        progress=lambda _what, done, whole: progress.show(_("Analysing"), done / max(1, whole)),
    )


def _answer(analysis: Analysis, loaded: Loaded, request: Request) -> str:
    if request.form == "json":
        return as_json(analysis, loaded, request)
    from wegmarke.cli.as_text import as_text

    return as_text(analysis, loaded, terminal=sys.stdout.isatty())


def _write(analysis: Analysis, loaded: Loaded, request: Request) -> tuple[Path, ...]:
    """Write the files that were asked for; return them."""
    targets: dict[Path, Writer] = {}

    def rejected(out: TextIO) -> None:
        write_rejected(loaded.rejected, out)

    def report(out: TextIO) -> None:
        from wegmarke.insights.report import render

        out.write(render(analysis, language=request.language))

    def values(out: TextIO) -> None:
        out.write(as_json(analysis, loaded, request) + "\n")

    if request.out is not None:
        targets |= {
            request.out / "report.html": report,
            request.out / "analysis.json": values,
            request.out / "rejected.csv": rejected,
        }
    if request.rejected is not None:
        targets[request.rejected] = rejected
    _spare(targets, request)
    if targets:
        write_all(targets)
    return tuple(targets)


def _spare(targets: Iterable[Path], request: Request) -> None:
    """Refuse to write over what was read."""
    sources = [Path(file).resolve() for file in (*request.files, request.persons, request.plan) if file]
    for target in targets:
        if target.resolve() in sources:
            message = _("%(file)s was read and is not written over; please choose another place.")
            raise RequestError(message % {"file": target})


def _say_rejected(loaded: Loaded, request: Request, progress: Progress) -> None:
    count = loaded.rejected.num_rows
    if not count:
        return
    text = ngettext(
        "%(count)s of %(rows)s rows was left out:", "%(count)s of %(rows)s rows were left out:", count
    )
    progress.say(text % {"count": figures.count(count), "rows": figures.count(loaded.rows)})
    for row in loaded.rejected.slice(0, _MOST_SHOWN).to_pylist():
        place = FileError(row["file"], row["reason"], line=row["line"], column=row["column"] or None)
        progress.say(harmless(f"  {place}"))
    if count > _MOST_SHOWN:
        progress.say("  …")
    if request.out is None and request.rejected is None:
        progress.say(_("All of them are kept with --rejected FILE or --out DIR."))
