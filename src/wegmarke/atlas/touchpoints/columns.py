"""The columns of a list of touchpoints: what they are called, and which heading of a file means which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from wegmarke.atlas.touchpoints.words import plainly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.functional import _StrPromise

FIELDS: Mapping[str, str | _StrPromise] = {
    "name": _("Name"),
    "phases": _("Phases"),
    "channel": _("Channel"),
    "department": _("Department"),
    "owners": _("Owners"),
    "status": _("Status"),
    "started_by": _("Started by"),
    "nature": _("Nature"),
    "planned": _("Intention"),
    "worth": _("Worth"),
    "media": _("Media"),
    "purpose": _("Purpose"),
    "timing": _("Timing"),
    "per_quarter": _("Times per quarter"),
    "measure": _("Metric"),
    "target": _("Target"),
    "cost": _("Cost per touch"),
    "minutes": _("Minutes per touch"),
    "promises": _("Promises"),
    "notes": _("Notes"),
    "key": _("Key"),
}
"""What a column may hold, by field, in the order in which they are offered."""
ALSO: Mapping[str, str | _StrPromise] = {
    "metric": _("Metric"),
    "content": _("Content"),
    "events": _("Binding rules"),
    "experience": _("Experience rules"),
}
"""The fields of a plan document besides."""

_HEADINGS: Mapping[str, str] = {
    "name": "name touchpoint touchpoints bezeichnung kontaktpunkt title titel beruehrungspunkt what was",
    "key": "key schluessel id kuerzel kurzname code",
    "phases": "phase phasen phases stage journey_phase customer_journey_phase schritt step",
    "channel": "channel kanal kanaele medium weg",
    "department": "department abteilung bereich team business_unit ressort",
    "owners": "owner owners verantwortlich verantwortliche verantwortlicher verantwortung zustaendig"
    " responsible ansprechpartner wer who",
    "status": "status stand zustand state",
    "started_by": "started_by begonnen_von ausgeloest_von initiator initiative ausloeser proaktiv_reaktiv"
    " richtung beginnt geht_aus_von",
    "nature": "nature was_kunden_antreffen art wesen typ type kategorie category",
    "planned": "intention absicht planned geplant geplant_ungeplant planned_unplanned",
    "worth": "worth wert wert_fuer_kunden nutzen wertbeitrag value",
    "media": "media medien wem_er_gehoert eigentum owned_partner_earned medientyp media_type",
    "purpose": "purpose zweck ziel goal warum why sinn",
    "timing": "timing zeitpunkt wann when zeit",
    "per_quarter": "times_per_quarter per_quarter haeufigkeit frequency frequenz pro_quartal je_quartal"
    " haeufigkeit_im_quartal male_je_quartal mal_pro_quartal anzahl",
    "measure": "metric measure kennzahl messgroesse kpi messung kennwert",
    "target": "target zielwert sollwert soll",
    "cost": "cost_per_touch cost costs kosten kosten_je_beruehrung kosten_pro_kontakt kosten_je_kontakt"
    " price preis",
    "minutes": "minutes_per_touch minutes minuten minuten_je_beruehrung aufwand arbeitszeit"
    " arbeitsminuten dauer effort zeitaufwand",
    "promises": "promises promise versprechen markenversprechen",
    "notes": "notes note notizen notiz bemerkung bemerkungen kommentar comment anmerkung anmerkungen",
}
_BY_HEADING = {word: field for field, words in _HEADINGS.items() for word in words.split()}
_ALMOST, _LONG_ENOUGH = 88, 5
"""From this likeness (0 to 100) on a heading is taken for a mistyped one; short ones are like anything."""


def field_of(heading: str) -> str | None:
    """Return the field a heading means; None where it says nothing known. Brackets hold units."""
    plain = plainly(heading.partition("(")[0]) or plainly(heading)
    if plain in _BY_HEADING:
        return _BY_HEADING[plain]
    scored = [(fuzz.ratio(plain, known), known) for known in _BY_HEADING if len(known) >= _LONG_ENOUGH]
    score, nearest = max(scored)
    return _BY_HEADING[nearest] if score >= _ALMOST else None


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


def label(field: str) -> str:
    """Return what a field of a plan document is called."""
    return str(FIELDS.get(field) or ALSO.get(field) or field)
