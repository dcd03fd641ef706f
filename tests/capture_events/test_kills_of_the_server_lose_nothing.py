from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.sqlite_only
@pytest.mark.slow
def test_what_was_acknowledged_stands_once_however_often_server_and_worker_are_killed():
    """A sample of `simulations/kill_server.py`."""
    run = subprocess.run(
        [sys.executable, ROOT / "simulations/kill_server.py", "--kills", "4", "--seed", "3"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=480,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    figures = json.loads(run.stdout.splitlines()[-1])
    assert figures["acknowledged"] > 0
    assert sum(count for name, count in figures.items() if name.startswith("killed: ")) == 4
    assert figures["lost"] == figures["doubled"] == figures["invented"] == 0
