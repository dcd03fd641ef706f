from __future__ import annotations

import pytest

from support.simulations import figures_of


@pytest.mark.sqlite_only
@pytest.mark.slow
def test_a_killed_mover_loses_nothing_and_doubles_nothing():
    """A sample of `simulations/kill_log.py`: every step of appending twice, every step of compacting once."""
    figures = figures_of("kill_log.py", "--kills", "30", "--seed", "7")
    for step in ("written", "before folder sync", "staged", "before commit", "committed"):
        assert figures[f"append killed at {step}"] >= 2, f"{step} was not reached"
    for step in ("block written", "merged", "before commit", "committed", "renamed", "forgotten", "removed"):
        assert figures[f"compact killed at {step}"] == 1, f"{step} was not reached"
    assert figures["lost"] == figures["doubled"] == figures["ids judged wrongly"] == 0
    assert figures["wrong after doing it again"] == 0
    assert 0 < figures["stood after the kill"] < 20
