import pytest

from wegmarke.analysis.insight import Effect, MomentClass
from wegmarke.analysis.verdicts import Effects, classify, deciding, sensitivity, touches_needed

MARGIN = 0.02


def effect(estimate, low, high, q=0.001, n=1000):
    return Effect(estimate, low, high, q, q, estimate, 0.0, n, n, 0.1 + estimate, 0.1)


STRONG = effect(0.08, 0.05, 0.11)
NOTHING = effect(0.001, -0.01, 0.012, q=0.9)
UNCLEAR = effect(0.03, -0.01, 0.07, q=0.2)
SMALL = effect(0.01, 0.005, 0.015)


def verdict(bad=None, good=None, leaving=None, moving=None, *, often_bad=False, by_company=True):
    effects = Effects(bad, good, leaving, moving)
    return classify(effects, often_bad=often_bad, started_by_company=by_company, margin=MARGIN)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (MomentClass.BREAKS, verdict(bad=STRONG)),
        (MomentClass.BREAKS, verdict(bad=STRONG, good=STRONG, leaving=STRONG)),
        (MomentClass.ANNOYS_COSTS, verdict(leaving=STRONG)),
        (MomentClass.ADVANCES, verdict(moving=STRONG)),
        (MomentClass.ADVANCES, verdict(good=STRONG, bad=UNCLEAR)),
        (MomentClass.DELIGHTS, verdict(good=STRONG, bad=NOTHING)),
        (MomentClass.ANNOYS_HARMLESS, verdict(bad=NOTHING, often_bad=True)),
        (MomentClass.UNPROVEN, verdict(bad=NOTHING, often_bad=False)),
        (MomentClass.UNPROVEN, verdict(bad=UNCLEAR, often_bad=True)),
        (MomentClass.UNPROVEN, verdict()),
    ],
)
def test_the_class_follows_from_the_intervals(expected, got):
    assert got is expected


def test_an_effect_below_the_margin_breaks_nothing_however_certain():
    assert verdict(bad=SMALL) is MomentClass.UNPROVEN


def test_an_effect_that_does_not_survive_the_correction_breaks_nothing():
    assert verdict(bad=effect(0.08, 0.001, 0.16, q=0.06)) is MomentClass.UNPROVEN


def test_not_significant_is_not_the_same_as_harmless():
    wide = effect(0.0, -0.05, 0.05, q=1.0)
    assert verdict(bad=wide, often_bad=True) is MomentClass.UNPROVEN


def test_asking_for_help_does_not_drive_away_who_asks():
    assert verdict(leaving=STRONG, by_company=False) is MomentClass.UNPROVEN


def test_the_bound_of_the_e_value_is_one_where_the_interval_covers_no_effect():
    assert sensitivity(UNCLEAR)[1] == 1.0
    assert sensitivity(STRONG)[1] > 1.0


def test_four_times_the_touches_halve_the_interval():
    # Interval +-0.04 around 0.03 must shrink to +-0.03: (4/3)**2 times the touches.
    assert touches_needed(UNCLEAR, MARGIN) == pytest.approx(1000 * ((4 / 3) ** 2 - 1), abs=1)


def test_no_number_is_promised_for_an_effect_at_the_very_edge():
    assert touches_needed(effect(0.0199, -0.01, 0.05, q=0.2), MARGIN) is None


def test_what_is_settled_needs_no_more_touches():
    assert touches_needed(NOTHING, MARGIN) is None


def test_an_unproven_verdict_rests_on_what_could_still_be_proven():
    effects = Effects(None, None, STRONG, UNCLEAR)
    unproven = MomentClass.UNPROVEN
    assert deciding(effects, unproven, started_by_company=False, margin=MARGIN) is UNCLEAR
    assert deciding(effects, unproven, started_by_company=True, margin=MARGIN) is STRONG
