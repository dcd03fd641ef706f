"""Files of events: CSV, Parquet, XLSX and XES become events and traits as the record wants them.

`read` reads one, `preview` looks at one, `read_persons` reads attributes of persons. All raise `FileError`,
which names file, line and column.
"""

from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.mapping import ColumnMapping, Guess, Preview, Read
from wegmarke.capture.files.reading import IfThere, preview, read, read_persons
from wegmarke.capture.files.rejecting import REJECTED_SCHEMA, write_rejected

__all__ = [
    "REJECTED_SCHEMA",
    "ColumnMapping",
    "FileError",
    "Guess",
    "IfThere",
    "Preview",
    "Read",
    "preview",
    "read",
    "read_persons",
    "write_rejected",
]
