"""Where on a journey model touches happen: by days, or by what was entered before."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import journeys

from wegmarke.analysis.asking import ask
from wegmarke.analysis.journeys import Journeys, Landscape, StartedBy
from wegmarke.analysis.placement import DAY, PhaseWindow, PlacementQuestion


def starter(name, by_company):
    return StartedBy.COMPANY if name in by_company else StartedBy.CUSTOMER


def lived(touches, *phases, by_company=()):
    """Return per touchpoint where its touches happened; `touches` are (person, day, touchpoint)."""
    names = tuple(sorted({name for _, _, name in touches}))
    made = Journeys.build(
        person=np.array([person for person, _, _ in touches]),
        seconds=np.array([round(day * DAY) for _, day, _ in touches]),
        touchpoint=np.array([names.index(name) for _, _, name in touches]),
        landscape=Landscape(names, started_by=tuple(starter(name, by_company) for name in names)),
        persons=1 + max(person for person, _, _ in touches),
    )
    return {one.touchpoint: one for one in ask(PlacementQuestion(phases), [made]).touchpoints}


ONBOARDING = PhaseWindow("onboarding", ("welcome",), from_day=0, to_day=90)
ADOPTION = PhaseWindow("adoption", ("training",), from_day=90, to_day=365)


def test_days_since_the_first_touch_decide_where_phases_have_windows():
    found = lived([(0, 10, "welcome"), (0, 99, "training"), (0, 100, "training")], ONBOARDING, ADOPTION)
    assert found["training"].lived == (("onboarding", 1), ("adoption", 1))
    assert found["welcome"].lived == (("onboarding", 1),)


def test_the_journey_begins_with_the_touch_that_enters_the_first_phase():
    start = PhaseWindow("onboarding", ("welcome",), ("signup",), 0, 90)
    touches = [(0, 0, "ad"), (0, 50, "signup"), (0, 120, "training"), (1, 3, "training")]
    found = lived(touches, start, ADOPTION)
    assert found["ad"].outside == 1  # before the journey began
    assert found["training"].lived == (("onboarding", 1),)
    assert found["training"].outside == 1  # the second person never signed up


def test_open_ends_of_windows_hold_everything_before_and_after():
    before, after = PhaseWindow("before", to_day=0), PhaseWindow("after", from_day=0)
    entered = PhaseWindow("before", entered_by=("order",), to_day=0)
    found = lived([(0, 1, "ad"), (0, 5, "order"), (0, 900, "mail")], entered, after)
    assert (found["ad"].mostly, found["order"].mostly, found["mail"].mostly) == ("before", "after", "after")
    assert lived([(0, 1, "ad")], before, after)["ad"].mostly == "after"


def test_a_window_farther_away_than_anything_is_as_good_as_open():
    far = 1e300
    found = lived(
        [(0, 0, "welcome"), (0, 9, "welcome")],
        PhaseWindow("past", (), from_day=-far, to_day=1),
        PhaseWindow("now", ("welcome",), from_day=1, to_day=far),
    )
    assert found["welcome"].lived == (("past", 1), ("now", 1))


def test_a_contact_by_the_company_lies_in_the_phase_the_customer_entered_last():
    consider = PhaseWindow("consider", ("newsletter", "page"))
    buy, use = PhaseWindow("buy", ("order",)), PhaseWindow("use", ("call",))
    names = [
        "newsletter",
        "page",
        "newsletter",
        "order",
        "newsletter",
        "call",
        "newsletter",
        "page",
        "newsletter",
    ]
    touches = [(0, day, name) for day, name in enumerate(names)]
    found = lived(touches, consider, buy, use, by_company=("newsletter",))
    assert found["newsletter"].lived == (("consider", 3), ("buy", 1), ("use", 1))
    assert found["newsletter"].as_planned.estimate == pytest.approx(0.6)


def test_what_customers_start_enters_its_own_phase_again():
    consider, buy = PhaseWindow("consider", ("page",)), PhaseWindow("buy", ("order",))
    found = lived([(0, 0, "page"), (0, 1, "order"), (0, 2, "page"), (0, 3, "order")], consider, buy)
    assert found["page"].lived == (("consider", 2),)
    assert found["order"].lived == (("buy", 2),)


def test_only_the_named_touchpoints_enter_a_phase_that_names_some():
    consider = PhaseWindow("consider", ("page",), entered_by=("page",))
    buy = PhaseWindow("buy", ("cart", "mail"), entered_by=("order",))
    names = ["page", "cart", "order", "mail", "cart"]
    found = lived([(0, day, name) for day, name in enumerate(names)], consider, buy, by_company=("mail",))
    assert found["cart"].lived == (("consider", 1), ("buy", 1))  # in the basket is not yet bought
    assert found["mail"].lived == (("buy", 1),)


def test_a_touchpoint_the_plan_puts_nowhere_has_no_share_as_planned():
    found = lived([(0, 0, "page"), (0, 1, "chat")], PhaseWindow("consider", ("page",)))
    assert found["chat"].planned is None
    assert found["chat"].as_planned is None
    assert found["chat"].mostly == "consider"


def phases_for(draw, names):
    keys = st.lists(st.sampled_from(names), unique=True, max_size=2).map(tuple)
    day = st.none() | st.integers(-5, 40)
    count = draw(st.integers(0, 3))
    windows = draw(st.booleans())
    return tuple(
        PhaseWindow(f"p{k}", draw(keys), draw(keys), *((draw(day), draw(day)) if windows else ()))
        for k in range(count)
    )


def twin(some, phases):
    """Place every touch, one person at a time; return {touchpoint: [phase key or None, ...]}."""
    names = some.landscape.touchpoints
    by_day = any(p.from_day is not None or p.to_day is not None for p in phases)
    by_company = {
        name for name, by in zip(names, some.landscape.started_by, strict=True) if by is StartedBy.COMPANY
    }
    found = {}
    for a, b in itertools.pairwise(some.offsets.tolist()):
        touches = [(int(some.time[i]), names[some.touchpoint[i]]) for i in range(a, b)]
        anchors = phases[0].entered_by if phases else ()
        start = next((t for t, name in touches if not anchors or name in anchors), None)
        for at, (t, name) in enumerate(touches):
            found.setdefault(name, []).append(
                twin_by_day(t, start, phases)
                if by_day
                else twin_by_order(touches[: at + 1], name, phases, by_company)
            )
    return found


def twin_by_day(t, start, phases):
    for phase in phases:
        if start is None or (phase.from_day is None and phase.to_day is None):
            continue
        low = -np.inf if phase.from_day is None else phase.from_day * DAY
        high = np.inf if phase.to_day is None else phase.to_day * DAY
        if low <= t - start < high:
            return phase.key
    return None


def twin_by_order(so_far, name, phases, by_company):
    entered = {}
    for at, phase in enumerate(phases):
        for key in phase.entered_by or [key for key in phase.touchpoints if key not in by_company]:
            entered.setdefault(key, at)
    reached = [entered[key] for _, key in so_far if key in entered]
    if reached:
        return phases[reached[-1]].key
    return next((phase.key for phase in phases if name in phase.touchpoints), None)


@given(st.data())
@settings(max_examples=200)
def test_the_kernel_agrees_with_its_twin(data):
    some = data.draw(journeys())
    phases = phases_for(data.draw, some.landscape.touchpoints)
    expected = twin(some, phases)
    insight = ask(PlacementQuestion(phases), [some])
    assert [one.touchpoint for one in insight.touchpoints] == [
        n for n in some.landscape.touchpoints if n in expected
    ]
    for one in insight.touchpoints:
        places = expected[one.touchpoint]
        assert dict(one.lived) == {key: places.count(key) for key in dict.fromkeys(places) if key is not None}
        assert one.outside == places.count(None)
        assert one.touches == len(places)
        if one.as_planned is not None:
            assert one.as_planned.estimate == pytest.approx(places.count(one.planned) / len(places))


@given(st.data())
@settings(max_examples=60)
def test_any_split_of_the_persons_gives_the_same_answer(data):
    some = data.draw(journeys())
    question = PlacementQuestion(phases_for(data.draw, some.landscape.touchpoints))
    cut = data.draw(st.integers(0, some.persons))
    assert ask(question, [some.select(0, cut), some.select(cut, some.persons)]) == ask(question, [some])


@pytest.mark.parametrize(
    ("persons", "spread", "truth"), [(15, 0.0, 0.6), (60, 0.25, 0.6), (400, 0.25, 0.6), (60, 0.03, 0.95)]
)
def test_the_share_as_planned_is_covered(persons, spread, truth):
    rng = np.random.default_rng(persons)
    phases = (PhaseWindow("early", ("mail",), from_day=0, to_day=10), PhaseWindow("late", from_day=10))
    held = []
    for _ in range(600):
        habit = np.clip(truth + rng.uniform(-spread, spread, persons), 0, 1)
        person = np.repeat(np.arange(persons), rng.poisson(3, persons) + 1)
        early = rng.random(len(person)) < habit[person]
        # One touch at day 0 begins each journey; the mails follow within the window or after it.
        made = Journeys.build(
            person=np.concatenate([np.arange(persons), person]),
            seconds=np.concatenate([np.zeros(persons, int), np.where(early, 5 * DAY, 20 * DAY)]),
            touchpoint=np.concatenate([np.zeros(persons, int), np.ones(len(person), int)]),
            landscape=Landscape(("start", "mail")),
            persons=persons,
        )
        share = ask(PlacementQuestion(phases), [made]).touchpoints[1].as_planned
        held.append(share.low <= truth <= share.high)
    assert 0.93 <= np.mean(held) <= 0.98
