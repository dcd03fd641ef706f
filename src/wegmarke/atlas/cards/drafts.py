"""A touchpoint being edited: what was typed, what it means, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from wegmarke.atlas import links
from wegmarke.atlas.cards import rows
from wegmarke.atlas.cards.forms import TouchpointForm, initial_of
from wegmarke.atlas.cards.labels import FIELDS
from wegmarke.plan.contracts import Text, Touchpoint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from wegmarke.atlas.cards.labels import Label
    from wegmarke.atlas.cards.rows import Rows
    from wegmarke.atlas.pages import Here
    from wegmarke.plan.findings import Finding

EMPTY = Touchpoint(key="", name=Text())
_PATH = re.compile(r"touchpoints\[(\d+)\](?:\.(.+))?")
_PLACE = re.compile(r"(content|events|experience)\[(\d+)\](?:\.where)?(?:\[(\d+)\])?")
_FORM_FIELD = {"name": "name_de", "metric": "metric_target"}


@dataclass(slots=True)
class Problem:
    """Something wrong that the summary names; `anchor` leads to the field."""

    label: Label
    text: str
    anchor: str


@dataclass(slots=True)
class Draft:
    """What stands in the form. `original` is the touchpoint it was made from, at the version `based_on`.

    `rules_stand`: who edits may not change the binding rules, so that the form has none to read.
    """

    form: TouchpointForm
    rows: Rows
    original: Touchpoint
    based_on: int
    rules_stand: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether the touchpoint does not exist yet."""
        return "key" in self.form.fields

    def is_valid(self) -> bool:
        """Say whether the plain fields can be read; lists what cannot."""
        for name, errors in self.form.errors.items():
            label = self.form.fields[name].label or name if name in self.form.fields else name
            self.problems += [Problem(str(label), str(error), f"#id_{name}") for error in errors]
        return self.form.is_valid()

    def touchpoint(self) -> Touchpoint:
        """Return the touchpoint as typed; only after `is_valid`."""
        self.rows.tidy()
        return replace(
            self.original,
            **self.form.changes(self.original),
            owners=tuple(dict.fromkeys(self.rows.owners)),
            phases=tuple(self.rows.phases),
            content=self.rows.contents,
            rules=self.original.rules if self.rules_stand else self.rows.binding_rules,
            experience=self.rows.experience_rules,
        )

    def take(self, findings: Iterable[Finding], at: Here, key: str) -> None:
        """Show findings about the plan at their fields; those of other touchpoints by their name.

        The plan of `at` is the one before the change, in which a new touchpoint comes last, and so does one
        that is added again.
        """
        keys = [one.key for one in at.plan.touchpoints]
        place = len(keys) if self.is_new or key not in keys else keys.index(key)
        for finding in findings:
            text = finding.in_words(gettext)
            match = _PATH.fullmatch(finding.path)
            if match is None or int(match[1]) != place:
                self.problems.append(Problem(_elsewhere(match, at, finding.path), text, ""))
                continue
            path = match[2] or "key"
            self._at_row(path, text)
            name = re.split(r"[\[.]", path)[0]
            anchor = f"#id_{_FORM_FIELD[name]}" if name in _FORM_FIELD else links.anchor(name)
            self.problems.append(Problem(FIELDS.get(name, name), text, anchor))
            if (shown := _FORM_FIELD.get(name, name)) in self.form.fields:
                self.form.add_error(shown, text)

    def _at_row(self, path: str, text: str) -> None:
        match = _PLACE.match(path)
        if match is None:
            return
        lists: dict[str, list[Any]] = {
            "content": self.rows.content,
            "events": self.rows.rules,
            "experience": self.rows.felt,
        }
        found = lists[match[1]]
        at = int(match[2])
        row = found[at] if at < len(found) else None
        if row is not None and match[3] is not None and match[1] != "content":
            row = row.conditions[int(match[3])] if int(match[3]) < len(row.conditions) else row
        if row is not None:
            row.error = text


def _elsewhere(match: re.Match[str] | None, at: Here, path: str) -> str:
    """Say where in the plan a finding is that is not about this touchpoint."""
    if match is None or int(match[1]) >= len(at.plan.touchpoints):
        return path
    other = at.plan.touchpoints[int(match[1])]
    return _("Touchpoint “%(name)s”") % {"name": at.said(other.name) or other.key}


def of(touchpoint: Touchpoint, at: Here, *, based_on: int, new: bool = False) -> Draft:
    """Return the draft of a touchpoint as it stands."""
    form = TouchpointForm(plan=at.plan, language=at.language, new=new, initial=initial_of(touchpoint))
    return Draft(form, rows.rows_of(touchpoint), touchpoint, based_on, rules_stand=not at.may_edit)


def typed(touchpoint: Touchpoint, at: Here, *, based_on: int, comment: str = "") -> Draft:
    """Return a draft that shows a touchpoint somebody has just typed, on another version."""
    draft = of(touchpoint, at, based_on=based_on)
    draft.form.initial["comment"] = comment
    return draft


def sent(post: QueryDict, original: Touchpoint, at: Here, *, based_on: int, new: bool = False) -> Draft:
    """Return the draft that was sent."""
    form = TouchpointForm(post, plan=at.plan, language=at.language, new=new)
    return Draft(form, rows.rows_from(post), original, based_on, rules_stand=not at.may_edit)


def resent(draft: Draft, post: QueryDict, at: Here) -> Draft:
    """Return the same draft without complaints: whoever merely adds a row is not finished yet."""
    shown = {name: post.get(name, "") for name in draft.form.fields} | {"promises": post.getlist("promises")}
    form = TouchpointForm(plan=at.plan, language=at.language, new=draft.is_new, initial=shown)
    return Draft(form, draft.rows, draft.original, draft.based_on, rules_stand=draft.rules_stand)
