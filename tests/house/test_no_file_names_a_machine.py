"""No file names a package registry or a path of somebody's machine: the project builds anywhere."""

from __future__ import annotations

import re

import pytest

# Put together here, so that this file does not name them itself.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
    )
]
FOLDERS = ["home/[a-z]+", "Users/[A-Za-z]+", "root", "work/(?:main|venv|shared)", "opt/pypi"]
MACHINES = [f"/{folder}/" for folder in FOLDERS]
ADDRESS = re.compile("|".join([*map(re.escape, HOSTS), *MACHINES]))


def test_no_file_names_one(tracked):
    found = []
    for path in tracked:
        content = path.read_bytes()
        if b"\0" in content[:8192]:
            continue
        for number, line in enumerate(content.decode(errors="replace").splitlines(), 1):
            if match := ADDRESS.search(line):
                found.append(f"{path.name}:{number}: {match.group()}")
    assert found == []


@pytest.mark.parametrize(
    "text", [f"https://files.{HOSTS[1]}/x.whl", f"index-url = {HOSTS[0]}", f"cd /{FOLDERS[2]}/.cache"]
)
def test_the_search_would_find_one(text):
    assert ADDRESS.search(text)
