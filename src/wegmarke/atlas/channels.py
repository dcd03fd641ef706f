"""Channels as people write them: which icon stands for one, and what the common ones are called."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

GENERIC = "channel"
# The first word found in the name of a channel decides.
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("speech", ("word of mouth", "mundpropaganda", "empfehlung", "referral", "bewertung", "review")),
    ("chat", ("chat", "whatsapp", "messenger", "sms", "textnachricht")),
    ("mail", ("e-mail", "email", "mail", "newsletter")),
    ("phone", ("phone", "telefon", "anruf", "call", "hotline")),
    (
        "ads",
        ("ads", "anzeige", "werb", "social", "soziale", "tv", "radio", "plakat", "billboard", "out-of-home"),
    ),
    ("app", ("app", "product", "produkt", "in-app", "software")),
    ("letter", ("letter", "brief", "post", "print", "paket", "parcel", "delivery", "lieferung")),
    ("store", ("store", "filiale", "laden", "shop", "geschäft", "kasse", "pos")),
    ("invoice", ("invoice", "rechnung", "billing", "contract", "vertrag")),
    ("event", ("event", "messe", "veranstaltung", "webinar", "workshop", "training", "schulung", "fair")),
    ("visit", ("visit", "besuch", "person", "meeting", "termin", "field", "außendienst", "human")),
    ("web", ("web", "online", "site", "seite", "portal", "internet", "kundenkonto")),
)
_NAMES: dict[str, str | _StrPromise] = {
    "mail": pgettext_lazy("channel", "e-mail"),
    "email": pgettext_lazy("channel", "e-mail"),
    "sms": pgettext_lazy("channel", "text message"),
    "support": pgettext_lazy("channel", "support"),
    "phone": pgettext_lazy("channel", "phone"),
    "web": pgettext_lazy("channel", "web"),
    "app": pgettext_lazy("channel", "app"),
    "store": pgettext_lazy("channel", "store"),
    "chat": pgettext_lazy("channel", "chat"),
    "letter": pgettext_lazy("channel", "letter"),
    "visit": pgettext_lazy("channel", "visit"),
    "event": pgettext_lazy("channel", "event"),
    "ads": pgettext_lazy("channel", "ads"),
    "social": pgettext_lazy("channel", "social media"),
    "word of mouth": pgettext_lazy("channel", "word of mouth"),
    "product": pgettext_lazy("channel", "product"),
    "delivery": pgettext_lazy("channel", "delivery"),
    "parcel": pgettext_lazy("channel", "parcel"),
    "workshop": pgettext_lazy("channel", "workshop"),
    "invoice": pgettext_lazy("channel", "invoice"),
}


@lru_cache(maxsize=1000)
def icon_of(channel: str | None) -> str:
    """Return the name of the icon for a channel."""
    low = (channel or "").casefold()
    return next((icon for icon, words in _WORDS if any(word in low for word in words)), GENERIC)


def name_of(channel: str) -> str:
    """Return what a channel is called in the reader's language; an unknown one is called as it is written."""
    return str(_NAMES.get(channel.casefold(), channel))


def by_name(found: Iterable[str]) -> dict[str, str]:
    """Return channels with what they are called, in the order of their names."""
    return dict(
        sorted(((one, name_of(one)) for one in set(found)), key=lambda pair: (pair[1].casefold(), pair[0]))
    )


def stored(typed: str, known: Iterable[str | None], was: str | None = None) -> str:
    """Return how a channel somebody names is stored: as it `was`, or as one of `known`; else as typed."""
    if was and typed == name_of(was).strip():
        return was
    there = [one for one in known if one]
    if typed in there:
        return typed
    return next((one for one in there if typed.casefold() in said_as(one)), typed)


@lru_cache(maxsize=1024)
def said_as(channel: str) -> frozenset[str]:
    """Return all a channel is called in any language, in small letters."""
    names = {channel.casefold()}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names.add(name_of(channel).casefold())
    return frozenset(names)
