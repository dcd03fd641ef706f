"""Take the pictures of the documentation from the running demo: docs/pictures/<page>.<language>.png."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from demo_site import PAGES, browser, log_in, serving, wait_until_filled  # noqa: E402 - after the path

SHOWN = ("overview", "moments", "map")
LOCALES = {"en": "en-GB", "de": "de-DE"}
SIZE = {"width": 1280, "height": 800}
LARGER = {"map": {"width": 1440, "height": 1100}}
"""Pages that are cut at the usual size."""


def main() -> int:
    """Serve the demo and take each picture in both languages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder of `wegmarke demo` to use again")
    parser.add_argument("--only", choices=SHOWN, action="append", help="one picture; may be repeated")
    options = parser.parse_args()
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="wegmarke-pictures-") as name:
        data = options.data or Path(name) / "demo"
        with serving(data) as site, browser() as started:
            for language, locale in LOCALES.items():
                context = started.new_context(
                    locale=locale, viewport=SIZE, reduced_motion="reduce", color_scheme="light"
                )
                page = log_in(context, site)
                wait_until_filled(page, site)
                for shown in options.only or SHOWN:
                    page.set_viewport_size(LARGER.get(shown, SIZE))
                    page.goto(site.address + PAGES[shown], wait_until="networkidle")
                    path = folder / f"{shown}.{language}.png"
                    page.screenshot(path=path)
                    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")
                context.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
