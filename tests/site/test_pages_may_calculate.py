"""Pages are made in threads of the server: their stack must hold linear algebra, or the process dies."""
# ruff: noqa: S310 - the addresses are those of our own server

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from support.serving import SOURCES, environment, soon

pytestmark = pytest.mark.slow
SERVE = "import sys; from wegmarke.site.web import main; main(sys.argv[1:], 'support.equations:application')"


@pytest.fixture
def address(tmp_path):
    """Serve the equations as the site is served; return where."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    paths = f"{SOURCES}:{Path(__file__).resolve().parents[1]}"
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, "127.0.0.1", str(port)],
            env=environment(PYTHONPATH=paths, OPENBLAS_NUM_THREADS="2"),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    yield f"http://127.0.0.1:{port}/"
    process.terminate()
    process.wait(timeout=60)


def is_there(address: str) -> bool:
    try:
        socket.create_connection(("127.0.0.1", int(address.rstrip("/").rpartition(":")[2])), 2).close()
    except OSError:
        return False
    return True


def test_a_page_may_solve_hundreds_of_equations(address):
    assert soon(lambda: is_there(address), 60)
    with urlopen(address, timeout=60) as answer:
        assert answer.read() == b"0.500"
