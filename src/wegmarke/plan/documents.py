"""Plans as YAML documents, for version control and for people: `load` reads one, `dump` writes one."""

from __future__ import annotations

import io
import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from wegmarke.analysis.journeys import Experience, StartedBy
from wegmarke.plan import layout
from wegmarke.plan.contracts import Funnel, Leaving, Phase, Plan, Text, Touchpoint
from wegmarke.plan.findings import Finding, PlanError, gettext_noop
from wegmarke.plan.reading import MAX_CHARACTERS, Read, UnreadableError, read
from wegmarke.plan.rules import findings_of
from wegmarke.record.contracts import BindingRule, Condition, ExperienceRule, Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_DEFAULTS = Plan(name=Text("", ""))
_FELT = {"bad": Experience.BAD, "good": Experience.GOOD, "neutral": Experience.NEUTRAL}
_WIDTH = 110


class PlanDocumentError(PlanError):
    """A plan document that cannot be used: names file, line, column, reason; `findings` has all of them."""

    def __init__(self, file: str | None, findings: tuple[Finding, ...]) -> None:
        """Keep the findings; the first one is the headline."""
        super().__init__(findings)
        first = findings[0]
        self.file, self.line, self.column, self.message = file, first.line, first.column, str(first)

    def lines(self, translate: Callable[[str], str] = str) -> tuple[str, ...]:
        """Return one line per finding: file, line, column, sentence."""
        file = self.file or "plan"
        return tuple(f"{file}:{f.line}:{f.column}: {f.in_words(translate)}" for f in self.findings)

    def __str__(self) -> str:
        """Return all findings in English, one a line."""
        return "\n".join(self.lines())


def load(source: str | Path, *, check: bool = True) -> Plan:
    """Return the plan in a document: the text itself, or the path of a file.

    Raises `PlanDocumentError` with everything that does not fit, by line and column. With `check=False` only
    the form is looked at, not whether the plan makes sense: for versions saved before a rule existed.
    """
    file = str(source) if isinstance(source, Path) else None
    try:
        found = read(_text_of(source) if isinstance(source, Path) else source, layout.PLAN)
    except UnreadableError as error:
        raise PlanDocumentError(file, (error.finding,)) from None
    if found.findings:
        raise PlanDocumentError(file, tuple(found.findings))
    plan = _plan(found.value)
    if check and (senseless := findings_of(plan)):
        raise PlanDocumentError(file, tuple(_placed(finding, found) for finding in senseless))
    return plan


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(4 * MAX_CHARACTERS + 1)
        return content.decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableError(
            _nowhere(gettext_noop("The file cannot be read: %(reason)s."), reason=reason)
        ) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = gettext_noop("The file is not UTF-8 text.")
        raise UnreadableError(Finding("", problem, {}, line, 1)) from None


def _nowhere(problem: str, **values: object) -> Finding:
    return Finding("", problem, values, 1, 1)


def _placed(finding: Finding, found: Read) -> Finding:
    """Give a finding of the rules its place in the text: the nearest part of its path that was written."""
    path = finding.path
    while path and path not in found.places:
        path = re.sub(r"(\.[^.\[\]]*|\[\d+\]|^[^.\[]*)$", "", path)
    line, column = found.places.get(path, (1, 1))
    return Finding(finding.path, finding.problem, finding.values, line, column)


def _plan(plain: dict[str, Any]) -> Plan:
    return Plan(
        name=_text(plain["name"]),
        phases=tuple(Phase(one["key"], _text(one["name"])) for one in plain.get("phases", ())),
        touchpoints=tuple(_touchpoint(one) for one in plain.get("touchpoints", ())),
        leaving=_leaving(plain.get("leaving")),
        moving_on=tuple(plain.get("moving_on", ())),
        horizon_days=plain.get("horizon_days", _DEFAULTS.horizon_days),
        margin=plain.get("margin", _DEFAULTS.margin),
        attributes=tuple(plain.get("attributes", ())),
        funnels=tuple(_funnel(one) for one in plain.get("funnels", ())),
        currency=plain.get("currency"),
        unbound_names_are_touchpoints=plain.get("unbound_names_are_touchpoints", False),
    )


def _text(plain: str | dict[str, str]) -> Text:
    if isinstance(plain, str):
        return Text(de=plain, en=plain)
    return Text(de=plain.get("de", ""), en=plain.get("en", ""))


def _touchpoint(plain: dict[str, Any]) -> Touchpoint:
    felt = plain.get("experience", {})
    otherwise = felt.get("otherwise")
    starter = plain.get("started_by")
    return Touchpoint(
        key=plain["key"],
        name=_text(plain["name"]),
        phases=tuple(plain.get("phases", ())),
        channel=plain.get("channel"),
        owner=plain.get("owner"),
        started_by=StartedBy[starter.upper()] if starter else StartedBy.UNKNOWN,
        rules=tuple(_rule(one) for one in plain.get("events", ())),
        experience=tuple(_experience_rules(felt)),
        otherwise=Experience[otherwise.upper()] if otherwise else None,
    )


def _rule(plain: str | dict[str, Any]) -> BindingRule:
    if isinstance(plain, str):
        return BindingRule(plain)
    return BindingRule(plain["event"], tuple(_condition(one) for one in plain.get("where", ())))


def _experience_rules(felt: dict[str, Any]) -> Iterable[ExperienceRule]:
    for word, entries in felt.items():
        if word in _FELT:
            for entry in entries:
                conditions = entry.get("all", (entry,))
                yield ExperienceRule(_FELT[word], tuple(_condition(one) for one in conditions))
        elif word == "rules":
            for group in entries:
                yield from _experience_rules(group)


def _condition(plain: dict[str, Any]) -> Condition:
    operator = next(Operator(key) for key in plain if key != "property")
    value = plain[operator.value]
    return Condition(plain["property"], operator, tuple(value) if isinstance(value, list) else value)


def _leaving(plain: dict[str, Any] | None) -> Leaving | None:
    if plain is None:
        return None
    return Leaving(tuple(plain.get("touchpoints", ())), plain.get("quiet_days"))


def _funnel(plain: dict[str, Any]) -> Funnel:
    return Funnel(plain["key"], _text(plain["name"]), tuple(plain["steps"]), plain["window_days"])


def dump(plan: Plan) -> str:
    """Return the document of a plan: keys in the order of the format, defaults left out.

    `load(dump(plan)) == plan` for every valid plan. Raises `PlanError` for one that is not.
    """
    if senseless := findings_of(plan):
        raise PlanError(senseless)
    yaml = YAML(typ="rt", pure=True)
    yaml.width = _WIDTH
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(_safe(_plain_plan(plan)), out)
    return out.getvalue()


def _safe(plain: Any) -> Any:  # noqa: ANN401 - any plain value
    """Quote the texts that YAML would read as something else or that hold what no line can."""
    if isinstance(plain, dict):
        return {key: _safe(value) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_safe(value) for value in plain]
    if isinstance(plain, str) and (not plain.isprintable() or plain != plain.strip()):
        return DoubleQuotedScalarString(plain)
    return plain


def _given(**pairs: Any) -> dict[str, Any]:
    return {key: value for key, value in pairs.items() if value is not None and value != []}


def _plain_plan(plan: Plan) -> dict[str, Any]:
    return _given(
        name=_plain_text(plan.name),
        phases=[{"key": phase.key, "name": _plain_text(phase.name)} for phase in plan.phases],
        touchpoints=[_plain_touchpoint(touchpoint) for touchpoint in plan.touchpoints],
        leaving=_plain_leaving(plan.leaving),
        moving_on=list(plan.moving_on),
        horizon_days=_unless(plan.horizon_days, _DEFAULTS.horizon_days),
        margin=_unless(plan.margin, _DEFAULTS.margin),
        attributes=list(plan.attributes),
        funnels=[_plain_funnel(funnel) for funnel in plan.funnels],
        currency=plan.currency,
        unbound_names_are_touchpoints=_unless(plan.unbound_names_are_touchpoints, False),
    )


def _unless(value: float, default: float) -> float | None:
    return None if value == default else value


def _plain_text(text: Text) -> str | dict[str, str]:
    if text.de == text.en:
        return text.de
    return {key: value for key, value in (("de", text.de), ("en", text.en)) if value}


def _plain_touchpoint(touchpoint: Touchpoint) -> dict[str, Any]:
    started_by = touchpoint.started_by
    return _given(
        key=touchpoint.key,
        name=_plain_text(touchpoint.name),
        phases=list(touchpoint.phases),
        channel=touchpoint.channel,
        owner=touchpoint.owner,
        started_by=None if started_by is StartedBy.UNKNOWN else started_by.name.lower(),
        events=[_plain_rule(rule) for rule in touchpoint.rules],
        experience=_plain_experience(touchpoint) or None,
    )


def _plain_rule(rule: BindingRule) -> str | dict[str, Any]:
    if not rule.where:
        return rule.event
    return {"event": rule.event, "where": [_plain_condition(one) for one in rule.where]}


def _plain_experience(touchpoint: Touchpoint) -> dict[str, Any]:
    groups = [
        (felt.name.lower(), [_plain_when(rule) for rule in rules])
        for felt, rules in groupby(touchpoint.experience, key=lambda rule: rule.experience)
    ]
    words = [word for word, _ in groups]
    plain: dict[str, Any] = dict(groups)
    if len(set(words)) < len(words):
        plain = {"rules": [{word: rules} for word, rules in groups]}
    if touchpoint.otherwise is not None:
        plain["otherwise"] = touchpoint.otherwise.name.lower()
    return plain


def _plain_when(rule: ExperienceRule) -> dict[str, Any]:
    conditions = [_plain_condition(one) for one in rule.when]
    return conditions[0] if len(conditions) == 1 else {"all": conditions}


def _plain_condition(condition: Condition) -> dict[str, Any]:
    value = condition.value
    return {
        "property": condition.key,
        condition.operator.value: list(value) if isinstance(value, tuple) else value,
    }


def _plain_leaving(leaving: Leaving | None) -> dict[str, Any] | None:
    if leaving is None:
        return None
    return _given(touchpoints=list(leaving.touchpoints), quiet_days=leaving.quiet_days)


def _plain_funnel(funnel: Funnel) -> dict[str, Any]:
    return {
        "key": funnel.key,
        "name": _plain_text(funnel.name),
        "steps": list(funnel.steps),
        "window_days": funnel.window_days,
    }
