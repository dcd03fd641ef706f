"""A sender may send so much in one moment, and is told when to come again."""

from __future__ import annotations

from wegmarke.capture.receiving import limits
from wegmarke.capture.receiving.limits import Buckets, Rate


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def buckets() -> tuple[Buckets, Clock]:
    clock = Clock()
    return Buckets(Rate(per_second=10, burst=100), clock), clock


def test_a_burst_passes_and_then_the_rate_counts():
    many, clock = buckets()
    assert many.take("a", 100) == 0
    assert many.take("a", 5) == 0.5
    clock.now += 0.5
    assert many.take("a", 5) == 0


def test_one_sender_does_not_slow_another():
    many, _clock = buckets()
    many.take("a", 100)
    assert many.take("b", 100) == 0


def test_a_batch_larger_than_the_burst_passes_once_and_is_paid_for_afterwards():
    many, clock = buckets()
    assert many.take("a", 300) == 0
    clock.now += 20
    assert many.take("a", 1) > 0
    clock.now += 1
    assert many.take("a", 1) == 0


def test_refused_senders_do_not_pay():
    many, clock = buckets()
    many.take("a", 100)
    for _ in range(50):
        many.take("a", 10)
    clock.now += 1
    assert many.take("a", 10) == 0


def test_memory_stays_bounded_whoever_comes(monkeypatch):
    monkeypatch.setattr(limits, "MOST_SENDERS", 1_000)
    many, _clock = buckets()
    for sender in range(5_000):
        many.take(f"{sender}", 50)
    assert len(many._level) <= 1_001
