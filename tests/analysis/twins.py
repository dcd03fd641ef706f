"""Slow, obvious twins of the kernels: one person at a time, lists and loops."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from datetime import UTC, datetime

from wegmarke.analysis.journeys import Experience, StartedBy
from wegmarke.analysis.outcomes import DAY


def persons_of(journeys):
    """Return one list of (seconds, touchpoint code, experience) per person."""
    rows = list(
        zip(
            (journeys.time.astype(int) + journeys.epoch).tolist(),
            journeys.touchpoint.tolist(),
            journeys.experience.tolist(),
            strict=True,
        )
    )
    return [rows[a:b] for a, b in zip(journeys.offsets[:-1], journeys.offsets[1:], strict=True)]


def company_starts(journeys, code):
    return journeys.landscape.started_by[code] is StartedBy.COMPANY


def departures(journeys, touches, outcome):
    """Return every leaving of one person: (seconds when it happens, index of the touch it follows)."""
    names = journeys.landscape.touchpoints
    if outcome.quiet_days is None:
        return [(t, i - 1) for i, (t, code, _) in enumerate(touches) if names[code] in outcome.leaving]
    quiet = outcome.quiet_seconds
    own = [i for i, (_, code, _) in enumerate(touches) if not company_starts(journeys, code)]
    found = []
    for place, i in enumerate(own):
        following = touches[own[place + 1]][0] if place + 1 < len(own) else None
        if following is None or following - touches[i][0] > quiet:
            found.append((touches[i][0], i))
    return found


def flags(journeys, outcome, end):
    """Return (at risk, left, moved on) per touch."""
    names = journeys.landscape.touchpoints
    result = []
    for touches in persons_of(journeys):
        leavings = departures(journeys, touches, outcome)
        advances = advancing_indices(journeys, touches, outcome)
        for i, (t, code, _) in enumerate(touches):
            known = t + outcome.horizon_seconds + outcome.quiet_seconds <= end
            known = known and names[code] not in outcome.leaving
            at_risk = known and still_there(journeys, touches, i, outcome, leavings)
            if outcome.quiet_days is None:
                left = any(
                    0 <= when - t <= outcome.horizon_seconds for when, last in leavings if last + 1 > i
                )
            else:
                left = silent_within(journeys, touches, i, outcome, leavings)
            moved = any(j > i and touches[j][0] - t <= outcome.horizon_seconds for j in advances)
            result.append((at_risk, left, moved))
    return result


def silent_within(journeys, touches, i, outcome, leavings):
    """Whether a silence begins at the person's latest own touch or after it, within the horizon."""
    own = [j for j in range(i + 1) if not company_starts(journeys, touches[j][1])]
    if not own or not still_there(journeys, touches, i, outcome, leavings):
        return False
    return any(last >= own[-1] and when - touches[i][0] <= outcome.horizon_seconds for when, last in leavings)


def still_there(journeys, touches, i, outcome, leavings):
    names = journeys.landscape.touchpoints
    if outcome.quiet_days is None:
        gone = False
        for _, code, _ in touches[: i + 1]:
            if names[code] in outcome.leaving:
                gone = True
            elif names[code] in outcome.moving_on:
                gone = False
        return not gone
    own = [j for j in range(i + 1) if not company_starts(journeys, touches[j][1])]
    if not own:
        return False
    if own[-1] == i:
        return True
    return not any(
        last == own[-1] and when + outcome.quiet_seconds <= touches[i][0] for when, last in leavings
    )


def advancing_indices(journeys, touches, outcome):
    names = journeys.landscape.touchpoints
    if outcome.moving_on:
        return [i for i, (_, code, _) in enumerate(touches) if names[code] in outcome.moving_on]
    found, reached = [], 0
    for i, (_, code, _) in enumerate(touches):
        phase = journeys.landscape.phase[code]
        if phase > reached and not company_starts(journeys, code):
            if reached:
                found.append(i)
            reached = phase
    return found


def last_actions(journeys, outcome, end):
    """Return per person the indices of last actions before leaving."""
    names = journeys.landscape.touchpoints
    found = []
    for touches in persons_of(journeys):
        if outcome.quiet_days is None:
            found.append(
                {
                    i - 1
                    for i, (_, code, _) in enumerate(touches)
                    if names[code] in outcome.leaving
                    and i
                    and names[touches[i - 1][1]] not in outcome.leaving
                }
            )
        else:
            found.append(
                {
                    i
                    for when, i in departures(journeys, touches, outcome)
                    if when + outcome.quiet_seconds <= end
                }
            )
    return found


def funnel(journeys, steps, window):
    """Return, per person, the furthest step any chain reaches: every start is tried."""
    best = []
    for touches in persons_of(journeys):
        furthest = -1
        for start, (t0, code, _) in enumerate(touches):
            if code != steps[0]:
                continue
            step = 0
            for t, other, _ in touches[start + 1 :]:
                if step + 1 < len(steps) and other == steps[step + 1] and t - t0 <= window:
                    step += 1
            furthest = max(furthest, step)
        best.append(furthest)
    return best


def funnel_months(journeys, steps, window):
    """Return per month (its start) who took the first step in it, and who of them reached the last."""
    began, arrived = defaultdict(set), defaultdict(set)
    for person, touches in enumerate(persons_of(journeys)):
        for start, (t0, code, _) in enumerate(touches):
            if code != steps[0]:
                continue
            step = 0
            for t, other, _ in touches[start + 1 :]:
                if step + 1 < len(steps) and other == steps[step + 1] and t - t0 <= window:
                    step += 1
            began[month_of(t0)].add(person)
            if step == len(steps) - 1:
                arrived[month_of(t0)].add(person)
    return {month: (len(persons), len(arrived[month])) for month, persons in began.items()}


def transitions(journeys):
    counts = Counter()
    for touches in persons_of(journeys):
        codes = [None, *(code for _, code, _ in touches), None]
        if len(codes) > 2:
            counts.update(itertools.pairwise(codes))
    return counts


def variants(journeys, longest=0):
    return Counter(
        tuple(code for _, code, _ in touches)[: longest or None]
        for touches in persons_of(journeys)
        if touches
    )


def situation(journeys, touches, i):
    """Return (seconds since the first touch, since the last, touches in 30 days, bad so far, phase)."""
    t = touches[i][0]
    earlier = touches[:i]
    phases = [journeys.landscape.phase[code] for _, code, _ in earlier if journeys.landscape.phase[code]]
    return (
        t - touches[0][0],
        t - earlier[-1][0] if earlier else None,
        sum(t - when <= 30 * DAY for when, _, _ in earlier),
        sum(felt == Experience.BAD for _, _, felt in earlier),
        phases[-1] if phases else 0,
    )


def month_of(seconds):
    when = datetime.fromtimestamp(seconds, UTC)
    return int(datetime(when.year, when.month, 1, tzinfo=UTC).timestamp())


def quarter_of(seconds):
    when = datetime.fromtimestamp(seconds, UTC)
    return int(datetime(when.year, (when.month - 1) // 3 * 3 + 1, 1, tzinfo=UTC).timestamp())


def value_of(journeys, person, attribute):
    """Return what one person has of an attribute; "" where nobody asks for one."""
    known = {a.name: a.labels[a.codes[person]] for a in journeys.attributes}
    return known[attribute] if attribute else ""


def experience_counts(journeys, key_of):
    """Return per key (of person, seconds, code) the touches, the persons and how often each was felt."""
    touches, felt, persons = Counter(), Counter(), defaultdict(set)
    for person, own in enumerate(persons_of(journeys)):
        for seconds, code, experience in own:
            key = key_of(person, seconds, code)
            touches[key] += 1
            felt[key, experience] += 1
            persons[key].add(person)
    return {
        key: (n, len(persons[key]), felt[key, 1], felt[key, 2], felt[key, 3]) for key, n in touches.items()
    }


def felt_products(journeys):
    """Return per touchpoint code the sums over persons of s*s, s*n, n*n, good*good, bad*bad and bad*n."""
    found = defaultdict(lambda: (0,) * 6)
    for own in persons_of(journeys):
        for here in {code for _, code, _ in own}:
            felt = [experience for _, code, experience in own if code == here and experience]
            good, bad, n = felt.count(Experience.GOOD), felt.count(Experience.BAD), len(felt)
            s = good - bad
            products = (s * s, s * n, n * n, good * good, bad * bad, bad * n)
            found[here] = tuple(a + b for a, b in zip(found[here], products, strict=True))
    return found


def loads(journeys, key_of):
    """Return per key (of person, seconds, code; None: passed over) touches and contacts of each person."""
    found = defaultdict(lambda: (Counter(), Counter()))
    for person, own in enumerate(persons_of(journeys)):
        for seconds, code, _ in own:
            key = key_of(person, seconds, code)
            if key is not None:
                touches, contacts = found[key]
                touches[person] += 1
                contacts[person] += company_starts(journeys, code)
    return found


def distribution(counts, active):
    """Return how many of the active persons have 0, 1, 2, 3-5, 6-10 and more."""
    many = [n for n in counts.values() if n]
    borders = [(1, 1), (2, 2), (3, 5), (6, 10), (11, 10**9)]
    return (active - len(many), *(sum(low <= n <= high for n in many) for low, high in borders))


def residuals(journeys, compared, group_of):
    """Return per group and person their residual at each touchpoint: what they add to the error of its mean.

    `compared` maps (group, code) to the mean and the number of ratings there.
    """
    found = defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
    for person, own in enumerate(persons_of(journeys)):
        group = group_of(person)
        for _, code, felt in own:
            if felt and (group, code) in compared:
                mean, n = compared[group, code]
                found[group][person][code] += (felt - 2 - mean) / n
    return found
