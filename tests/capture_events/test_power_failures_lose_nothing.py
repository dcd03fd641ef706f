from __future__ import annotations

import shutil

import pytest

from support.simulations import figures_of


@pytest.mark.sqlite_only
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace, which scripts/test installs")
def test_what_was_acknowledged_before_the_power_failed_stands_once():
    """A sample of `simulations/lose_power.py`: inbox, log and message ids, with only what was fsynced."""
    figures = figures_of("lose_power.py", "--states", "12", "--batches", "30", "--seed", "5")
    assert figures["fsyncs"] > 100
    assert figures["acknowledged"] > 100, "the power failed before anything was acknowledged"
    assert figures["lost"] == figures["doubled"] == figures["invented"] == 0
    assert figures["wrong after sending again"] == figures["does not start again"] == 0
