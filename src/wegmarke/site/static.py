"""How style sheets, scripts and pictures are named and served."""

from __future__ import annotations

from typing import Any, ClassVar

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedOrPlain(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed, compressed names once collected; plain names from the packages before that.

    So tests and `manage`-like commands need no collecting, and a running server caches for ever.
    """

    # Vendor files name source maps that are not shipped; everything else in them is relative to nothing.
    patterns: ClassVar[Any] = (
        ("*.css", (r"""(?P<matched>url\(['"]{0,1}\s*(?P<url>(?!data:).*?)["']{0,1}\))""",)),
    )

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the name itself as long as nothing was collected."""
        if not self.hashed_files:
            return name
        return str(super().stored_name(name))
