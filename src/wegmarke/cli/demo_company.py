"""The demo company of `wegmarke demo`: a folder of its own, made once, a fresh password at every start."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import click

from wegmarke.cli.language import gettext as _
from wegmarke.cli.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

    from wegmarke.team.contracts import FirstLogIn

NAME = "demo"
MARK = "demo"
UNFINISHED, FINISHED = "unfinished", "finished"
KEPT = {MARK, "serving.lock"}


def refuse_a_real_installation(folder: Path) -> None:
    """Stop where a demo would mix with real data, or hand its log-in a password."""
    if os.environ.get("WEGMARKE_DATABASE_URL"):
        raise click.UsageError(_("The demo company lives in a file of its own; unset WEGMARKE_DATABASE_URL."))
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise click.UsageError(
            _("%(folder)s holds something else than a demo company. Choose another folder with --data.")
            % {"folder": folder}
        )


def mark(folder: Path) -> None:
    """Mark the folder as a demo before anything is put into it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / MARK).exists():
        (folder / MARK).write_text(UNFINISHED, encoding="ascii")


def is_finished(folder: Path) -> bool:
    """Say whether the company in this folder was made to the end."""
    return (folder / MARK).read_text(encoding="ascii") == FINISHED


def clear_unfinished(folder: Path) -> None:
    """Take away what a start that was broken off has left."""
    if is_finished(folder):
        return
    for left in folder.iterdir():
        if left.name not in KEPT:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def make_once(folder: Path) -> None:
    """Make the company unless it is there."""
    from django.db import connections
    from django.utils import timezone

    from wegmarke.demo.services import create_demo_company

    if is_finished(folder):
        return
    words = _("Making the demo company …")
    with Progress() as bar:
        create_demo_company(now=timezone.now(), progress=lambda share: bar.show(words, share))
    connections.close_all()
    (folder / MARK).write_text(FINISHED, encoding="ascii")


def log_in() -> FirstLogIn:
    """Return the log-in of the demo, its password new at every start: the last one was shown only once."""
    from django.db import connections
    from django.utils import timezone

    from wegmarke.team.services import ensure_first_account, give_new_password

    try:
        now = timezone.now()
        first = ensure_first_account(now, username=NAME)
        return first or give_new_password(username=NAME, by=None, now=now)
    finally:
        connections.close_all()
