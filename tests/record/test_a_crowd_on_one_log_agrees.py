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
def test_mover_erasure_compaction_and_readers_do_not_get_in_each_others_way():
    """A sample of `simulations/crowd_log.py`."""
    run = subprocess.run(
        [sys.executable, ROOT / "simulations/crowd_log.py", "--commits", "60", "--seed", "7"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=480,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    figures = json.loads(run.stdout.splitlines()[-1])
    assert figures["commits"] == 60
    assert min(figures[one] for one in ("readings", "erasures", "compactions")) > 0
