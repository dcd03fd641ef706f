"""XES 2.0 (IEEE 1849-2016), written as a stream: a case at a time, packed with gzip.

`concept:name` and `time:timestamp` are the standard's. Values of ours (experience, value, phase, attributes
of the person) are plain attributes beside them.
"""

from __future__ import annotations

import math
import re
import zlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from wegmarke.analysis.journeys import NO_PHASE, Experience
from wegmarke.people import identifiers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from wegmarke.insights.eventlog.selecting import Case

BLOCK: Final = 1 << 18
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="2.0" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>\
<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/></global>
<classifier name="Touchpoint" keys="concept:name"/>
"""
_TAIL: Final = "</log>\n"


def packed(texts: Iterable[str]) -> Iterator[bytes]:
    """Pack texts with gzip, in blocks of a size that is worth sending."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    waiting, size = [], 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= BLOCK:
            yield packer.compress("".join(waiting).encode())
            waiting, size = [], 0
    yield packer.compress("".join(waiting).encode()) + packer.flush()


def written(cases: Iterable[Case]) -> Iterator[str]:
    """Yield the log as text, a case at a time."""
    yield _HEAD
    for case in cases:
        yield "".join(_trace(case))
    yield _TAIL


def _trace(case: Case) -> Iterator[str]:
    journeys = case.journeys
    name = case.person if case.number == 1 else f"{case.person} #{case.number}"
    yield f"<trace>{_string('concept:name', name)}{_string('person', case.person)}"
    if identifiers.is_visitor(case.person):
        yield '<boolean key="anonymous" value="true"/>'
    for one in journeys.attributes:
        label = one.labels[int(one.codes[case.at])]
        if label:
            yield _string(one.name, label)
    yield "\n"
    land = journeys.landscape
    for touch in case.touches.tolist():
        code = int(journeys.touchpoint[touch])
        at = _EPOCH + timedelta(seconds=int(journeys.time[touch]) + journeys.epoch)
        yield f"<event>{_string('concept:name', land.touchpoints[code])}"
        yield f'<date key="time:timestamp" value="{at.isoformat()}"/>'
        if land.phase[code] != NO_PHASE:
            yield _string("phase", land.phases[land.phase[code] - 1])
        if journeys.experience[touch] != Experience.UNKNOWN:
            yield _string("experience", Experience(int(journeys.experience[touch])).name.lower())
        if math.isfinite(value := float(journeys.value[touch])):
            yield f'<float key="value" value="{value!r}"/>'
        yield "</event>\n"
    yield "</trace>\n"


def _string(key: str, value: str) -> str:
    return f"<string key={_quoted(key)} value={_quoted(value)}/>"


def _quoted(text: str) -> str:
    return quoteattr(_UNWRITABLE.sub("\ufffd", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
