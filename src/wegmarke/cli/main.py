"""The command `wegmarke`: each subcommand is loaded only when it is asked for, so that all start fast."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from wegmarke import __version__
from wegmarke.cli import language
from wegmarke.cli.language import gettext as _

COMMANDS = {
    "account": "wegmarke.cli.accounts:account",
    "analyse": "wegmarke.cli.analyse:analyse",
    "demo": "wegmarke.cli.serving:demo",
    "erasures": "wegmarke.cli.erasures:erasures",
    "export": "wegmarke.cli.export:export",
    "plan": "wegmarke.cli.plan:plan",
    "serve": "wegmarke.cli.serving:serve",
    "worker": "wegmarke.cli.serving:worker",
}
ALIASES = {"analyze": "analyse"}


class LazyGroup(click.Group):
    """A group whose commands are named as `module:attribute` and imported at first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Return the names of all commands; aliases are not listed."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command; None where there is none of this name."""
        place = COMMANDS.get(ALIASES.get(cmd_name, cmd_name))
        if place is None:
            return None
        module, _colon, attribute = place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


def command() -> click.Group:
    """Return the command with its texts in the language in use."""
    return LazyGroup(
        "wegmarke",
        help=_("Customer touchpoint and journey management: from events to the moments that matter."),
        params=[
            click.Option(
                ["--version"],
                is_flag=True,
                expose_value=False,
                is_eager=True,
                callback=_say_version,
                help=_("Show the version and exit."),
            )
        ],
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )


def _say_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value:
        click.echo(f"wegmarke {__version__}")
        ctx.exit()


def main() -> None:
    """Run the command line."""
    language.speak(language.wanted(sys.argv[1:], os.environ))
    command()(prog_name="wegmarke")
