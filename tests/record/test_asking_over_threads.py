from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from wegmarke.analysis.errors import InvalidJourneysError
from wegmarke.analysis.journeys import Attribute, Journeys, Landscape
from wegmarke.record import running
from wegmarke.record.contracts import Shard


@dataclass(frozen=True)
class Telltale:
    """Adds floats of very different size, so that any other order of adding up would show."""

    passes: int = 2

    def tally(self, journeys, found):
        base = 0.0 if not found else found[0][0] * 1e-9
        worth = float(np.sum(journeys.value.astype(np.float64) ** 9)) * 1e-3
        return Seen((base + worth, journeys.touches, journeys.persons, 1, {threading.get_ident()}))

    def settle(self, total, found):
        return total if len(found) < self.passes else None

    def finish(self, found):
        return found


class Seen(tuple):
    __slots__ = ()

    def __add__(self, other):
        return Seen((*(a + b for a, b in zip(self[:4], other[:4], strict=True)), self[4] | other[4]))


def shard(touches_per_person, *, seed=0, labels=("x",)):
    random = np.random.default_rng(seed)
    person = np.repeat(np.arange(len(touches_per_person)), touches_per_person)
    journeys = Journeys.build(
        person=person,
        seconds=random.integers(0, 1000, len(person)),
        touchpoint=np.zeros(len(person), np.uint8),
        value=random.normal(size=len(person)).astype(np.float32) * 50,
        landscape=Landscape(("t",)),
        persons=len(touches_per_person),
        attributes=(Attribute("a", np.zeros(len(touches_per_person), np.uint8), labels),),
    )
    return Shard(journeys, pa.array([str(at) for at in range(journeys.persons)]))


def without_threads(answer):
    return [seen[:4] for seen in answer]


def test_the_answer_does_not_depend_on_the_number_of_threads(monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 50)
    random = np.random.default_rng(3)
    shards = [shard(random.poisson(3, 200), seed=seed) for seed in range(3)]
    answers = {threads: running.ask(Telltale(), shards, threads=threads) for threads in (1, 2, 7)}
    assert without_threads(answers[1]) == without_threads(answers[2]) == without_threads(answers[7])
    sums = answers[1][0]
    assert sums[1] == sum(one.journeys.touches for one in shards)
    assert sums[2] == 600
    assert sums[3] > 20


def test_threads_share_the_work(monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 10)
    together = threading.Barrier(2, timeout=10)

    class Meeting(Telltale):
        def tally(self, journeys, found):
            if not found:
                together.wait()  # passes only when two chunks are counted at the same time
            return super().tally(journeys, found)

    answer = running.ask(Meeting(), [shard([10] * 4)], threads=2)
    assert len(answer[0][4]) == 2


@pytest.mark.parametrize(
    "touches", [[], [0], [0, 0, 0], [5], [100], [0, 100, 0], [3] * 50, [30, 1, 1, 30, 0, 0, 10], [10, 10, 10]]
)
def test_chunks_are_everybody_once_and_in_order(monkeypatch, touches):
    monkeypatch.setattr(running, "CHUNK", 10)
    whole = shard(touches).journeys
    groups = running.chunks([shard(touches)])
    assert np.array_equal(np.concatenate([group.time for group in groups]), whole.time)
    counts = np.concatenate([np.diff(group.offsets) for group in groups])
    assert counts.tolist() == touches
    assert all(group.touches <= 10 + max(touches, default=0) for group in groups)


def test_shards_without_persons_are_passed_over_unless_there_is_nobody_else():
    assert len(running.chunks([shard([]), shard([1]), shard([])])) == 1
    assert running.chunks([shard([]), shard([])])[0].persons == 0


def test_shards_that_do_not_fit_together_are_refused():
    with pytest.raises(InvalidJourneysError, match="share"):
        running.chunks([shard([1]), shard([1], labels=("y",))])
    with pytest.raises(InvalidJourneysError, match="nothing to ask"):
        running.chunks([])


def test_an_error_in_a_tally_reaches_the_asker(monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)

    class Broken(Telltale):
        def tally(self, journeys, found):
            return super().tally(journeys, found)[0] / 0

    with pytest.raises(ZeroDivisionError):
        running.ask(Broken(), [shard([1] * 20)], threads=3)
