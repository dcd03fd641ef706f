"""`wegmarke erasures`: who was erased, as keyed hashes, out of an installation and into a restored one."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

from wegmarke.cli import installation
from wegmarke.cli.harmless import harmless
from wegmarke.cli.installation import data_option
from wegmarke.cli.language import gettext as _
from wegmarke.cli.writing import write_all


@click.group(help=_("Keep the erasures of persons beside backups, and apply them again after a restore."))
def erasures() -> None:
    """Gather the commands of erasures."""


@erasures.command(help=_("Write all erasures to FILE, as keyed hashes without a single id."))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
def export(file: Path, data: Path | None) -> None:
    """Write the list."""
    _open(data)
    from wegmarke.people.erasure.services import exported

    text = exported()

    def write(out: TextIO) -> None:
        out.write(text)

    write_all({file: write})


@erasures.command(help=_("Apply the erasures of FILE again, after a backup was restored."))
@click.argument("file", type=click.File(encoding="utf-8"))
@data_option
def reapply(file: TextIO, data: Path | None) -> None:
    """Set the tombstones, and let the worker erase whoever is back."""
    _open(data)
    from django.utils import timezone

    from wegmarke.people.erasure.contracts import KeyMissingError
    from wegmarke.people.erasure.services import reapply as apply_again

    try:
        known, back = apply_again(file, now=timezone.now())
    except KeyMissingError as error:
        raise click.ClickException(harmless(str(error))) from error
    except (ValueError, KeyError, TypeError) as error:
        message = _("%(file)s is no list of erasures; nothing was changed.") % {"file": harmless(file.name)}
        raise click.ClickException(message) from error
    click.echo(
        _("%(known)s erasures known, %(back)s ids found again: the worker erases them.")
        % {"known": known, "back": back}
    )


def _open(data: Path | None) -> None:
    installation.configure(installation.existing_folder(installation.folder(data)))
    installation.refuse_another_version()
