"""Runs the command in this process, in English, and leaves no trace of its language behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from django.utils import translation

from support.files import write
from support.small import SMALL
from wegmarke.cli import language
from wegmarke.cli.main import command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["write"]

SOURCES = Path(__file__).parents[2] / "src"


@dataclass(frozen=True)
class Answer:
    """What a run of the command gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


@pytest.fixture(autouse=True)
def english(monkeypatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "en")
    language.speak("en")
    with translation.override("en"):
        yield
    language.speak("en")


@pytest.fixture
def wegmarke() -> Callable[..., Answer]:
    """Run `wegmarke` in this process. An exception that is no exit fails the test."""

    def run(*arguments: object) -> Answer:
        result = CliRunner().invoke(command(), [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture(scope="session")
def real_wegmarke() -> Callable[..., Answer]:
    """Run `wegmarke` as a process of its own, as a person does."""

    def run(*arguments: object, **environment: str) -> Answer:
        code = "from wegmarke.cli.main import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={
                **os.environ,
                "PYTHONPATH": str(SOURCES),
                "LC_ALL": "C.UTF-8",
                "LANGUAGE": "",
                **environment,
            },
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def _small_site(real_wegmarke, tmp_path_factory) -> Path:
    """Make an installation with a small plan, by `apply`; it takes seconds."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "plan.yaml").write_text(SMALL, encoding="utf-8")
    made = real_wegmarke("plan", "apply", folder / "plan.yaml", "--data", folder / "data", "--yes")
    assert (made.code, made.err) == (0, "")
    assert made.out.endswith("Saved as version 1.\n")
    return folder / "data"


@pytest.fixture
def site(_small_site, tmp_path) -> Path:
    """Return the folder of an installation with a small plan and no events, for one test alone."""
    return shutil.copytree(_small_site, tmp_path / "site")


@pytest.fixture
def shop(write) -> Path:
    """Write the events of a shop: whoever has bad luck at the checkout cancels, the newsletter annoys."""
    lines = ["customer_id,timestamp,event,experience,amount,segment"]
    for person in range(600):
        segment = "business" if person % 3 == 0 else "private"
        unlucky, bothered = person % 2 == 0, person % 5 < 2
        steps = [
            ("visit", "", ""),
            ("newsletter", "bad" if bothered else "neutral", ""),
            ("checkout", "bad" if unlucky else "good", "20.50"),
        ]
        leaves = unlucky if person % 10 else not unlucky
        steps.append(("cancelled", "", "") if leaves else ("order", "", "49.90"))
        for place, (event, felt, amount) in enumerate(steps):
            day, minute = 1 + person % 20 + 2 * place, person % 60
            lines.append(f"C{person},2024-01-{day:02}T10:{minute:02}:00Z,{event},{felt},{amount},{segment}")
        lines.append(f"C{person},2024-06-01T10:00:00Z,visit,,,{segment}")
    return write("\n".join(lines) + "\n", "shop.csv")
