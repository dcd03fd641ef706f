"""The import contracts hold, and each of them fails when it is broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

LINT = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(config_filename="pyproject.toml", no_cache=True))
"""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(folder / "src"), "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(repository, tmp_path) -> Path:
    ignored = shutil.ignore_patterns("static", "templates", "locale", "__pycache__")
    shutil.copytree(repository / "src", tmp_path / "src", ignore=ignored)
    shutil.copy(repository / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold(copy):
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("room", "line", "contract"),
    [
        ("analysis/errors.py", "import wegmarke.record.contracts", "The house is a staircase"),
        ("due/__init__.py", "import wegmarke.plan", "The house is a staircase"),
        ("plan/contracts.py", "import wegmarke.insights", "The house is a staircase"),
        ("capture/__init__.py", "import wegmarke.cli", "The house is a staircase"),
        ("analysis/errors.py", "import django", "Analysis is pure"),
        ("analysis/errors.py", "import datetime", "Analysis is pure"),
        ("plan/contracts.py", "import django", "Rules are pure"),
    ],
)
def test_a_wrong_import_breaks_a_contract(copy, room, line, contract):
    path = copy / "src" / "wegmarke" / room
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [text for text in done.stdout.splitlines() if text.endswith("BROKEN")]
    assert any(text.startswith(contract) for text in broken), done.stdout


def test_a_room_outside_the_staircase_breaks_a_contract(copy):
    (copy / "src" / "wegmarke" / "cellar").mkdir()
    (copy / "src" / "wegmarke" / "cellar" / "__init__.py").touch()
    assert lint(copy).returncode != 0
