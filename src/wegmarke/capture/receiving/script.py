"""The tracker for web sites, as the build has minified it: the one file anybody may load, from any page.

It is served by the event loop like the events themselves: every page view of a shop asks for it, and pages of
this site must not wait for that.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

PATH: Final = "/t.js"
BUILT: Final = Path(__file__).resolve().parents[1] / "tracker" / "built" / "t.js"
CACHE: Final = b"public, max-age=600, stale-while-revalidate=86400"
"""A new version reaches visitors within ten minutes of their asking, and nobody waits for it meanwhile."""


@dataclass(frozen=True, slots=True)
class Script:
    """The file, as it is and packed, and what tells one version from another."""

    plain: bytes
    packed: bytes
    tag: str


@cache
def script() -> Script:
    """Return the tracker; raises `OSError` where the package was not built."""
    plain = BUILT.read_bytes()
    return Script(plain, gzip.compress(plain, 9, mtime=0), f'"{sha256(plain).hexdigest()[:16]}"')


def answered(*, accepted: str, known: str, head: bool) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
    """Return status, body and headers for a browser that accepts these encodings and knows these tags."""
    one = script()
    headers = [
        (b"etag", one.tag.encode()),
        (b"cache-control", CACHE),
        (b"vary", b"accept-encoding"),
        (b"access-control-allow-origin", b"*"),
        (b"cross-origin-resource-policy", b"cross-origin"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if one.tag in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
        return 304, b"", headers
    packed = "gzip" in accepted.lower()
    body = one.packed if packed else one.plain
    headers += [
        (b"content-type", b"text/javascript; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *([(b"content-encoding", b"gzip")] if packed else []),
    ]
    return 200, b"" if head else body, headers
