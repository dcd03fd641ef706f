from __future__ import annotations

import pytest

from support.simulations import figures_of


@pytest.mark.sqlite_only
@pytest.mark.slow
def test_mover_erasure_compaction_and_readers_do_not_get_in_each_others_way():
    """A sample of `simulations/crowd_log.py`."""
    figures = figures_of("crowd_log.py", "--commits", "60", "--seed", "7")
    assert figures["commits"] == 60
    assert min(figures[one] for one in ("readings", "erasures", "compactions")) > 0
