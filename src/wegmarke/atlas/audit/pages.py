"""What stands on the page of the audit: findings in words, narrowed down and gathered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from wegmarke.atlas import links, verdict_words
from wegmarke.atlas.audit import wording
from wegmarke.atlas.audit.contracts import Kind, Severity
from wegmarke.atlas.audit.words import KINDS, SEVERITIES
from wegmarke.atlas.journeymap.content import View
from wegmarke.atlas.verdicts import Verdict
from wegmarke.insights.links import with_query
from wegmarke.insights.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.utils.safestring import SafeString

    from wegmarke.analysis.insight import MomentsInsight
    from wegmarke.atlas.audit.contracts import Accepted, Finding, Ground
    from wegmarke.atlas.audit.words import KindWords
    from wegmarke.atlas.pages import Here
    from wegmarke.insights.words import ClassWords
    from wegmarke.plan.contracts import Plan, Touchpoint

MOST_SHOWN = 5
NOBODY = "-"
"""In an address: findings that belong to no department, or to no owner."""
TAKEN_OVER = (Kind.NO_OWNER, Kind.OWNER_UNCLEAR)
IN_MATRIX = (Kind.OVERLOADED_PHASE,)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for; an empty field asks for everything."""

    severity: str = ""
    kind: str = ""
    department: str = ""
    owner: str = ""
    verdict: str = ""
    accepted: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """Read an address; nonsense asks for nothing."""
        return cls(
            severity=query.get("severity", "") if query.get("severity") in list(Severity) else "",
            kind=query.get("kind", "") if query.get("kind") in list(Kind) else "",
            department=query.get("department", ""),
            owner=query.get("owner", ""),
            verdict=query.get("verdict", "") if query.get("verdict") in list(Verdict) else "",
            accepted=bool(query.get("accepted")),
        )


@dataclass(frozen=True, slots=True)
class Voice:
    """What findings are said with, the same for all of a page."""

    names: Names
    insight: MomentsInsight | None
    judged: frozenset[str]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding as a page shows it; what is costly is said only of those that are really shown."""

    finding: Finding
    voice: Voice
    departments: tuple[str, ...]
    owners: tuple[str, ...]
    accepted: Accepted | None
    may: bool

    @property
    def severity(self) -> ClassWords:
        """How much it matters, in words."""
        return SEVERITIES[self.finding.severity]

    @property
    def words(self) -> KindWords:
        """What its kind is called."""
        return KINDS[self.finding.kind]

    @property
    def sentence(self) -> str:
        """What was found."""
        return wording.sentence(self.finding, self.voice.names, self.voice.insight)

    @property
    def linked(self) -> SafeString:
        """The sentence, in which names of touchpoints lead to their cards."""
        name = self.voice.names.touchpoint
        return links.in_sentence(self.sentence, {key: name(key) for key in self.finding.touchpoints})

    @property
    def evidence(self) -> str:
        """The address of what it rests on."""
        return _evidence(self.finding, self.voice.judged)

    @property
    def mend(self) -> str:
        """The address where it can be mended."""
        return _mend(self.finding)

    @property
    def touchpoint(self) -> str:
        """The touchpoint it is about; empty where it is about a phase."""
        return self.finding.touchpoints[0] if self.finding.touchpoints else ""

    @property
    def may_take_over(self) -> bool:
        """Whether the reader can become the owner with one click."""
        return self.may and self.finding.kind in TAKEN_OVER

    @property
    def may_retire(self) -> bool:
        """Whether the reader can retire it with one click."""
        return self.may and self.finding.kind is Kind.DEAD


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one kind: the first few, and an address (`url`) with all of them."""

    kind: Kind
    words: KindWords
    severity: ClassWords
    shown: tuple[ShownFinding, ...]
    rest: int
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Concerned:
    """One department or owner with what is theirs."""

    name: str
    url: str
    touchpoints: int
    counts: Mapping[Severity, int]


def belongs(finding: Finding, about: list[Touchpoint]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the departments and the owners a finding concerns: a hand-over concerns both departments."""
    departments = [one.department for one in about if one.department]
    if (handed := finding.values.get("hand_over")) is not None:
        departments.append(handed.exit.to)  # type: ignore[attr-defined]
    owners = [owner for one in about for owner in one.owners]
    return tuple(dict.fromkeys(departments)), tuple(dict.fromkeys(owners))


def findings(
    found: Iterable[Finding], ground: Ground, at: Here, accepted: Mapping[str, Accepted]
) -> list[ShownFinding]:
    """Say all findings, in their order."""
    insight = None if ground.analysis is None else ground.analysis.moments
    judged = frozenset() if insight is None else frozenset(one.touchpoint for one in insight.moments)
    voice = Voice(Names(at.plan), insight, judged)
    by_key = {one.key: one for one in at.plan.touchpoints}
    shown, may_all = [], at.may_edit
    for one in found:
        about = [by_key[key] for key in one.touchpoints if key in by_key]
        departments, owners = belongs(one, about)
        may = may_all or (all(map(at.may_edit_touchpoint, about)) if about else at.may_edit)
        shown.append(ShownFinding(one, voice, departments, owners, accepted.get(one.key), may))
    return shown


def _evidence(finding: Finding, judged: frozenset[str]) -> str:
    if finding.kind is Kind.HAND_OVER:
        return "#table-hand-overs"
    if finding.kind is Kind.LIVED_ELSEWHERE:
        return with_query(reverse("atlas:map"), {"view": View.LIVED})
    return links.evidence(finding.touchpoints[0], judged) if finding.touchpoints else ""


def _mend(finding: Finding) -> str:
    if finding.touchpoints:
        return links.field(finding.touchpoints[0], finding.field)
    if finding.kind in IN_MATRIX:
        return links.matrix({"phase": finding.phase})
    return links.touchpoints({"phase": finding.phase})


def narrowed(shown: Iterable[ShownFinding], wanted: Wanted) -> list[ShownFinding]:
    """Return what the address asks for; accepted findings only where it asks for them."""
    return [
        one
        for one in shown
        if (one.accepted is not None) == wanted.accepted
        and wanted.severity in ("", one.finding.severity)
        and wanted.kind in ("", one.finding.kind)
        and _theirs(wanted.department, one.departments)
        and _theirs(wanted.owner, one.owners)
    ]


def _theirs(wanted: str, names: Sequence[str]) -> bool:
    return not wanted or (not names if wanted == NOBODY else wanted in names)


def groups(shown: Sequence[ShownFinding], query: Mapping[str, str], *, every: bool) -> list[Group]:
    """Gather findings by kind, the gravest kinds first."""
    gathered: dict[Kind, list[ShownFinding]] = {}
    for one in shown:
        gathered.setdefault(one.finding.kind, []).append(one)
    most = len(shown) if every else MOST_SHOWN
    return [
        Group(
            kind=kind,
            words=KINDS[kind],
            severity=all_of[0].severity,
            shown=tuple(all_of[:most]),
            rest=max(len(all_of) - most, 0),
            count=len(all_of),
            url=with_query(_here(), query, kind=kind),
        )
        for kind, all_of in gathered.items()
    ]


def concerned(
    shown: Sequence[ShownFinding], plan: Plan, query: Mapping[str, str], by: str
) -> list[Concerned]:
    """Count findings by department or by owner (`by`), most grave ones first; nobody's stand under "-"."""
    counts: dict[str, Counter[Severity]] = {}
    for one in shown:
        for name in (one.departments if by == "department" else one.owners) or (NOBODY,):
            counts.setdefault(name, Counter())[one.finding.severity] += 1
    theirs = Counter(
        name
        for one in plan.touchpoints
        for name in (([one.department] if one.department else []) if by == "department" else one.owners)
        or [NOBODY]
    )
    rows = [
        Concerned(name, with_query(_here(), query, **{by: name}), theirs[name], found)
        for name, found in counts.items()
    ]
    return sorted(rows, key=lambda row: tuple(-row.counts[severity] for severity in Severity))


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How many touchpoints have a verdict, with the address that shows them."""

    words: ClassWords
    count: int
    url: str
    current: bool


def verdict_counts(ground: Ground, wanted: Wanted, query: Mapping[str, str]) -> list[VerdictCount]:
    """Count the verdicts; each address turns its filter on, and off again."""
    counts = Counter(one.verdict for one in ground.judgements.values())
    return [
        VerdictCount(
            words=words,
            count=counts[verdict],
            url=_toggled(verdict, wanted, query),
            current=wanted.verdict == verdict,
        )
        for verdict, words in verdict_words.VERDICTS.items()
    ]


def _toggled(verdict: Verdict, wanted: Wanted, query: Mapping[str, str]) -> str:
    turned = "" if wanted.verdict == verdict else verdict
    return with_query(_here(), query, verdict=turned) + "#table-verdicts"


def _here() -> str:
    return reverse("atlas:audit")


def lead(ground: Ground) -> str:
    """Say in one sentence what the touchpoints are good for; empty before there are figures."""
    return verdict_words.counted(Counter(one.verdict for one in ground.judgements.values()))
