"""Findings of the audit as sentences in the active language. Names are put in as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wegmarke.atlas import measures, verdict_words
from wegmarke.atlas.audit.contracts import Kind
from wegmarke.insights import figures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wegmarke.analysis.insight import Estimate, MomentsInsight
    from wegmarke.atlas.audit.contracts import Finding
    from wegmarke.atlas.audit.handovers import HandOver
    from wegmarke.atlas.lived_places import LivedPlace
    from wegmarke.insights.names import Names


def sentence(finding: Finding, names: Names, insight: MomentsInsight | None) -> str:
    """Say one finding."""
    name = names.touchpoint(finding.touchpoints[0]) if finding.touchpoints else names.phase(finding.phase)
    if finding.kind in (Kind.DEAD, Kind.ANNOYS):
        judgement: Any = finding.values["judgement"]
        return verdict_words.sentence(judgement, insight, name)
    if finding.kind in PLAIN:
        return _(PLAIN[finding.kind]) % {"name": name}
    return SPOKEN[finding.kind](finding.values, name, names, finding)


def gettext_noop(message: str) -> str:
    """Mark a message for translation; it is translated where it is said."""
    return message


PLAIN: Mapping[Kind, str] = {
    Kind.NO_PURPOSE: gettext_noop("Nobody has said what “%(name)s” is for."),
    Kind.NO_OWNER: gettext_noop("Nobody answers for “%(name)s”."),
    Kind.NO_DEPARTMENT: gettext_noop("“%(name)s” belongs to no department."),
    Kind.NO_METRIC: gettext_noop("“%(name)s” has no success metric with a target."),
    Kind.NO_CHANNEL: gettext_noop("Nobody has said through which channel customers meet “%(name)s”."),
    Kind.NO_RULE: gettext_noop("No rule says which events are “%(name)s”."),
    Kind.GAP_EMPTY: gettext_noop("In the phase “%(name)s” there is no live touchpoint."),
}


def _several_owners(values: Mapping[str, Any], name: str, _names: Names, _finding: Finding) -> str:
    return _("%(count)s answer for “%(name)s”: %(owners)s.") % {
        "count": figures.count(len(values["owners"])), "name": name, "owners": ", ".join(values["owners"]),
    }  # fmt: skip


def _owner_unclear(values: Mapping[str, Any], name: str, _names: Names, _finding: Finding) -> str:
    text = ngettext(
        "“%(name)s” names %(owners)s as its owner, which is neither an account nor a department.",
        "“%(name)s” names %(owners)s as its owners, which are neither accounts nor departments.",
        len(values["owners"]),
    )
    return text % {"name": name, "owners": ", ".join(values["owners"])}


def _never_seen(values: Mapping[str, Any], name: str, _names: Names, _finding: Finding) -> str:
    return _("Among %(touches)s touches “%(name)s” never occurs.") % {
        "touches": figures.count(values["touches"]), "name": name,
    }  # fmt: skip


def _lived_elsewhere(values: Mapping[str, Any], name: str, names: Names, _finding: Finding) -> str:
    place: LivedPlace = values["place"]
    return _(
        "“%(name)s” is planned in “%(planned)s”, but of %(touches)s touches of %(persons)s persons only "
        "%(share)s lie there; most lie in “%(phase)s”."
    ) % {
        "name": name,
        "planned": names.phase(values["planned"]),
        "phase": names.phase(place.phase),
        "touches": figures.count(place.touches),
        "persons": figures.count(place.persons),
        "share": figures.share(place.as_planned) if place.as_planned else "",
    }


def _rule_taken(values: Mapping[str, Any], name: str, names: Names, finding: Finding) -> str:
    takers = [verdict_words.quoted(names.touchpoint(key)) for key in finding.touchpoints[1:]]
    whole = ngettext(
        "“%(name)s” can never be seen: %(takers)s stands earlier in the plan and takes all its events.",
        "“%(name)s” can never be seen: %(takers)s stand earlier in the plan and take all its events.",
        len(takers),
    )
    part = ngettext(
        "Some rules of “%(name)s” have no effect (%(events)s): %(takers)s takes their events before.",
        "Some rules of “%(name)s” have no effect (%(events)s): %(takers)s take their events before.",
        len(takers),
    )
    text = whole if values["whole"] else part
    return text % {"name": name, "takers": ", ".join(takers), "events": ", ".join(values["events"])}


def _rule_impossible(values: Mapping[str, Any], name: str, _names: Names, _finding: Finding) -> str:
    return _("The conditions of “%(name)s” on %(events)s contradict each other: nothing fulfils all.") % {
        "name": name, "events": ", ".join(values["events"]),
    }  # fmt: skip


def _duplicate_name(_values: Mapping[str, Any], name: str, names: Names, finding: Finding) -> str:
    others = ", ".join(
        f"{verdict_words.quoted(names.touchpoint(key))} ({key})" for key in finding.touchpoints[1:]
    )
    return _("“%(name)s” (%(key)s) is called like %(others)s.") % {
        "name": name, "key": finding.touchpoints[0], "others": others,
    }  # fmt: skip


def _target_missed(values: Mapping[str, Any], name: str, _names: Names, _finding: Finding) -> str:
    metric, actual = values["metric"], values["actual"]
    said = {
        "name": name,
        "measure": measures.IN_SENTENCES[metric.measure],
        "actual": measures.measured(metric.measure, actual),
        "target": measures.target(metric),
    }
    if values["proven"]:
        return _("“%(name)s” misses its target: %(measure)s is %(actual)s, wanted %(target)s.") % said
    return (
        _("“%(name)s” seems to miss its target: %(measure)s is %(actual)s, wanted %(target)s; that may well "
          "be chance.")
        % said
    )  # fmt: skip


def _gap_no_contact(values: Mapping[str, Any], name: str, _names: Names, _finding: Finding) -> str:
    text = ngettext(
        "In the phase “%(name)s” the company starts no contact: its %(n)s touchpoint waits for customers.",
        "In the phase “%(name)s” the company starts no contact: all %(n)s touchpoints wait for customers.",
        values["touchpoints"],
    )
    return text % {"name": name, "n": figures.count(values["touchpoints"])}


def _gap_unowned(values: Mapping[str, Any], name: str, _names: Names, _finding: Finding) -> str:
    return _(
        "In the phase “%(name)s” %(drop_off)s drop off, on average %(average)s, and none of its touchpoints "
        "has an owner."
    ) % {
        "name": name,
        "drop_off": figures.share(values["drop_off"]),
        "average": figures.small_share(values["average"]),
    }


def _overloaded_phase(values: Mapping[str, Any], name: str, _names: Names, _finding: Finding) -> str:
    contacts: Estimate | None = values["contacts"]
    said = []
    if contacts is not None:
        text = _("In the phase “%(name)s” an active customer is contacted %(contacts)s times a quarter.")
        said.append(text % {"name": name, "contacts": figures.ratio(contacts)})
    if values["many"]:
        text = _("The phase “%(name)s” holds %(n)s touchpoints; nobody keeps more than %(most)s in view.")
        most = figures.count(values["limits"].most_touchpoints)
        said.append(text % {"name": name, "n": figures.count(values["touchpoints"]), "most": most})
    return " ".join(said)


def _hand_over(values: Mapping[str, Any], name: str, _names: Names, _finding: Finding) -> str:
    one: HandOver = values["hand_over"]
    alike = _("after touchpoints of the same phase that stay within their department it is %(within)s")
    every = _("after touchpoints that stay within their department it is %(within)s")
    rest = (alike if one.alike else every) % {"within": figures.small_share(one.within.estimate)}
    return _(
        "After “%(name)s” (%(department)s) usually %(to)s follows; %(lost)s leave right then, %(rest)s: "
        "%(points)s more."
    ) % {
        "name": name,
        "department": one.exit.department,
        "to": one.exit.to,
        "lost": figures.small_share(one.lost.estimate),
        "rest": rest,
        "points": figures.percentage_points(one.more.low, one.more.high),
    }


SPOKEN: Mapping[Kind, Callable[[Mapping[str, Any], str, Names, Finding], str]] = {
    Kind.SEVERAL_OWNERS: _several_owners,
    Kind.OWNER_UNCLEAR: _owner_unclear,
    Kind.NEVER_SEEN: _never_seen,
    Kind.LIVED_ELSEWHERE: _lived_elsewhere,
    Kind.RULE_TAKEN: _rule_taken,
    Kind.RULE_IMPOSSIBLE: _rule_impossible,
    Kind.DUPLICATE_NAME: _duplicate_name,
    Kind.TARGET_MISSED: _target_missed,
    Kind.GAP_NO_CONTACT: _gap_no_contact,
    Kind.GAP_UNOWNED: _gap_unowned,
    Kind.OVERLOADED_PHASE: _overloaded_phase,
    Kind.HAND_OVER: _hand_over,
}
