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
def test_a_killed_mover_loses_nothing_and_doubles_nothing():
    """A sample of `simulations/kill_log.py`: every step of appending twice, every step of compacting once."""
    run = subprocess.run(
        [sys.executable, ROOT / "simulations/kill_log.py", "--kills", "30", "--seed", "7"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=480,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    figures = json.loads(run.stdout.splitlines()[-1])
    for step in ("written", "before folder sync", "staged", "before commit", "committed"):
        assert figures[f"append killed at {step}"] >= 2, f"{step} was not reached"
    for step in ("block written", "merged", "before commit", "committed", "renamed", "forgotten", "removed"):
        assert figures[f"compact killed at {step}"] == 1, f"{step} was not reached"
    assert figures["lost"] == figures["doubled"] == figures["ids judged wrongly"] == 0
    assert figures["wrong after doing it again"] == 0
    assert 0 < figures["stood after the kill"] < 20
