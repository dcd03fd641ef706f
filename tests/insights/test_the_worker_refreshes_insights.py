"""A changed log or plan makes one run: exactly once, all or nothing, and a failure stays visible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from wegmarke.analysis.errors import InvalidQuestionError
from wegmarke.analysis.outcomes import Outcome
from wegmarke.due.claiming import LeaseLostError
from wegmarke.insights import analysing, plans, queries, services, steps, storing
from wegmarke.insights.contracts import State
from wegmarke.insights.models import FunnelRequest, Refresh, StoredInsight
from wegmarke.people import queries as people
from wegmarke.people import services as people_services
from wegmarke.plan import services as plan_services
from wegmarke.plan.contracts import Leaving, Phase, Plan, Text, Touchpoint, one_journey
from wegmarke.record import queries as journeys
from wegmarke.record import services as record
from wegmarke.record.contracts import EVENT_SCHEMA, TRAITS_SCHEMA, BindingRule, Bindings
from wegmarke.team.contracts import NotAllowedError

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLAN = Plan(
    name=Text("Plan", "Plan"), leaving=Leaving(touchpoints=("quit",)), unbound_names_are_touchpoints=True
)


def events(count: int = 400, seed: int = 3) -> pa.Table:
    random = np.random.default_rng(seed)
    begin = datetime(2025, 1, 1, tzinfo=UTC)
    names = ["visit", "pay", "quit", "help"]
    rows = [
        {
            "person": f"p{random.integers(60)}",
            "time": begin + timedelta(minutes=int(random.integers(300_000))),
            "name": names[int(random.integers(4))],
            "rating": float(random.integers(1, 6)),
            "scale": "csat",
            "value": 1.0,
            "properties": None,
        }
        for _ in range(count)
    ]
    return pa.Table.from_pylist(rows, schema=EVENT_SCHEMA)


def append(key: str = "first", **kwargs) -> None:
    record.append(events=events(**kwargs), traits=None, source="test", batch_key=key)


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_without_events_there_is_nothing_to_do():
    assert steps.refresh_one(NOW) is False
    assert not Refresh.objects.exists()
    assert queries.latest() is None
    assert queries.freshness(NOW).state is State.FRESH


def test_new_events_make_one_run_and_then_there_is_nothing_more_to_do():
    append()
    assert queries.freshness(NOW).state is State.WAITING
    assert steps.refresh_one(NOW) is True
    assert steps.refresh_one(later(1)) is False
    stored = queries.latest()
    assert stored.analysis.touches == 400
    assert stored.analysis.persons == 60
    assert {t.touchpoint for t in stored.analysis.lived.touchpoints} == {"visit", "pay", "quit", "help"}
    assert stored.plan_version == plans.NO_PLAN
    assert queries.freshness(later(1)).state is State.FRESH
    assert Refresh.objects.count() == 1


def test_more_events_and_a_new_plan_each_make_another_run():
    append()
    steps.refresh_one(NOW)
    assert queries.latest().analysis.moments is None
    append("second", seed=4)
    assert steps.refresh_one(later(1))
    assert queries.latest().analysis.touches == 800
    plan_services.save(PLAN, by=None, now=NOW)
    assert steps.refresh_one(later(2))
    latest = queries.latest()
    assert latest.plan_version == 1
    assert {m.touchpoint for m in latest.analysis.moments.moments} == {"visit", "pay", "help"}
    assert Refresh.objects.count() == 3


def test_what_is_decided_about_persons_makes_another_run_and_so_does_taking_it_back():
    people.forget()
    append()
    steps.refresh_one(NOW)
    number = people_services.join("p1", "p2", by=None, reason="same address", now=NOW)
    assert steps.refresh_one(later(1)) is True
    assert queries.latest().analysis.persons == 59
    assert queries.latest().analysis.touches == 400
    people_services.undo(number, by=None, now=NOW)
    assert steps.refresh_one(later(2)) is True
    assert queries.latest().analysis.persons == 60
    assert steps.refresh_one(later(3)) is False
    people.forget()


def test_what_is_stored_is_what_asking_again_gives():
    append()
    plan_services.save(PLAN, by=None, now=NOW)
    steps.refresh_one(NOW)
    again = analysing.analyse(journeys.shards(journeys.current_build()), queries.latest().analysis.plan)
    assert queries.latest().analysis == again


def test_many_changes_before_a_run_begins_make_one_run():
    append()
    steps._notice(NOW)
    append("second", seed=4)
    steps._notice(later(1))
    assert Refresh.objects.count() == 1
    assert steps.refresh_one(later(1))
    assert not steps.refresh_one(later(2))
    assert queries.latest().analysis.touches == 800


def test_two_workers_that_notice_the_same_change_make_one_run():
    append()
    steps._notice(NOW)
    steps._notice(NOW)
    assert Refresh.objects.count() == 1


def test_a_worker_that_lost_its_lease_stores_nothing(monkeypatch):
    append()

    def overtaken(*args, **kwargs):
        Refresh.objects.update(lease_token="somebody else")
        return analysing.analyse(*args, **kwargs)

    monkeypatch.setattr(steps, "analyse", overtaken)
    assert steps.refresh_one(NOW) is True
    assert not StoredInsight.objects.exists()
    assert queries.latest() is None
    assert Refresh.objects.get().lease_token == "somebody else"


def test_a_long_build_keeps_its_lease_and_one_that_was_overtaken_does_not_become_current(monkeypatch):
    append()
    until = []
    show = steps._Run._show

    def slowly(run, *args):
        run._clock._from -= 240  # four minutes pass between two signs of life
        show(run, *args)
        until.append(Refresh.objects.get().lease_until)

    monkeypatch.setattr(steps._Run, "_show", slowly)
    assert steps.refresh_one(NOW) is True
    assert queries.latest().analysis.touches == 400
    assert len(until) > 9
    assert all(late - early >= timedelta(minutes=4) for early, late in pairwise(until))

    append("second", seed=4)
    before = journeys.current_build()

    def overtaken(run, *args):
        Refresh.objects.filter(done_at=None).update(lease_token="somebody else")
        show(run, *args)

    monkeypatch.setattr(steps._Run, "_show", overtaken)
    assert steps.refresh_one(later(60)) is True
    assert journeys.current_build() == before


def test_waiting_for_another_build_uses_up_no_attempt(monkeypatch):
    append()

    def busy(*args, **kwargs):
        raise record.BuildRunningError

    with monkeypatch.context() as patched:
        patched.setattr(steps.recording, "build_journeys", busy)
        for minute in range(2 * Refresh.MAX_ATTEMPTS):
            assert steps.refresh_one(later(minute)) is True
            assert queries.freshness(later(minute)).state is State.WAITING
    assert steps.refresh_one(later(60)) is True
    assert queries.latest().analysis.touches == 400


def test_what_another_version_stored_in_another_shape_is_asked_again(monkeypatch):
    append()
    steps.refresh_one(NOW)
    old = queries.latest()
    key = services.ask_funnel(steps=("visit", "pay"), window_days=30, refresh=old.refresh, by=None, now=NOW)
    assert steps.funnel_one(NOW)
    StoredInsight.objects.filter(kind="paths").update(payload='{"of": "another version"}')
    FunnelRequest.objects.update(payload="{}")
    monkeypatch.setattr(storing, "shape", lambda: 7)
    queries.forget()
    assert queries.latest() is None
    assert queries.asked_funnel(key) is None
    assert queries.freshness(later(1)).state is State.WAITING
    assert steps.refresh_one(later(1))
    assert not steps.refresh_one(later(2))
    assert queries.latest().analysis == old.analysis


def test_the_shape_is_that_of_every_stored_type(monkeypatch):
    before = storing.shape()
    assert 0 < before < 2**31
    storing.shape.cache_clear()
    assert storing.shape() == before
    changed = {**storing.TYPES, "facts": storing.Period}
    monkeypatch.setattr(storing, "TYPES", changed)
    storing.shape.cache_clear()
    assert storing.shape() != before
    storing.shape.cache_clear()


def test_storing_and_finishing_are_one_transaction(monkeypatch):
    append()

    def lost(*args, **kwargs):
        raise LeaseLostError

    monkeypatch.setattr(steps.claiming, "finish", lost)
    steps.refresh_one(NOW)
    assert not StoredInsight.objects.exists()


def test_what_no_attempt_can_mend_ends_at_once_in_words_and_the_old_figures_stay():
    append()
    steps.refresh_one(NOW)
    wrong = Plan(
        name=Text("P", "P"), leaving=Leaving(touchpoints=("never seen",)), unbound_names_are_touchpoints=True
    )
    plan_services.save(wrong, by=None, now=NOW)
    assert steps.refresh_one(later(1))
    now = queries.freshness(later(1))
    assert now.state is State.FAILED
    assert "never seen" in now.problem
    assert queries.latest().plan_version == plans.NO_PLAN
    assert not steps.refresh_one(later(60))


def test_an_unexpected_error_is_tried_again_later_and_ends_visibly(monkeypatch):
    append()

    def broken(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(steps.recording, "build_journeys", broken)
        assert steps.refresh_one(NOW)
        troubled = queries.freshness(NOW)
        assert troubled.state is State.TROUBLED
        assert "No space left" in troubled.error
        assert not steps.refresh_one(NOW)
        for hour in range(1, 6):
            steps.refresh_one(NOW + timedelta(hours=hour))
    failed = queries.freshness(NOW + timedelta(hours=7))
    assert failed.state is State.FAILED
    assert Refresh.objects.get().attempts == Refresh.MAX_ATTEMPTS
    assert services.try_again(refresh=failed.refresh, by=None, now=NOW + timedelta(hours=8))
    assert not services.try_again(refresh=failed.refresh, by=None, now=NOW + timedelta(hours=8))
    assert steps.refresh_one(NOW + timedelta(hours=8))
    assert queries.latest().analysis.touches == 400


def test_while_a_run_works_pages_can_say_how_far_it_is(monkeypatch):
    append()
    seen = []

    def watched(*args, **kwargs):
        answer = analysing.analyse(*args, **kwargs)
        seen.append(queries.freshness(NOW))
        return answer

    monkeypatch.setattr(steps, "analyse", watched)
    steps.refresh_one(NOW)
    assert seen[0].state is State.RUNNING
    assert seen[0].done == seen[0].steps > 0
    assert seen[0].share == 1.0


def test_only_the_last_runs_are_kept():
    append()
    for number in range(steps.KEPT_RUNS + 3):
        append(f"more {number}", count=20, seed=number)
        steps.refresh_one(later(number))
    assert Refresh.objects.filter(done_at__isnull=False).count() == steps.KEPT_RUNS


def test_a_funnel_of_ones_own_is_asked_once_and_answered_by_the_worker():
    append()
    steps.refresh_one(NOW)
    refresh = queries.latest().refresh
    key = services.ask_funnel(steps=("visit", "pay"), window_days=30, refresh=refresh, by=None, now=NOW)
    assert (
        services.ask_funnel(steps=("visit", "pay"), window_days=30, refresh=refresh, by=None, now=later(1))
        == key
    )
    assert queries.asked_funnel(key).insight is None
    assert steps.funnel_one(NOW) is True
    assert steps.funnel_one(NOW) is False
    asked = queries.asked_funnel(key)
    assert [step.touchpoint for step in asked.insight.steps] == ["visit", "pay"]
    assert asked.insight.steps[0].persons > 0
    assert not asked.failed


def test_a_funnel_is_answered_from_the_journeys_of_the_run_it_was_asked_of():
    append()
    steps.refresh_one(NOW)
    refresh = queries.latest().refresh
    key = services.ask_funnel(steps=("visit", "pay"), window_days=30, refresh=refresh, by=None, now=NOW)
    append("more", count=400, seed=5)
    before = analysing.ask_funnel(journeys.shards(journeys.current_build()), ("visit", "pay"), 30)
    # a newer run has built its journeys and stored nothing yet
    record.build_journeys(Bindings(unbound_names_are_touchpoints=True), plan_version="1", now=later(1))
    after = analysing.ask_funnel(journeys.shards(journeys.current_build()), ("visit", "pay"), 30)
    assert steps.funnel_one(later(2))
    answered = queries.asked_funnel(key).insight
    assert [one.persons for one in answered.steps] == [one.persons for one in before.steps]
    assert [one.persons for one in answered.steps] != [one.persons for one in after.steps]


def test_only_so_many_funnels_wait_at_once(monkeypatch):
    append()
    steps.refresh_one(NOW)
    monkeypatch.setattr(services, "MOST_WAITING", 2)
    asked = {"window_days": 30, "refresh": queries.latest().refresh, "by": None, "now": NOW}
    services.ask_funnel(steps=("visit", "pay"), **asked)
    services.ask_funnel(steps=("pay", "visit"), **asked)
    with pytest.raises(services.TooManyQuestionsError):
        services.ask_funnel(steps=("pay", "pay"), **asked)
    services.ask_funnel(steps=("visit", "pay"), **asked)  # asked already
    steps.funnel_one(NOW)
    services.ask_funnel(steps=("pay", "pay"), **asked)


def test_an_account_that_was_closed_asks_nothing(django_user_model):
    gone = django_user_model.objects.create_user("gone", is_active=False)
    with pytest.raises(NotAllowedError):
        services.ask_funnel(steps=("visit", "pay"), window_days=30, refresh=1, by=gone, now=NOW)
    with pytest.raises(NotAllowedError):
        services.try_again(refresh=1, by=gone, now=NOW)


def test_a_funnel_through_what_does_not_exist_fails_in_words():
    append()
    steps.refresh_one(NOW)
    refresh = queries.latest().refresh
    key = services.ask_funnel(steps=("visit", "nowhere"), window_days=30, refresh=refresh, by=None, now=NOW)
    steps.funnel_one(NOW)
    asked = queries.asked_funnel(key)
    assert asked.failed
    assert "nowhere" in asked.problem
    with pytest.raises(InvalidQuestionError):
        services.ask_funnel(steps=("visit",), window_days=30, refresh=refresh, by=None, now=NOW)
    assert FunnelRequest.objects.count() == 1


def test_the_outcome_is_what_the_plan_says():
    silence = Plan(name=Text("P", "P"), leaving=Leaving(quiet_days=10), moving_on=("x",), horizon_days=20)
    assert analysing.outcome_of(silence) == Outcome(quiet_days=10, moving_on=("x",), horizon_days=20)
    event = Plan(name=Text("P", "P"), leaving=Leaving(touchpoints=("quit",)), horizon_days=7)
    assert analysing.outcome_of(event) == Outcome(leaving=("quit",), horizon_days=7)


def test_a_plan_that_says_neither_leaving_nor_moving_on_has_no_outcome():
    nothing = Plan(name=Text("P", "P"))
    phases = tuple(Phase(key, Text(key, key)) for key in ("a", "b"))
    assert analysing.outcome_of(nothing) is None
    assert analysing.outcome_of(Plan(name=Text("P", "P"), journeys=one_journey(*phases[:1]))) is None
    assert analysing.outcome_of(Plan(name=Text("P", "P"), journeys=one_journey(*phases))) == Outcome()
    assert analysing.outcome_of(Plan(name=Text("P", "P"), moving_on=("x",))) == Outcome(moving_on=("x",))


def test_progress_is_told_before_each_question_and_at_the_end():
    append()
    steps.refresh_one(NOW)
    told = []
    analysing.analyse(
        journeys.shards(journeys.current_build()), PLAN, progress=lambda *step: told.append(step)
    )
    asked = [
        "moments",
        "last_actions",
        "lived",
        "paths",
        "trend",
        "monthly",
        "spread 0",
        "load 0",
        "departments 0",
    ]
    assert [step[0] for step in told] == [*asked, ""]
    assert [step[1] for step in told] == list(range(10))
    assert {step[2] for step in told} == {9}


def test_map_matrix_and_audit_are_asked_by_the_first_attributes_of_the_plan():
    traits = pa.Table.from_pylist(
        [
            {"person": f"p{k}", "name": name, "value": f"{name} {k % 2}"}
            for k in range(60)
            for name in ("one", "two", "three", "four")
        ],
        schema=TRAITS_SCHEMA,
    )
    record.append(events=events(), traits=traits, source="test", batch_key="first")
    planned = Touchpoint(
        "paying",
        Text("P", "P"),
        phases=("buy",),
        channel="web",
        department="Shop",
        rules=(BindingRule("pay"),),
    )
    plan_services.save(
        Plan(
            name=Text("P", "P"),
            journeys=one_journey(Phase("buy", Text("B", "B"))),
            touchpoints=(planned,),
            attributes=("three", "one", "two", "four"),
            unbound_names_are_touchpoints=True,
        ),
        by=None,
        now=NOW,
    )
    steps.refresh_one(NOW)
    found = queries.latest().analysis
    assert list(found.spread) == ["", "three", "one", "two"]
    assert list(found.load_by) == ["three", "one", "two"]
    assert {cell.cell for cell in found.load.cells} == {("buy", "web")}
    assert list(found.departments) == ["", "three", "one", "two"]
    assert {cell.cell for cell in found.departments["one"].cells} == {("buy", "Shop")}
    paying = next(t for t in found.lived.touchpoints if t.touchpoint == "paying")
    assert sum(cell.touches for cell in found.load.cells) == paying.touches
    assert sum(cell.touches for cell in found.load_by["one"].totals) == found.touches
    assert sum(group.touches for group in found.spread["two"].groups) == found.touches
    assert sum(month.touches for t in found.monthly.touchpoints for month in t.months) == found.touches


def test_every_kind_that_is_stored_can_be_read():
    assert set(storing.TYPES) == set(StoredInsight.Kind)
