"""Propose how a group of events may be called, on which channel it is and who starts it. Pure."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from wegmarke.analysis.journeys import StartedBy
from wegmarke.atlas.discovery import vocabulary
from wegmarke.atlas.discovery.patterns import ANY, is_path
from wegmarke.plan.contracts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wegmarke.plan.contracts import Phase
    from wegmarke.record.contracts import Scalar

LONGEST: Final = 120
LEAST_BEYOND: Final = 0.2
"""How much a phase must stand out among the neighbouring touches to be proposed."""
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def name_of(event: str, key: str | None, form: Scalar | None) -> Text:
    """Propose a name: „E-Mail: Spring sale“ for `email_delivered` with the campaign `spring_sale`."""
    if key is None:
        return _both(humanised(event))
    if form is None:
        return Text(
            de=_short(f"{humanised(event)} ohne {key}"), en=_short(f"{humanised(event)} without {key}")
        )
    family = vocabulary.family_of(vocabulary.words_of(event))
    if not isinstance(form, str):
        return _both(f"{humanised(event)}: {' '.join(vocabulary.words_of(key))} {form:g}")
    if is_path(form):
        label = re.sub(r"^https?://[^/]*", "", form).replace(ANY, "…") or "/"
        return Text(de=_short(f"Seite: {label}"), en=_short(f"Page: {label}"))
    label = humanised(form.replace(ANY, "…"))
    if family is None:
        return _both(f"{humanised(event)}: {label}")
    return Text(de=_short(f"{family.de}: {label}"), en=_short(f"{family.en}: {label}"))


def _both(name: str) -> Text:
    return Text(de=_short(name), en=_short(name))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def humanised(text: str) -> str:
    """Write a program's name as people would: `emailDelivered`, `email_delivered` as Email delivered."""
    plain = " ".join(_UNSEEN.sub(" ", text).split())
    if " " not in plain:
        plain = re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])", " ", plain)
        plain = re.sub(r"(?<=[^\W_])[_\-.:]+(?=[^\W_])", " ", plain)
        plain = " ".join(word if word.isupper() else word.lower() for word in plain.split())
    plain = plain.strip(" _-.:") or plain
    plain = plain.replace(ANY, "…")
    return plain[:1].upper() + plain[1:] if plain else "?"


def channel_of(event: str, key: str | None, form: Scalar | None, *, known: Mapping[str, str]) -> str | None:
    """Propose a channel; one that the plan has (`known`, by its casefolded name) is written as there."""
    words = vocabulary.words_of(event)
    found: str | None = None
    if (
        key is not None
        and isinstance(form, str)
        and vocabulary.words_of(key)[-1:] in (("channel",), ("kanal",))
    ):
        found = known.get(form.casefold()) or vocabulary.CHANNELS.get(form.casefold())
    family = vocabulary.family_of(words)
    if found is None and family is not None:
        found = family.channel
    if found is None:
        found = next((vocabulary.CHANNELS[word] for word in words if word in vocabulary.CHANNELS), None)
    if found is None and is_path(form):
        found = "web"
    return None if found is None else known.get(found.casefold(), found)


def started_by(event: str) -> StartedBy:
    """Propose who starts it, from the words of the event."""
    words = vocabulary.words_of(event)
    customer = any(word in vocabulary.CUSTOMER for word in words)
    company = any(word in vocabulary.COMPANY for word in words)
    if customer:
        return StartedBy.CUSTOMER
    return StartedBy.COMPANY if company else StartedBy.UNKNOWN


def phase_of(
    near: Mapping[str, int], everywhere: Mapping[str, int], median_day: float, phases: tuple[Phase, ...]
) -> str | None:
    """Propose a phase: that of the touches right before and after, else the window the median day lies in.

    Touches of a phase with many touches stand beside anything. The phase that counts is the one that is there
    most beyond its share of all touches (the largest term of the Kullback-Leibler divergence).
    """
    total, all_touches = sum(near.values()), sum(everywhere.values())
    if total and all_touches:
        shares = {key: count / total for key, count in near.items() if everywhere.get(key)}
        beyond = {key: p * math.log(p * all_touches / everywhere[key]) for key, p in shares.items() if p > 0}
        best = max(beyond, key=lambda key: beyond[key], default=None)
        if best is not None and beyond[best] >= LEAST_BEYOND:
            return best
    for phase in phases:
        if phase.from_day is None and phase.to_day is None:
            continue
        after = phase.from_day is None or median_day >= phase.from_day
        if after and (phase.to_day is None or median_day < phase.to_day):
            return phase.key
    return None


def hints_of(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the properties that may say how it was lived through."""
    return tuple(key for key in keys if set(vocabulary.words_of(key)) & vocabulary.EXPERIENCE)
