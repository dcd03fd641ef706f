"""`wegmarke serve`, `wegmarke worker`, `wegmarke demo`: web pages and worker from one command."""

from __future__ import annotations

import ipaddress
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import click

from wegmarke.cli import demo_company, installation
from wegmarke.cli.language import gettext as _
from wegmarke.cli.supervising import Child, WouldNotStartError, stop_on_signals, supervise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wegmarke.team.services import FirstLogIn

READY_SECONDS = 60.0

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help=_("Folder for everything Wegmarke keeps (default: WEGMARKE_DATA, else ./wegmarke-data)."),
)
host_option = click.option("--host", default="127.0.0.1", show_default=True, help=_("Address to listen on."))
port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help=_("Port to listen on; 0 takes any free one."),
)
hosts_option = click.option(
    "--allowed-host",
    "hosts",
    multiple=True,
    help=_("A name this site is called by, when it listens on more than this machine; may be repeated."),
)


@click.command(
    help=_(
        "Run the site: web pages and worker together. The first start makes the data folder, the database and"
        " a first account, whose log-in it prints once."
    )
)
@host_option
@port_option
@data_option
@hosts_option
def serve(host: str, port: int, data: Path | None, hosts: tuple[str, ...]) -> None:
    """Run web pages and worker until told to stop."""
    folder = data_folder(data)
    installation.make_folder(folder)
    with installation.only_one(folder):
        port = installation.free_port(host, port)
        installation.configure(folder, _hosts(host, hosts))
        installation.prepare(folder)
        _run(host, port, _first_account())


@click.command(help=_("Run the worker alone, beside a site served elsewhere from the same data."))
@data_option
def worker(data: Path | None) -> None:
    """Run the worker until told to stop."""
    installation.configure(installation.existing_folder(data_folder(data)))
    supervise([_worker()], stop=stop_on_signals(), tell=_tell_death)


@click.command(help=_("Run the site on a demo company, made from a seed: two years, about 20,000 customers."))
@host_option
@port_option
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("wegmarke-demo"),
    show_default=True,
    help=_("Folder for the demo company."),
)
@hosts_option
@click.option(
    "--i-know",
    is_flag=True,
    help=_("Let the demo be reached from other machines, which is meant for nobody."),
)
def demo(host: str, port: int, data: Path, hosts: tuple[str, ...], *, i_know: bool) -> None:
    """Run web pages and worker on the demo company until told to stop."""
    if not _is_loopback(host) and not i_know:
        raise click.UsageError(
            _("The demo log-in is not made for other machines. If you want it there all the same: --i-know.")
        )
    with installation.written(data):
        demo_company.refuse_a_real_installation(data)
        demo_company.mark(data)
    with installation.only_one(data):
        port = installation.free_port(host, port)
        demo_company.clear_unfinished(data)
        installation.make_folder(data)
        installation.configure(data, _hosts(host, hosts))
        installation.prepare(data)
        demo_company.make_once(data)
        _run(host, port, demo_company.log_in())


def _run(host: str, port: int, log_in: FirstLogIn | None) -> None:
    """Keep the web process and the worker running; say where the site is once it answers."""
    stop = stop_on_signals()
    threading.Thread(target=_announce, args=(host, port, log_in, stop), daemon=True).start()
    web = Child("web", ["wegmarke.site.web", host, str(port)], os.environ, essential=True)
    try:
        supervise([web, _worker()], stop=stop, tell=_tell_death)
    except WouldNotStartError as error:
        raise click.ClickException(_("The web server does not start; its reason stands above.")) from error


def _worker() -> Child:
    return Child("worker", ["wegmarke.site.worker"], os.environ)


def _first_account() -> FirstLogIn | None:
    from django.db import connections
    from django.utils import timezone

    from wegmarke.team.services import ensure_first_account

    try:
        return ensure_first_account(timezone.now())
    finally:
        connections.close_all()


def _announce(host: str, port: int, log_in: FirstLogIn | None, stop: threading.Event) -> None:
    """Print where the site is as soon as it answers."""
    address = f"http://{_in_address(host)}:{port}"
    if not _answers(address, stop):
        return
    lines = [_("Wegmarke runs on %(address)s") % {"address": address}]
    if log_in:
        lines.append(_("Log-in: %(name)s") % {"name": log_in.username})
        lines.append(_("Password: %(password)s") % {"password": log_in.password})
        lines.append(_("The password is shown this once; you can change it after logging in."))
    if not _is_loopback(host):
        lines.append(_("Other machines can reach this without encryption. Set a proxy with TLS before it."))
    lines.append(_("Stop with Ctrl-C."))
    click.echo("\n".join(lines))


def _answers(address: str, stop: threading.Event) -> bool:
    wildcard = {"http://0.0.0.0": "http://127.0.0.1", "http://[::]": "http://[::1]"}
    name, _colon, port = address.rpartition(":")
    url = f"{wildcard.get(name, name)}:{port}/health"
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and not stop.wait(0.1):
        try:
            with urlopen(url, timeout=2):  # noqa: S310 - our own address
                return True
        except (URLError, OSError):
            continue
    return False


def _tell_death(news: str) -> None:
    click.echo(_("A process ended and is started again (%(process)s)") % {"process": news}, err=True)


def data_folder(given: Path | None) -> Path:
    """Return the data folder: given, of the environment, or the usual one."""
    return given or Path(os.environ.get("WEGMARKE_DATA") or "wegmarke-data")


def _hosts(host: str, named: Sequence[str]) -> tuple[str, ...]:
    """Return the names the site answers to besides the loopback ones; an address it listens on is one."""
    own = () if _is_loopback(host) or host in {"0.0.0.0", "::"} else (_in_address(host),)  # noqa: S104 - compared
    return (*own, *named)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
