"""A running site that takes events, and what came of them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from support.between import Between
from support.serving import Served, answers, environment, serve, soon

if TYPE_CHECKING:
    from collections.abc import Iterator

INSIDE = Path(__file__).with_name("inside.py")


@dataclass(frozen=True)
class Source:
    """One source of the site with its keys, and the way to it, on which everything is seen."""

    site: Site
    number: int
    server: str
    browser: str
    between: Between

    def counted(self) -> dict[str, int]:
        """Return what became of its events, once none is waiting."""
        self.site.settle()
        return self.site.ask("counted", number=self.number)

    def refused(self) -> list[str]:
        """Return why events were refused."""
        return self.site.ask("refused", number=self.number)


class Site:
    """`wegmarke serve` and a look into its data."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.url = served.url
        self._inside = subprocess.Popen(
            [sys.executable, str(INSIDE)],
            env=environment(WEGMARKE_DATA=str(served.data)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._betweens: list[Between] = []

    def ask(self, name: str, /, **given: object) -> Any:
        """Ask the process inside."""
        self._inside.stdin.write(json.dumps([name, given]) + "\n")
        self._inside.stdin.flush()
        return json.loads(self._inside.stdout.readline())

    def source(self, *origins: str) -> Source:
        """Add a source that nobody else uses."""
        made = self.ask("source", name=uuid4().hex, origins=list(origins))
        settings = f"{self.url}/v1/projects/{made['browser']}/settings"
        assert soon(lambda: answers(settings)), "a new key is known after a second"
        self._betweens.append(Between(self.url))
        return Source(self, **made, between=self._betweens[-1])

    def settle(self) -> None:
        """Wait until the worker has moved everything into the log."""
        assert soon(lambda: self.ask("waiting") == 0, 60)

    def events(self, *persons: str) -> list[dict[str, Any]]:
        """Return the events of persons, or all; properties as objects."""
        self.settle()
        found = [row for row in self.ask("rows", kind="events") if not persons or row["person"] in persons]
        for row in found:
            row["properties"] = json.loads(row["properties"] or "{}")
        return found

    def traits(self, person: str) -> dict[str, str]:
        """Return what is known about a person."""
        self.settle()
        return {
            row["name"]: row["value"] for row in self.ask("rows", kind="traits") if row["person"] == person
        }

    def stop(self) -> None:
        """End everything."""
        for one in self._betweens:
            one.close()
        self._inside.stdin.close()
        self._inside.wait(60)
        self._inside.stdout.close()
        self.served.stop()
        self.served.process.stdout.close()


def running_site(folder: Path) -> Iterator[Site]:
    """Run a site for as long as a fixture lives."""
    site = Site(serve(folder / "data"))
    yield site
    site.stop()
