"""One installation: its data folder, its secret, its database, its static files, its first account."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import secrets
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

import wegmarke
from wegmarke.cli.language import gettext as _
from wegmarke.cli.language import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help=_("Folder for everything Wegmarke keeps (default: WEGMARKE_DATA, else ./wegmarke-data)."),
)


class BusyError(click.ClickException):
    """Something needed is taken; the exit code says so."""

    exit_code = 2


def configure(data: Path, hosts: Sequence[str] = ()) -> None:
    """Tell this process and its children which installation they work on, and wake Django."""
    os.environ["WEGMARKE_DATA"] = str(data.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "wegmarke.site.settings"
    if hosts or "WEGMARKE_HOSTS" not in os.environ:
        os.environ["WEGMARKE_HOSTS"] = ",".join(dict.fromkeys((*LOOPBACK, *hosts)))
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.utils import translation

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise BusyError(_wrong_setting(str(error))) from error
    translation.activate(spoken())


def _wrong_setting(reason: str) -> str:
    if "psycopg" in reason:
        return _("PostgreSQL needs its driver: install wegmarke[postgresql].")
    return reason


def make_folder(data: Path) -> None:
    """Make the data folder, readable by its owner only, and the secret in it."""
    os.umask(0o077)
    with written(data):
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make_secret(data / "secret")


@contextmanager
def written(data: Path) -> Iterator[None]:
    """Say clearly where the data folder cannot be read or written."""
    try:
        yield
    except OSError as error:
        raise click.UsageError(
            _("The data folder %(folder)s cannot be written: %(reason)s")
            % {"folder": data, "reason": error.strerror}
        ) from error


def folder(given: Path | None) -> Path:
    """Return the data folder that was named, or that of the environment, or the usual one."""
    return given or Path(os.environ.get("WEGMARKE_DATA") or "wegmarke-data")


def existing_folder(data: Path) -> Path:
    """Return a data folder some site has made; a worker makes none, for it would work on nothing."""
    if not data.is_dir():
        raise click.UsageError(
            _("There is no data folder %(folder)s yet: wegmarke serve makes it.") % {"folder": data}
        )
    return data


def _make_secret(file: Path) -> None:
    """Write a new secret key, readable by its owner only; one that exists is kept."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as target:
        target.write(secrets.token_urlsafe(50) + "\n")
        target.flush()
        os.fsync(target.fileno())


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the folder while serving from it, so that no second server recovers what the first is doing."""
    with (data / "serving.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = _("Wegmarke already runs on the data folder %(folder)s.") % {"folder": data}
            raise BusyError(message) from error
        yield


def free_port(host: str, port: int) -> int:
    """Return the port to listen on (0 asks for any free one), or say clearly why it cannot be had."""
    place = {"host": host, "port": port}
    try:
        family, *_rest, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            return int(trial.getsockname()[1])
    except socket.gaierror as error:
        raise BusyError(_("There is no address named %(host)s on this machine.") % place) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = _(
                "Port %(port)s on %(host)s is taken by another program. Choose another one with --port."
            )
        elif error.errno == errno.EACCES:
            message = _("This user may not listen on port %(port)s. Choose one above 1023 with --port.")
        else:
            message = _("Nothing can listen on %(host)s, port %(port)s.")
        raise BusyError(message % place) from error


def prepare(data: Path) -> None:
    """Bring the database to this version, finish what a crash interrupted, collect static files."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.utils import OperationalError

    from wegmarke.record.services import recover

    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        reason = " ".join(str(error).split())
        raise BusyError(_("The database cannot be used: %(reason)s") % {"reason": reason}) from error
    recover()
    collect_static(data)
    connections.close_all()


def refuse_another_version() -> None:
    """Stop where the database is not that of this version: `wegmarke serve` brings it up to date."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        reason = " ".join(str(error).split())
        raise BusyError(_("The database cannot be used: %(reason)s") % {"reason": reason}) from error
    if behind:
        raise BusyError(
            _(
                "The database is not that of this version yet."
                " Start wegmarke serve once: it brings it up to date."
            )
        )


def collect_static(data: Path) -> None:
    """Collect style sheets and scripts into the data folder unless those of this very version are there.

    There, because an installed package may be read-only; compressed and with hashed names, because browsers
    may then keep them for ever.
    """
    from django.contrib.staticfiles import finders
    from django.core.management import call_command

    files = sorted(
        (name, Path(storage.path(name)))
        for finder in finders.get_finders()
        for name, storage in finder.list([])
    )
    state = hashlib.sha256(wegmarke.__version__.encode())
    for name, path in files:
        facts = path.stat()
        state.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    stamp = data / "static" / "collected"
    if stamp.exists() and stamp.read_text(encoding="ascii") == state.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(state.hexdigest(), encoding="ascii")
