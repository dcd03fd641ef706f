"""The demo company served for measuring and for pictures: started, logged in, stopped."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

START_SECONDS = 300
FILL_SECONDS = 600
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PAGES = {
    "overview": "/",
    "map": "/map/",
    "touchpoints": "/map/touchpoints/",
    "card": "/map/touchpoints/checkout_payment/",
    "edit": "/map/touchpoints/checkout_payment/edit/",
    "matrix": "/map/matrix/",
    "discovery": "/map/discovery/",
    "audit": "/map/audit/",
    "brand": "/map/brand/",
    "evidence": "/map/evidence/",
    "lived": "/map/journey/",
    "goals": "/plan/goals/",
    "journeys": "/plan/journeys/",
    "versions": "/plan/versions/",
    "start": "/map/start/",
    "moments": "/understand/moments/",
    "funnels": "/understand/funnels/",
    "paths": "/understand/paths/",
    "import": "/settings/import/",
}


@dataclass(frozen=True)
class DemoSite:
    """A running demo and how to log in."""

    address: str
    user: str
    password: str


@contextlib.contextmanager
def serving(data: Path) -> Iterator[DemoSite]:
    """Serve the demo company from `data`, which may be empty, on a free port; stop it in the end."""
    data.mkdir(parents=True, exist_ok=True)
    log = data.parent / f"{data.name}.log"
    command = [str(Path(sys.executable).with_name("wegmarke")), "demo", "--port", "0", "--data", str(data)]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield _announced(process, log)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _announced(process: subprocess.Popen[bytes], log: Path) -> DemoSite:
    """Wait for the lines that tell address and log-in."""
    told = re.compile(r"(http://127\.0\.0\.1:\d+)\s+Log-in: (\S+)\s+Password: (\S+)")
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if match := told.search(log.read_text()):
            return DemoSite(*match.groups())
        time.sleep(0.2)
    msg = f"the demo did not start:\n{log.read_text()}"
    raise RuntimeError(msg)


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Start the system's Chromium."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(found for name in names if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield started
        started.close()


def log_in(context: BrowserContext, site: DemoSite) -> Page:
    """Log in as a person does; return the first page."""
    page = context.new_page()
    page.goto(f"{site.address}/account/log-in/")
    page.locator("[name=username]").fill(site.user)
    page.locator("[name=password]").fill(site.password)
    with page.expect_navigation():
        page.locator("[name=password]").press("Enter")
    return page


def wait_until_filled(page: Page, site: DemoSite) -> float:
    """Wait until the worker has analysed the company; return the seconds it took."""
    begun = time.monotonic()
    while time.monotonic() - begun < FILL_SECONDS:
        page.goto(site.address + PAGES["moments"])
        if page.locator("table tbody tr").count() > 3:
            return time.monotonic() - begun
        time.sleep(1)
    msg = "the pages of the demo stayed empty"
    raise RuntimeError(msg)
