"""The pages of the plan with 500 touchpoints: time of the server, first paint in a real browser.

    python benchmarks/plan_pages.py [--touchpoints 500] [--loads 9] [--only NAME]... [--no-browser]

Medians of several loads with a filled cache, the first load left out; the files of the journey map by the
server's time only. `processor` is the time the server computes: on a busy machine it tells more than the
clock. The target is 300 ms for the first paint of each page; the exit code is 1 when one misses it. The
journey map of a large plan fetches its picture after that: `whole` is when the picture stands. A plan with
figures, 40 versions, evidence and possible touchpoints is stored in a folder of its own.
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

from demo_site import DemoSite, browser, log_in
from large_plan import PASSWORD, USER, fill
from pages import first_paint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from playwright.sync_api import BrowserContext

TARGET_MILLISECONDS = 300
PAGES = {
    "map": "/map/",
    "map, planned": "/map/?view=planned",
    "map, lived": "/map/?view=lived",
    "list": "/map/touchpoints/",
    "list, grouped": "/map/touchpoints/?group=phase&sort=-persons",
    "list, search": "/map/touchpoints/?q=1",
    "collect": "/map/touchpoints/-/collect/",
    "card": "/map/touchpoints/touchpoint_7/",
    "card, history": "/map/touchpoints/touchpoint_7/history/",
    "card, edit": "/map/touchpoints/touchpoint_7/edit/",
    "matrix": "/map/matrix/",
    "discovery": "/map/discovery/",
    "audit": "/map/audit/",
    "brand": "/map/brand/",
    "evidence": "/map/evidence/",
    "evidence, new": "/map/evidence/new/",
    "goals": "/plan/goals/",
    "goal, new": "/plan/goals/new/",
    "goal, edit": "/plan/goals/goal1/edit/",
    "journeys": "/plan/journeys/",
    "journey, edit": "/plan/journeys/edit/main/",
    "versions": "/plan/versions/",
    "version": "/plan/versions/20/",
    "compare": "/plan/versions/compare/?older=2&newer=30",
    "start": "/map/start/",
    "example": "/map/start/saas/",
}
FILES = {
    "map, print": "/map/print/",
    "map, PDF": "/map/file.pdf",
    "map, PNG": "/map/file.png",
    "list, XLSX": "/map/touchpoints/-/table.xlsx",
    "version, YAML": "/plan/versions/20/plan.yaml",
}


def server_times(addresses: Mapping[str, str], loads: int) -> dict[str, tuple[float, float]]:
    """Return the median times each address takes in this process, by the clock and computing, in ms."""
    from django.conf import settings
    from django.test import Client

    import wegmarke.site.wsgi  # noqa: F401 - memory is looked after as where the site is served
    from wegmarke.team.models import User

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(User.objects.get(username=USER))
    found = {}
    for name, address in addresses.items():
        times, computing = [], []
        for _ in range(loads + 1):
            begun, computed = time.perf_counter(), time.process_time()
            answer = client.get(address)
            times.append((time.perf_counter() - begun) * 1000)
            computing.append((time.process_time() - computed) * 1000)
            if answer.status_code != 200:
                msg = f"{address} answered {answer.status_code}"
                raise SystemExit(msg)
        found[name] = statistics.median(times[1:]), statistics.median(computing[1:])
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


def paint_times(
    addresses: Mapping[str, str], address: str, loads: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the median first paint of each page, and when the picture of a map stands, in milliseconds."""
    with browser() as started:
        context = started.new_context()
        log_in(context, DemoSite(address, USER, PASSWORD))

        def median(of: Callable[[BrowserContext, str], float], path: str) -> float:
            return statistics.median([of(context, address + path) for _ in range(loads + 1)][1:])

        return (
            {name: median(first_paint, path) for name, path in addresses.items()},
            {name: median(whole, path) for name, path in addresses.items() if name.startswith("map")},
        )


def whole(context: BrowserContext, url: str) -> float:
    """Load a map and return when its picture stands, in milliseconds."""
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.wait_for_selector(".wm-map-stage svg")
    found = page.evaluate("performance.now()")
    page.close()
    return float(found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--touchpoints", type=int, default=500)
    parser.add_argument("--loads", type=int, default=9)
    parser.add_argument("--only", action="append", choices=[*PAGES, *FILES], help="one page; may be repeated")
    parser.add_argument("--no-browser", action="store_true", help="measure the server only")
    return parser.parse_args()


def main() -> int:
    """Store the plan, measure, print the figures."""
    options = _options()
    wanted = options.only or [*PAGES, *FILES]
    pages = {name: path for name, path in PAGES.items() if name in wanted}
    every = {**pages, **{name: path for name, path in FILES.items() if name in wanted}}
    paint: dict[str, float] = {}
    pictures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="wegmarke-benchmark-") as name:
        os.environ |= {"WEGMARKE_DATA": name, "DJANGO_SETTINGS_MODULE": "wegmarke.site.settings"}
        fill(options.touchpoints)
        server = server_times(every, options.loads)
        if pages and not options.no_browser:
            with served(Path(name)) as address:
                paint, pictures = paint_times(pages, address, options.loads)
    loads, busy = options.loads, os.getloadavg()[0]
    print(f"{options.touchpoints} touchpoints, median of {loads} loads; load of the machine {busy:.1f}")
    print(f"{'page':<16}{'server':>10}{'processor':>13}{'first paint':>14}{'whole':>10}")
    for page in every:
        painted = f"{paint[page]:>11.0f} ms" if page in paint else ""
        stands = f"{pictures[page]:>7.0f} ms" if page in pictures else ""
        late = "  over 300 ms" if paint.get(page, 0) > TARGET_MILLISECONDS else ""
        clock, computing = server[page]
        print(f"{page:<16}{clock:>7.0f} ms{computing:>10.0f} ms{painted}{stands}{late}")
    return int(max(paint.values(), default=0) > TARGET_MILLISECONDS)


if __name__ == "__main__":
    sys.exit(main())
