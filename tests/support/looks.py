"""The looks every page is tested in."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from itertools import product

PASSWORD = "Kiesel-Moos-17-Wacholder"
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    "/usr/bin/chromium",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Look:
    """Language, theme and width in CSS pixels."""

    language: str = "en"
    theme: str = "light"
    width: int = 1440

    @property
    def height(self) -> int:
        """A usual screen of that width."""
        return 844 if self.width < 600 else 900

    def __str__(self) -> str:
        """Read in the name of a test."""
        return f"{self.language}-{self.theme}-{self.width}"


ALL_COMBINATIONS = [Look(*one) for one in product(("de", "en"), ("light", "dark"), (1440, 390))]
"""For the shell around all pages."""
EVERY_LOOK = [Look("de", "light", 390), Look("de", "dark"), Look("en", "light"), Look("en", "dark", 390)]
"""For each page: every language, theme and width meets every other one. Texts break by language and width,
contrast by theme and width; nothing hangs on all three at once.
"""
