"""Which column is what: guessed from common names in English and German, with the reason of each guess."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _

from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.mapping import ColumnMapping, Guess
from wegmarke.capture.files.numbers import read_numbers
from wegmarke.capture.files.ratings import outside, read_ratings
from wegmarke.capture.files.tables import SAMPLE_ROWS, SourceTable, listed, plainly
from wegmarke.capture.files.times import UNREADABLE, read_times
from wegmarke.record.contracts import Scale

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PERSON_NAMES = (
    *("customer_id", "customerid", "customer_no", "customer_number", "customer", "cust_id"),
    *("kundennummer", "kundennr", "kunden_nr", "kunden_id", "kundenid", "kunde_id", "kunde"),
    *("person_id", "personid", "person", "personen_id", "user_id", "userid", "user", "nutzer_id", "nutzer"),
    *("benutzer_id", "benutzer", "client_id", "clientid", "client", "member_id", "memberid", "member"),
    *("mitgliedsnummer", "mitglied", "visitor_id", "visitor", "besucher_id", "besucher", "contact_id"),
    *("kontakt_id", "subscriber_id", "abonnent", "patient_id", "patient", "guest_id", "gast"),
    *("case_concept_name", "case_id", "caseid", "case", "fall_id", "fallnummer", "fall", "vorgangsnummer"),
    *("vorgang_id", "vorgang", "account_id", "account", "konto", "vertragsnummer", "email", "e_mail"),
    *("anonymous_id", "distinct_id", "session_id", "sessionid", "session", "master_id", "order_id"),
    "bestellnummer",
)
TIME_NAMES = (
    *("timestamp", "time_timestamp", "zeitstempel", "event_timestamp", "event_time", "occurred_at"),
    *("time", "zeitpunkt", "zeit", "uhrzeit", "datetime", "date_time", "datum_uhrzeit", "datum_zeit"),
    *("original_timestamp", "sent_at", "received_at", "created_at", "complete_timestamp", "start_timestamp"),
    *(
        "end_time",
        "start_time",
        "erstellt_am",
        "event_date",
        "date",
        "datum",
        "ereignisdatum",
        "tag",
        "day",
        "ts",
    ),
)
EVENT_NAMES = (
    *("event", "event_name", "eventname", "ereignis", "ereignisname", "activity", "activity_name"),
    *("concept_name", "aktivitaet", "taetigkeit", "touchpoint", "touchpoint_name", "kontaktpunkt", "touch"),
    *("action", "aktion", "event_type", "eventtype", "ereignistyp", "schritt", "step", "kontaktart"),
)
VALUE_NAMES = ("value", "wert", "revenue", "umsatz", "betrag", "amount", "bestellwert", "order_value")
RATING_NAMES = (
    "rating",
    "bewertung",
    "score",
    "review_score",
    "note",
    "experience",
    "erlebnis",
    "sterne",
    "stars",
)
SCALE_NAMES = {
    "nps": Scale.NPS,
    "nps_score": Scale.NPS,
    "csat": Scale.CSAT,
    "csat_score": Scale.CSAT,
    "ces": Scale.CES,
    "ces_score": Scale.CES,
    "experience": Scale.BAD_NEUTRAL_GOOD,
    "erlebnis": Scale.BAD_NEUTRAL_GOOD,
}


_NEEDED = frozenset({"person", "time", "event"})
_CELL_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Guessed:
    """The mapping with every part filled in that could be, the guesses, and the parts still missing."""

    mapping: ColumnMapping
    guesses: tuple[Guess, ...]
    missing: tuple[str, ...]


class _Guesser:
    def __init__(self, table: SourceTable, mapping: ColumnMapping) -> None:
        self.table, self.mapping = table, mapping
        self.rows = table.head(SAMPLE_ROWS)
        self.guesses: list[Guess] = []
        asked = (mapping.person, mapping.time, mapping.event, mapping.experience, mapping.value)
        self.taken = {name for name in (*asked, *mapping.attributes) if name is not None}

    def sample(self, column: str) -> pa.Array:
        place = self.table.columns.index(column)
        return pa.array([row[place] for row in self.rows], pa.string())

    def part(
        self, part: str, names: Sequence[str], fits: Callable[[str], bool], *, needed: bool = False
    ) -> None:
        """Settle one part: as asked, else by the first common name whose column fits."""
        asked: str | None = getattr(self.mapping, part)
        if asked is not None:
            column = self.table.require(asked)
            self.settle(part, column, _("as asked for"), asked=True)
            return
        if self.mapping.complete:
            return
        free = [name for name in self.table.columns if name not in self.taken]
        plain = {plainly(name): name for name in reversed(free)}
        for name in names:
            if name in plain and fits(plain[name]):
                if plain[name] in self.table.duplicated:
                    if part in _NEEDED:
                        self.table.require(plain[name])
                    continue
                self.settle(part, plain[name], _("by its name"))
                return
        if needed and part == "time":
            self._only_times(free)

    def settle(self, part: str, column: str, reason: str, *, asked: bool = False) -> None:
        self.mapping = replace(self.mapping, **{part: column})  # type: ignore[arg-type] # parts are texts
        self.taken.add(column)
        self.guesses.append(Guess(part, column, reason, asked))

    def _only_times(self, free: Sequence[str]) -> None:
        found = [name for name in free if self.looks_like_times(name)]
        if len(found) == 1:
            self.settle("time", found[0], _("the only column that holds times"))

    def looks_like_times(self, column: str) -> bool:
        """Say whether most of the first cells are times, and not just long numbers."""
        sample = self.sample(column)
        filled = sum(1 for cell in sample.to_pylist() if cell)
        reading = read_times(sample)
        readable = reading.micros != UNREADABLE
        if reading.month_first is not None:
            readable |= reading.month_first != UNREADABLE
        figures = read_numbers(sample)
        numbers = int(np.sum(~np.isnan(figures.point)))
        return filled > 0 and int(readable.sum()) > filled / 2 and numbers < filled / 2

    def looks_like_numbers(self, column: str) -> bool:
        figures = read_numbers(self.sample(column))
        readable = ~np.isnan(figures.point) | ~np.isnan(figures.comma)
        return bool(readable.any()) and bool((readable | figures.empty).all())

    def experience(self) -> None:
        """Settle rating and scale: a rating whose scale nobody knows is not guessed."""
        mapping = self.mapping
        if mapping.experience is not None:
            self.part("experience", (), lambda _name: True)
            scale = mapping.scale or self._scale_of(self.mapping.experience or "")
            if scale is None:
                message = _("it is open on which scale these ratings are.")
                hint = _("Say --scale csat, ces, nps or bad-neutral-good.")
                raise FileError(self.table.file, message, column=mapping.experience, hint=hint)
            self.mapping = replace(self.mapping, scale=scale)
            return
        names = (*SCALE_NAMES, *RATING_NAMES) if mapping.scale else tuple(SCALE_NAMES)
        self.part("experience", names, lambda name: self._on_scale(name, mapping.scale))
        if self.mapping.experience is not None and mapping.scale is None:
            self.mapping = replace(self.mapping, scale=self._scale_of(self.mapping.experience))

    def _scale_of(self, column: str) -> Scale | None:
        named = SCALE_NAMES.get(plainly(column))
        if named is not None and self._on_scale(column, named):
            return named
        words = Scale.BAD_NEUTRAL_GOOD
        figures = read_numbers(self.sample(column))
        only_words = bool(np.isnan(figures.point).all())
        return words if only_words and self._on_scale(column, words) else None

    def _on_scale(self, column: str, scale: Scale | None) -> bool:
        scale = scale or SCALE_NAMES[plainly(column)]
        ratings = read_ratings(self.sample(column), scale)
        known = ~np.isnan(ratings.point) & ~outside(ratings.point, scale)
        return bool(known.any()) and bool((known | ratings.empty).all())


def guess(table: SourceTable, mapping: ColumnMapping | None = None) -> Guessed:
    """Fill in what the mapping leaves open.

    Raises `FileError` where a column that was asked for is missing. Parts in `missing` could not be guessed.
    """
    guesser = _Guesser(table, mapping or ColumnMapping())
    guesser.part("person", PERSON_NAMES, lambda _name: True)
    guesser.part("time", TIME_NAMES, guesser_fits_time(guesser), needed=True)
    if guesser.mapping.event_name is None:
        guesser.part("event", EVENT_NAMES, lambda _name: True)
    guesser.experience()
    guesser.part("value", VALUE_NAMES, guesser.looks_like_numbers)
    found = guesser.mapping
    missing = [part for part in ("person", "time") if getattr(found, part) is None]
    if found.event is None and found.event_name is None:
        missing.append("event")
    return Guessed(found, tuple(guesser.guesses), tuple(missing))


def guesser_fits_time(guesser: _Guesser) -> Callable[[str], bool]:
    """Return the test of a column that is named like a time: none of its cells, or not none, can be read."""

    def fits(column: str) -> bool:
        sample = guesser.sample(column)
        reading = read_times(sample)
        readable = reading.micros != UNREADABLE
        if reading.month_first is not None:
            readable |= reading.month_first != UNREADABLE
        return bool(readable.any()) or not any(sample.to_pylist())

    return fits


def missing_part(table: SourceTable, part: str) -> FileError:
    """Return the error of a part that no column seems to play."""
    if part == "time" and (unreadable := _unreadable_times(table)) is not None:
        return unreadable
    message = {
        "person": _("no column seems to name the person. The columns are %(names)s."),
        "time": _("no column seems to hold the time. The columns are %(names)s."),
        "event": _("no column seems to name the event. The columns are %(names)s."),
    }[part] % {"names": listed(table.columns)}
    hint = {
        "person": _("Say --person COLUMN."),
        "time": _("Say --time COLUMN."),
        "event": _("Say --event COLUMN, or --event-name NAME where every row is the same event."),
    }[part]
    return FileError(table.file, message, line=1, hint=hint)


def _unreadable_times(table: SourceTable) -> FileError | None:
    """Return the error of a column that is named like a time and holds none; None where there is no such."""
    plain = {plainly(name): place for place, name in reversed(list(enumerate(table.columns)))}
    place = next((plain[name] for name in TIME_NAMES if name in plain), None)
    if place is None:
        return None
    cells = (row[place].strip() for row in table.head(SAMPLE_ROWS))
    cell = next((cell for cell in cells if cell), "")
    message = _("its first cells cannot be read as times, for example “%(cell)s”.") % {
        "cell": cell[:_CELL_SHOWN]
    }
    hint = _("Say --time COLUMN where another one is meant.")
    return FileError(table.file, message, line=1, column=table.columns[place], hint=hint)
