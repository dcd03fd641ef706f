"""`wegmarke account`: accounts from the machine itself, where nobody has to log in."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from wegmarke.cli import installation
from wegmarke.cli.harmless import harmless
from wegmarke.cli.installation import data_option
from wegmarke.cli.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from wegmarke.team.contracts import Account, FirstLogIn

ROLES = ("viewer", "editor", "officer", "admin")
GAP = "  "

name_argument = click.argument("name")


@click.group(help=_("Manage the accounts people log in with."))
def account() -> None:
    """Gather the commands of accounts."""


@account.command("list", help=_("List all accounts."))
@data_option
def list_accounts(data: Path | None) -> None:
    """Print a line for each account."""
    with _installation(data):
        from wegmarke.team.queries import accounts

        click.echo(_table([_words(one) for one in accounts()]))


@account.command(help=_("Add an account NAME and print its first password, once."))
@name_argument
@click.option(
    "--role", type=click.Choice(ROLES), default="viewer", show_default=True, help=_("What it may do.")
)
@click.option("--department", default="", help=_("Where in the company its owner works."))
@click.option("--display-name", default="", help=_("The name colleagues know."))
@click.option("--mail", "email", default="", help=_("The mail address."))
@data_option
def add(name: str, data: Path | None, **wanted: str) -> None:
    """Add an account."""
    with _installation(data):
        from django.utils import timezone

        from wegmarke.team.services import create_account

        _say(create_account(username=name, by=None, now=timezone.now(), **wanted))


@account.command(help=_("Give the account NAME a new password and print it, once."))
@name_argument
@data_option
def password(name: str, data: Path | None) -> None:
    """Give a new password; whoever was logged in is logged out."""
    with _installation(data):
        from django.utils import timezone

        from wegmarke.team.services import give_new_password

        _say(give_new_password(username=name, by=None, now=timezone.now()))


@account.command(help=_("Give the account NAME the role ROLE."))
@name_argument
@click.argument("wanted", metavar="ROLE", type=click.Choice(ROLES))
@data_option
def role(name: str, wanted: str, data: Path | None) -> None:
    """Change the role."""
    with _installation(data):
        from django.utils import timezone

        from wegmarke.team.services import change_account

        change_account(username=name, by=None, now=timezone.now(), role=wanted)
        click.echo(_("%(name)s now has the role %(role)s.") % {"name": harmless(name), "role": wanted})


@contextmanager
def _installation(data: Path | None) -> Iterator[None]:
    """Work on an installation some site has made; say what went wrong as people can mend it."""
    installation.configure(installation.existing_folder(installation.folder(data)))
    installation.refuse_another_version()
    from django.core.exceptions import ValidationError
    from django.db import connections

    from wegmarke.team.contracts import NoSuchAccountError

    try:
        yield
    except NoSuchAccountError as error:
        message = _("There is no account named %(name)s.") % {"name": harmless(str(error))}
        raise click.ClickException(message) from error
    except ValidationError as error:
        raise click.ClickException(harmless("\n".join(error.messages))) from error
    finally:
        connections.close_all()


def _say(first: FirstLogIn) -> None:
    click.echo(_("Log-in: %(name)s") % {"name": first.username})
    click.echo(_("Password: %(password)s") % {"password": first.password})
    click.echo(_("The password is shown this once; you can change it after logging in."))


def _words(one: Account) -> tuple[str, ...]:
    state = _("active") if one.active else _("deactivated")
    last = one.last_log_in.date().isoformat() if one.last_log_in else _("never logged in")
    return one.username, one.role.value, one.department or "-", last, state, one.display_name


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows with their columns under each other."""
    kept = [[harmless(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*kept, strict=True)]
    lines = (
        GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in kept
    )
    return "\n".join(lines)
