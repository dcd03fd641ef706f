"""Erase canary persons out of every store, look through every byte on disk, and send everything once more.

    python simulations/erase_canaries.py --persons 1000 --neighbours 1000

Runs on a database and a data folder of its own, with the steps of the worker and their moments given, so that
the waits of hours take no time. The last line printed is a JSON object with the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MINUTES = (0, 1, 2, 130, 136, 142, 143)


def main() -> int:
    """Return 0 where nothing was left, nobody came back and no neighbour lost anything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1000)
    parser.add_argument("--neighbours", type=int, default=1000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wegmarke-canaries-") as folder:
        os.environ |= {
            "WEGMARKE_DATA": folder,
            "WEGMARKE_SECRET_KEY": "of this run only",
            "WEGMARKE_KEEP_UPLOADS": "1",
            "DJANGO_SETTINGS_MODULE": "wegmarke.site.settings",
        }
        sys.path += [str(ROOT / "src"), str(ROOT / "tests" / "people")]
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        figures = run(wanted.persons, wanted.neighbours)
    print(json.dumps(figures))
    clean = not figures["left"] and not figures["left after replays"] and figures["neighbours as before"]
    return 0 if clean and figures["missing in the account"] == 0 else 1


def run(count: int, neighbours: int) -> dict[str, object]:
    """Return the figures of one run."""
    from canaries import MARK, NEIGHBOUR, beside, fill, persons, rows_of, scan, send, work
    from django.utils import timezone

    from wegmarke.capture import counting
    from wegmarke.capture.sources import services as sources
    from wegmarke.people.erasure import queries, services
    from wegmarke.people.erasure.contracts import Ground

    now = timezone.now()
    source = sources.add_source(name="Shop", by=None, now=now)
    canaries = persons(count, MARK.decode())
    fill(source, [*canaries, *persons(neighbours, NEIGHBOUR)], now - timedelta(minutes=1))
    before = scan()
    kept = rows_of(NEIGHBOUR), beside(NEIGHBOUR)
    ids = [one for person in canaries for one in (*person.identifiers, f"{person.mark}-card")]
    began = time.monotonic()
    number = services.request(identifiers=ids, ground=Ground.OBJECTION, by=None, now=now)
    for minutes in MINUTES:
        work(now + timedelta(minutes=minutes))
    took = time.monotonic() - began
    done = queries.erasure(number)
    left = scan()
    later = now + timedelta(minutes=150)
    old = now - timedelta(days=3)
    for part in ("", "-never seen"):
        send(source, [one for person in canaries for one in person.messages(old, part=part)], later)
    work(later)
    return {
        "persons": count,
        "ids": len(ids),
        "stage": done.stage,
        "found before": dict(before),
        "left": dict(left),
        "seconds of work": round(took, 1),
        "hours until done": round((done.done_at - now).total_seconds() / 3600, 1) if done.done_at else None,
        "neighbours as before": (rows_of(NEIGHBOUR), beside(NEIGHBOUR)) == kept,
        "left after replays": dict(scan()),
        "missing in the account": counting.accounts().missing,
    }


if __name__ == "__main__":
    raise SystemExit(main())
