"""`wegmarke export xes`: journeys as an event log, without a server running."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wegmarke.cli import installation
from wegmarke.cli.analyse import InputError
from wegmarke.cli.complaints import RequestError
from wegmarke.cli.harmless import harmless
from wegmarke.cli.installation import data_option
from wegmarke.cli.language import gettext as _
from wegmarke.cli.plan import language_option

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(
    help=_("Write what an installation knows to a file. No server has to run, and one may."),
    short_help=_("Write journeys to a file."),
)
def export() -> None:
    """Group the commands that write files."""


@export.command(
    help=_(
        "Write journeys as an XES event log, packed with gzip: one trace for each person or case.\n\n"
        "The journeys are those of the last refresh. The file holds personal data."
    ),
    short_help=_("Write journeys as an XES event log."),
)
@click.argument("target", metavar="LOG.XES.GZ", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--segment", metavar="ATTRIBUTE=VALUE", help=_("Only persons with this value of an attribute."))
@click.option("--from", "since", type=DAY, help=_("Only touches from this day on (UTC)."))
@click.option("--to", "until", type=DAY, help=_("Only touches before this day (UTC)."))
@click.option(
    "--case-gap",
    type=click.FloatRange(min=0, min_open=True),
    metavar="DAYS",
    help=_("A new case after so many days without a touch (default: a person is one case)."),
)
@language_option
@data_option
def xes(target: Path, data: Path | None, **options: Any) -> None:
    """Write the event log."""
    from wegmarke.cli.export_running import Wanted, write_log

    try:
        write_log(installation.folder(data), target, Wanted(**options))
    except RequestError as error:
        raise InputError(harmless(str(error))) from None
    click.echo(_("Written: %(file)s") % {"file": target}, err=True)
