"""The demo company as tables: events and attributes in the record's own schemas, made from a seed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from wegmarke.demo.calendar import DAYS, Calendar
from wegmarke.demo.diary import Diary, Touches
from wegmarke.demo.kinds import BAD, GOOD, KINDS, NEUTRAL
from wegmarke.demo.living import Lives, farewells, joined, live, lived_touches
from wegmarke.demo.names import traits_of
from wegmarke.demo.people import People, people
from wegmarke.demo.schedule import schedule
from wegmarke.record.contracts import EVENT_SCHEMA

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

_EVENTS = tuple(dict.fromkeys(kind.event for kind in KINDS))
_SCALES = ("csat", "ces", "nps")
ANSWERS = {
    # by scale: lowest and highest answer of the bad, the neutral, the good
    "csat": ((1, 2), (3, 3), (4, 5)),
    "ces": ((1, 3), (4, 4), (5, 7)),
    "nps": ((2, 6), (7, 8), (9, 10)),
}


@dataclass(frozen=True, slots=True)
class Generated:
    """Two years of the company: `events` (EVENT_SCHEMA, by time), `traits` (TRAITS_SCHEMA), how they came."""

    events: pa.Table
    traits: pa.Table
    people: People
    lives: Lives
    calendar: Calendar


def generate(*, seed: int, ends_on: date, customers: int = 20_000) -> Generated:
    """Make the company; the same seed, last day and size always give the same tables."""
    rng = np.random.default_rng([seed, customers])
    calendar = Calendar(ends_on)
    everybody = people(rng, customers)
    lives = live(everybody, schedule(Diary(everybody, calendar, rng)), rng)
    said, sent = farewells(everybody, lives, DAYS)
    touches = joined((lived_touches(lives), said, sent))
    ids = _ids(everybody, rng)
    return Generated(
        events=_events(touches, ids, everybody, calendar, rng),
        traits=traits_of(everybody, ids, np.unique(touches.person), rng),
        people=everybody,
        lives=lives,
        calendar=calendar,
    )


def _ids(everybody: People, rng: np.random.Generator) -> pa.StringArray:
    """Return ids: customers by number, visitors by a made-up cookie."""
    drawn = rng.integers(0, 2**48, len(everybody))
    return pa.array(
        [
            f"anon-{cookie:012x}" if anonymous else f"k-{number:05d}"
            for number, (cookie, anonymous) in enumerate(
                zip(drawn.tolist(), everybody.anonymous.tolist(), strict=True), start=1
            )
        ]
    )


def _events(
    touches: Touches, ids: pa.StringArray, everybody: People, calendar: Calendar, rng: np.random.Generator
) -> pa.Table:
    event = np.array([_EVENTS.index(kind.event) for kind in KINDS], np.int32)[touches.kind]
    rating, scale = _ratings(touches, everybody, rng)
    unrated = np.isnan(rating)
    value = _values(touches, everybody, rng)
    columns = {
        "person": pa.DictionaryArray.from_arrays(pa.array(touches.person.astype(np.int32)), ids).cast(
            pa.string()
        ),
        "time": pa.array(calendar.utc_seconds(touches.day) * 1_000_000).cast(pa.timestamp("us", tz="UTC")),
        "name": pa.DictionaryArray.from_arrays(pa.array(event), pa.array(_EVENTS)),
        "rating": pa.array(rating, mask=unrated),
        "scale": pa.DictionaryArray.from_arrays(pa.array(scale, mask=unrated), pa.array(_SCALES)),
        "value": pa.array(value, mask=np.isnan(value)),
        "properties": _properties(touches, rng),
    }
    return pa.table(columns, schema=EVENT_SCHEMA)


def _ratings(
    touches: Touches, everybody: People, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """Who is asked may answer, the loyal more often; the answer fits what they lived through."""
    share = np.array([kind.answers for kind in KINDS])[touches.kind]
    share = np.where(share < 1, share * everybody.answering[touches.person], share)
    answered = rng.random(len(touches)) < share
    scales = [kind.scale for kind in KINDS]
    scale = np.array([_SCALES.index(one) if one else 0 for one in scales], np.int8)[touches.kind]
    spans = np.array([ANSWERS[one] for one in _SCALES])
    low, high = spans[scale, touches.felt, 0], spans[scale, touches.felt, 1]
    rating = np.floor(low + (high - low + 1) * rng.random(len(touches)))
    return np.where(answered, rating, np.nan).astype(np.float32), scale


def _values(touches: Touches, everybody: People, rng: np.random.Generator) -> NDArray[np.float32]:
    """Money: around the middle of the kind, offices four times as much."""
    middle = np.array([kind.value or np.nan for kind in KINDS])[touches.kind]
    factor = np.where(everybody.business[touches.person], 4.0, 1.0)
    spread = np.exp(0.45 * rng.standard_normal(len(touches)))
    return np.round(middle * factor * spread, 2).astype(np.float32)


def _properties(touches: Touches, rng: np.random.Generator) -> pa.StringArray:
    """Choose for each touch one of the properties that fit how it was lived through."""
    texts: list[str | None] = [None]
    begin = np.zeros((len(KINDS), 3), np.int64)
    many = np.ones((len(KINDS), 3), np.int64)
    for code, kind in enumerate(KINDS):
        for felt in (BAD, NEUTRAL, GOOD):
            if kind.texts:
                begin[code, felt], many[code, felt] = len(texts), len(kind.texts[felt])
                texts.extend(kind.texts[felt])
    pick = rng.integers(0, 2**31, len(touches)) % many[touches.kind, touches.felt]
    place = begin[touches.kind, touches.felt] + pick
    coded = pa.array(place.astype(np.int32), mask=place == 0)
    return pa.DictionaryArray.from_arrays(coded, pa.array(texts, pa.string())).cast(pa.string())
