"""How well the moments are recovered where the truth is known: found, falsely claimed, covered.

    python simulations/recovery.py --companies 100

The latest figures stand in docs/methods/moments.md.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from dataclasses import dataclass, field

from companies import COMPANY, simulate

from wegmarke.analysis.asking import ask
from wegmarke.analysis.insight import MomentClass
from wegmarke.analysis.moments import MomentsQuestion

CONTRASTS = ("bad_on_leaving", "good_on_moving_on", "touch_on_leaving", "touch_on_moving_on")
MATERIAL = 0.02


@dataclass
class Recovery:
    """What was planted, claimed and covered over all companies."""

    planted: Counter = field(default_factory=Counter)
    found: Counter = field(default_factory=Counter)
    claimed: Counter = field(default_factory=Counter)
    false: Counter = field(default_factory=Counter)
    intervals: Counter = field(default_factory=Counter)
    covered: Counter = field(default_factory=Counter)
    crude_traps: int = 0
    traps: int = 0

    def add(self, seed: int, persons: int) -> None:
        """Simulate one company and hold the verdicts against its truth."""
        company = simulate(seed, persons=persons)
        insight = ask(MomentsQuestion(company.outcome, company.period, MATERIAL), [company.journeys])
        moments = {m.touchpoint: m for m in insight.moments}
        for p in COMPANY:
            moment, truth = moments[p.name], company.truth[p.name]
            self._verdict(p.expected, moment.moment_class, truth)
            self._coverage(moment, truth)
            if p.name.startswith("trap") and moment.bad_on_leaving is not None:
                self.traps += 1
                self.crude_traps += moment.bad_on_leaving.crude > MATERIAL

    def _verdict(self, expected, got, truth) -> None:  # noqa: ANN001
        bad, good, touch_leaving, touch_buying = truth
        if expected is not None:
            self.planted[expected] += 1
            alike = {expected, MomentClass.ADVANCES} if expected is MomentClass.DELIGHTS else {expected}
            self.found[expected] += got in alike
        if got is MomentClass.UNPROVEN:
            return
        self.claimed[got] += 1
        true = {
            MomentClass.BREAKS: bad > 0,
            MomentClass.ANNOYS_COSTS: touch_leaving > 0,
            MomentClass.ADVANCES: max(_number(good), touch_buying) > 0,
            MomentClass.DELIGHTS: good > 0 and abs(bad) < MATERIAL,
            MomentClass.ANNOYS_HARMLESS: abs(bad) < MATERIAL,
        }
        self.false[got] += not true[got]

    def _coverage(self, moment, truth) -> None:  # noqa: ANN001
        for name, value in zip(CONTRASTS, truth, strict=True):
            effect = getattr(moment, name)
            if effect is None or math.isnan(value):
                continue
            self.intervals[name] += 1
            self.covered[name] += effect.low <= value <= effect.high

    @property
    def found_share(self) -> float:
        """Share of planted moments that were found; harmless annoyances are none and counted apart."""
        moments = [c for c in self.planted if c is not MomentClass.ANNOYS_HARMLESS]
        return sum(self.found[c] for c in moments) / sum(self.planted[c] for c in moments)

    @property
    def false_share(self) -> float:
        """Share of claims that are false."""
        return self.false.total() / max(self.claimed.total(), 1)

    @property
    def covered_share(self) -> float:
        """Share of intervals that hold the true effect."""
        return self.covered.total() / self.intervals.total()

    def report(self) -> str:
        """Return the figures as text."""
        lines = [
            (
                f"moments found {self.found_share:.1%}, false among claims {self.false_share:.1%}, "
                f"covered {self.covered_share:.1%}; "
                f"the crude difference would claim {self.crude_traps} of {self.traps} traps"
            )
        ]
        lines += [
            f"  {c.value:16} planted {self.planted[c]:4} found {self.found[c]:4} "
            f"claimed {self.claimed[c]:4} false {self.false[c]:3}"
            for c in MomentClass
        ]
        lines += [
            f"  {n:20} {self.covered[n] / self.intervals[n]:.1%} of {self.intervals[n]}" for n in CONTRASTS
        ]
        return "\n".join(lines)


def _number(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def recover(companies: int, *, persons: int = 5_000, first_seed: int = 0) -> Recovery:
    """Return the recovery over so many companies."""
    recovery = Recovery()
    for seed in range(first_seed, first_seed + companies):
        recovery.add(seed, persons)
    return recovery


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=100)
    parser.add_argument("--persons", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(recover(options.companies, persons=options.persons, first_seed=options.seed).report())
