"""`wegmarke plan export`, `diff`, `apply`, `schema`: the plan as code, without a server running."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wegmarke.cli import installation
from wegmarke.cli.analyse import InputError
from wegmarke.cli.complaints import RequestError
from wegmarke.cli.harmless import harmless
from wegmarke.cli.installation import data_option
from wegmarke.cli.language import LANGUAGES, speak
from wegmarke.cli.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

DIFFERS = 1
"""The exit code of `diff` where the plan is not as the document says, as that of diff(1)."""


def _speak(_ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value:
        speak(value)


language_option = click.option(
    "--lang",
    "--language",
    type=click.Choice(LANGUAGES),
    callback=_speak,
    is_eager=True,
    expose_value=False,
    help=_("Language (default: that of the locale)."),
)
document_argument = click.argument(
    "document", metavar="PLAN.YAML", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path)
)


@contextmanager
def _mendable() -> Iterator[None]:
    """Say what a person can mend in one line each, with exit code 2."""
    try:
        yield
    except RequestError as error:
        raise InputError(harmless(str(error))) from None


@click.group(
    help=_(
        "The plan as code: write it to a YAML file, see what a file would change, apply a file.\n\n"
        "No server has to run, and one may."
    ),
    short_help=_("The plan as a YAML file: export, diff, apply."),
)
def plan() -> None:
    """Group the commands about the plan."""


@plan.command(
    help=_(
        "Write the plan as a YAML document with comments on its keys, to a file or to standard output.\n\n"
        "The document is complete: applied to an empty installation, it gives the identical plan."
    ),
    short_help=_("Write the plan as a YAML document."),
)
@click.argument(
    "target", metavar="[PLAN.YAML]", required=False, type=click.Path(dir_okay=False, path_type=Path)
)
@click.option("--version", type=click.IntRange(min=1), help=_("An earlier version (default: the newest)."))
@click.option("--plain", is_flag=True, help=_("Without comments."))
@language_option
@data_option
def export(target: Path | None, version: int | None, data: Path | None, *, plain: bool) -> None:
    """Write the plan."""
    from wegmarke.cli.plan_running import exported, write

    with _mendable():
        text = exported(installation.folder(data), version=version, plain=plain)
        if target is None or str(target) == "-":
            click.echo(text, nl=False)
        else:
            write(target, text)
            click.echo(_("Written: %(file)s") % {"file": target}, err=True)


@plan.command(
    help=_(
        "Show what applying a YAML document would change, item by item and field by field.\n\n"
        "Exit code 0: the plan is as the document says; 1: it differs; 2: the document or the installation "
        "cannot be used. “-” reads standard input."
    ),
    short_help=_("Show what a document would change."),
)
@document_argument
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help=_("Form of the answer.")
)
@language_option
@data_option
@click.pass_context
def diff(ctx: click.Context, document: Path, form: str, data: Path | None) -> None:
    """Show the difference."""
    from wegmarke.cli.plan_running import as_json, compared, lines

    with _mendable():
        found = compared(installation.folder(data), document)
    if form == "json":
        click.echo(as_json(found))
    else:
        for line in lines(found):
            click.echo(line)
    ctx.exit(DIFFERS if found.changes else 0)


@plan.command(
    help=_(
        "Make the plan as a YAML document says: shows the difference first and asks, then saves one new "
        "version.\n\nNothing is applied where the document has a mistake, which is named by line and column, "
        "or where somebody saved another version since the difference was shown. An installation that does "
        "not exist yet is made. Exit code 0: done, or nothing to do; 1: not confirmed; 2: refused."
    ),
    short_help=_("Make the plan as a document says."),
)
@document_argument
@click.option("--yes", is_flag=True, help=_("Apply without asking."))
@click.option("--dry-run", is_flag=True, help=_("Show the difference and apply nothing."))
@click.option("--comment", default="", help=_("Why, for the list of versions."))
@language_option
@data_option
def apply(document: Path, comment: str, data: Path | None, *, yes: bool, dry_run: bool) -> None:
    """Apply a document."""
    from wegmarke.cli.plan_running import applied, compared, lines

    with _mendable():
        found = compared(installation.folder(data), document, make=not dry_run)
        for line in lines(found):
            click.echo(line)
        if dry_run or not found.changes:
            return
        if not yes:
            if str(document) == "-":
                raise RequestError(_("A document from standard input needs --yes: nobody can be asked."))
            click.confirm(_("Apply this?"), abort=True)
        version = applied(found, comment=comment)
        click.echo(_("Saved as version %(version)s.") % {"version": version})


@plan.command(
    help=_("Print the JSON Schema of plan documents, with which editors help while typing."),
    short_help=_("Print the JSON Schema of plan documents."),
)
def schema() -> None:
    """Print the schema."""
    from wegmarke.plan.schema import as_text

    click.echo(as_text(), nl=False)
