"""The interval of a hand-over holds the true difference, although persons pass several touchpoints."""

from __future__ import annotations

import numpy as np

from wegmarke.atlas.audit.handovers import Exit, hand_overs

RUNS, PERSONS = 400, 400
SEED = 20_261_124


def lived(random: np.random.Generator, lost: float, within: float) -> list[Exit]:
    """Let persons pass three touchpoints in turn; who leaves at one never comes to the next.

    Some leave easily and some hardly, so that who comes far is no chance sample: the true difference is that
    of the hazards of those who are there.
    """
    made = []
    here = random.beta(4, 4, PERSONS) * 2  # each person's own factor on every hazard
    for name, crossing, hazard in (("a", 0.0, within), ("b", 1.0, lost), ("c", 0.0, within)):
        left = random.random(len(here)) < np.minimum(here * hazard, 1.0)
        made.append((Exit(name, "use", "x", "y", crossing, len(here), int(left.sum())), here))
        here = here[~left]
    return made


def truth(made, lost: float, within: float) -> float:
    """Return the true difference, given who came to each touchpoint."""
    a, b, c = (here for _exit, here in made)
    rest = np.concatenate([a, c])
    return float(np.mean(b) * lost - np.mean(rest) * within)


def test_the_interval_of_a_hand_over_covers():
    random = np.random.default_rng(SEED)
    covered = 0
    for _ in range(RUNS):
        made = lived(random, 0.15, 0.05)
        (found,) = hand_overs([one for one, _here in made], 0.5)
        covered += found.more.low <= truth(made, 0.15, 0.05) <= found.more.high
    assert 0.93 <= covered / RUNS <= 0.985


def test_without_any_difference_hand_overs_are_hardly_ever_claimed():
    random = np.random.default_rng(SEED + 1)
    claimed = 0
    for _ in range(RUNS):
        (found,) = hand_overs([one for one, _here in lived(random, 0.05, 0.05)], 0.5)
        claimed += found.q <= 0.05 and found.more.low > 0
    assert claimed / RUNS <= 0.04  # one side of a two-sided test of 5 %


def test_a_real_difference_is_found():
    random = np.random.default_rng(SEED + 2)
    (found,) = hand_overs([one for one, _here in lived(random, 0.40, 0.05)], 0.5)
    assert found.q < 0.001
    assert found.more.low > 0
