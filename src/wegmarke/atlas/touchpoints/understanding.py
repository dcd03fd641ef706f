"""What people write into lists of touchpoints, understood: headings of columns, and words for values.

Both are understood in German and English as the pages say them, and besides by the other words listed here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from rapidfuzz import fuzz

from wegmarke.atlas import measures
from wegmarke.atlas.fields import FIELDS, choices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wegmarke.atlas.fields import Label

COLUMNS: Mapping[str, Label] = {
    name: FIELDS["metric" if name == "measure" else name]
    for name in (
        *("name", "phases", "channel", "department", "owners", "status"),
        *("started_by", "nature", "planned", "worth", "media", "purpose", "timing", "per_quarter"),
        *("measure", "target", "cost", "minutes", "promises", "notes", "key"),
    )
}
"""What a column may hold, by field, in the order in which they are offered."""
FACETS = ("started_by", "nature", "planned", "worth", "media")
CHOICES: Mapping[str, Mapping[str, Label]] = {
    **{field: dict(choices(field)) for field in ("status", *FACETS)},
    "measure": {one.value: name for one, name in measures.AT_ONE_TOUCHPOINT.items()},
}
"""The fields with fixed words, as a plan document calls them (`measure` is that of the metric)."""

_UNDERSTOOD: Mapping[str, Mapping[str, str]] = {
    "status": {
        "idea": "vorschlag geplant planned draft entwurf neu new",
        "live": "active in_betrieb laeuft running done umgesetzt vorhanden ja yes produktiv",
        "paused": "pause ruht on_hold angehalten inaktiv inactive",
        "retired": "eingestellt beendet abgeschafft ended archiviert archived nein no",
    },
    "started_by": {
        "customer": "kunden kundin reaktiv reactive inbound eingehend vom_kunden by_the_customer",
        "company": "firma wir proaktiv proactive outbound ausgehend vom_unternehmen",
    },
    "nature": {
        "human": "menschlich person persoenlich personal",
        "digital": "online",
        "administrative": "administrativ admin",
    },
    "planned": {
        "yes": "ja true wahr 1 x",
        "no": "nein false falsch 0",
    },
    "worth": {
        "value_creating": "wertschoepfend wertschaffend value wert",
        "administrative": "administrativ verwaltung notwendig necessary",
    },
    "media": {
        "owned": "eigen eigene eigener eigenes own",
        "earned": "mundpropaganda word_of_mouth empfehlung",
    },
    "measure": {
        "net_experience": "nettoerlebnis netto_erlebnis erlebnis experience",
        "drop_off": "absprungrate",
        "persons": "personen personen_pro_monat personen_je_monat",
        "touches": "beruehrungen beruehrungen_pro_monat beruehrungen_je_monat",
    },
}
"""Other words for values, by field."""
_HEADINGS: Mapping[str, str] = {
    "name": "touchpoint touchpoints bezeichnung kontaktpunkt title titel beruehrungspunkt what was",
    "key": "id kuerzel kurzname code",
    "phases": "phase stage journey_phase customer_journey_phase schritt step",
    "channel": "kanaele medium weg",
    "department": "bereich team business_unit ressort",
    "owners": "owner verantwortliche verantwortlicher verantwortung zustaendig responsible"
    " ansprechpartner wer who",
    "status": "stand zustand state",
    "started_by": "begonnen_von ausgeloest_von initiator initiative ausloeser proaktiv_reaktiv"
    " richtung beginnt",
    "nature": "art wesen typ type kategorie category",
    "planned": "intention absicht geplant geplant_ungeplant planned_unplanned",
    "worth": "wert nutzen wertbeitrag value",
    "media": "medien eigentum owned_partner_earned medientyp media_type",
    "purpose": "ziel goal warum why sinn",
    "timing": "wann when zeit",
    "per_quarter": "haeufigkeit frequency frequenz pro_quartal je_quartal male_je_quartal"
    " mal_pro_quartal anzahl",
    "measure": "metric kennzahl messgroesse kpi messung kennwert",
    "target": "sollwert soll",
    "cost": "costs kosten kosten_pro_kontakt kosten_je_kontakt price preis",
    "minutes": "minutes_per_touch minuten minuten_je_beruehrung aufwand arbeitszeit"
    " arbeitsminuten dauer effort zeitaufwand",
    "promises": "promise markenversprechen",
    "notes": "note notizen notiz bemerkung bemerkungen kommentar comment anmerkung",
}
"""Other headings, by field."""
_ALMOST, _LONG_ENOUGH = 88, 5
"""From this likeness (0 to 100) on a heading is taken for a mistyped one; short ones are like anything."""
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def plainly(text: str) -> str:
    """Return a text in lower case, umlauts written out, with one underscore between words."""
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    bare = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


def meant(field: str, text: str) -> str | None:
    """Return the value a word of people means for a field with fixed words; None for one not understood."""
    return _known_words(field).get(plainly(text))


@cache
def _known_words(field: str) -> dict[str, str]:
    return _by_word(CHOICES[field], _UNDERSTOOD[field])


@cache
def _known_headings() -> dict[str, str]:
    return _by_word(COLUMNS, _HEADINGS)


def _by_word(called: Mapping[str, Label], besides: Mapping[str, str]) -> dict[str, str]:
    """Return what each word stands for: its key, what it is called in any language, or a word besides."""
    found = {word: key for key, words in besides.items() for word in words.split()}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {plainly(str(name)): key for key, name in called.items()}
    return found | {key: key for key in called}


def field_of(heading: str) -> str | None:
    """Return the field a heading means; None where it says nothing known. Brackets hold units."""
    known = _known_headings()
    plain = plainly(heading.partition("(")[0]) or plainly(heading)
    if plain in known:
        return known[plain]
    scored = [(fuzz.ratio(plain, one), one) for one in known if len(one) >= _LONG_ENOUGH]
    score, nearest = max(scored)
    return known[nearest] if score >= _ALMOST else None


def guessed(headings: Sequence[str]) -> tuple[str, ...]:
    """Return the field of each column, each field once, empty for none; some column is the name."""
    fields: list[str] = []
    for heading in headings:
        field = field_of(heading) or ""
        fields.append("" if field in fields else field)
    if "name" not in fields and "" in fields:
        fields[fields.index("")] = "name"
    return tuple(fields)


def is_header(cells: Sequence[str]) -> bool:
    """Say whether a line of a pasted table names its columns: every cell of several is a heading."""
    fields = [field_of(cell) for cell in cells]
    return len(cells) > 1 and all(fields) and len(set(fields)) == len(fields) and "name" in fields
