"""The sentence a card starts with: what is known about how good the touchpoint is.

The only place of the cards that judges: another source of verdicts is put in here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.analysis.insight import MomentClass
from wegmarke.insights import wording
from wegmarke.insights.links import evidence_link
from wegmarke.insights.words import CLASSES

if TYPE_CHECKING:
    from wegmarke.insights.contracts import Stored
    from wegmarke.insights.words import ClassWords
    from wegmarke.plan.contracts import Touchpoint


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said about a touchpoint: words and mark of its class, the sentence, its size, its evidence.

    `url` is empty where there is no evidence to look at.
    """

    words: ClassWords
    sentence: str
    size: str = ""
    url: str = ""


def verdict_of(key: str, name: str, touchpoint: Touchpoint | None, stored: Stored | None) -> Verdict:
    """Say whether a touchpoint is any good, or what is missing to know."""
    moments = None if stored is None else stored.analysis.moments
    found = None if moments is None else next((m for m in moments.moments if m.touchpoint == key), None)
    if stored is None or moments is None or found is None:
        return Verdict(CLASSES[MomentClass.UNPROVEN], _missing(key, touchpoint, stored))
    return Verdict(
        words=CLASSES[found.moment_class],
        sentence=wording.sentence(found, moments, name),
        size=wording.size_sentence(found, stored.analysis.plan.currency),
        url=evidence_link(key),
    )


def _missing(key: str, touchpoint: Touchpoint | None, stored: Stored | None) -> str:
    if touchpoint is not None and not touchpoint.rules:
        return _("Nobody can tell yet: no binding rule says which events are this touchpoint.")
    if stored is None:
        return _("Nobody can tell yet: there are no figures so far.")
    if not any(lived.touchpoint == key for lived in stored.analysis.lived.touchpoints):
        return _("Nobody can tell yet: it was never seen in the data.")
    if stored.analysis.moments is None:
        return _("Nobody can tell yet: the plan does not say what leaving or moving on is.")
    return _("Nobody can tell yet: no touch is old enough for its outcome to be known.")
