"""From counted groups to candidates: rules, proposals, what belongs together, what is there already. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from wegmarke.atlas.discovery import proposing, vocabulary
from wegmarke.atlas.discovery.contracts import Candidate, FollowUp, Found
from wegmarke.atlas.discovery.patterns import ANY
from wegmarke.plan.contracts import Text
from wegmarke.record.contracts import BindingRule, Condition, Operator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from wegmarke.atlas.discovery.splitting import Telling
    from wegmarke.plan.contracts import Plan
    from wegmarke.record.contracts import Scalar, UnboundGroup, UnboundTally

LEAST_PERSONS: Final = 5
"""What fewer persons met is left out: typing mistakes, trials, single cases."""
LEAST_REST: Final = 0.05
"""The share of a name's events from which those without the telling property are a candidate of their own."""
REGULAR: Final = 0.5
BUSY: Final = 0.5
BUSY_EVENTS: Final = 100
ALIKE: Final = 0.75


@dataclass(frozen=True, slots=True)
class _Draft:
    """A group on its way to a candidate."""

    group: UnboundGroup
    key: str | None
    rules: tuple[BindingRule, ...]
    hints: tuple[str, ...]
    follow_ups: tuple[FollowUp, ...] = ()


def found_in(
    tally: UnboundTally,
    tellings: Mapping[str, Telling],
    properties: Mapping[str, tuple[str, ...]],
    plan: Plan,
) -> Found:
    """Turn the tally into candidates, those that reached most persons first.

    `properties` names the properties of each event name's events.
    """
    events: Counter[str] = Counter()
    for group in tally.groups:
        events[group.name] += group.events
    drafts, rare = [], 0
    for group in tally.groups:
        telling = tellings.get(group.name)
        if group.persons < LEAST_PERSONS:
            rare += 1
        elif telling is None or group.form is not None or group.events >= LEAST_REST * events[group.name]:
            drafts.append(_draft(group, telling, properties.get(group.name, ())))
    channels = {one.channel.casefold(): one.channel for one in plan.touchpoints if one.channel}
    known = _known(plan)
    candidates = [_candidate(one, tally, plan, channels, known) for one in _folded(drafts)]
    candidates.sort(key=lambda one: (-one.persons, -one.events, one.key))
    return Found(
        candidates=tuple(_told_apart(candidates)),
        names=len(events),
        events=tally.events,
        persons=tally.persons,
        touched=tally.touched,
        rare=rare,
    )


def _draft(group: UnboundGroup, telling: Telling | None, properties: tuple[str, ...]) -> _Draft:
    key = None if telling is None else telling.split.key
    rules = rules_of(group.name, telling, group.form)
    return _Draft(group, key, rules, proposing.hints_of(properties))


def rules_of(event: str, telling: Telling | None, form: Scalar | None) -> tuple[BindingRule, ...]:
    """Return the binding rules of a group; paths that end in a slash or a query need a rule each."""
    if telling is None:
        return (BindingRule(event),)
    key = telling.split.key
    if form is None:
        return (BindingRule(event, (Condition(key, Operator.EXISTS, value=False),)),)
    if not isinstance(form, str):
        return (BindingRule(event, (Condition(key, Operator.IS, form),)),)
    return tuple(
        BindingRule(event, (Condition(key, Operator.LIKE if ANY in value else Operator.IS, value),))
        for value in (_ended(form, ending) for ending in sorted(telling.endings))
    )


def _ended(form: str, ending: str) -> str:
    return form + (ending.removeprefix("/") if form.endswith("/") else ending)


def _folded(drafts: Sequence[_Draft]) -> list[_Draft]:
    """Put together what is one touch: opened and clicked follow delivered, sent and delivered are one."""
    together: dict[tuple[frozenset[str], Scalar | None], list[_Draft]] = defaultdict(list)
    for draft in drafts:
        together[(vocabulary.stem_of(draft.group.name), draft.group.form)].append(draft)
    kept = []
    for alike in together.values():
        leading = [one for one in alike if not _follows(one)]
        on_their_way = [one for one in leading if _transport(one) is not None]
        first = min(on_their_way or leading[:1], key=_transport_order, default=None)
        if first is None:
            kept.extend(alike)
            continue
        merged = [one for one in alike if one is not first and (_follows(one) or one in on_their_way)]
        follow_ups = tuple(FollowUp(rule, one.group.events) for one in merged for rule in one.rules[:1])
        kept.append(replace(first, follow_ups=follow_ups))
        kept.extend(one for one in alike if one is not first and one not in merged)
    return kept


def _follows(draft: _Draft) -> bool:
    return vocabulary.follows(draft.group.name)


def _transport(draft: _Draft) -> int | None:
    words = vocabulary.words_of(draft.group.name)
    places = [vocabulary.TRANSPORT.index(word) for word in words if word in vocabulary.TRANSPORT]
    return min(places) if places else None


def _transport_order(draft: _Draft) -> int:
    place = _transport(draft)
    return len(vocabulary.TRANSPORT) if place is None else place


def _candidate(
    draft: _Draft,
    tally: UnboundTally,
    plan: Plan,
    channels: Mapping[str, str],
    known: Sequence[_KnownTouchpoint],
) -> Candidate:
    group = draft.group
    return Candidate(
        key=key_of(draft.rules),
        rules=draft.rules,
        name=proposing.name_of(group.name, draft.key, group.form),
        channel=proposing.channel_of(group.name, draft.key, group.form, known=channels),
        phase=proposing.phase_of(group.phases, tally.phases, group.median_day, plan.phases),
        started_by=proposing.started_by(group.name),
        events=group.events,
        persons=group.persons,
        share=group.persons / tally.persons if tally.persons else 0.0,
        first=group.first,
        last=group.last,
        months=group.months,
        hints=draft.hints,
        rated=group.rated,
        technical=is_technical(group),
        like=_like(draft, known),
        follow_ups=draft.follow_ups,
    )


def key_of(rules: tuple[BindingRule, ...]) -> str:
    """Return a short key for rules, the same in every run."""
    return hashlib.sha256(repr(rules).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def is_technical(group: UnboundGroup) -> bool:
    """Say whether machines seem to have written these events: by their words, as a clock, by one person."""
    words = vocabulary.words_of(group.name)
    named = bool(set(words) & vocabulary.TECHNICAL) and vocabulary.family_of(words) is None
    busy = group.busiest >= BUSY and group.events >= BUSY_EVENTS
    return named or group.regular >= REGULAR or busy


def _told_apart(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Add the name of the event where two candidates would be called the same."""
    counts = Counter(one.name for one in candidates)
    return [
        one
        if counts[one.name] == 1
        else replace(one, name=Text(de=_with_event(one, one.name.de), en=_with_event(one, one.name.en)))
        for one in candidates
    ]


def _with_event(candidate: Candidate, name: str) -> str:
    return f"{name} ({proposing.humanised(candidate.rules[0].event)})"


@dataclass(frozen=True, slots=True)
class _KnownTouchpoint:
    """What a touchpoint of the plan is recognised by."""

    key: str
    names: tuple[frozenset[str], ...]
    told: frozenset[tuple[frozenset[str], object]]


def _known(plan: Plan) -> list[_KnownTouchpoint]:
    found = []
    for one in plan.touchpoints:
        names = {frozenset(vocabulary.words_of(text)) for text in (one.name.de, one.name.en, one.key)}
        told = {
            (vocabulary.stem_of(rule.event), condition.value)
            for rule in one.rules
            for condition in rule.where
        }
        told |= {(vocabulary.stem_of(rule.event), None) for rule in one.rules if not rule.where}
        found.append(_KnownTouchpoint(one.key, tuple(names - {frozenset()}), frozenset(told)))
    return found


def _like(draft: _Draft, known: Sequence[_KnownTouchpoint]) -> str | None:
    """Return the touchpoint that has a rule for the same thing at another stage, or nearly the same name."""
    told = (vocabulary.stem_of(draft.group.name), draft.group.form)
    for one in known:
        if told in one.told:
            return one.key
    label = draft.group.form if isinstance(draft.group.form, str) else draft.group.name
    words = frozenset(vocabulary.words_of(label)) - set(vocabulary.STAGES)
    for one in known:
        if words and any(len(words & name) >= ALIKE * len(words | name) for name in one.names):
            return one.key
    return None


def covered(rule: BindingRule, by: Iterable[BindingRule]) -> bool:
    """Say whether rules match every event that `rule` matches, as far as their words alone tell."""
    return any(_covers(other, rule) for other in by)


def _covers(other: BindingRule, rule: BindingRule) -> bool:
    if not set(other.where) <= set(rule.where):
        return False
    return other.event == rule.event or (ANY in other.event and _matches(other.event, rule.event))


def _matches(pattern: str, event: str) -> bool:
    parts = ".*".join(re.escape(part) for part in pattern.split(ANY))
    return re.fullmatch(parts, event, re.DOTALL) is not None
