"""Fuzz what opens and reads the bodies of the event API, guided by coverage.

    pip install atheris
    python simulations/fuzz_bodies.py -max_total_time=600

Atheris (libFuzzer) is not among the project's own requirements; its options stand behind the script's name.
The first byte of an input says how the rest is sent (gzip, one event or a batch). Whatever the rest is: it is
refused with an error that has words for the sender, or it is opened, and then exactly as many events are read
as were promised at the door, each used or refused, the fast way and the slow one alike. Anything else is a
crash, and so are more than five seconds for one input of at most 64 kB.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import atheris
from event_examples import EVENTS

with atheris.instrument_imports(include=["wegmarke.capture"]):
    os.environ["DJANGO_SETTINGS_MODULE"] = "wegmarke.site.settings"
    os.environ.setdefault("WEGMARKE_DATA", tempfile.gettempdir())
    import django

    django.setup()
    from wegmarke.capture.events.contracts import Circumstances
    from wegmarke.capture.events.reading import one_by_one, read_batch
    from wegmarke.capture.receiving.envelope import MalformedError, TooLargeError, inflated, opened

MOST = 1 << 20
NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
KINDS = ("", "track", "identify", "page", "screen", "group", "alias")


def one_input(data: bytes) -> None:
    """Open and read one body; raise where it ends otherwise than it may."""
    if not data:
        return
    kind = KINDS[(data[0] >> 1) % len(KINDS)]
    try:
        content = inflated(data[1:], "gzip" if data[0] & 1 else "", most=MOST)
        envelope = opened(content, single=bool(kind))
    except (MalformedError, TooLargeError) as error:
        if not str(error):
            msg = "a refusal without words"
            raise AssertionError(msg) from error
        return
    around = Circumstances(kind, NOW)
    fast, slow = read_batch(envelope.content, around), one_by_one(envelope.content, around)
    for found in (fast, slow):
        if len(found.events) != envelope.events:
            msg = f"promised {envelope.events} events, read {len(found.events)}"
            raise AssertionError(msg)
        if any((read.message is None) == (read.refusal is None) for read in found.events):
            msg = "an event that is neither used nor refused"
            raise AssertionError(msg)
    if [read.message for read in fast.events] != [read.message for read in slow.events]:
        msg = "the fast way and the slow one disagree"
        raise AssertionError(msg)


def write_corpus(folder: Path) -> None:
    """Begin with bodies that are all right, so that the fuzzer starts behind the front door."""
    for at, event in enumerate(EVENTS):
        single, batch = json.dumps(event).encode(), json.dumps({"batch": list(EVENTS[: at + 1])}).encode()
        first = bytes([2 * KINDS.index(str(event["type"]))])
        (folder / f"single-{at}").write_bytes(first + single)
        (folder / f"batch-{at}").write_bytes(b"\0" + batch)
        (folder / f"packed-{at}").write_bytes(b"\1" + gzip.compress(batch))


def main() -> None:
    """Fuzz until the options say stop."""
    with tempfile.TemporaryDirectory(prefix="wegmarke-fuzz-") as name:
        write_corpus(Path(name))
        options = ["-max_len=65536", "-timeout=5", "-rss_limit_mb=2048", name, *sys.argv[1:]]
        atheris.Setup([sys.argv[0], *options], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
