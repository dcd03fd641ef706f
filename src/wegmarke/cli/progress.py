"""Progress on standard error: only on a terminal, and only for what takes more than a second."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

import click

from wegmarke.cli.harmless import harmless

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_PATIENCE = 1.0


class Progress:
    """One bar that changes its words; silent where nobody watches."""

    def __init__(self) -> None:
        """Look whether somebody watches."""
        self._watched = sys.stderr.isatty()
        self._started = time.monotonic()
        self._bar: RichProgress | None = None
        self._task: TaskID | None = None
        self._what = ""

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def say(self, text: str) -> None:
        """Print a line to standard error, above the bar where there is one."""
        if self._bar is None:
            click.echo(text, err=True)
        else:
            self._bar.console.out(text, highlight=False)

    def show(self, what: str, share: float) -> None:
        """Say what is being done and how much of it is done, 0 to 1."""
        if not self._watched or time.monotonic() - self._started < _PATIENCE:
            return
        if self._bar is None or self._task is None:
            self._bar = _bar()
            self._task = self._bar.add_task(harmless(what), total=1.0)
            self._bar.start()
        changed, self._what = what != self._what, what
        self._bar.update(self._task, description=harmless(what), completed=share, refresh=changed)


def _bar() -> RichProgress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
