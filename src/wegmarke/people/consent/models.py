"""Tables of consent. A fact is written once and never changed; only erasure removes it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from wegmarke.people.consent.contracts import Basis, Channel, How, Says, Shown


class Purpose(models.Model):
    """What somebody can agree to. Names may change; the key and what allows it do not."""

    key = models.SlugField(max_length=40, unique=True)
    name_de = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    basis = models.CharField(max_length=12, choices=Basis)
    valid_days = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        """As they were made."""

        app_label = "people"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        """Give the key."""
        return self.key


class Wording(models.Model):
    """A text as it was shown; another text is another version."""

    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="wordings")
    shown = models.CharField(max_length=10, choices=Shown)
    language = models.CharField(max_length=2)
    version = models.PositiveIntegerField()
    text = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        """The newest version first."""

        app_label = "people"
        ordering: ClassVar = ["purpose", "shown", "language", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["purpose", "shown", "language", "version"], name="one_wording_a_version"
            )
        ]

    def __str__(self) -> str:
        """Name the version."""
        return f"{self.shown} {self.language} {self.version}"


class ConsentFact(models.Model):
    """Somebody agreed, withdrew or objected, with the proof; no purpose or channel means all."""

    identifier = models.CharField(max_length=300, db_index=True)
    says = models.CharField(max_length=10, choices=Says)
    purpose = models.ForeignKey(Purpose, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel, default="", blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    how = models.CharField(max_length=14, choices=How)
    requested_at = models.DateTimeField(null=True)
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    place = models.CharField(max_length=300, default="", blank=True)
    note = models.CharField(max_length=500, default="", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        """In the order in which they became known."""

        app_label = "people"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        """Give the fact its number."""
        return f"{self.pk}"


class ExistingCustomer(models.Model):
    """Evidence for § 7 (3) UWG: an address that came with a sale. What is not known stays empty."""

    identifier = models.CharField(max_length=300, db_index=True)
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    sale = models.CharField(max_length=200, default="", blank=True)
    sold_at = models.DateTimeField(null=True)
    goods = models.CharField(max_length=200, default="", blank=True)
    told_at_collection = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    told_at_use = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, default="", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        """In the order in which they became known."""

        app_label = "people"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        """Give the evidence its number."""
        return f"{self.pk}"


class Category(models.Model):
    """A category of consent that messages name."""

    name = models.CharField(max_length=100, unique=True)
    first_at = models.DateTimeField()

    class Meta:
        """By name."""

        app_label = "people"
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        """Give the name."""
        return self.name


class CategoryMeaning(models.Model):
    """What a category means here, and which wording stands beside it where it is chosen."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="meanings")
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel)
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")

    class Meta:
        """As they were said; one a purpose and channel."""

        app_label = "people"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["category", "purpose", "channel"], name="a_category_means_a_thing_once"
            )
        ]

    def __str__(self) -> str:
        """Give the meaning its number."""
        return f"{self.pk}"


class KeptProof(models.Model):
    """What is kept of a fact when somebody is erased: no name, but whoever has the identifier finds it.

    `who` is a keyed digest. A no is kept for good (`until` empty), so that it goes on being honoured.
    """

    who = models.CharField(max_length=64, db_index=True)
    says = models.CharField(max_length=10, choices=Says)
    purpose = models.ForeignKey(Purpose, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel, default="", blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    how = models.CharField(max_length=14, choices=How)
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField(null=True)

    class Meta:
        """In the order in which they were kept."""

        app_label = "people"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        """Give the proof its number."""
        return f"{self.pk}"
