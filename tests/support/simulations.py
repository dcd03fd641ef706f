"""Samples of the scripts in `simulations`, run as a person runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def figures_of(script: str, *options: str) -> dict[str, int]:
    """Run a script to its end, which has to be a good one, and return the figures it prints last."""
    run = subprocess.run(
        [sys.executable, ROOT / "simulations" / script, *options],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=480,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    figures: dict[str, int] = json.loads(run.stdout.splitlines()[-1])
    return figures
