"""What is wrong with a plan, said so that a person can mend it. Pure: no Django, no files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


MAX_FINDINGS = 50
"""Nobody reads more of them at once."""


def gettext_noop(message: str) -> str:
    """Mark a message for translation; it is translated where it is shown, by `Finding.in_words`."""
    return message


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a plan.

    `path` leads to the place, for example `touchpoints[3].phases[0]`; `problem` is an English sentence with
    `%(name)s` places for `values`; `line` and `column` count from 1 and are 0 where there is no document.
    """

    path: str
    problem: str
    values: Mapping[str, object] = field(default_factory=dict)
    line: int = 0
    column: int = 0

    def in_words(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence; `translate` is usually Django's `gettext`."""
        sentence = translate(self.problem)
        return sentence % self.values if self.values else sentence.replace("%%", "%")

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.in_words()


class PlanError(ValueError):
    """A plan with findings; nothing was saved."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """Keep all findings, the message names each with its path."""
        self.findings = findings
        super().__init__("\n".join(f"{f.path}: {f}" if f.path else str(f) for f in findings))
