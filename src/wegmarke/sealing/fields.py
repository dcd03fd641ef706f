"""A column of the database whose content is sealed at rest (`keys`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from wegmarke.sealing.keys import keyring

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


class SealedBinaryField(models.BinaryField):  # type: ignore[type-arg] # takes none when it runs
    """Bytes, sealed on their way into the database and opened on their way out.

    Rows from before there was a key are read as they are. Nothing can be looked up by it.
    """

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - Django's signature
        """Seal what is written."""
        sealed = None if value is None else keyring().seal(bytes(value))
        return super().get_db_prep_value(sealed, connection, prepared)

    def from_db_value(self, value: Any, *_around: object) -> bytes | None:  # noqa: ANN401 - whatever the driver returns
        """Open what is read. Raises `SealedError`."""
        return None if value is None else keyring().open(bytes(value))
