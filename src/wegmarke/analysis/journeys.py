"""Journeys: what persons lived through, as arrays sorted by person, time and arrival."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from wegmarke.analysis.errors import InvalidJourneysError
from wegmarke.analysis.kernels.sorting import sort_touches

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_TOUCHPOINTS = 65_535
MAX_SECONDS = 2**31 - 1
NO_PHASE = 0


class Experience(IntEnum):
    """How a person lived through one touch; `UNKNOWN` where nobody rated it and no rule says."""

    UNKNOWN = 0
    BAD = 1
    NEUTRAL = 2
    GOOD = 3


class StartedBy(IntEnum):
    """Who starts the touches of a touchpoint."""

    UNKNOWN = 0
    CUSTOMER = 1
    COMPANY = 2


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of the persons, for example their segment.

    `codes` holds one index into `labels` per person, uint8 or uint16.
    """

    name: str
    codes: NDArray[np.unsignedinteger]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Landscape:
    """What is known about the touchpoints behind the codes, one entry per code.

    `phase[k]` is the place of touchpoint k in the order of `phases`, counted from 1; 0 means no phase.
    """

    touchpoints: tuple[str, ...]
    phases: tuple[str, ...] = ()
    phase: tuple[int, ...] = ()
    started_by: tuple[StartedBy, ...] = ()

    def __post_init__(self) -> None:
        """Fill in what was left out and check that every column names every touchpoint."""
        count = len(self.touchpoints)
        if not self.phase:
            object.__setattr__(self, "phase", (NO_PHASE,) * count)
        if not self.started_by:
            object.__setattr__(self, "started_by", (StartedBy.UNKNOWN,) * count)
        if len(self.phase) != count or len(self.started_by) != count:
            msg = f"{count} touchpoints need {count} phases and starters"
            raise InvalidJourneysError(msg)
        if len(set(self.touchpoints)) != count:
            msg = "touchpoints must differ"
            raise InvalidJourneysError(msg)
        if count > MAX_TOUCHPOINTS:
            msg = f"at most {MAX_TOUCHPOINTS} touchpoints, not {count}"
            raise InvalidJourneysError(msg)
        if any(not 0 <= p <= len(self.phases) for p in self.phase):
            msg = f"a phase lies outside 0..{len(self.phases)}"
            raise InvalidJourneysError(msg)

    def code(self, touchpoint: str) -> int:
        """Return the code of a touchpoint; KeyError when it is not known."""
        try:
            return self.touchpoints.index(touchpoint)
        except ValueError:
            raise KeyError(touchpoint) from None


@dataclass(frozen=True, slots=True)
class Journeys:
    """The touches of a group of persons; one person's touches stand together, in order.

    Guaranteed when built: `offsets` (int64, persons + 1) starts at 0, never falls and ends at the number of
    touches; within a person `time` (int32, seconds after `epoch`) never falls, and equal times stand in order
    of arrival; `touchpoint` (uint8, or uint16 above 256 touchpoints) is a code of `landscape`; `experience`
    (uint8) is an `Experience`; `value` (float32) is money or any amount, NaN where there is none.
    `epoch` is in Unix seconds.
    """

    offsets: NDArray[np.int64]
    time: NDArray[np.int32]
    touchpoint: NDArray[np.unsignedinteger]
    experience: NDArray[np.uint8]
    value: NDArray[np.float32]
    landscape: Landscape
    epoch: int = 0
    attributes: tuple[Attribute, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse arrays that break a guarantee the kernels rely on."""
        _check_shapes(self)
        _check_order(self)
        _check_codes(self)

    @property
    def persons(self) -> int:
        """Number of persons, those without a touch included."""
        return len(self.offsets) - 1

    @property
    def touches(self) -> int:
        """Number of touches."""
        return len(self.time)

    @classmethod
    def build(  # noqa: PLR0913 - one argument per column; all by keyword
        cls,
        *,
        person: NDArray[np.integer],
        seconds: NDArray[np.integer],
        touchpoint: NDArray[np.integer],
        landscape: Landscape,
        persons: int,
        experience: NDArray[np.integer] | None = None,
        value: NDArray[np.floating] | None = None,
        epoch: int = 0,
        attributes: tuple[Attribute, ...] = (),
    ) -> Journeys:
        """Sort touches given in order of arrival into journeys.

        `person` holds codes 0..persons-1, `seconds` Unix seconds. Raises `InvalidJourneysError` where a
        code or a time does not fit.
        """
        shifted = np.asarray(seconds, dtype=np.int64) - epoch
        _check_columns(np.asarray(person), shifted, np.asarray(touchpoint), persons, landscape)
        order, offsets = sort_touches(np.asarray(person, np.int32), shifted, persons)
        n = len(order)
        wide = np.uint8 if len(landscape.touchpoints) <= 256 else np.uint16  # noqa: PLR2004 - 8 bits
        felt = np.zeros(n, np.uint8) if experience is None else np.asarray(experience, np.uint8)[order]
        worth = np.full(n, np.nan, np.float32) if value is None else np.asarray(value, np.float32)[order]
        return cls(
            offsets=offsets,
            time=shifted[order].astype(np.int32),
            touchpoint=np.asarray(touchpoint)[order].astype(wide),
            experience=felt,
            value=worth,
            landscape=landscape,
            epoch=epoch,
            attributes=attributes,
        )

    def select(self, start: int, stop: int) -> Journeys:
        """Return the journeys of persons start..stop-1, sharing memory; what holds for all holds for them."""
        first, last = int(self.offsets[start]), int(self.offsets[stop])
        part = object.__new__(Journeys)
        columns = {
            "offsets": self.offsets[start : stop + 1] - first,
            "time": self.time[first:last],
            "touchpoint": self.touchpoint[first:last],
            "experience": self.experience[first:last],
            "value": self.value[first:last],
            "landscape": self.landscape,
            "epoch": self.epoch,
            "attributes": tuple(Attribute(a.name, a.codes[start:stop], a.labels) for a in self.attributes),
        }
        for name, column in columns.items():
            object.__setattr__(part, name, column)
        return part


def _check_columns(
    person: NDArray[np.integer],
    seconds: NDArray[np.int64],
    touchpoint: NDArray[np.integer],
    persons: int,
    landscape: Landscape,
) -> None:
    if not len(person) == len(seconds) == len(touchpoint):
        msg = f"columns differ in length: {len(person)}, {len(seconds)}, {len(touchpoint)}"
        raise InvalidJourneysError(msg)
    if len(person) == 0:
        return
    if person.min() < 0 or person.max() >= persons:
        msg = f"person codes must lie in 0..{persons - 1}"
        raise InvalidJourneysError(msg)
    if seconds.min() < 0 or seconds.max() > MAX_SECONDS:
        msg = "times must lie within 68 years after the epoch"
        raise InvalidJourneysError(msg)
    if touchpoint.min() < 0 or touchpoint.max() >= len(landscape.touchpoints):
        msg = f"touchpoint codes must lie in 0..{len(landscape.touchpoints) - 1}"
        raise InvalidJourneysError(msg)


def _check_shapes(journeys: Journeys) -> None:
    offsets = journeys.offsets
    if offsets.ndim != 1 or len(offsets) == 0 or offsets[0] != 0:
        msg = "offsets must be one row that starts at 0"
        raise InvalidJourneysError(msg)
    n = int(offsets[-1])
    for name in ("time", "touchpoint", "experience", "value"):
        if getattr(journeys, name).shape != (n,):
            msg = f"{name} has shape {getattr(journeys, name).shape}, the offsets say ({n},)"
            raise InvalidJourneysError(msg)
    for attribute in journeys.attributes:
        if attribute.codes.shape != (journeys.persons,):
            msg = f"attribute {attribute.name!r} needs one code per person"
            raise InvalidJourneysError(msg)


def _check_order(journeys: Journeys) -> None:
    if np.any(np.diff(journeys.offsets) < 0):
        msg = "offsets must not fall"
        raise InvalidJourneysError(msg)
    falls = np.flatnonzero(np.diff(journeys.time) < 0) + 1
    if len(falls) and not np.all(np.isin(falls, journeys.offsets)):
        msg = "times must not fall within a person"
        raise InvalidJourneysError(msg)


def _check_codes(journeys: Journeys) -> None:
    if journeys.touches == 0:
        return
    if int(journeys.touchpoint.max()) >= len(journeys.landscape.touchpoints):
        msg = "a touchpoint code lies outside the landscape"
        raise InvalidJourneysError(msg)
    if int(journeys.experience.max()) > max(Experience):
        msg = "an experience is none of unknown, bad, neutral, good"
        raise InvalidJourneysError(msg)
    for attribute in journeys.attributes:
        if len(attribute.codes) and int(attribute.codes.max()) >= len(attribute.labels):
            msg = f"attribute {attribute.name!r} has a code without a label"
            raise InvalidJourneysError(msg)
