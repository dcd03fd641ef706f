"""What can be done to the record of processing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wegmarke.people.processing.contracts import ChangedMeanwhileError, Field
from wegmarke.people.processing.tables import ProcessingText
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from datetime import datetime

    from wegmarke.team.models import User

MOST: Final = 5_000


@transaction.atomic
def write(  # noqa: PLR0913 - all by keyword
    *, field: Field, de: str, en: str, based_on: int, by: User | None, now: datetime
) -> None:
    """Write one text in both languages; what is the same as before is no new version.

    `based_on` is the version the writer saw. Raises `ChangedMeanwhileError` where there is a newer one, and
    `ValidationError` for a text that is too long.
    """
    require_role(by, Role.OFFICER)
    texts = {"de": _clean(de), "en": _clean(en)}
    if any(len(text) > MOST for text in texts.values()):
        raise ValidationError(_("The text is too long. Nothing was saved."))
    newest = ProcessingText.objects.select_for_update().filter(field=field).first()
    if (newest.pk if newest else 0) != based_on:
        raise ChangedMeanwhileError(_("Somebody else changed this text meanwhile. Nothing was saved."))
    before = {"de": newest.de, "en": newest.en} if newest else {"de": "", "en": ""}
    if texts != before:
        ProcessingText(field=Field(field), **texts, changed_at=now, changed_by=by).save(force_insert=True)


def _clean(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").strip()
