"""Made-up names of the demo company's customers, and the table of their attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from wegmarke.demo.people import ORIGINS, REGIONS, SEGMENTS
from wegmarke.record.contracts import TRAITS_SCHEMA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.demo.people import People

FIRST: Final = (
    *(
        "Alma",
        "Bela",
        "Cosima",
        "Dario",
        "Edda",
        "Falko",
        "Greta",
        "Hauke",
        "Ilka",
        "Jannis",
        "Karla",
        "Levke",
    ),
    *("Merle", "Nils", "Odila", "Piet", "Ronja", "Sönke", "Tamme", "Ulla", "Veit", "Wiebke", "Yara", "Zeno"),
)
LAST: Final = (
    *("Ahrweiler", "Birkholt", "Claasen", "Dornbach", "Eschental", "Fennwerth", "Gräfling", "Hollerbusch"),
    *(
        "Ilmenried",
        "Jostewind",
        "Kaltmühl",
        "Lindwasser",
        "Moosbrenner",
        "Nebelkamp",
        "Osterloh",
        "Pfaffenrot",
    ),
    *("Quellhorst", "Rauhfels", "Sandkuhl", "Tannhauer", "Uferbrink", "Vossmoor", "Wiesengrund", "Zirbelhof"),
)
TRADES: Final = ("Architekten", "Verlag", "Praxis", "Werkstatt", "Kanzlei", "Studio", "Agentur", "Handel")


def traits_of(
    everybody: People, ids: pa.StringArray, seen: NDArray[np.int64], rng: np.random.Generator
) -> pa.Table:
    """Return the attributes (TRAITS_SCHEMA) of those `seen`; how visitors came is not known."""
    first = rng.integers(0, len(FIRST), len(everybody))
    last = rng.integers(0, len(LAST), len(everybody))
    known = seen[~everybody.anonymous[seen]]
    working = known[everybody.business[known]]
    columns = [
        ("Gewonnen über", known, [ORIGINS[o] for o in everybody.origin[known]]),
        ("Kundentyp", seen, [SEGMENTS[s] for s in everybody.segment[seen]]),
        ("Region", seen, [REGIONS[r] for r in everybody.region[seen]]),
        ("Name", known, [f"{FIRST[f]} {LAST[n]}" for f, n in zip(first[known], last[known], strict=True)]),
        ("Konto", working, [f"f-{a + 1:04d}" for a in everybody.account[working]]),
        ("Firma", working, [_company(a) for a in everybody.account[working].tolist()]),
    ]
    person = np.concatenate([who for _, who, _ in columns]).astype(np.int32)
    name = np.repeat(np.arange(len(columns), dtype=np.int32), [len(who) for _, who, _ in columns])
    return pa.table(
        {
            "person": pa.DictionaryArray.from_arrays(pa.array(person), ids).cast(pa.string()),
            "name": pa.DictionaryArray.from_arrays(pa.array(name), pa.array([n for n, _, _ in columns])),
            "value": pa.array([value for _, _, values in columns for value in values]),
        },
        schema=TRAITS_SCHEMA,
    )


def _company(account: int) -> str:
    return f"{LAST[account % len(LAST)]} {TRADES[account // len(LAST) % len(TRADES)]}"
