"""An analysis as one JSON object: the shape others may build on, described in docs/guide."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wegmarke import __version__
from wegmarke.cli.harmless import spelled_out

if TYPE_CHECKING:
    from wegmarke.analysis.insight import Effect, Estimate, FunnelInsight, LastAction, Moment
    from wegmarke.cli.loading import Loaded
    from wegmarke.cli.request import Request
    from wegmarke.insights.contracts import Analysis

_MOST_VARIANTS = 20
_MOST_TRANSITIONS = 200


def as_json(analysis: Analysis, loaded: Loaded, request: Request) -> str:
    """Return the analysis as the text of one JSON object."""
    whole = as_values(analysis, loaded, request)
    text = json.dumps(_finite(whole), ensure_ascii=False, indent=2, allow_nan=False)
    return (
        spelled_out(text).encode("utf-8", "replace").decode()
    )  # names of files may hold bytes that are no letters


def as_values(analysis: Analysis, loaded: Loaded, request: Request) -> dict[str, Any]:
    """Return the analysis as plain values."""
    moments = analysis.moments.moments if analysis.moments is not None else ()
    actions = analysis.last_actions.actions if analysis.last_actions is not None else ()
    funnel = next(iter(analysis.funnels.values()), None)
    return {
        "period": {"start": _time(analysis.period.start), "end": _time(analysis.period.end)},
        "persons": analysis.persons,
        "touches": analysis.touches,
        "unbound": analysis.unbound,
        "rejected": loaded.rejected.num_rows,
        "parameters": _parameters(analysis, loaded, request),
        "moments": [_moment(moment) for moment in moments],
        "last_actions": [_last_action(action) for action in actions],
        "funnel": None if funnel is None else _funnel(funnel),
        "funnels": {key: _funnel(insight) for key, insight in analysis.funnels.items()},
        "touchpoints": _touchpoints(analysis),
        "paths": _paths(analysis),
    }


def _parameters(analysis: Analysis, loaded: Loaded, request: Request) -> dict[str, Any]:
    plan = analysis.plan
    leaving = plan.leaving
    return {
        "files": list(request.files),
        "columns": {file: _columns(mapping.as_dict()) for file, mapping in loaded.mappings.items()},
        "plan": str(request.plan) if request.plan is not None else None,
        "leaving": list(leaving.touchpoints) if leaving is not None else [],
        "quiet_days": leaving.quiet_days if leaving is not None else None,
        "moving_on": list(plan.moving_on),
        "horizon_days": plan.horizon_days,
        "margin": plan.margin,
        "attributes": list(plan.attributes),
        "timezone": request.timezone or "UTC",
        "version": __version__,
    }


def _columns(mapping: dict[str, Any]) -> dict[str, Any]:
    parts = ("person", "time", "event", "event_name", "experience", "scale", "value")
    return {part: mapping[part] for part in parts if mapping[part] is not None}


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "touchpoint": moment.touchpoint,
        "class": moment.moment_class.value,
        "touches": moment.touches,
        "rated": moment.rated,
        "bad": moment.bad,
        "good": moment.good,
        "bad_on_leaving": _effect(moment.bad_on_leaving),
        "good_on_moving_on": _effect(moment.good_on_moving_on),
        "touch_on_leaving": _effect(moment.touch_on_leaving),
        "touch_on_moving_on": _effect(moment.touch_on_moving_on),
        "e_value": moment.e_value,
        "lost_persons_per_quarter": _range(moment.lost_persons_per_quarter),
        "lost_value_per_quarter": _range(moment.lost_value_per_quarter),
        "touches_needed": moment.touches_needed,
    }


def _effect(effect: Effect | None) -> dict[str, Any] | None:
    if effect is None:
        return None
    names = ("estimate", "low", "high", "q", "crude", "outside_support", "n")
    return {name: getattr(effect, name) for name in names}


def _range(estimate: Estimate | None) -> dict[str, float] | None:
    if estimate is None:
        return None
    return {"estimate": estimate.estimate, "low": estimate.low, "high": estimate.high}


def _share(estimate: Estimate | None) -> dict[str, Any] | None:
    return None if estimate is None else {**(_range(estimate) or {}), "n": estimate.n}


def _last_action(action: LastAction) -> dict[str, Any]:
    return {
        "touchpoint": action.touchpoint,
        "last": action.last,
        "share_of_last": action.share_of_last,
        "share_of_all": action.share_of_all,
        "lift": _range(action.lift),
    }


def _funnel(insight: FunnelInsight) -> dict[str, Any]:
    return {
        "window_days": insight.window_days,
        "persons": insight.persons,
        "steps": [
            {
                "touchpoint": step.touchpoint,
                "persons": step.persons,
                "share": step.share.estimate,
                "share_low": step.share.low,
                "share_high": step.share.high,
                "instead": [
                    {"touchpoint": other.touchpoint, "persons": other.persons, "share": other.share}
                    for other in step.instead
                ],
            }
            for step in insight.steps
        ],
    }


def _touchpoints(analysis: Analysis) -> list[dict[str, Any]]:
    return [
        {
            "touchpoint": lived.touchpoint,
            "phase": lived.phase,
            "touches": lived.touches,
            "persons": lived.persons,
            "bad": lived.bad,
            "neutral": lived.neutral,
            "good": lived.good,
            "experience": _share(lived.experience),
            "drop_off": _share(lived.drop_off),
        }
        for lived in analysis.lived.touchpoints
    ]


def _paths(analysis: Analysis) -> dict[str, Any]:
    paths = analysis.paths
    return {
        "variants": paths.variants_total,
        "most_frequent": [
            {
                "touchpoints": list(variant.touchpoints),
                "persons": variant.persons,
                "share": variant.share.estimate,
            }
            for variant in paths.variants[:_MOST_VARIANTS]
        ],
        "transitions": [
            {"from": step.source, "to": step.target, "count": step.count}
            for step in paths.transitions[:_MOST_TRANSITIONS]
        ],
    }


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _finite(value: Any) -> Any:  # noqa: ANN401 - any plain value
    """Return the value with null for what is no number; JSON knows neither NaN nor infinity."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
