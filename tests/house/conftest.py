"""Where the tests about the house itself look."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from house_paths import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def tracked(repository) -> tuple[Path, ...]:
    """Return the files that are, or are about to be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=repository,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return tuple(path for name in names if name and (path := repository / name).is_file())


def load(path: Path) -> ModuleType:
    """Import a file that is no part of the package."""
    name = f"house_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def messages(repository) -> ModuleType:
    """Return the script that gathers and checks the texts."""
    return load(repository / "scripts" / "messages.py")


@pytest.fixture(scope="session")
def build_hook(repository) -> ModuleType:
    """Return what happens when the package is built."""
    return load(repository / "hatch_build.py")
