from __future__ import annotations

import pytest

from support.simulations import figures_of


@pytest.mark.sqlite_only
@pytest.mark.slow
def test_what_was_acknowledged_stands_once_however_often_server_and_worker_are_killed():
    """A sample of `simulations/kill_server.py`."""
    figures = figures_of("kill_server.py", "--kills", "4", "--seed", "3")
    assert figures["acknowledged"] > 0
    assert sum(count for name, count in figures.items() if name.startswith("killed: ")) == 4
    assert figures["lost"] == figures["doubled"] == figures["invented"] == 0
