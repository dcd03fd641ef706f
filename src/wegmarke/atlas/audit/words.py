"""The fixed words of the audit: severities, and what each kind of finding means and asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wegmarke.atlas.audit.contracts import Kind, Severity
from wegmarke.insights.words import ClassWords

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class KindWords:
    """How a kind of finding is called, why it matters, and what its button says."""

    name: str | _StrPromise
    meaning: str | _StrPromise
    mend: str | _StrPromise


SEVERITIES: Mapping[Severity, ClassWords] = {
    Severity.HIGH: ClassWords(_("high"), "●", "bad", _("Costs customers, or leaves a hole in the journey.")),
    Severity.MEDIUM: ClassWords(_("medium"), "◐", "warn", _("Makes the map unreliable or wastes effort.")),
    Severity.LOW: ClassWords(_("low"), "○", "quiet", _("Worth filling in.")),
}

KINDS: Mapping[Kind, KindWords] = {
    Kind.HAND_OVER: KindWords(
        _("Hand-over with a drop"),
        _("More customers are lost between two departments than within one: related, not yet a cause."),
        _("Agree on the hand-over"),
    ),
    Kind.ANNOYS: KindWords(
        _("Annoying"),
        _("Customers often live through this badly, or the contact itself drives them away."),
        _("Change the timing"),
    ),
    Kind.TARGET_MISSED: KindWords(
        _("Target missed"),
        _("The success metric is off the target that was set."),
        _("See metric and target"),
    ),
    Kind.DEAD: KindWords(
        _("Dead"),
        _("It costs effort and demonstrably changes nothing, or nobody meets it any more."),
        _("Change the status"),
    ),
    Kind.OVERLOADED_PHASE: KindWords(
        _("Overloaded phase"),
        _("Customers meet more here than anybody can take in."),
        _("See it in the matrix"),
    ),
    Kind.GAP_UNOWNED: KindWords(
        _("Drop-off nobody answers for"),
        _("More customers drop off here than on average, and no touchpoint of the phase has an owner."),
        _("Name owners"),
    ),
    Kind.GAP_EMPTY: KindWords(
        _("Empty phase"), _("Customers meet nothing planned in this phase."), _("Add a touchpoint")
    ),
    Kind.GAP_NO_CONTACT: KindWords(
        _("Only reacting"),
        _("In this phase the company never takes the first step."),
        _("See the touchpoints"),
    ),
    Kind.RULE_TAKEN: KindWords(
        _("Rule without effect"),
        _("An earlier touchpoint takes every event of this rule."),
        _("Change the rule"),
    ),
    Kind.RULE_IMPOSSIBLE: KindWords(
        _("Impossible rule"),
        _("The conditions of this rule contradict each other: no event can fulfil them."),
        _("Change the rule"),
    ),
    Kind.NEVER_SEEN: KindWords(
        _("Never seen"),
        _("No event in the record fulfils its rules: it does not happen, or the rule is wrong."),
        _("Change the rule"),
    ),
    Kind.LIVED_ELSEWHERE: KindWords(
        _("Happens elsewhere"),
        _("Customers mostly meet it in another phase than the plan says: mend the plan, or the timing."),
        _("Change the phases"),
    ),
    Kind.NO_RULE: KindWords(
        _("No binding rule"),
        _("Nothing says which events are this touchpoint, so the record cannot show it."),
        _("Add a rule"),
    ),
    Kind.NO_PURPOSE: KindWords(
        _("No purpose"),
        _("What nobody can say the purpose of, you probably do not need."),
        _("Say the purpose"),
    ),
    Kind.NO_OWNER: KindWords(
        _("No owner"), _("Nobody answers for it, so nobody improves it."), _("Name an owner")
    ),
    Kind.OWNER_UNCLEAR: KindWords(
        _("Owner unclear"),
        _("The owner is neither an account nor a department: whom should findings reach?"),
        _("Name an owner"),
    ),
    Kind.SEVERAL_OWNERS: KindWords(
        _("Several owners"), _("Where several answer, often nobody does."), _("Choose one")
    ),
    Kind.NO_DEPARTMENT: KindWords(
        _("No department"),
        _("Without a department hand-overs stay invisible."),
        _("Name the department"),
    ),
    Kind.NO_METRIC: KindWords(
        _("No success metric"),
        _("Nobody can tell whether it succeeds."),
        _("Set metric and target"),
    ),
    Kind.NO_CHANNEL: KindWords(
        _("No channel"),
        _("Without a channel it is missing in the matrix."),
        _("Name the channel"),
    ),
    Kind.DUPLICATE_NAME: KindWords(
        _("Same name twice"), _("Two touchpoints that read alike get mixed up."), _("Change the name")
    ),
}
