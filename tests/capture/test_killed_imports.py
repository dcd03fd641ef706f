"""A worker that is killed anywhere in an import: the next one finishes it, and each event counts once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "support" / "killed_imports.py"
STRIDE = os.environ.get("WEGMARKE_KILL_STRIDE", "17")  # 1 tries every point


@pytest.mark.sqlite_only
@pytest.mark.slow
def test_events_are_neither_lost_nor_doubled_wherever_the_worker_is_killed(tmp_path):
    done = subprocess.run(
        [sys.executable, SCRIPT, tmp_path, STRIDE], capture_output=True, text=True, check=False, timeout=500
    )
    assert done.returncode == 0, done.stderr[-3000:]
    outcomes = json.loads(done.stdout)
    assert len(outcomes) > 5
    for outcome in outcomes:
        assert (outcome["events"], outcome["lost"], outcome["doubled"]) == (300, 0, 0), outcome
        assert (outcome["status"], outcome["rejected"]) == ("done", 1), outcome
        assert (outcome["written"], outcome["known"]) == (170, 130), outcome
        assert outcome["traits"] == outcomes[-1]["traits"], outcome
    assert not outcomes[-1]["killed"]
    assert outcomes[-1]["files"] == ["rejected.csv"]
