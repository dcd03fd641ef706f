"""A shop with a shared tablet, for tests of pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from wegmarke.people import services
from wegmarke.people.contracts import Kind, SeenLink

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TABLET = "~a:5f1c7c0e-2b1d-4b57-9c35-8a3f1f6f0c11"
PHONE = "~a:0d6a1f9b-77aa-4a35-b2cf-0d2c43a7e5b9"


def live() -> None:
    """Three persons log in, two of them on the same tablet; two ids are joined, one pair is apart again."""
    for hour, (visitor, person, kind, messages) in enumerate(
        [
            (TABLET, "kim@example.com", Kind.IDENTIFY, 3),
            (TABLET, "kim@example.com", Kind.TRACK, 48),
            (TABLET, "louise.von-der-langen-strasse@example.com", Kind.IDENTIFY, 2),
            (PHONE, "kim@example.com", Kind.IDENTIFY, 1),
            ("~a:c2", "mia", Kind.ALIAS, 1),
        ]
    ):
        link = SeenLink(visitor, person, kind, 1, "Shop", messages)
        services.learn([link], now=NOW + timedelta(hours=hour))
    services.join("mia", "mia.jansen@example.com", by=None, reason="Same customer number", now=NOW)
    number = services.separate("mia", "kim@example.com", by=None, reason="Sisters", now=NOW)
    services.undo(number, by=None, now=NOW)
