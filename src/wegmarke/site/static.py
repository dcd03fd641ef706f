"""How style sheets, scripts and pictures are named and served."""

from __future__ import annotations

from typing import Any, ClassVar

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedOrPlain(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed, compressed names once collected; plain names from the packages before that.

    So tests and `manage`-like commands need no collecting, and a running server caches for ever.
    """

    # Style sheets of ours name the fonts and no other file, Tabler's names only data addresses.
    patterns: ClassVar[Any] = (("*.css", (r"""(?P<matched>url\("(?P<url>\.\./vendor/[^"]+)"\))""",)),)

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the name itself where nothing was collected under it.

        A page with one picture missing is still a page; that none is missing is for the tests to see.
        """
        try:
            return str(super().stored_name(name)) if self.hashed_files else name
        except ValueError:
            return name
