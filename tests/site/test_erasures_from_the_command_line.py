"""`wegmarke erasures`: the list goes out of one installation and is applied in another state of it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from test_accounts_from_the_command_line import make

from support.serving import environment, wegmarke

ERASE = """
import sys
from pathlib import Path
from wegmarke.cli import installation
installation.configure(Path(sys.argv[1]))
from django.utils import timezone
from wegmarke.people.erasure import services, steps
services.request(identifiers=["anna"], ground="objection", by=None, now=timezone.now())
steps.erase_one(now=timezone.now())
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Return the folder of an installation in which somebody is being erased."""
    folder = tmp_path_factory.mktemp("installation") / "data"
    make(folder)
    subprocess.run([sys.executable, "-c", ERASE, str(folder)], env=environment(), check=True)
    return folder


def ask(data, *arguments: str) -> subprocess.CompletedProcess:
    return wegmarke("erasures", *arguments, "--data", data)


def test_the_list_is_written_and_applied_again(data, tmp_path):
    file = tmp_path / "erasures.jsonl"
    assert ask(data, "export", str(file)).returncode == 0
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line).keys() == {"digest", "erased_at"}
    assert "anna" not in line
    done = ask(data, "reapply", str(file))
    assert "1 erasures known, 0 ids found again" in done.stdout, done.stderr


def test_a_file_that_is_no_list_is_refused_in_words(data, tmp_path):
    file = tmp_path / "other.txt"
    file.write_text("{}\n", encoding="utf-8")
    done = ask(data, "reapply", str(file))
    assert done.returncode == 1
    assert "is no list of erasures" in done.stderr
