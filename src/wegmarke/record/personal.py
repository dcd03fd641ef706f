"""Which fields are personal by their names, and how they lie in the log: sealed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from wegmarke.sealing.keys import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from wegmarke.sealing.keys import Keyring

ANYWHERE: Final = frozenset(
    [
        "email",
        "mail",
        "emailaddress",
        "phone",
        "phonenumber",
        "telephone",
        "telefon",
        "tel",
        "telefonnummer",
        "mobile",
        "mobil",
        "cell",
        "cellphone",
        "handy",
        "fax",
        "firstname",
        "lastname",
        "fullname",
        "vorname",
        "nachname",
        "surname",
        "familyname",
        "givenname",
        "birthday",
        "birthdate",
        "dateofbirth",
        "dob",
        "geburtstag",
        "geburtsdatum",
        "street",
        "strasse",
        "streetaddress",
        "address1",
        "address2",
        "addressline1",
        "addressline2",
        "iban",
        "bic",
        "accountnumber",
        "kontonummer",
        "cardnumber",
        "kartennummer",
        "ssn",
        "taxid",
        "steuernummer",
        "sozialversicherungsnummer",
        "passport",
        "ausweisnummer",
    ]
)
"""Names that mean a person wherever they stand, without case, blanks, dashes and underscores."""
OF_PERSONS: Final = ANYWHERE | {"name", "username", "nickname", "avatar", "adresse", "address", "anschrift"}
"""Names that mean a person among traits: the `name` of a product is none."""

_DECODE: Final = msgspec.json.Decoder()
HIDDEN: Final = "•••"
"""Stands where a sealed value is not to be seen."""

_BETWEEN: Final = "[ _-]*"
_LOOKS_SO: Final = (
    f'(?i)"{_BETWEEN}(?:'
    + "|".join(sorted(_BETWEEN.join(name) for name in ANYWHERE)).replace(
        f"s{_BETWEEN}s", f"(?:s{_BETWEEN}s|ß)"
    )
    + rf'){_BETWEEN}"\s*:'
)
"""Finds the few rows worth a second look."""


def plain(name: str) -> str:
    """Return a name as the lists have it."""
    return re.sub(r"[\s_\-]", "", name).casefold().replace("ß", "ss")


def is_personal_trait(name: str) -> bool:
    """Say whether a trait, by its dotted name, is personal; those of an account are of no person."""
    parts = [plain(part) for part in name.split(".")]
    among = ANYWHERE if parts[0] == "account" else OF_PERSONS
    return any(part in among for part in parts)


def sealed_traits(traits: pa.Table, keys: Keyring) -> pa.Table:
    """Seal the values of personal traits; the table has the schema of the log."""
    names = pc.unique(traits.column("name").cast(pa.string())).to_pylist()
    personal = [name for name in names if is_personal_trait(name)]
    if not personal:
        return traits
    rows = pc.is_in(traits.column("name").cast(pa.string()), value_set=pa.array(personal, pa.string()))
    return _changed(traits, "value", rows, keys.seal_text)


def sealed_properties(events: pa.Table, keys: Keyring) -> pa.Table:
    """Seal the values of personal properties, however deep they stand; the table has the log's schema."""
    rows = pc.fill_null(pc.match_substring_regex(events.column("properties"), _LOOKS_SO), fill_value=False)
    if not pc.any(rows).as_py():
        return events
    return _changed(events, "properties", rows, lambda text: _walked(text, keys.seal_text, seal=True))


def opened_properties(text: str, keys: Keyring) -> str:
    """Return properties as they were before they were sealed."""
    return _walked(text, keys.open_text, seal=False) if TEXT in text else text


def shown_properties(text: str | None) -> dict[str, Any]:
    """Return the properties of an event for eyes that need no person; none where they are no JSON object."""
    try:
        found = _DECODE.decode(text or "{}")
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
    hidden = _with(found, lambda one: HIDDEN if one.startswith(TEXT) else one, seal=False, personal=False)
    return hidden if isinstance(hidden, dict) else {}


def _changed(table: pa.Table, column: str, rows: Any, change: Callable[[str], str]) -> pa.Table:  # noqa: ANN401 - Arrow
    """Return the table with the texts of some rows changed."""
    place = table.schema.get_field_index(column)
    values = table.column(place).combine_chunks() if table.num_rows else table.column(place)
    mask = rows.combine_chunks() if isinstance(rows, pa.ChunkedArray) else rows
    mask = pc.and_(mask, pc.is_valid(values))
    new = pa.array([change(text) for text in pc.filter(values, mask).to_pylist()], pa.string())
    return table.set_column(place, table.schema.field(place), pc.replace_with_mask(values, mask, new))


def _walked(text: str, change: Callable[[str], str], *, seal: bool) -> str:
    """Return JSON with each personal value changed; what is no JSON stays as it is."""
    try:
        whole = _DECODE.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return text
    changed = _with(whole, change, seal=seal, personal=False)
    return text if changed == whole else msgspec.json.encode(changed).decode()


def _with(value: Any, change: Callable[[str], str], *, seal: bool, personal: bool) -> Any:  # noqa: ANN401 - JSON
    """Change strings and numbers below a personal name; when opening, whatever is sealed."""
    if isinstance(value, dict):
        return {
            name: _with(inner, change, seal=seal, personal=personal or plain(name) in ANYWHERE)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_with(inner, change, seal=seal, personal=personal) for inner in value]
    if not seal:
        return change(value) if isinstance(value, str) else value
    if personal and isinstance(value, str | int | float) and not isinstance(value, bool):
        return change(value if isinstance(value, str) else msgspec.json.encode(value).decode())
    return value
