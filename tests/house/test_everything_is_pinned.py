"""The lock files name one version of everything, with hashes and without an address to fetch it from."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^ ;\\]+)")


def pins(repository, lock):
    """Return name and version of everything a lock file names."""
    lines = (repository / lock).read_text(encoding="utf-8").splitlines()
    return {
        canonicalize_name(match["name"]): match["version"] for line in lines if (match := PINNED.match(line))
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_each_entry_has_hashes_and_no_address(repository, lock):
    text = (repository / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    assert entries
    for entry in entries:
        assert PINNED.match(entry), entry
        assert "--hash=sha256:" in entry, entry
    assert "://" not in text
    assert "index" not in text


@pytest.mark.parametrize(
    ("lock", "groups"), [("requirements.lock", ()), ("requirements-dev.lock", ("build", "test", "lint"))]
)
def test_everything_the_project_asks_for_is_pinned_in_an_allowed_version(repository, lock, groups):
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"]]
    for group in groups:
        wanted += project["dependency-groups"][group]
    pinned = pins(repository, lock)
    for requirement in map(Requirement, wanted):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is missing: run scripts/lock"
        assert requirement.specifier.contains(version), (
            f"{requirement} is pinned to {version}: run scripts/lock"
        )


def test_what_builds_the_package_is_what_its_own_environment_has(repository):
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(project["build-system"]["requires"]) <= set(project["dependency-groups"]["build"])


def test_the_lock_files_agree(repository):
    everything = pins(repository, "requirements-dev.lock")
    for lock in LOCKS[:2]:
        assert pins(repository, lock).items() <= everything.items()


def test_browser_assets_are_pinned_by_hash_without_an_address(repository):
    wanted = json.loads((repository / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads((repository / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    installed = {name: entry for name, entry in packages.items() if name}
    assert installed
    for name, entry in installed.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} must name one version"
        assert installed[f"node_modules/{name}"]["version"] == version
