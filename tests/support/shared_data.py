"""The real data sets beside the repository; tests that need them skip loudly where they are missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED_DATA = Path(os.environ.get("WEGMARKE_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
RECORDED_REQUESTS = SHARED_DATA.parent / "clients" / "requests.jsonl"
MISSING = (
    f"THE REAL DATA ARE MISSING: {SHARED_DATA} is no folder; put them there or name their place in "
    "WEGMARKE_SHARED_DATA, or nothing is known about how Wegmarke does on real data"
)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of the real data sets."""
    if not SHARED_DATA.is_dir():
        pytest.skip(MISSING)
    return SHARED_DATA


def skip_without_data(items: list[pytest.Item]) -> None:
    """Skip the tests marked `shared_data` where the folder is missing."""
    if SHARED_DATA.is_dir():
        return
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.add_marker(pytest.mark.skip(reason=MISSING))
