"""What a message says of consent: categories and whether each is agreed to, and whether that was a choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wegmarke.capture.events.spec import Event

CHOICES: Final = frozenset({"Segment Consent Preference Updated", "Consent Preference Updated"})
"""The events that consent banners send when somebody chose."""
MOST: Final = 50
MOST_NAME: Final = 100


def preferences_of(event: Event) -> tuple[Mapping[str, bool], bool]:
    """Return which categories a message names as agreed to or not, and whether it tells a choice."""
    if not isinstance(event.context, dict):
        return {}, False
    consent = event.context.get("consent")
    found = consent.get("categoryPreferences") if isinstance(consent, dict) else None
    if not isinstance(found, dict):
        return {}, False
    named = {
        name: agreed
        for name, agreed in found.items()
        if isinstance(agreed, bool) and 0 < len(name) <= MOST_NAME and "\0" not in name
    }
    return dict(list(named.items())[:MOST]), event.event in CHOICES
