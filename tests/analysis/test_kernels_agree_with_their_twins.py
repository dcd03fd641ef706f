from collections import Counter

import numpy as np
import pytest
import twins
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import END, journeys, outcomes

from wegmarke.analysis import paths, situations, variants
from wegmarke.analysis.asking import ask
from wegmarke.analysis.funnel import FunnelQuestion
from wegmarke.analysis.kernels import moments as kernel
from wegmarke.analysis.kernels.outcomes import AT_RISK, LEFT, MOVED_ON
from wegmarke.analysis.kernels.paths import journey_hashes
from wegmarke.analysis.kernels.sorting import sort_touches
from wegmarke.analysis.lived import LivedQuestion
from wegmarke.analysis.outcomes import DAY, Period, flags_of, last_actions_of
from wegmarke.analysis.paths import PathsQuestion, count_flows, count_transitions

PERIOD = Period(0, END)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_who_is_at_risk_leaves_and_moves_on(data):
    some = data.draw(journeys())
    outcome = data.draw(outcomes(some.landscape))
    got = flags_of(some, outcome, END)
    expected = twins.flags(some, outcome, END)
    for flag, (at_risk, left, moved) in zip(got.tolist(), expected, strict=True):
        assert bool(flag & AT_RISK) == at_risk
        if at_risk:  # of the others nothing is counted
            assert bool(flag & LEFT) == left
            assert bool(flag & MOVED_ON) == moved


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_last_actions_before_leaving(data):
    some = data.draw(journeys())
    outcome = data.draw(outcomes(some.landscape))
    got = last_actions_of(some, outcome, END)
    per_person = [
        set(np.flatnonzero(got[a:b]).tolist())
        for a, b in zip(some.offsets[:-1], some.offsets[1:], strict=True)
    ]
    assert per_person == twins.last_actions(some, outcome, END) or not outcome.knows_leaving


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_the_best_chain_of_a_person_counts_in_a_funnel(data):
    some = data.draw(journeys())
    names = st.sampled_from(some.landscape.touchpoints)
    steps = tuple(data.draw(st.lists(names, min_size=2, max_size=4)))
    window = data.draw(st.sampled_from([0.5, 3.0, 30.0]))
    insight = ask(FunnelQuestion(steps, window), [some])
    best = twins.funnel(some, [some.landscape.code(s) for s in steps], round(window * DAY))
    assert [s.persons for s in insight.steps] == [sum(b >= k for b in best) for k in range(len(steps))]
    for k, step in enumerate(insight.steps[:-1]):
        assert sum(i.persons for i in step.instead) == sum(b == k for b in best)


@given(journeys())
@settings(max_examples=200, deadline=None)
def test_transitions_and_variants_are_counted_person_by_person(some):
    insight = ask(PathsQuestion(top_variants=1000), [some])
    names = (*some.landscape.touchpoints, None)
    code = {name: (k if name is not None else None) for k, name in enumerate(names)}
    assert {(code[t.source], code[t.target]): t.count for t in insight.transitions} == dict(
        twins.transitions(some)
    )
    assert {tuple(code[n] for n in v.touchpoints): v.persons for v in insight.variants} == dict(
        twins.variants(some)
    )


@given(some=journeys(), top=st.integers(0, 6), longest=st.integers(0, 4), alike=st.booleans())
@settings(max_examples=200, deadline=None)
def test_the_most_frequent_variants_stand_first_whatever_their_hashes(some, top, longest, alike):
    def hashes(offsets, codes, longest):
        found = journey_hashes(offsets, codes, longest)
        return np.zeros_like(found) if alike else found

    groups = [some, some.select(0, some.persons // 2), some.select(some.persons // 2, some.persons)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(variants, "journey_hashes", hashes)
        insight = ask(PathsQuestion(top_variants=top, longest=longest), groups)
    names = some.landscape.touchpoints
    expected = twins.variants(some, longest)
    ranked = sorted(expected, key=lambda codes: (-expected[codes], len(codes), codes))
    assert [(v.touchpoints, v.persons) for v in insight.variants] == [
        (tuple(names[code] for code in codes), 2 * expected[codes]) for codes in ranked[:top]
    ]
    assert insight.variants_total == len(expected)


@given(journeys())
@settings(max_examples=200, deadline=None)
def test_the_situation_before_a_touch_knows_only_what_came_before(some):
    bins = situations.bins_of(some)
    i = 0
    for touches in twins.persons_of(some):
        for place in range(len(touches)):
            tenure, since, recent, bad, phase = twins.situation(some, touches, place)
            assert bins[i, kernel.TENURE] == np.searchsorted(situations.SECONDS, tenure, "right") - 1
            last = len(situations.SECONDS) - 1
            expected = last if since is None else np.searchsorted(situations.SECONDS, since, "right") - 1
            assert bins[i, kernel.SINCE_LAST] == expected
            assert bins[i, kernel.RECENT] == np.searchsorted(situations.COUNTS, recent, "right") - 1
            assert bins[i, kernel.BAD_SO_FAR] == np.searchsorted(situations.COUNTS, bad, "right") - 1
            assert bins[i, kernel.PHASE] == phase
            i += 1


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_lived_touchpoints_count_touches_persons_and_leavers(data):
    some = data.draw(journeys())
    outcome = data.draw(outcomes(some.landscape))
    insight = ask(LivedQuestion(outcome, PERIOD), [some])
    touches, persons, leavers, felt = Counter(), Counter(), Counter(), Counter()
    lasts = twins.last_actions(some, outcome, END)
    for own, last in zip(twins.persons_of(some), lasts, strict=True):
        touches.update(code for _, code, _ in own)
        persons.update({code for _, code, _ in own})
        felt.update((code, e) for _, code, e in own)
        leavers.update({own[i][1] for i in last})
    for row in insight.touchpoints:
        code = some.landscape.code(row.touchpoint)
        assert (row.touches, row.persons) == (touches[code], persons[code])
        assert (row.bad, row.neutral, row.good) == tuple(felt[code, e] for e in (1, 2, 3))
        if row.drop_off is not None:
            assert round(row.drop_off.estimate * row.persons) == leavers[code]


@given(journeys())
@settings(max_examples=100, deadline=None)
def test_many_touchpoints_are_counted_like_few(some):
    few = count_transitions(some), count_flows(some, 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "DENSE_TOUCHPOINTS", 0)
        many = count_transitions(some), count_flows(some, 4)
    for a, b in zip(few, many, strict=True):
        assert a.keys.tolist() == b.keys.tolist()
        assert a.counts.tolist() == b.counts.tolist()


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 2)), max_size=40),
    st.integers(0, 400),
    st.randoms(use_true_random=False),
)
@settings(deadline=None)
def test_touches_are_sorted_by_person_time_and_arrival(few, many, random):
    touches = few + [(0, random.randrange(50)) for _ in range(many)]
    person, time = (
        np.array([one[at] for one in touches], kind) for at, kind in ((0, np.int32), (1, np.int64))
    )
    order, offsets = sort_touches(person, time, 4)
    assert order.tolist() == sorted(range(len(touches)), key=lambda at: (*touches[at], at))
    assert offsets.tolist() == [sum(one < person for one, _time in touches) for person in range(5)]
