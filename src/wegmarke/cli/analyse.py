"""`wegmarke analyse`: from files of events to the moments that matter, without a server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wegmarke.cli.harmless import harmless
from wegmarke.cli.language import LANGUAGES, speak, spoken
from wegmarke.cli.language import gettext as _
from wegmarke.cli.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SCALES = ("csat", "ces", "nps", "bad-neutral-good")
INTERRUPTED = 130  # 128 + SIGINT, as shells expect it
DAYS = click.FloatRange(min=0, min_open=True)


class InputError(click.ClickException):
    """What a person can mend: exit code 2, the message alone."""

    exit_code = 2

    def show(self, file: Any = None) -> None:  # noqa: ANN401, ARG002 - click's own signature
        """Print the message to standard error."""
        click.echo(_("Error: %(message)s") % {"message": self.message}, err=True)


def _names(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Split names given as `A,B,C`."""
    names = tuple(name.strip() for name in (value or "").split(",") if name.strip())
    if value is not None and not names:
        raise click.BadParameter(_("no step is named."))
    return names


class _Analyse(click.Command):
    """Takes several names behind one `--moving-on`, as in `--moving-on order renewal`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give each name its own option, which is all that click understands."""
        return super().parse_args(ctx, list(_one_name_each(args)))


def _one_name_each(arguments: Sequence[str]) -> Iterator[str]:
    """Put `--moving-on` before each further name; what is a file, or looks like one, is none."""
    names = 0
    for place, argument in enumerate(arguments):
        if argument == "--":
            yield from arguments[place:]
            return
        if argument.startswith("-") and names != 1:
            names = 1 if argument == _SEVERAL else 0
        elif names == 1:  # the value click expects, whatever it looks like
            names = 2
        elif names > 1 and not _may_be_file(argument):
            yield _SEVERAL
        else:
            names = 0
        yield argument


def _may_be_file(argument: str) -> bool:
    path = Path(argument)
    return path.exists() or path.suffix.lower() in _ENDINGS or len(path.parts) > 1


_SEVERAL = "--moving-on"
_ENDINGS = frozenset(
    {".csv", ".tsv", ".txt", ".parquet", ".pq", ".xlsx", ".xls", ".xes", ".gz", ".zip", ".json"}
)
_COLUMNS = (
    click.Option(["--person"], metavar="COLUMN", help=_("Column that tells the persons apart.")),
    click.Option(["--time"], metavar="COLUMN", help=_("Column with the time of the event.")),
    click.Option(["--event"], metavar="COLUMN", help=_("Column with the name of the event.")),
    click.Option(["--event-name"], metavar="NAME", help=_("Name of every event, where no column has it.")),
    click.Option(["--experience"], metavar="COLUMN", help=_("Column with a rating of the event.")),
    click.Option(["--scale"], type=click.Choice(SCALES), help=_("How the rating is to be read.")),
    click.Option(["--value"], metavar="COLUMN", help=_("Column with an amount, for example money.")),
    click.Option(
        ["--attribute", "attributes"],
        metavar="COLUMN",
        multiple=True,
        help=_("Column with an attribute of the person, for example the segment. May be repeated."),
    ),
    click.Option(
        ["--persons"],
        metavar="FILE",
        type=click.Path(),
        help=_("File with one row per person; its other columns are attributes."),
    ),
)
_READING = (
    click.Option(["--encoding"], metavar="NAME", help=_("Encoding of CSV files, for example cp1252.")),
    click.Option(
        ["--timezone"], metavar="NAME", help=_("Where times without a zone were written down (default: UTC).")
    ),
    click.Option(
        ["--day-first/--month-first"], default=None, help=_("How dates such as 03/04/2025 are meant.")
    ),
    click.Option(
        ["--decimal"],
        type=click.Choice(["point", "comma"]),
        help=_("What stands before the decimals of figures."),
    ),
)
_QUESTION = (
    click.Option(
        ["--plan"],
        metavar="FILE",
        type=click.Path(),
        help=_("Plan (YAML): touchpoints with binding rules, phases, leaving, moving on."),
    ),
    click.Option(
        ["--leaving-event", "leaving"], metavar="NAME", multiple=True, help=_("Event that means leaving.")
    ),
    click.Option(["--quiet-days"], type=DAYS, metavar="N", help=_("Silence of so many days means leaving.")),
    click.Option(
        ["--moving-on"],
        metavar="NAME…",
        multiple=True,
        help=_("Event that means moving on. May be repeated."),
    ),
    click.Option(
        ["--contact", "contacts"],
        metavar="NAME",
        multiple=True,
        help=_(
            "Event the company starts, for example a mailing: only such a touch is blamed for leaving by "
            "itself, and it does not end a silence. May be repeated."
        ),
    ),
    click.Option(
        ["--horizon-days"],
        type=DAYS,
        metavar="N",
        help=_("How long after a touch leaving and moving on count for it (default: 30)."),
    ),
    click.Option(
        ["--margin"],
        type=click.FloatRange(0, 1, min_open=True, max_open=True),
        metavar="SHARE",
        help=_("Smallest effect that matters (default: 0.02, two percentage points)."),
    ),
    click.Option(["--funnel"], metavar="A,B,C", callback=_names, help=_("Steps of a funnel, in order.")),
    click.Option(
        ["--window-days"], type=DAYS, metavar="N", help=_("Time for the whole funnel (default: 30 days).")
    ),
)
_ANSWER = (
    click.Option(
        ["--format", "form"],
        type=click.Choice(["text", "json"]),
        default="text",
        help=_("Form of the answer."),
    ),
    click.Option(
        ["--out"],
        metavar="DIR",
        type=click.Path(),
        help=_("Folder for report.html, analysis.json and rejected.csv."),
    ),
    click.Option(
        ["--rejected"], metavar="FILE", type=click.Path(), help=_("File for the rows left out (CSV).")
    ),
    click.Option(["--lang"], type=click.Choice(LANGUAGES), help=_("Language (default: that of the locale).")),
)


def _run(**options: Any) -> None:
    if options.get("lang"):
        speak(options["lang"])
    try:
        _answer(Request.of(options, language=spoken()))
    except MemoryError:
        raise InputError(_("there is not enough memory for so much data.")) from None
    except KeyboardInterrupt:
        click.echo(_("Interrupted; nothing was written."), err=True)
        sys.exit(INTERRUPTED)


def _answer(request: Request) -> None:
    from wegmarke.cli.running import run, what_people_can_mend

    try:
        run(request)
    except what_people_can_mend() as error:
        raise InputError(harmless(str(error))) from None


analyse = _Analyse(
    "analyse",
    callback=_run,
    params=[
        click.Argument(["files"], metavar="FILE…", nargs=-1, required=True, type=click.Path()),
        *_COLUMNS,
        *_READING,
        *_QUESTION,
        *_ANSWER,
    ],
    help=_(
        "Find the moments that matter in files of events (CSV, Parquet, XLSX, XES).\n\n"
        "Every row is an event: who, when, what. Columns are guessed from common names in English and "
        "German, and the guess is printed. Without a plan every event name is a touchpoint."
    ),
    short_help=_("Find the moments that matter in files of events."),
)
