from __future__ import annotations

import shutil

import pytest

from support.simulations import figures_of


@pytest.mark.sqlite_only
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace, which scripts/test installs")
def test_no_200_is_false_while_calls_to_the_disk_fail_and_all_goes_on_by_itself_afterwards():
    """A sample of `simulations/break_disk.py`: the first calls of the server, and some of the worker."""
    figures = figures_of("break_disk.py", "--faults", "12")
    assert figures["faults that happened"] >= 10
    assert figures["answer 503"] >= 4, "no failing call was noticed by a sender"
    assert figures["lost"] == figures["doubled"] == figures["invented"] == 0
    assert figures["wrong answers"] == figures["stuck"] == figures["processes ended"] == 0
