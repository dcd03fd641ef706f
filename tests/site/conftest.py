"""Running sites for the tests of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import serving

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    """Return a function that starts a site on a free port; all are stopped in the end."""
    started: list[serving.Served] = []

    def start(data: Path | None = None) -> serving.Served:
        data = data or tmp_path_factory.mktemp("site") / "data"
        started.append(serving.serve(data))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            served.stop()
        served.process.stdout.close()
