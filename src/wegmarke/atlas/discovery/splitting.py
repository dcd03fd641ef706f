"""Which property tells apart what one event name covers: campaigns, ticket kinds, pages, features. Pure.

A property qualifies when most events have it, with few different, stable forms: no ids, dates or amounts. It
tells touchpoints apart when the plan already does so by it, when the names say so (`campaign` of a mail,
`category` of a ticket), or when its values come in different surroundings: after other touches, in other
months, with other properties. It does not when it belongs to the person or the device: then it stays the
same within a person, or stands on most other events as well.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wegmarke.atlas.discovery import vocabulary
from wegmarke.atlas.discovery.patterns import ANY, PathForms, endings, is_path, path_forms, text_forms
from wegmarke.record.contracts import Split

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from wegmarke.record.contracts import SampledEvent, Scalar, UnboundName

MOST_FORMS: Final = 120
LEAST_COVERAGE: Final = 0.6
MOST_NUMBERS: Final = 6
EVENTS_PER_FORM: Final = 8
RARE: Final = 3
MOST_IN_RARE: Final = 0.2
STEADY: Final = 0.9
"""Agreement within a person beyond chance from which a property belongs to the person."""
ALWAYS_STEADY: Final = 0.98
"""The same where the names say that it tells things apart: people meet the same campaign again."""
LEAST_LETTERS: Final = 3
"""What is shorter than this is a code that names nothing."""
PATTERNED: Final = 0.2
"""What forms lose that had ids taken out, against forms that are names as they stand."""
SURE: Final = 4.0
"""Standard deviations beyond chance from which an association is one at all."""
ASSOCIATED: Final = 0.25
"""Association with the surroundings (Cramér's V without bias) from which values are different things."""
WEAKLY_ASSOCIATED: Final = 0.12
SHARED: Final = 0.5
"""Share of the other event names with the same property from which it describes the situation."""
LEAST_NAMES: Final = 4
MOSTLY_PATHS: Final = 0.8
HINTED, CLEAR, WEAK, UNKNOWN, AGAINST = 8.0, 3.0, 1.0, 0.0, -3.0
NEEDED: Final = {CLEAR: 0.0, WEAK: WEAKLY_ASSOCIATED, UNKNOWN: ASSOCIATED}


@dataclass(frozen=True, slots=True)
class Telling:
    """How one event name is split: by which property, and what follows its forms in paths (`Split.form`)."""

    split: Split
    score: float
    endings: frozenset[str] = frozenset({""})


@dataclass(slots=True)
class _Column:
    """One property of the sampled events of one name; None where an event does not have it."""

    key: str
    values: list[object]
    forms: list[Scalar | None] = field(default_factory=list)
    counts: Counter[Scalar] = field(default_factory=Counter)
    form: Callable[[object], Scalar | None] | None = None
    endings: frozenset[str] = frozenset({""})


def splits_of(names: Sequence[UnboundName], told_by: Mapping[str, frozenset[str]]) -> dict[str, Telling]:
    """Return how each event name is split; names that are one thing are left out.

    `told_by` says by which properties rules of the plan already tell events of a name apart.
    """
    columns = {name.name: _columns(name) for name in names}
    spread: Counter[str] = Counter(key for found in columns.values() for key in found)
    shares = {key: (count - 1) / max(1, len(names) - 1) for key, count in spread.items()}
    if len(names) < LEAST_NAMES:
        shares = dict.fromkeys(spread, 0.0)

    def best(name: UnboundName, told: frozenset[str]) -> Telling | None:
        return _best(name, list(columns[name.name].values()), told, shares)

    first = {name.name: best(name, told_by.get(name.name, frozenset())) for name in names}
    leading = {
        vocabulary.stem_of(event): telling.split.key
        for event, telling in first.items()
        if telling is not None and not vocabulary.follows(event)
    }
    found = {}
    for name in names:
        telling = first[name.name]
        key = leading.get(vocabulary.stem_of(name.name))
        if key is not None and vocabulary.follows(name.name) and key in columns[name.name]:
            # what became of a mail is told apart by the same property as the mail
            telling = best(name, frozenset({key}))
        if telling is not None:
            found[name.name] = telling
    return found


def _best(
    name: UnboundName, columns: Sequence[_Column], told_by: frozenset[str], shares: Mapping[str, float]
) -> Telling | None:
    tellings = []
    for column in columns:
        score = _score(name, column, hinted=column.key in told_by, shared=shares[column.key])
        if score is not None and column.form is not None:
            tellings.append(Telling(Split(column.key, column.form), score, column.endings))
    return max(tellings, key=lambda one: (one.score, -len(one.split.key), one.split.key), default=None)


def _columns(name: UnboundName) -> dict[str, _Column]:
    flat = [flattened(event.properties) for event in name.sample]
    keys: Counter[str] = Counter(key for one in flat for key in one)
    return {
        key: _Column(key, [one.get(key) for one in flat])
        for key, count in keys.items()
        if count >= LEAST_COVERAGE * len(flat)
    }


def flattened(properties: Mapping[str, Any]) -> dict[str, object]:
    """Return plain values by key, those one level down by a dotted path."""
    flat: dict[str, object] = {}
    for key, value in properties.items():
        if isinstance(value, dict):
            inner = {
                f"{key}.{below}": one for below, one in value.items() if not isinstance(one, dict | list)
            }
            flat.update(
                {path: one for path, one in inner.items() if one is not None and path not in properties}
            )
        elif value is not None and not isinstance(value, list):
            flat[key] = value
    return flat


def _score(name: UnboundName, column: _Column, *, hinted: bool, shared: float) -> float | None:
    """Say how well a property tells apart what an event name covers; None where it does not."""
    prior = HINTED if hinted else prior_of(name.name, column.key)
    if prior < 0 or not _has_forms(column, prior):
        return None
    if prior >= HINTED:
        return prior
    if len(column.counts) == 1 or (prior < CLEAR and shared >= SHARED):
        return prior if prior >= CLEAR and shared < SHARED else None
    steady = steadiness([event.person for event in name.sample], column.forms)
    surroundings = _surroundings(name.sample, column)
    if steady >= (ALWAYS_STEADY if prior >= CLEAR else STEADY) or surroundings < NEEDED[prior]:
        return None
    patterns = sum(ANY in form for form in column.counts if isinstance(form, str)) / len(column.counts)
    return prior + 2 * surroundings - max(0.0, steady) - shared - PATTERNED * patterns


def prior_of(event: str, key: str) -> float:
    """Say from the names alone how likely a property tells apart what an event covers."""
    words = vocabulary.words_of(key.rpartition(".")[2]) or vocabulary.words_of(key)
    if not words:
        return UNKNOWN
    event_words = vocabulary.words_of(event)
    family = vocabulary.family_of(event_words)
    if family is not None and set(words) <= family.telling | family.words:
        return CLEAR
    if set(words) & vocabulary.CONTEXT - vocabulary.SERIES:
        return AGAINST
    if words[-1] in vocabulary.TELLING or words[0] in vocabulary.TELLING:
        return CLEAR
    if set(words) & vocabulary.SERIES:
        return CLEAR
    return WEAK if set(words) & vocabulary.MAY_TELL else UNKNOWN


def _has_forms(column: _Column, prior: float) -> bool:
    """Bring a property into its forms; say whether they are few and stable enough to be names of things."""
    # by type as well: Python holds 1 and true equal
    distinct = Counter((type(value), value) for value in column.values if value is not None)
    paths = {value: count for (_type, value), count in distinct.items() if is_path(value)}
    if sum(paths.values()) >= MOSTLY_PATHS * distinct.total():
        forms = path_forms({str(path): count for path, count in paths.items()})
        column.form, column.endings = forms, endings(paths, forms)
    else:
        numbers = prior >= HINTED or bool(set(vocabulary.words_of(column.key)) & vocabulary.SERIES)
        column.form = text_forms((value for _type, value in distinct), numbers=numbers)
    by_value = {typed: column.form(typed[1]) for typed in distinct}
    column.forms = [by_value.get((type(value), value)) for value in column.values]
    column.counts = Counter(form for form in column.forms if form is not None)
    known = column.counts.total()
    if prior >= HINTED:
        return known > 0
    if not column.counts or (len(column.counts) == 1 and not paths and ANY in str(*column.counts)):
        return False
    if len(column.counts) > MOST_NUMBERS and any(not isinstance(form, str) for form in column.counts):
        return False
    if max(len(form) if isinstance(form, str) else LEAST_LETTERS for form in column.counts) < LEAST_LETTERS:
        return False
    rare = sum(count for count in column.counts.values() if count < RARE)
    return (
        0 < len(column.counts) <= MOST_FORMS
        and known >= LEAST_COVERAGE * len(column.values)
        and (len(column.counts) * EVENTS_PER_FORM <= known or isinstance(column.form, PathForms))
        and rare <= MOST_IN_RARE * known
    )


def steadiness(persons: Sequence[int], forms: Sequence[Scalar | None]) -> float:
    """Return how much more often than by chance neighbouring events of a person have the same form.

    Cohen's kappa of an event and the person's next one: 1 where the form belongs to the person, about 0 where
    it changes freely. 0 where nobody has two events.
    """
    last: dict[int, Scalar] = {}
    counts: Counter[Scalar] = Counter()
    agree = pairs = 0
    for person, form in zip(persons, forms, strict=True):
        if form is None:
            continue
        counts[form] += 1
        if person in last:
            pairs += 1
            agree += last[person] == form
        last[person] = form
    total = sum(counts.values())
    chance = sum((count / total) ** 2 for count in counts.values()) if total else 1.0
    if pairs < 20 or chance >= 1:  # noqa: PLR2004 - too few to say
        return 0.0
    return (agree / pairs - chance) / (1 - chance)


def _surroundings(sample: Sequence[SampledEvent], column: _Column) -> float:
    """Return how strongly the forms go with what surrounds the events, the strongest of three ways."""
    own = column.key.partition(".")[0]
    others = [frozenset(event.properties) - {own} for event in sample]
    return max(
        association(column.forms, [event.before for event in sample]),
        association(column.forms, [event.month for event in sample]),
        association(column.forms, others),
    )


def association(left: Sequence[Hashable], right: Sequence[Hashable]) -> float:
    """Return Cramér's V without bias (Bergsma 2013) of two columns: 0 independent, 1 one tells the other.

    Events without a form (None on the left) are left out; rare values are put together, and an association
    that chance may well make is none.
    """
    pairs = [(a, b) for a, b in zip(left, right, strict=True) if a is not None]
    n = len(pairs)
    if n < 2:  # noqa: PLR2004 - nothing to compare
        return 0.0
    rows, columns = _codes(a for a, _ in pairs), _codes(b for _, b in pairs)
    r, c = int(rows.max()) + 1, int(columns.max()) + 1
    if min(r, c) < 2:  # noqa: PLR2004 - a constant tells nothing
        return 0.0
    table = np.bincount(rows * c + columns, minlength=r * c).reshape(r, c).astype(float)
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / n
    freedom = (r - 1) * (c - 1)
    chi_square = float(((table - expected) ** 2 / expected).sum())
    if chi_square < freedom + SURE * np.sqrt(2 * freedom):
        return 0.0
    phi = max(0.0, chi_square / n - freedom / (n - 1))
    smaller = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    return float(np.sqrt(phi / smaller)) if smaller > 0 else 0.0


def _codes(
    values: Iterable[Hashable], most: int = 30, least: int = 10
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Code values by frequency; the rare and all beyond the most frequent share one code."""
    listed = list(values)
    frequent = [value for value, count in Counter(listed).most_common(most) if count >= least]
    place = {value: at for at, value in enumerate(frequent)}
    codes = np.array([place.get(value, most) for value in listed], np.int64)
    return np.unique(codes, return_inverse=True)[1]


def told_by(rules: Iterable[tuple[str, tuple[str, ...]]], names: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return for each event name by which properties rules (their event, their properties) look at it."""
    known: dict[str, set[str]] = defaultdict(set)
    for event, keys in rules:
        known[event].update(keys)
    return {name: frozenset(known[name]) for name in names if known.get(name)}
