"""The sentence a card starts with: the verdict on the touchpoint, as the list and the audit say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.atlas import verdict_words
from wegmarke.atlas.verdicts import Reason, Verdict, judged
from wegmarke.insights import wording
from wegmarke.insights.links import evidence_link

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from wegmarke.atlas.pages import Here
    from wegmarke.atlas.verdicts import Judgement
    from wegmarke.insights.contracts import Stored
    from wegmarke.insights.words import ClassWords
    from wegmarke.plan.contracts import Touchpoint


@dataclass(frozen=True, slots=True)
class Said:
    """What is said about a touchpoint: words and mark of its verdict, the sentence, how sure that is.

    `missing` says what it would take to know; `size` what it does to customers and money. `url` is empty
    where there is no evidence to look at.
    """

    words: ClassWords
    sentence: str
    strength: str | _StrPromise = ""
    missing: str = ""
    size: str = ""
    url: str = ""


def verdict_of(key: str, name: str, touchpoint: Touchpoint | None, at: Here) -> Said:
    """Say whether a touchpoint is any good, or what is missing to know."""
    unknown = verdict_words.VERDICTS[Verdict.UNKNOWN]
    if at.stored is None:
        return Said(unknown, _unbound(touchpoint) or _("Nobody can tell yet: there are no figures so far."))
    analysis = at.stored.analysis
    found = judged(analysis, at.plan).get(key)
    if found is None:
        return Said(unknown, _("This is what counts as leaving; it is not judged."))
    moment = found.moment
    return Said(
        words=verdict_words.VERDICTS[found.verdict],
        sentence=verdict_words.sentence(found, analysis.moments, name),
        strength=verdict_words.STRENGTHS[found.strength],
        missing=_missing(found, touchpoint, at.stored),
        size="" if moment is None else wording.size_sentence(moment, analysis.plan.currency),
        url="" if moment is None else evidence_link(key),
    )


def _missing(found: Judgement, touchpoint: Touchpoint | None, stored: Stored) -> str:
    if found.reason is Reason.NEVER_SEEN:
        return _unbound(touchpoint)
    if found.reason is Reason.NOT_JUDGED and stored.analysis.moments is None:
        return _("Nobody can tell yet: the plan does not say what leaving or moving on is.")
    if found.reason is Reason.NOT_JUDGED:
        return _("Nobody can tell yet: no touch is old enough for its outcome to be known.")
    needed = verdict_words.needed(found)
    return _("Still missing: %(needed)s.") % {"needed": needed} if needed else ""


def _unbound(touchpoint: Touchpoint | None) -> str:
    if touchpoint is None or touchpoint.rules:
        return ""
    return _("Nobody can tell yet: no binding rule says which events are this touchpoint.")
