"""Values of the record of processing: its topics, what people write about them, what the system knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from django.utils.functional import Promise


class Topic(models.TextChoices):
    """What Art. 30 (1) GDPR asks for, in its order; besides, what Art. 15 (1) wants told to persons."""

    CONTROLLER = "controller", _("Who is responsible")
    PURPOSES = "purposes", _("Purposes and legal bases")
    PERSONS = "persons", _("Persons concerned")
    DATA = "data", _("Kinds of data")
    SOURCES = "sources", _("Where the data come from")
    RECIPIENTS = "recipients", _("Recipients")
    TRANSFERS = "transfers", _("Transfers to other countries")
    RETENTION = "retention", _("How long the data are kept")
    SECURITY = "security", _("How the data are protected")
    DECISIONS = "decisions", _("Automated decisions")
    RIGHTS = "rights", _("Rights of the persons concerned")


TOLD: tuple[Topic, ...] = (
    *(Topic.CONTROLLER, Topic.PURPOSES, Topic.SOURCES, Topic.RECIPIENTS, Topic.TRANSFERS),
    *(Topic.RETENTION, Topic.DECISIONS, Topic.RIGHTS),
)
"""The topics Art. 15 GDPR wants told to whoever asks for their data."""


class Field(models.TextChoices):
    """What only people know."""

    CONTROLLER = "controller", _("Controller: name, address, e-mail")
    JOINT = "joint", _("Joint controllers, representative in the EU")
    OFFICER = "officer", _("Data protection officer: how to reach them")
    PURPOSES = "purposes", _("What the data are processed for")
    BASES = "bases", _("Further legal bases, legitimate interests")
    PERSONS = "persons", _("Further groups of persons")
    DATA = "data", _("Further kinds of data")
    SOURCES = "sources", _("More about the sources")
    RECIPIENTS = "recipients", _("Recipients, also processors such as the hosting company")
    TRANSFERS = "transfers", _("Countries outside the EU and the EEA, and the safeguards; or “none”")
    RETENTION = "retention", _("More about how long data are kept")
    SECURITY = "security", _("Further measures")
    DECISIONS = "decisions", _("Automated decisions and profiling with legal effect; or “none”")
    CONTACT = "contact", _("Where persons turn with their rights")
    AUTHORITY = "authority", _("Supervisory authority for complaints")


FIELDS: dict[Topic, tuple[Field, ...]] = {
    Topic.CONTROLLER: (Field.CONTROLLER, Field.JOINT, Field.OFFICER),
    Topic.PURPOSES: (Field.PURPOSES, Field.BASES),
    Topic.PERSONS: (Field.PERSONS,),
    Topic.DATA: (Field.DATA,),
    Topic.SOURCES: (Field.SOURCES,),
    Topic.RECIPIENTS: (Field.RECIPIENTS,),
    Topic.TRANSFERS: (Field.TRANSFERS,),
    Topic.RETENTION: (Field.RETENTION,),
    Topic.SECURITY: (Field.SECURITY,),
    Topic.DECISIONS: (Field.DECISIONS,),
    Topic.RIGHTS: (Field.CONTACT, Field.AUTHORITY),
}
MISSING: dict[Field, Promise] = {
    Field.CONTROLLER: _("Name the controller."),
    Field.OFFICER: _("Say how the data protection officer is reached, or that there need not be one."),
    Field.PURPOSES: _("Say what the data are processed for."),
    Field.RECIPIENTS: _("Name who receives data, also processors, or say that nobody does."),
    Field.TRANSFERS: _("Say whether data go to countries outside the EU and the EEA."),
    Field.DECISIONS: _("Say whether anything is decided about persons automatically."),
    Field.CONTACT: _("Say where persons turn with their rights."),
    Field.AUTHORITY: _("Name the supervisory authority."),
}
"""What a record cannot be without, and what to do where it is."""


class ChangedMeanwhileError(ValidationError):
    """Somebody else changed the text since it was shown; nothing was written."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the system knows about a topic now, in the active language.

    Rooms offer theirs, the site joins them.
    """

    topic: Topic
    lines: Callable[[datetime], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Text:
    """What people wrote about one field, who changed it last; `number` is the version."""

    field: Field
    de: str = ""
    en: str = ""
    number: int = 0
    changed_at: datetime | None = None
    changed_by: str = ""

    def in_language(self, language: str) -> str:
        """Return the text in a language, or in the other where it was written in that one only."""
        wanted, other = (self.de, self.en) if language.startswith("de") else (self.en, self.de)
        return wanted or other

    def only_in_other(self, language: str) -> bool:
        """Whether there is a text, but not in this language."""
        wanted, other = (self.de, self.en) if language.startswith("de") else (self.en, self.de)
        return bool(other and not wanted)

    @property
    def missing(self) -> Promise | None:
        """What has to be done, where the record cannot be without this and it is not there."""
        return None if self.de or self.en else MISSING.get(self.field)


@dataclass(frozen=True, slots=True)
class Entry:
    """One topic of the record: what is known and what was written."""

    topic: Topic
    known: tuple[str, ...]
    texts: tuple[Text, ...]
