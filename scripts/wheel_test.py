"""Build the archives, install the wheel into an environment of its own, and use it as a person would.

Builds the source archive and from it the wheel, checks what is inside and that building again gives the same
bytes, installs it over `requirements.lock` into a fresh virtual environment, then runs the commands and the
site from an empty folder. Prints one line per finding; exit code 1 at the first that is wrong.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
NEEDED = (
    r"wegmarke/ui/static/vendor/tabler/tabler\.min\.css",
    r"wegmarke/ui/static/vendor/tabler/LICENSE\.txt",
    r"wegmarke/ui/static/vendor/echarts/echarts\.min\.js",
    r"wegmarke/ui/static/vendor/htmx/htmx\.min\.js",
    r"wegmarke/capture/tracker/built/t\.js",
    r"wegmarke/ui/locale/de/LC_MESSAGES/django\.mo",
    r"wegmarke/ui/templates/ui/base\.html",
    r"wegmarke/team/migrations/0001_.*\.py",
    r"wegmarke/py\.typed",
    r"wegmarke-.*\.dist-info/licenses/LICENSE",
)
UNWANTED = (r"(^|/)tests?/", r"\.map$", r"__pycache__", r"\.sqlite3", r"node_modules")
MINUTE = 60


class WheelError(Exception):
    """Something about the built wheel is wrong."""


def expect(*, that: bool, otherwise: str) -> None:
    """Stop when something does not hold."""
    if not that:
        raise WheelError(otherwise)


def build(folder: Path) -> Path:
    """Build the source archive and from it the wheel; return the wheel."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    expect(that=done.returncode == 0, otherwise=f"the build failed:\n{done.stdout}{done.stderr}")
    return next(folder.glob("*.whl"))


def check_contents(wheel: Path) -> None:
    """Check that the archives hold what they should and nothing else."""
    names = zipfile.ZipFile(wheel).namelist()
    for pattern in NEEDED:
        expect(
            that=any(re.fullmatch(pattern, name) for name in names), otherwise=f"not in the wheel: {pattern}"
        )
    for pattern in UNWANTED:
        found = [name for name in names if re.search(pattern, name)]
        expect(that=not found, otherwise=f"should not be in the wheel: {found}")
    sources = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src/wegmarke").rglob("*.py")}
    expect(that=sources <= set(names), otherwise=f"not in the wheel: {sorted(sources - set(names))}")
    with tarfile.open(next(wheel.parent.glob("*.tar.gz"))) as archive:
        fetched = [name for name in archive.getnames() if re.search(r"/(vendor|built)/|\.mo$", name)]
    expect(that=not fetched, otherwise=f"should not be in the source archive: {fetched}")


def install(wheel: Path, folder: Path) -> Path:
    """Install the lock file and the wheel into a fresh environment; return the folder of its programs."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(programs / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    lock = str(ROOT / "requirements.lock")
    subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", lock], check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    subprocess.run([str(programs / "python"), "-m", "pip", "check"], check=True, stdout=subprocess.DEVNULL)
    return programs


def run(program: Path, *arguments: str, folder: Path) -> str:
    """Run a command from an empty folder; return what it printed."""
    done = subprocess.run(
        [str(program), *arguments],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=5 * MINUTE,
    )
    expect(
        that=done.returncode == 0,
        otherwise=f"{program.name} {arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}",
    )
    return done.stdout


def _environment() -> dict[str, str]:
    """Return the environment without anything that points back to this tree."""
    hidden = ("PYTHON", "WEGMARKE", "DJANGO", "NUMBA", "COVERAGE", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)}


def write_events(path: Path) -> None:
    """Write a small file of events: of forty customers, those with a card error leave."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["customer", "timestamp", "event", "csat"])
        for person in range(40):
            bad = person % 4 == 0
            rows.writerow([f"c{person}", f"2026-01-{1 + person % 9:02}T10:00:00Z", "visit", ""])
            rows.writerow(
                [f"c{person}", f"2026-01-{1 + person % 9:02}T10:05:00Z", "payment", 1 if bad else 5]
            )
            rows.writerow([f"c{person}", "2026-02-10T09:00:00Z", "cancellation" if bad else "order", ""])
        rows.writerow(["c1", "2026-06-01T09:00:00Z", "visit", ""])


def check_analyse(wegmarke: Path, folder: Path) -> None:
    """Analyse a small file: the JSON on standard output, the report in a folder."""
    write_events(folder / "events.csv")
    options = (
        "--leaving-event",
        "cancellation",
        "--moving-on",
        "order",
        "--experience",
        "csat",
        "--scale",
        "csat",
    )
    printed = run(
        wegmarke, "analyse", "events.csv", *options, "--format", "json", "--out", "out", folder=folder
    )
    found = json.loads(printed)
    expect(that=found["persons"] == 40, otherwise=f"40 persons expected: {found['persons']}")
    expect(that=found["touches"] == 121, otherwise=f"121 touches expected: {found['touches']}")
    pages = list((folder / "out").glob("*.html"))
    expect(that=len(pages) == 1, otherwise=f"one report expected: {pages}")
    text = pages[0].read_text(encoding="utf-8")
    loaded = re.findall(r"""(?:src|href)=["']https?://[^"']+\.(?:js|css)""", text)
    expect(that=not loaded, otherwise=f"the report is not self-contained: {loaded}")


@contextlib.contextmanager
def serving(wegmarke: Path, folder: Path) -> Iterator[str]:
    """Start the site on a free port and give its address; stop it in the end."""
    command = [str(wegmarke), "serve", "--port", "0", "--data", str(folder / "data")]
    log = folder / "serve.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield _address(process, log)
    finally:
        process.terminate()
        process.wait(timeout=MINUTE)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until the site has printed its address and answers."""
    until = time.monotonic() + 2 * MINUTE
    while time.monotonic() < until and process.poll() is None:
        if match := re.search(r"http://127\.0\.0\.1:\d+", log.read_text()):
            with contextlib.suppress(OSError):
                fetch(match.group())
                return match.group()
        time.sleep(0.3)
    msg = f"the site did not start:\n{log.read_text()}"
    raise WheelError(msg)


def check_site(wegmarke: Path, folder: Path) -> None:
    """Serve an empty installation: the log-in page in both languages, with its style sheet."""
    with serving(wegmarke, folder) as address:
        for language, words in (("en", ("Log in", "Sign in")), ("de", ("Anmelden", "Anmeldung"))):
            page = fetch(address, language=language).decode()
            found = any(word in page for word in words)
            expect(that=found, otherwise=f"no log-in page in {language}:\n{page}")
        style = re.search(r'href="([^"]*tabler[^"]*\.css)"', page)
        expect(that=style is not None, otherwise=f"no style sheet in the page:\n{page}")
        size = len(fetch(address + style.group(1) if style else ""))
        expect(that=size > 100_000, otherwise=f"the style sheet has only {size} bytes")


def fetch(url: str, *, language: str = "en") -> bytes:
    """Fetch one address of the site, which runs on this machine."""
    asked = urllib.request.Request(url, headers={"Accept-Language": language})  # noqa: S310
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
        return bytes(answer.read())


def main() -> int:
    """Run all checks in order."""
    with tempfile.TemporaryDirectory(prefix="wegmarke-wheel-") as name:
        folder = Path(name)
        for part in ("first", "second", "empty"):
            (folder / part).mkdir()
        try:
            wheel = build(folder / "first")
            check_contents(wheel)
            print(f"built {wheel.name}, {wheel.stat().st_size / 1e6:.1f} MB")
            same = build(folder / "second").read_bytes() == wheel.read_bytes()
            expect(that=same, otherwise="building twice gives different wheels")
            print("built again: the same bytes")
            wegmarke = install(wheel, folder / "venv") / "wegmarke"
            version = wheel.name.split("-")[1]
            printed = run(wegmarke, "--version", folder=folder / "empty")
            expect(that=version in printed, otherwise=f"version {version} expected: {printed}")
            print(f"installed: {printed.strip()}")
            check_analyse(wegmarke, folder / "empty")
            print("analyse: a report and one JSON object")
            check_site(wegmarke, folder / "empty")
            print("serve: the log-in page in both languages, with its style sheet")
        except (WheelError, subprocess.SubprocessError) as error:
            print(f"wheel: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
