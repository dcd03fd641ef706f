"""Plain values of a plan as people read them; a part of `atlas.changes`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.formats import localize
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wegmarke.atlas import channels, measures, rule_words
from wegmarke.atlas.fields import KINDS, WORDS
from wegmarke.atlas.fields import said as in_words
from wegmarke.atlas.phase_days import days
from wegmarke.plan import parts
from wegmarke.plan.contracts import Measure, Metric, Text
from wegmarke.ui.numbers import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from wegmarke.plan.contracts import Plan, Touchpoint

_REFERENCES = {
    ("touchpoints", "phases"): "phases",
    ("touchpoints", "promises"): "promises",
    ("goals", "touchpoints"): "touchpoints",
    ("goals", "phases"): "phases",
    ("funnels", "steps"): "touchpoints",
    ("", "moving_on"): "touchpoints",
}
"""Lists of keys, by the kind of item and the field they stand in, with what the keys are of."""
_SEVERAL = ("phases", "content", "events", "not_touchpoints")
"""Lists of larger entries: where one differs, only what differs is shown."""


def named_in(kind: str, key: str, plain: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], object]]:
    """Yield the names one plain item holds: its own, and those of the phases of a journey model."""
    yield (kind, key), plain.get("name")
    for phase in plain.get("phases", ()) if kind == "journeys" else ():
        yield ("phases", phase["key"]), phase["name"]
        for step in phase.get("steps", ()):
            yield ("phases", step["key"]), step["name"]


class Values:
    """Writes plain values in the active language; knows the names of everything in some plans."""

    def __init__(self, plans: Sequence[Plan], brought: Mapping[tuple[str, str], object]) -> None:
        """Read all names once; those of later plans win."""
        self.language = get_language() or "en"
        self._names = {place: self.text(name) for place, name in brought.items() if name}
        self._measures: dict[str, Measure] = {}
        for plan in plans:
            self._read(plan)

    def _read(self, plan: Plan) -> None:
        lists: dict[str, Sequence[Any]] = {
            "touchpoints": plan.touchpoints,
            "funnels": plan.funnels,
            "goals": plan.goals,
            "promises": plan.promises,
            "journeys": plan.journeys,
            "phases": [phase for journey in plan.journeys for phase in journey.phases],
        }
        lists["steps"] = [step for phase in lists["phases"] for step in phase.steps]
        for kind, items in lists.items():
            for one in items:
                place = ("phases" if kind == "steps" else kind, one.key)
                unnamed = plan.name.in_language(self.language) if kind == "journeys" else one.key
                self._names[place] = one.name.in_language(self.language) or unnamed
        self._measures.update({goal.key: goal.metric.measure for goal in plan.goals})

    def title(self, kind: str, key: str) -> str:
        """Return what an item is called: Touchpoint “Payment”."""
        name = self._names.get((kind, key), key)
        return (
            _("%(kind)s “%(name)s”") % {"kind": KINDS.get(kind, kind), "name": name} if key else _("The plan")
        )

    def names(self, kind: str, keys: object) -> str:
        """Return a list of keys as names."""
        names = [str(self._names.get((kind, key), key)) for key in keys] if isinstance(keys, list) else []
        return ", ".join(names)

    def text(self, value: object) -> str:
        """Return a plain text in the active language."""
        if isinstance(value, dict):
            return Text(value.get("de", ""), value.get("en", "")).in_language(self.language)
        return str(value)

    def differing(self, kind: str, key: str, name: str, sides: tuple[object, object]) -> tuple[str, str]:
        """Return both sides of a field; of lists of larger entries only the entries that differ.

        Where the two read the same in this language, both languages are shown.
        """
        if name in _SEVERAL and (kind, name) not in _REFERENCES:
            old, new = (side if isinstance(side, list) else [] for side in sides)
            kept = ([one for one in old if one not in new], [one for one in new if one not in old])
            sides = kept if any(kept) else (old, new)
        before, after = (self.said(kind, key, name, side) for side in sides)
        if before == after:
            if name == "channel":  # two spellings of one
                return str(sides[0]), str(sides[1])
            before, after = (_both(side, text) for side, text in zip(sides, (before, after), strict=True))
        return before, after

    def said(self, kind: str, key: str, name: str, value: object) -> str:
        """Return one value; empty for None."""
        if value is None or value == []:
            return ""
        if (kind, name) in _REFERENCES:
            return self.names(_REFERENCES[kind, name], value)
        if name in WORDS:
            return in_words(name, value)
        if kind == "goals" and name in ("target", "start") and key in self._measures:
            return measures.written(self._measures[key], float(str(value)))
        return self._writer(name)(value)

    def _writer(self, name: str) -> Callable[[Any], str]:
        """Return what writes the values of a field that is no plain text or number."""
        special: dict[str, Callable[[Any], str]] = {
            "phases": self._phases,
            "content": self._content,
            "events": self._rules,
            "not_touchpoints": self._rules,
            "experience": self._experience,
            "metric": _metric,
            "leaving": self._leaving,
            "measure": _measure,
            "channel": channels.name_of,
            "until": _day,
            "since": _day,
            "funnel": lambda one: self.names("funnels", [one]),
        }
        return special.get(name, self._plain)

    def _plain(self, value: object) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, int | float):
            return str(localize(value))
        if isinstance(value, list):
            return ", ".join(self._plain(one) for one in value)
        return self.text(value)

    def _phases(self, phases: Any) -> str:  # noqa: ANN401 - plain values
        return "; ".join(self._phase(one) for one in phases)

    def _phase(self, phase: Mapping[str, Any]) -> str:
        parts = []
        if "from_day" in phase or "to_day" in phase:
            parts.append(days(phase.get("from_day"), phase.get("to_day")))
        if "goal" in phase:
            parts.append(_("goal: %(goal)s") % {"goal": self.text(phase["goal"])})
        if "entered_by" in phase:
            entered = self.names("touchpoints", phase["entered_by"])
            parts.append(_("begins with: %(touchpoints)s") % {"touchpoints": entered})
        if "steps" in phase:
            steps = ", ".join(self.text(step["name"]) for step in phase["steps"])
            parts.append(_("steps: %(steps)s") % {"steps": steps})
        name = self.text(phase["name"])
        return f"{name} ({'; '.join(parts)})" if parts else name

    def _content(self, entries: Any) -> str:  # noqa: ANN401 - plain values
        said = []
        for one in entries:
            for_whom = [
                one.get("segment", ""),
                self.names("phases", [one["phase"]]) if "phase" in one else "",
            ]
            whom = ", ".join(word for word in for_whom if word)
            text = self.text(one["text"])
            said.append(f"{whom}: {text}" if whom else text)
        return "; ".join(said)

    def _rules(self, rules: Any) -> str:  # noqa: ANN401 - plain values
        return _joined(rule_words.rules(holding("events", rules)))

    def _experience(self, felt: Any) -> str:  # noqa: ANN401 - plain values
        return _joined(rule_words.experiences(holding("experience", felt)))

    def _leaving(self, leaving: Any) -> str:  # noqa: ANN401 - plain values
        if "quiet_days" in leaving:
            return _("silence of %(days)s days") % {"days": self._plain(leaving["quiet_days"])}
        return self.names("touchpoints", leaving["touchpoints"])


def holding(field: str, plain: object) -> Touchpoint:
    """Return a touchpoint that has one field as a document has it."""
    holder: Touchpoint = parts.READERS["touchpoints"]({"key": "k", "name": "n", field: plain})
    return holder


def _joined(sentences: Iterable[rule_words.Parts]) -> str:
    return "; ".join(map(rule_words.as_text, sentences))


def _measure(name: str) -> str:
    return str(measures.MEASURES[Measure(name)])


def _metric(plain: Any) -> str:  # noqa: ANN401 - plain values
    return measures.in_words(Metric(Measure(plain["measure"]), plain["target"]))


def _day(written: object) -> str:
    return measures.day(date.fromisoformat(str(written)))


def _both(side: object, text: str) -> str:
    """Return a text with both of its languages; what is none stays as it is."""
    if isinstance(side, dict) and set(side) <= {"de", "en"}:
        return " / ".join(side.get(language) or NONE for language in ("de", "en"))
    return text
