"""The words of the facets: how each is said, and which words of people mean it, in German and English."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wegmarke.analysis.journeys import StartedBy
from wegmarke.atlas import measures
from wegmarke.plan.contracts import Media, Nature, Status, Worth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    Said = str | _StrPromise

STATUSES: Mapping[str, Said] = {
    Status.IDEA.value: _("Idea"),
    Status.LIVE.value: pgettext_lazy("status of a touchpoint", "Live"),
    Status.PAUSED.value: pgettext_lazy("status of a touchpoint", "Paused"),
    Status.RETIRED.value: pgettext_lazy("status of a touchpoint", "Retired"),
}
STATUS_BADGES: Mapping[str, str] = {
    Status.IDEA.value: "unknown",
    Status.LIVE.value: "done",
    Status.PAUSED.value: "neutral",
    Status.RETIRED.value: "failed",
}
STARTERS: Mapping[str, Said] = {
    StartedBy.CUSTOMER.name.lower(): pgettext_lazy("who starts it", "Customer"),
    StartedBy.COMPANY.name.lower(): pgettext_lazy("who starts it", "Company"),
}
NATURES: Mapping[str, Said] = {
    Nature.HUMAN.value: _("Human"),
    Nature.DIGITAL.value: _("Digital"),
    Nature.PRODUCT.value: _("Product"),
    Nature.ADMINISTRATIVE.value: _("Administrative"),
}
INTENDED: Mapping[str, Said] = {"yes": _("Planned"), "no": _("Unplanned")}
WORTHS: Mapping[str, Said] = {
    Worth.VALUE_CREATING.value: _("Value-creating"),
    Worth.ADMINISTRATIVE.value: _("Administrative"),
}
MEDIA: Mapping[str, Said] = {
    Media.OWNED.value: pgettext_lazy("whose touchpoint", "Owned"),
    Media.PARTNER.value: pgettext_lazy("whose touchpoint", "Partner"),
    Media.EARNED.value: pgettext_lazy("whose touchpoint", "Earned"),
}
MEASURES: Mapping[str, Said] = {one.value: name for one, name in measures.AT_ONE_TOUCHPOINT.items()}
"""The measures of a single touchpoint."""

CHOICES: Mapping[str, Mapping[str, Said]] = {
    "status": STATUSES,
    "started_by": STARTERS,
    "nature": NATURES,
    "planned": INTENDED,
    "worth": WORTHS,
    "media": MEDIA,
    "measure": MEASURES,
}
"""The fields with fixed words, as a plan document calls them (`measure` is that of the metric)."""

_UNDERSTOOD: Mapping[str, Mapping[str, str]] = {
    "status": {
        "idea": "idea idee vorschlag geplant planned draft entwurf neu new",
        "live": "live aktiv active in_betrieb laeuft running done umgesetzt vorhanden ja yes produktiv",
        "paused": "paused pausiert pause ruht on_hold angehalten inaktiv inactive",
        "retired": "retired eingestellt beendet abgeschafft ended archiviert archived stillgelegt nein no",
    },
    "started_by": {
        "customer": "customer kunde kunden kundin reaktiv reactive inbound eingehend"
        " vom_kunden by_the_customer",
        "company": "company unternehmen firma wir proaktiv proactive outbound ausgehend vom_unternehmen",
    },
    "nature": {
        "human": "human menschlich mensch person persoenlich personal",
        "digital": "digital online",
        "product": "product produkt",
        "administrative": "administrative administrativ verwaltung admin",
    },
    "planned": {
        "yes": "yes ja planned geplant true wahr 1 x",
        "no": "no nein unplanned ungeplant false falsch 0",
    },
    "worth": {
        "value_creating": "value_creating wertschoepfend wertschaffend value wert",
        "administrative": "administrative administrativ verwaltung notwendig necessary",
    },
    "media": {
        "owned": "owned eigen eigene eigener eigenes own",
        "partner": "partner",
        "earned": "earned verdient mundpropaganda word_of_mouth empfehlung",
    },
    "measure": {
        "net_experience": "net_experience nettoerlebnis netto_erlebnis erlebnissaldo erlebnis experience",
        "bad_share": "bad_share share_of_bad_experiences anteil_schlechter_erlebnisse",
        "drop_off": "drop_off absprung absprungrate",
        "persons": "persons personen persons_per_month personen_pro_monat personen_im_monat"
        " personen_je_monat",
        "touches": "touches beruehrungen touches_per_month beruehrungen_pro_monat beruehrungen_im_monat"
        " beruehrungen_je_monat",
    },
}
_MEANT = {
    field: {word: value for value, words in values.items() for word in words.split()}
    for field, values in _UNDERSTOOD.items()
}
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def plainly(text: str) -> str:
    """Return a text in lower case, umlauts written out, with one underscore between words."""
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    bare = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


def meant(field: str, text: str) -> str | None:
    """Return the value a word of people means for a field with fixed words; None for one not understood."""
    return _MEANT[field].get(plainly(text))
