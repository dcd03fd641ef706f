"""Everything Wegmarke needs to run comes under a permissive licence."""

from __future__ import annotations

import json
import re
from importlib import metadata

import pytest

PERMISSIVE = re.compile(
    r"\b(MIT|MIT-0|MIT-CMU|0BSD|BSD|BSD-2-Clause|BSD-3-Clause|Apache|Apache-2\.0|ISC|PSF-2\.0|Python-2\.0|Zlib|CC0-1\.0"
    r"|Unlicense|HPND|BSL-1\.0)\b",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"\b(A?GPL|LGPL|SSPL|EUPL|CDDL|MPL|BUSL|Commons Clause)", re.IGNORECASE)
EXCEPTIONS: dict[str, str] = {
    "certifi": "MPL 2.0, needed by requests: a list of certificates, installed as it is published",
}
"""Package → why it may stay although its licence says otherwise."""


def locked(repository):
    return re.findall(
        r"^([A-Za-z0-9._-]+)==", (repository / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE
    )


def licence_of(name: str) -> str:
    """Return what a package says of its licence: the expression, else the classifiers, else the field."""
    about = metadata.metadata(name)
    if expression := about.get("License-Expression"):
        return expression
    classifiers = [
        text.split(" :: ")[-1] for text in about.get_all("Classifier") or () if text.startswith("License")
    ]
    return "; ".join(classifiers) or (about.get("License") or "").split("\n")[0]


def refusal(licence: str) -> bool:
    """Tell whether a licence is not permissive; of alternatives one is enough."""
    alternatives = re.split(r"\bOR\b", licence)
    return not any(PERMISSIVE.search(part) and not FORBIDDEN.search(part) for part in alternatives)


def test_every_package_needed_at_run_time_is_permissive(repository):
    refused = {}
    for name in locked(repository):
        try:
            licence = licence_of(name)
        except metadata.PackageNotFoundError:  # for another system than this one
            continue
        if refusal(licence) and name not in EXCEPTIONS:
            refused[name] = licence
    assert refused == {}


def test_every_browser_asset_is_permissive(repository):
    packages = json.loads((repository / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert {
        name: entry.get("license") for name, entry in packages.items() if refusal(entry.get("license", ""))
    } == {}


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-or-later", "AGPL-3.0", "Mozilla Public License 2.0 (MPL 2.0)", "", "UNKNOWN"]
)
def test_other_licences_would_be_refused(licence):
    assert refusal(licence)


@pytest.mark.parametrize("licence", ["MIT", "BSD License", "Apache Software License", "GPL-2.0 OR MIT"])
def test_permissive_licences_pass(licence):
    assert not refusal(licence)
