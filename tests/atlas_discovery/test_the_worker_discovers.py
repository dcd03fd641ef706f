"""A changed log or plan makes one run: exactly once, and a failure stays visible."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from discovery_samples import PLAN

from wegmarke.atlas.discovery import looking, queries, steps
from wegmarke.atlas.models import Discovery
from wegmarke.due.claiming import LeaseLostError
from wegmarke.insights.contracts import State
from wegmarke.plan import services as plans
from wegmarke.plan.contracts import Text, Touchpoint
from wegmarke.record import services as record
from wegmarke.record.contracts import EVENT_SCHEMA, BindingRule, Condition, Operator

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CALL = BindingRule("call")


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def rows(count=60, **changed):
    """Let people order, call and get two mails, in turn."""
    names = ("order", "call", "email_delivered", "email_delivered")
    for at in range(count):
        properties = {"campaign": ("spring", "winter")[at % 4 - 2]} if at % 4 > 1 else {}
        base = dict.fromkeys(("rating", "scale", "value"))
        time = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=at)
        yield {
            **base,
            "person": f"p{at // 4 % 10}",
            "time": time,
            "name": names[at % 4],
            "properties": json.dumps(properties),
            **changed,
        }


def append(key="first", **kwargs):
    record.append(
        events=pa.Table.from_pylist(list(rows(**kwargs)), schema=EVENT_SCHEMA),
        traits=None,
        source="test",
        batch_key=key,
    )


def found():
    return {tuple(r.event for r in one.rules) + tuple(c.value for c in one.rules[0].where): one.events
            for one in queries.latest().found.candidates}  # fmt: skip


def test_without_events_there_is_nothing_to_do():
    assert steps.discover_one(NOW) is False
    assert not Discovery.objects.exists()
    assert queries.progress(NOW).state == State.FRESH


def test_events_are_looked_through_once():
    append()
    assert queries.progress(NOW).state == State.WAITING
    assert steps.discover_one(NOW) is True
    assert steps.discover_one(later(1)) is False
    assert found() == {
        ("order",): 15,
        ("call",): 15,
        ("email_delivered", "spring"): 15,
        ("email_delivered", "winter"): 15,
    }
    assert queries.progress(later(1)).state == State.FRESH
    assert (queries.latest().found.persons, queries.latest().found.touched) == (10, 10)


def test_names_with_ids_in_them_are_one_thing():
    orders = [next(rows(1, name=f"order {10_000 + at} shipped", person=f"p{at}")) for at in range(20)]
    table = pa.Table.from_pylist(orders, schema=EVENT_SCHEMA)
    record.append(events=table, traits=None, source="test", batch_key="ids")
    assert steps.discover_one(NOW)
    assert found() == {("order * shipped",): 20}


def test_what_the_plan_binds_or_leaves_alone_is_not_proposed():
    append()
    plans.save(replace(PLAN, not_touchpoints=(CALL,)), by=None, now=NOW)
    steps.discover_one(NOW)
    assert found() == {("email_delivered", "spring"): 15, ("email_delivered", "winter"): 15}


def test_names_that_are_touchpoints_without_a_rule_are_proposed_all_the_same():
    append()
    plans.save(replace(PLAN, unbound_names_are_touchpoints=True), by=None, now=NOW)
    steps.discover_one(NOW)
    assert ("call",) in found()


def test_more_events_another_rule_and_something_taken_back_each_make_another_run():
    append()
    plans.save(replace(PLAN, not_touchpoints=(CALL,)), by=None, now=NOW)
    assert steps.discover_one(NOW)
    append("second", count=80)
    assert steps.discover_one(later(1))
    mail = BindingRule("email_delivered", (Condition("campaign", Operator.IS, "spring"),))
    plans.add_touchpoints([Touchpoint("m", Text("M", "M"), rules=(mail,))], by=None, now=NOW)
    assert steps.discover_one(later(2))
    assert ("call",) not in found()
    plans.look_again([CALL], by=None, now=NOW)
    assert steps.discover_one(later(3))
    assert ("call",) in found()
    plans.leave_alone([CALL], by=None, now=NOW)
    assert steps.discover_one(later(4))
    assert ("call",) not in found()
    assert not steps.discover_one(later(5))
    assert Discovery.objects.count() <= steps.KEPT_RUNS


def test_a_new_name_of_a_touchpoint_looks_at_nothing_again():
    append()
    saved = plans.save(PLAN, by=None, now=NOW).plan
    assert steps.discover_one(NOW)
    renamed = replace(saved.touchpoints[0], name=Text("Kauf", "Purchase"))
    plans.change_touchpoints({"order"}, lambda _one: renamed, by=None, now=NOW)
    assert not steps.discover_one(later(1))


def test_changes_while_a_run_waits_make_no_second_one(monkeypatch):
    append()
    steps._notice(NOW)
    append("second", count=80)
    steps._notice(later(1))
    assert Discovery.objects.count() == 1
    assert steps.discover_one(later(2))
    assert found()["call",] == 35


def finish_after(seconds: int):
    Discovery.objects.update(done_at=NOW + timedelta(seconds=seconds))


def test_after_a_long_run_more_events_wait_until_the_worker_has_done_other_things_for_long():
    append()
    assert steps.discover_one(NOW)
    finish_after(seconds=3)
    append("second", count=80)
    rest = timedelta(seconds=3 + 3 * steps.RESTS)
    assert not steps.discover_one(NOW + rest - timedelta(seconds=1))
    append("third", count=40)
    assert not steps.discover_one(NOW + rest - timedelta(seconds=1))
    assert found()["call",] == 15
    assert steps.discover_one(NOW + rest)
    assert found()["call",] == 45


def test_a_very_long_run_rests_an_hour():
    append()
    assert steps.discover_one(NOW)
    finish_after(seconds=600)
    append("second", count=80)
    assert not steps.discover_one(NOW + timedelta(seconds=599) + steps.LONGEST_REST)
    assert steps.discover_one(NOW + timedelta(seconds=600) + steps.LONGEST_REST)


def test_a_changed_plan_is_looked_at_without_a_rest():
    append()
    assert steps.discover_one(NOW)
    finish_after(seconds=60)
    append("second", count=80)
    assert not steps.discover_one(later(2))
    plans.save(replace(PLAN, not_touchpoints=(CALL,)), by=None, now=NOW)
    assert steps.discover_one(later(2))
    assert ("call",) not in found()


def test_a_failure_is_tried_again_and_then_stays_visible(monkeypatch):
    append()

    def fail(*_args):
        msg = "the disk is gone"
        raise OSError(msg)

    with monkeypatch.context() as broken:
        broken.setattr(steps, "look", fail)
        assert steps.discover_one(NOW)
        assert queries.progress(later(0)).state == State.TROUBLED
        assert not steps.discover_one(NOW)
        for attempt in range(1, 4):
            assert steps.discover_one(later(10 * attempt))
    state = queries.progress(later(40))
    assert (state.state, state.error) == (State.FAILED, "OSError: the disk is gone")
    assert queries.try_again(state.run, now=later(41))
    assert steps.discover_one(later(41))
    assert queries.progress(later(41)).state == State.FRESH


def test_a_run_that_never_came_back_is_taken_over(monkeypatch):
    append()

    class Killed(BaseException):
        pass

    def die(*_args):
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(steps, "look", die)
        with pytest.raises(Killed):
            steps.discover_one(NOW)
    assert queries.progress(NOW).state == State.RUNNING
    assert not steps.discover_one(later(1))
    assert steps.discover_one(later(6))
    assert len(found()) == 4


def test_two_workers_do_a_run_once(monkeypatch):
    append()
    seen = []

    def look(plan, progress):
        progress(1, 2)
        seen.append(steps.discover_one(NOW))
        assert queries.progress(NOW).share == 0.5
        return looking.look(plan, progress)

    monkeypatch.setattr(steps, "look", look)
    assert steps.discover_one(NOW)
    assert seen == [False]
    assert Discovery.objects.get().attempts == 1


def test_who_lost_the_run_writes_nothing(monkeypatch):
    append()

    def look(plan, progress):
        Discovery.objects.update(lease_token="somebody else")
        with pytest.raises(LeaseLostError):
            progress(1, 2)
        return looking.look(plan, lambda _done, _steps: None)

    monkeypatch.setattr(steps, "look", look)
    assert steps.discover_one(NOW)
    assert queries.latest() is None


def test_the_step_is_one_of_the_workers():
    from wegmarke.site.worker import STEPS, load

    assert "wegmarke.atlas.discovery.steps.discover_one" in [step.name for step in load(STEPS)]
