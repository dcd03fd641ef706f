"""The list of 500 touchpoints: time of the server, first paint in a real browser, medians of several loads.

    python benchmarks/inventory_pages.py [--touchpoints 500] [--loads 15]

The list is measured as it stands, grouped by phase, and with a search. A plan with that many touchpoints and
figures for each of them is stored in a folder of its own. The target is 300 ms for each; the exit code is 1
when one misses it.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
TARGET_MILLISECONDS = 300
PASSWORD = "Kiesel-Moos-17-Wacholder"  # noqa: S105 - it protects nothing
ADDRESSES = {
    "list": "/map/touchpoints/",
    "grouped": "/map/touchpoints/?group=phase&sort=-persons",
    "search": "/map/touchpoints/?q=mail",
}


def fill(count: int) -> None:
    """Store a plan of so many touchpoints with figures, and somebody to read it."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    sys.path.insert(0, str(ROOT / "tests"))
    from support.insights import analysis, lived, moments, moments_insight
    from support.stored import store_analysis

    found = _plan(count)
    keys = tuple(one.key for one in found.touchpoints)
    from dataclasses import replace

    from wegmarke.team.models import User

    kinds = moments()
    judged = tuple(replace(kinds[at % len(kinds)], touchpoint=key) for at, key in enumerate(keys))
    store_analysis(analysis(plan=found, lived=lived(keys), moments=moments_insight(judged)))
    User.objects.create_user("kim", password=PASSWORD, role="editor", language="de")


def _plan(count: int) -> object:
    from wegmarke.plan.contracts import Nature, Phase, Plan, Status, Text, Touchpoint, one_journey

    phases = [f"phase{n}" for n in range(8)]
    channels, departments = ("web", "mail", "phone", "store", "app"), ("Marketing", "Service", "Vertrieb")
    touchpoints = tuple(
        Touchpoint(
            key=f"touchpoint_{n}",
            name=Text(f"Touchpoint Nummer {n} im Kanal", f"Touchpoint number {n} in the channel"),
            phases=(phases[n % 8], phases[(n + 3) % 8]),
            status=list(Status)[n % 4],
            channel=channels[n % 5],
            department=departments[n % 3],
            owners=(f"owner{n % 20}", f"owner{n % 7}x"),
            nature=list(Nature)[n % 4],
        )
        for n in range(count)
    )
    named = (Phase(key, Text(key, key)) for key in phases)
    return Plan(name=Text("Plan", "Plan"), journeys=one_journey(*named), touchpoints=touchpoints)


def server_times(loads: int) -> dict[str, float]:
    """Return the median time each page takes in this process, in milliseconds."""
    from django.conf import settings
    from django.test import Client

    from wegmarke.team.models import User

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(User.objects.get(username="kim"))
    found = {}
    for name, address in ADDRESSES.items():
        times = []
        for _ in range(loads + 1):
            begun = time.perf_counter()
            answer = client.get(address)
            times.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200  # noqa: S101 - a measurement of an error page is none
        found[name] = statistics.median(times[1:])
    return found


@contextmanager
def served(data: Path) -> Iterator[str]:
    """Serve the folder on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("wegmarke")), "serve", "--port", str(port)]
    with (data / "serve.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=os.environ)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{address}/health", timeout=2).close()  # noqa: S310 - our own address
                break
            except OSError:
                if time.monotonic() > until or process.poll() is not None:
                    msg = f"the site did not start:\n{(data / 'serve.log').read_text()}"
                    raise RuntimeError(msg) from None
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)


def paint_times(address: str, loads: int) -> dict[str, float]:
    """Return the median first paint of each page, in milliseconds."""
    from demo_site import DemoSite, browser, log_in
    from pages import first_paint

    with browser() as started:
        context = started.new_context()
        log_in(context, DemoSite(address, "kim", PASSWORD))
        return {
            name: statistics.median([first_paint(context, address + path) for _ in range(loads + 1)][1:])
            for name, path in ADDRESSES.items()
        }


def main() -> int:
    """Store the plan, measure, print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--touchpoints", type=int, default=500)
    parser.add_argument("--loads", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wegmarke-benchmark-") as name:
        os.environ |= {"WEGMARKE_DATA": name, "DJANGO_SETTINGS_MODULE": "wegmarke.site.settings"}
        fill(options.touchpoints)
        server = server_times(options.loads)
        with served(Path(name)) as address:
            paint = paint_times(address, options.loads)
    print(f"{options.touchpoints} touchpoints, median of {options.loads} loads ({TARGET_MILLISECONDS} ms)")
    print(f"{'page':<12}{'server':>10}{'first paint':>14}")
    for page in ADDRESSES:
        print(f"{page:<12}{server[page]:>7.0f} ms{paint[page]:>11.0f} ms")
    return int(max(*server.values(), *paint.values()) > TARGET_MILLISECONDS)


if __name__ == "__main__":
    sys.exit(main())
