"""The short version of simulations/recovery.py; the long one's figures stand in docs/methods/moments.md."""

import pytest
from recovery import recover


@pytest.fixture(scope="module")
def recovery():
    return recover(8, first_seed=500)


def test_planted_moments_of_material_size_are_found(recovery):
    assert recovery.found_share >= 0.95


def test_hardly_a_claim_is_false(recovery):
    assert recovery.false_share <= 0.05


def test_intervals_hold_the_true_effect(recovery):
    # 704 intervals of 8 companies: a true 95 % gives 92.5 to 97.5 % in all but one run of a few hundred.
    assert recovery.intervals.total() > 650
    assert 0.925 <= recovery.covered_share <= 0.975


def test_the_crude_difference_would_fall_into_most_traps(recovery):
    assert recovery.crude_traps >= recovery.traps / 2
    # … while none of the claims above rests on a trap alone: the false share holds for them as well.


@pytest.mark.slow
def test_intervals_cover_where_there_is_little_data():
    small = recover(12, persons=400, first_seed=900)
    assert 0.925 <= small.covered_share <= 0.975
