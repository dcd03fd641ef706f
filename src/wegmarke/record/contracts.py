"""Values the record shares with the rooms above: events, binding rules, shards of journeys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wegmarke.analysis.journeys import Experience, StartedBy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys
    from wegmarke.analysis.outcomes import Period

LATEST_TIME = datetime.fromtimestamp(2**31 - 1, UTC)
"""Journeys count seconds in 32 bits: events lie before this moment in January 2038, and not before 1970."""

EVENT_SCHEMA = pa.schema(
    [
        pa.field("person", pa.string(), nullable=False),
        pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("name", pa.dictionary(pa.int32(), pa.string()), nullable=False),
        pa.field("rating", pa.float32()),
        pa.field("scale", pa.dictionary(pa.int8(), pa.string())),
        pa.field("value", pa.float32()),
        pa.field("properties", pa.string()),
    ]
)
"""One event a row, in order of arrival.

`rating` is a raw answer and `scale` says how to read it (`Scale`); `properties` is a JSON object as text.
"""

TRAITS_SCHEMA = pa.schema(
    [
        pa.field("person", pa.string(), nullable=False),
        pa.field("name", pa.dictionary(pa.int32(), pa.string()), nullable=False),
        pa.field("value", pa.string()),
    ]
)
"""Attributes of persons in long form: one row per person and attribute; later rows replace earlier ones."""

KEPT_TRAITS_SCHEMA = pa.schema(
    [
        *TRAITS_SCHEMA,
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("source", pa.dictionary(pa.int32(), pa.string())),
    ]
)
"""The same as the log keeps them: when each came and from where; null in files of earlier versions."""


class Scale(StrEnum):
    """How a rating becomes an experience.

    Bad, neutral, good are on CSAT 1-2, 3, 4-5, on CES 1-3, 4, 5-7, on NPS 0-6, 7-8, 9-10.
    """

    CSAT = "csat"
    CES = "ces"
    NPS = "nps"
    BAD_NEUTRAL_GOOD = "bad-neutral-good"  # rating -1, 0, 1


class Operator(StrEnum):
    """How a condition compares a property of an event."""

    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"
    EXISTS = "exists"
    CONTAINS = "contains"
    LIKE = "like"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a property, for example `wait_minutes above 60`. `key` may be a dotted path."""

    key: str
    operator: Operator
    value: str | float | bool | tuple[str | float | bool, ...] | None = None


@dataclass(frozen=True, slots=True)
class BindingRule:
    """Which events are a touchpoint: an event name (`*` is any run of characters), conditions, all true."""

    event: str
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class ExperienceRule:
    """Which properties make the experience bad, neutral or good; the first rule that holds decides."""

    experience: Experience
    when: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class TouchpointBinding:
    """One touchpoint as the record sees it.

    `otherwise` is the experience of a touch that no rule and no rating decides: neutral where rules name
    what is bad, unknown where there are none.
    """

    touchpoint: str
    rules: tuple[BindingRule, ...]
    experience: tuple[ExperienceRule, ...] = ()
    otherwise: Experience = Experience.UNKNOWN
    phase: str | None = None
    started_by: StartedBy = StartedBy.UNKNOWN


@dataclass(frozen=True, slots=True)
class Bindings:
    """All touchpoints in the order they are tried: the first rule that matches an event binds it.

    `unbound_names_are_touchpoints`: without a plan, every event name is a touchpoint of its own.
    `attributes` names the traits of persons kept with the journeys, in order of importance.
    """

    touchpoints: tuple[TouchpointBinding, ...] = ()
    phases: tuple[str, ...] = ()
    unbound_names_are_touchpoints: bool = False
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """One event of the log as it came; `properties` is empty where they are no JSON object."""

    person: str
    time: datetime
    name: str
    properties: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another touchpoint whose rules match some of the same events, and how many."""

    touchpoint: str
    events: int


@dataclass(frozen=True, slots=True)
class RulePreview:
    """What rules would match: exact where `share_looked_at` is 1, else scaled up from that share of events.

    `examples` are different persons' newest events, newest first, with every matching event name in turn.
    `taken_before` counts the matching events that rules of an earlier touchpoint take.
    """

    events: int
    persons: int
    share_looked_at: float
    examples: tuple[Example, ...]
    overlaps: tuple[Overlap, ...]
    taken_before: int


@dataclass(frozen=True, slots=True)
class SampledEvent:
    """One event no rule binds, as a sample shows it.

    `person` is a number, the same for the same person; `before` names what this person did before (a
    touchpoint, else an event; empty at the beginning); `month` counts months since 1970.
    """

    person: int
    month: int
    before: str
    properties: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class UnboundName:
    """One event name of which some events are bound by no rule: how many, and a sample of them."""

    name: str
    events: int
    sample: tuple[SampledEvent, ...]


Scalar = str | float | bool
"""A value of a property that can tell things apart."""


@dataclass(frozen=True, slots=True)
class Split:
    """Which property tells apart what one event name covers.

    `form` brings a value of it into the form events are grouped by (None: belongs to no group).
    """

    key: str
    form: Callable[[object], Scalar | None]


@dataclass(frozen=True, slots=True)
class UnboundGroup:
    """All events of one name and form that no rule binds; `form` is None where the name is not split.

    Times are Unix seconds; `months` counts events by `2026-03`; `phases` counts the touches of each phase (by
    key) that come right before or after one of the events; `median_day` is the median of the days since the
    person's first event; `busiest` is the share of events of the person with most of them, `regular` the
    share that follow the one before at nearly the same distance, as a machine would.
    """

    name: str
    form: Scalar | None
    events: int
    persons: int
    first: int
    last: int
    months: Mapping[str, int]
    phases: Mapping[str, int]
    median_day: float
    busiest: float
    regular: float
    rated: int


@dataclass(frozen=True, slots=True)
class UnboundTally:
    """Everything no rule binds, grouped; `persons` counts all persons, `touched` those with such events.

    `phases` counts the touches of each phase that rules do bind.
    """

    groups: tuple[UnboundGroup, ...]
    events: int
    persons: int
    touched: int
    phases: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Shard:
    """Journeys of the persons whose hash falls into one partition; `persons[i]` is the id of person i."""

    journeys: Journeys
    persons: pa.StringArray = field(repr=False)
    unbound: int = 0


@dataclass(frozen=True, slots=True)
class Persons:
    """Which identifiers of the log are whose: all of each person with several, the person's name included.

    `identifiers[i]` is of `persons[i]`; whoever is not listed is a person of their own. Where time does not
    tell, the rows of one person's identifiers follow each other in the order given here.
    """

    identifiers: pa.StringArray = field(default_factory=lambda: pa.array([], pa.string()), repr=False)
    persons: pa.StringArray = field(default_factory=lambda: pa.array([], pa.string()), repr=False)

    def __post_init__(self) -> None:
        """Refuse what is not one person an identifier."""
        if len(self.identifiers) != len(self.persons):
            msg = "each identifier has one person"
            raise ValueError(msg)
        if pc.count_distinct(self.identifiers, mode="all").as_py() != len(self):
            msg = "each identifier is listed once"
            raise ValueError(msg)
        at = pc.index_in(self.persons, value_set=self.identifiers)
        if at.null_count or not self.persons.take(at).equals(self.persons):
            msg = "the name of a person is one of the person's own identifiers"
            raise ValueError(msg)

    def __len__(self) -> int:
        """Count the identifiers."""
        return len(self.identifiers)


class Known(IntEnum):
    """What the log knows of a message id."""

    NEW = 0
    SAME = 1  # known, with the same content
    DIFFERENT = 2  # known, with other content


@dataclass(frozen=True, slots=True)
class MessageIds:
    """Ids of messages, 128 bits each in two columns, and a digest of what each message says; all uint64.

    Best are the bits of a hash: ids that share their upper half are found as well, but more slowly.
    """

    high: NDArray[np.uint64] = field(repr=False)
    low: NDArray[np.uint64] = field(repr=False)
    content: NDArray[np.uint64] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse columns that do not fit together."""
        columns = (self.high, self.low, self.content)
        if any(one.dtype != np.uint64 or one.shape != (len(self.high),) for one in columns):
            msg = "message ids are three columns of the same length, each uint64"
            raise ValueError(msg)

    def __len__(self) -> int:
        """Count the ids."""
        return len(self.high)

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> MessageIds:
        """Return some of the ids."""
        return MessageIds(self.high[chosen], self.low[chosen], self.content[chosen])


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of one batch.

    `known` says that the batch was in the log already and nothing was done. `settled` is False where the
    batch is committed and readable but a rename failed; `recover` finishes that.
    """

    change: int
    events: int
    traits: int
    known: bool = False
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What became of rewriting rows: the number of the change, and how many rows are gone.

    `known` and `settled` are those of `Appended`; what was removed the first time is not known the second.
    """

    change: int
    removed: int
    known: bool = False
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Recovered:
    """What recovery found: renames finished, leftovers removed, files that are gone, files nobody knows.

    `missing` and `unknown` (paths inside the log folder) need a person: the first are committed but not
    there, the second there but not committed, for example after an older database was restored.
    """

    finished: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogState:
    """How far the log is: committed files, events in them, and the number of the last change (0: none)."""

    files: int
    rows: int
    change: int


@dataclass(frozen=True, slots=True)
class Build:
    """Journeys built from the log up to `change` with one version of the plan.

    `events` counts the events read, `unbound` those no rule binds and `unbound_names` the most frequent names
    among them with their counts; `period` is None where there is no touch.
    """

    key: str
    plan_version: str
    change: int
    events: int
    persons: int
    touches: int
    unbound: int
    unbound_names: tuple[tuple[str, int], ...]
    period: Period | None
    built_at: datetime
