import numpy as np
import pytest
from hypothesis import given
from strategies import journeys

from wegmarke.analysis.errors import InvalidJourneysError, InvalidQuestionError
from wegmarke.analysis.funnel import FunnelQuestion
from wegmarke.analysis.journeys import Journeys, Landscape
from wegmarke.analysis.moments import MomentsQuestion
from wegmarke.analysis.outcomes import Outcome, Period, codes_of, seconds_of

A_AND_B = Landscape(("A", "B"))


def build(**changed):
    columns = {
        "person": np.array([0, 1, 0]),
        "seconds": np.array([5, 3, 5]),
        "touchpoint": np.array([0, 1, 1]),
        "landscape": A_AND_B,
        "persons": 2,
    }
    return Journeys.build(**{**columns, **changed})


def test_equal_times_stay_in_order_of_arrival():
    built = build()
    assert built.touchpoint.tolist() == [0, 1, 1]
    assert built.offsets.tolist() == [0, 2, 3]


@given(journeys())
def test_touches_stand_by_person_and_time(some):
    for a, b in zip(some.offsets[:-1], some.offsets[1:], strict=True):
        assert (np.diff(some.time[a:b]) >= 0).all()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"person": np.array([0, 1, 2])}, "person codes must lie in 0..1"),
        ({"person": np.array([0, 1])}, "columns differ in length"),
        ({"touchpoint": np.array([0, 2, 1])}, "touchpoint codes must lie in 0..1"),
        ({"seconds": np.array([-1, 3, 5])}, "68 years"),
        ({"seconds": np.array([2**31, 3, 5])}, "68 years"),
        ({"experience": np.array([0, 4, 0])}, "experience"),
    ],
)
def test_columns_that_do_not_fit_are_refused(changed, told):
    with pytest.raises(InvalidJourneysError, match=told):
        build(**changed)


def test_falling_times_are_refused_when_built_by_hand():
    good = build()
    with pytest.raises(InvalidJourneysError, match="must not fall within a person"):
        Journeys(
            offsets=np.array([0, 3]),
            time=np.array([5, 3, 5], np.int32),
            touchpoint=good.touchpoint,
            experience=good.experience,
            value=good.value,
            landscape=A_AND_B,
        )


def test_more_than_256_touchpoints_get_wider_codes():
    wide = build(landscape=Landscape(tuple(f"t{k}" for k in range(300))), touchpoint=np.array([0, 299, 1]))
    assert wide.touchpoint.dtype == np.uint16
    assert build().touchpoint.dtype == np.uint8


def test_two_touchpoints_of_one_name_are_refused():
    with pytest.raises(InvalidJourneysError, match="differ"):
        Landscape(("A", "A"))


@pytest.mark.parametrize("days", [1e300, float("inf")])
def test_more_days_than_kernels_can_count_are_a_century(days):
    outcome = Outcome(quiet_days=days, horizon_days=days)
    assert outcome.quiet_seconds == outcome.horizon_seconds == seconds_of(36_525)
    assert seconds_of(1.5) == 129_600


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Outcome(leaving=("A",), quiet_days=3), "either an event or silence"),
        (lambda: Outcome(quiet_days=0), "quiet period must be longer than 0 days"),
        (lambda: Outcome(horizon_days=0), "longer than 0 days"),
        (lambda: FunnelQuestion(("A",), 3), "2 to 32 steps"),
        (lambda: FunnelQuestion(("A", "B"), 0), "longer than 0 days"),
        (lambda: MomentsQuestion(Outcome(), Period(0, 1), margin=2), "between 0 and 1"),
        (lambda: codes_of(("A", "nowhere"), A_AND_B), "no such touchpoint: nowhere"),
    ],
)
def test_questions_that_contradict_themselves_are_refused(make, told):
    with pytest.raises(InvalidQuestionError, match=told):
        make()
