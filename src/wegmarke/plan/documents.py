"""Plans as YAML documents, for version control and for people: `load` reads one, `dump` writes one."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from wegmarke.plan import explaining, layout
from wegmarke.plan.composing import MAX_CHARACTERS, UnreadableError
from wegmarke.plan.findings import Finding, PlanError, gettext_noop
from wegmarke.plan.plain import plain_plan, plan_of
from wegmarke.plan.reading import Read, read
from wegmarke.plan.rules import findings_of
from wegmarke.plan.shapes import Many

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wegmarke.plan.contracts import Plan, Text

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
    plan = plan_of(found.value)
    if check and (senseless := findings_of(plan)):
        raise PlanDocumentError(file, tuple(_placed(finding, found) for finding in senseless))
    return plan


@dataclass(frozen=True, slots=True)
class TouchpointsRead:
    """The touchpoints of a document as plain values with the lines they begin in.

    `names` are those the document has for its own phases, steps and promises, by key.
    """

    entries: tuple[tuple[int, dict[str, Any]], ...]
    names: Mapping[str, Text]


def load_touchpoints(source: str | Path, *, file: str | None = None) -> TouchpointsRead:
    """Return the touchpoints of a document: a list of them, or a whole plan of which the rest is left alone.

    Raises `PlanDocumentError` with everything that does not fit. Whether they make sense in a plan is not
    looked at.
    """
    try:
        text = _text_of(source) if isinstance(source, Path) else source
        whole = _is_plan(text)
        found = read(text, layout.PLAN if whole else Many(layout.TOUCHPOINT))
    except UnreadableError as error:
        raise PlanDocumentError(file, (error.finding,)) from None
    if found.findings:
        raise PlanDocumentError(file, tuple(found.findings))
    plan = plan_of(found.value) if whole else None
    entries = found.value.get("touchpoints", []) if whole else found.value
    start = "touchpoints" if whole else ""
    lines = [found.places[f"{start}[{at}]"][0] for at in range(len(entries))]
    return TouchpointsRead(tuple(zip(lines, entries, strict=True)), {} if plan is None else _names_in(plan))


def _is_plan(text: str) -> bool:
    """Say whether a document is a plan, not a list: its first line that says something begins no entry."""
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith(("#", "%", "---"))), "")
    return not first.startswith(("-", "["))


def _names_in(plan: Plan) -> dict[str, Text]:
    names = {promise.key: promise.name for promise in plan.promises}
    for journey in plan.journeys:
        for phase in journey.phases:
            names[phase.key] = phase.name
            names.update({step.key: step.name for step in phase.steps})
    return names


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
    if "phases" in found.places:  # the short way to write the one journey
        path = path.removeprefix("journeys[0].")
    while path and path not in found.places:
        path = re.sub(r"(\.[^.\[\]]*|\[\d+\]|^[^.\[]*)$", "", path)
    line, column = found.places.get(path, (1, 1))
    return Finding(finding.path, finding.problem, finding.values, line, column)


def dump(plan: Plan, *, explained: Callable[[str], str] | None = None, check: bool = True) -> str:
    """Return the document of a plan: keys in the order of the format, defaults left out.

    With `explained`, which translates (usually Django's `gettext`), each section says what its keys mean.
    `load(dump(plan)) == plan` for every valid plan, with and without them. Raises `PlanError` for one that is
    not valid, unless `check` is False: for versions saved before a rule existed.
    """
    if check and (senseless := findings_of(plan)):
        raise PlanError(senseless)
    if explained is None:
        return _written(plain_plan(plan))
    sections = [
        explaining.section(key, explained) + _written({key: value}) for key, value in plain_plan(plan).items()
    ]
    return "\n".join([explaining.head(explained), *sections])


def _written(plain: dict[str, Any]) -> str:
    yaml = YAML(typ="rt", pure=True)
    yaml.width = _WIDTH
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(_safe(plain), out)
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
