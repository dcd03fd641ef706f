"""Values about consent: what was said, with its proof, and what may be done because of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta


class Channel(models.TextChoices):
    """The ways in which somebody is reached, or watched."""

    MAIL = "mail", pgettext_lazy("channel of consent", "Email")
    SMS = "sms", pgettext_lazy("channel of consent", "SMS")
    PHONE = "phone", pgettext_lazy("channel of consent", "Phone")
    POST = "post", pgettext_lazy("channel of consent", "Letter")
    IN_APP = "in_app", pgettext_lazy("channel of consent", "In the app")
    WEB = "web", pgettext_lazy("channel of consent", "Web site")


class Basis(models.TextChoices):
    """What allows a purpose."""

    CONSENT = "consent", pgettext_lazy("basis", "Consent only")
    ADVERTISING = "advertising", pgettext_lazy("basis", "Consent, or by email § 7 (3) UWG")
    CONTRACT = "contract", pgettext_lazy("basis", "No consent needed (contract)")


class Says(models.TextChoices):
    """What a fact says. Whatever is not `given` is a no."""

    GIVEN = "given", pgettext_lazy("consent", "Given")
    WITHDRAWN = "withdrawn", pgettext_lazy("consent", "Withdrawn")
    OBJECTED = "objected", pgettext_lazy("consent", "Objected")


class How(models.TextChoices):
    """How it was said."""

    FORM = "form", pgettext_lazy("how consent was given", "Form")
    DOUBLE_OPT_IN = "double_opt_in", pgettext_lazy("how consent was given", "Form, confirmed by link")
    EVENT = "event", pgettext_lazy("how consent was given", "Choice in a banner")
    STAMP = "stamp", pgettext_lazy("how consent was given", "Noted in an event")
    IMPORT = "import", pgettext_lazy("how consent was given", "Import")
    BY_HAND = "by_hand", pgettext_lazy("how consent was given", "Told us")

    @property
    def by_colleagues(self) -> bool:
        """Whether somebody here may write it down so; the others come with messages."""
        return self not in {How.EVENT, How.STAMP}


class Shown(models.TextChoices):
    """What a wording is shown for."""

    CONSENT = "consent", pgettext_lazy("wording", "Asks for consent")
    OBJECTION = "objection", pgettext_lazy("wording", "Tells of the right to object")


class Condition(models.TextChoices):
    """What has to be there before a consent, or § 7 (3) UWG, allows anything."""

    WORDING = "wording", _("The wording that was shown")
    REQUESTED = "requested", _("When the confirmation was asked for")
    SALE = "sale", _("No. 1: address received with the sale of goods or services")
    SIMILAR_GOODS = "similar_goods", _("No. 2: advertising for own, similar goods or services")
    NO_OBJECTION = "no_objection", _("No. 3: no objection")
    TOLD_AT_COLLECTION = "told_at_collection", _("No. 4: told of the right to object on collection")
    TOLD_AT_USE = "told_at_use", _("No. 4: told of the right to object at each use")


class Reason(models.TextChoices):
    """Why something is allowed or refused."""

    CONSENT = "consent", pgettext_lazy("gate", "Consent")
    EXISTING_CUSTOMER = "existing_customer", pgettext_lazy("gate", "§ 7 (3) UWG")
    NOT_NEEDED = "not_needed", pgettext_lazy("gate", "No consent needed")
    NONE = "none", pgettext_lazy("gate", "No consent")
    WITHDRAWN = "withdrawn", pgettext_lazy("gate", "Withdrawn")
    OBJECTED = "objected", pgettext_lazy("gate", "Objected")
    EXPIRED = "expired", pgettext_lazy("gate", "Expired")
    INCOMPLETE = "incomplete", pgettext_lazy("gate", "Proof incomplete")
    UNKNOWN = "unknown", pgettext_lazy("gate", "Unknown purpose or channel")


class NoSuchPurposeError(LookupError):
    """There is no such purpose, wording or category."""


class PurposeKeyTakenError(ValidationError):
    """Another purpose has this key."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the gate needs to know of a purpose; a consent holds for `valid`, or until it is withdrawn."""

    purpose: str
    basis: Basis
    valid: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One fact: somebody agreed, withdrew or objected. `purpose` or `channel` None: all of them."""

    number: int
    says: Says
    purpose: str | None
    channel: Channel | None
    at: datetime
    recorded_at: datetime
    how: How
    wording: int | None = None
    requested_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for § 7 (3) UWG: an address received with a sale, to be used for own similar goods.

    `told_at_collection` and `told_at_use` are the wordings that told of the right to object.
    """

    number: int
    purpose: str
    recorded_at: datetime
    sale: str
    sold_at: datetime | None
    goods: str
    told_at_collection: int | None
    told_at_use: int | None


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """Everything that is known of one person, in any order."""

    said: tuple[Said, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something may be done, and why; `number` is the fact that decides it.

    `conditions` are those of § 7 (3) UWG where there is evidence for it, each with whether it is met.
    """

    allowed: bool
    reason: Reason
    number: int | None = None
    missing: tuple[Condition, ...] = ()
    conditions: Mapping[Condition, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preference:
    """What one message says of categories of consent; `chosen` where it tells a choice, not just a state."""

    identifier: str
    at: datetime
    categories: Mapping[str, bool]
    chosen: bool
    source: int
    source_name: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that is shown, as it was shown: a version is never changed."""

    number: int
    shown: Shown
    language: str
    version: int
    text: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Purpose:
    """What somebody can agree to."""

    number: int
    key: str
    name_de: str
    name_en: str
    basis: Basis
    valid_days: int | None
    wordings: tuple[Wording, ...] = ()

    def name(self, language: str) -> str:
        """Return the name in a language."""
        return self.name_de if language.startswith("de") else self.name_en


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a category of consent in messages means here."""

    number: int
    purpose: Purpose
    channel: Channel
    wording: Wording | None


@dataclass(frozen=True, slots=True)
class Category:
    """A category that messages name, and what it means; nothing so far where it was not said."""

    number: int
    name: str
    first_at: datetime
    meanings: tuple[Meaning, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of the history as pages show it, with its proof."""

    number: int
    identifier: str
    says: Says | None
    purpose: Purpose | None
    channel: Channel | None
    at: datetime | None
    recorded_at: datetime
    how: How | None
    place: str
    note: str
    by: str
    requested_at: datetime | None = None
    wording: Wording | None = None
    evidence: Evidence | None = None
    told: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What may be done with one person: a decision for each purpose and channel, and how it came about."""

    person: str
    identifiers: tuple[str, ...]
    decisions: tuple[tuple[Purpose, Mapping[Channel, Decision]], ...]
    history: tuple[Record, ...]
    kept_nos: int


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: so many facts are gone; of so many a proof without a name was kept."""

    facts: int
    proofs: int
