"""Asks the standard questions of one set of journeys under one plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wegmarke.analysis.funnel import FunnelQuestion
from wegmarke.analysis.last_actions import LastActionsQuestion
from wegmarke.analysis.lived import LivedQuestion
from wegmarke.analysis.load import LoadQuestion
from wegmarke.analysis.moments import MomentsQuestion
from wegmarke.analysis.monthly import MonthlyQuestion
from wegmarke.analysis.outcomes import Outcome, Period
from wegmarke.analysis.paths import PathsQuestion
from wegmarke.analysis.placement import PlacementQuestion
from wegmarke.analysis.spread import SpreadQuestion
from wegmarke.analysis.trend import TrendQuestion
from wegmarke.insights.cells import by_channel, by_department, cells_of
from wegmarke.insights.contracts import EVERYBODY, Analysis
from wegmarke.insights.courses import phases_of
from wegmarke.record.laying import period_of
from wegmarke.record.running import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wegmarke.analysis.asking import Question
    from wegmarke.analysis.insight import FunnelInsight
    from wegmarke.plan.contracts import Plan
    from wegmarke.record.contracts import Shard

    Progress = Callable[[str, int, int], None]

MOST_ATTRIBUTES = 3


def outcome_of(plan: Plan) -> Outcome | None:
    """Return what leaving and moving on are under this plan; None where it says neither."""
    leaving = plan.leaving
    if leaving is None and not plan.moving_on and len(plan.phases) < 2:  # noqa: PLR2004 - one phase has no next
        return None
    quiet = leaving.quiet_days if leaving is not None else None
    return Outcome(
        leaving=leaving.touchpoints if leaving is not None and quiet is None else (),
        quiet_days=quiet,
        moving_on=plan.moving_on,
        horizon_days=plan.horizon_days,
    )


def analyse(shards: Sequence[Shard], plan: Plan, *, progress: Progress | None = None) -> Analysis:
    """Ask the standard questions and each funnel of the plan.

    `progress(what, done, all)` is called before each question and once at the end. Raises `AnalysisError`
    where the plan asks for what the journeys cannot answer.
    """
    period = period_of(shards)
    groupings = _groupings(shards)
    questions = _questions(plan, period) | _map_questions(shards, plan, period)
    answers: dict[str, Any] = {}
    for done, (key, question) in enumerate(questions.items()):
        if progress is not None:
            progress(key, done, len(questions))
        answers[key] = ask(question, shards)
    if progress is not None:
        progress("", len(questions), len(questions))
    return Analysis(
        plan=plan,
        period=period,
        persons=sum(shard.journeys.persons for shard in shards),
        touches=sum(shard.journeys.touches for shard in shards),
        unbound=sum(shard.unbound for shard in shards),
        moments=answers.get("moments"),
        last_actions=answers.get("last_actions"),
        lived=answers["lived"],
        paths=answers["paths"],
        trend=answers["trend"],
        monthly=answers["monthly"],
        spread={name: answers[f"spread {place}"] for place, name in enumerate(groupings)},
        load=answers["load 0"],
        placement={journey.key: answers[f"placement {journey.key}"] for journey in plan.journeys},
        load_by={name: answers[f"load {place}"] for place, name in enumerate(groupings) if place},
        departments={name: answers[f"departments {place}"] for place, name in enumerate(groupings)},
        funnels={funnel.key: answers[f"funnel {funnel.key}"] for funnel in plan.funnels},
    )


def ask_funnel(shards: Sequence[Shard], steps: tuple[str, ...], window_days: float) -> FunnelInsight:
    """Ask one funnel of any touchpoints."""
    return ask(FunnelQuestion(steps=steps, window_days=window_days), shards)


def _questions(plan: Plan, period: Period) -> dict[str, Question[Any]]:
    """Return the standard questions by name, in the order they are asked."""
    outcome = outcome_of(plan)
    questions: dict[str, Question[Any]] = {}
    if outcome is not None:
        questions["moments"] = MomentsQuestion(outcome=outcome, period=period, margin=plan.margin)
        questions["last_actions"] = LastActionsQuestion(outcome=outcome, period=period)
    watched = outcome or Outcome(horizon_days=plan.horizon_days)
    questions["lived"] = LivedQuestion(outcome=watched, period=period)
    questions["paths"] = PathsQuestion()
    questions["trend"] = TrendQuestion(outcome=watched, period=period)
    for funnel in plan.funnels:
        questions[f"funnel {funnel.key}"] = FunnelQuestion(funnel.steps, funnel.window_days, period)
    return questions


def _groupings(shards: Sequence[Shard]) -> tuple[str, ...]:
    """Return what makes groups of persons: nothing, then the first few attributes the journeys know."""
    names = (attribute.name for attribute in shards[0].journeys.attributes)
    return (EVERYBODY, *(name for name in names if name != EVERYBODY))[: MOST_ATTRIBUTES + 1]


def _map_questions(shards: Sequence[Shard], plan: Plan, period: Period) -> dict[str, Question[Any]]:
    """Return the questions behind map, matrix and audit, by name and place of the attribute."""
    watched = outcome_of(plan) or Outcome(horizon_days=plan.horizon_days)
    touchpoints = shards[0].journeys.landscape.touchpoints
    rows = {
        "load": cells_of(plan, touchpoints, by_channel),
        "departments": cells_of(plan, touchpoints, by_department),
    }
    questions: dict[str, Question[Any]] = {"monthly": MonthlyQuestion(outcome=watched, period=period)}
    for journey in plan.journeys:
        questions[f"placement {journey.key}"] = PlacementQuestion(phases_of(journey, plan))
    for place, name in enumerate(_groupings(shards)):
        questions[f"spread {place}"] = SpreadQuestion(attribute=name or None)
        for key, (cells, names) in rows.items():
            questions[f"{key} {place}"] = LoadQuestion(period, cells, names, attribute=name or None)
    return questions
