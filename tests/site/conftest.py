"""Running sites for the tests of this room."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from support.serving import START, Served, environment

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    """Return a function that starts a site on a free port; all are stopped in the end."""
    started: list[Served] = []

    def start(data: Path | None = None) -> Served:
        data = data or tmp_path_factory.mktemp("site") / "data"
        process = subprocess.Popen(
            [*START, "serve", "--port", "0", "--data", str(data)],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(Served(data, process))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            served.stop()
        served.process.stdout.close()
