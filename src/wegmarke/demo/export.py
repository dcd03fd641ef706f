"""Write the demo company to files for the command line: `python -m wegmarke.demo.export FOLDER`."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

from wegmarke.demo.generate import ANSWERS, generate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SEED = 2026


def export(folder: Path, *, seed: int, ends_on: date, customers: int, form: str) -> tuple[Path, ...]:
    """Write events, attributes per person and the plan into a folder; `form` is csv or parquet.

    The events have the columns people have in such files: person, time, event, experience (bad, neutral or
    good, where somebody answered), value, and one column per property. The persons stand one in a row.
    """
    made = generate(seed=seed, ends_on=ends_on, customers=customers)
    folder.mkdir(parents=True, exist_ok=True)
    events, persons = folder / f"events.{form}", folder / f"persons.{form}"
    _write(flat(made.events), events)
    _write(wide(made.traits), persons)
    plan = folder / "plan.yaml"
    plan.write_text(plan_text(), encoding="utf-8")
    return events, persons, plan


def plan_text() -> str:
    """Return the plan document of the demo company."""
    return resources.files("wegmarke.demo").joinpath("plan.yaml").read_text(encoding="utf-8")


def flat(events: pa.Table) -> pa.Table:
    """Return events of the record in plain columns: answers as words, one column per property."""
    columns = {
        "person": events["person"],
        "time": events["time"].cast(pa.timestamp("s", tz="UTC"), safe=False),
        "event": events["name"],
        "experience": pa.array(_words_of(events)),
        "value": events["value"],
    }
    coded = events["properties"].combine_chunks().dictionary_encode()
    objects = [json.loads(text) for text in coded.dictionary.to_pylist()]
    for name in sorted({name for one in objects for name in one}):
        values = pa.array([one.get(name) for one in objects])
        columns[name] = pa.DictionaryArray.from_arrays(coded.indices, values).cast(values.type)
    return pa.table(columns)


def _words_of(events: pa.Table) -> NDArray[np.object_]:
    """Return every answer as bad, neutral or good, whatever its scale; None where nobody answered."""
    rating = events["rating"].to_numpy()
    scale = events["scale"].cast(pa.string()).to_numpy()
    words = np.full(len(rating), None, object)
    for name, (_, (neutral, _), (good, _)) in ANSWERS.items():
        on = scale == name
        felt = np.where(rating >= good, "good", np.where(rating >= neutral, "neutral", "bad"))
        words[on] = felt[on]
    return words


def wide(traits: pa.Table) -> pa.Table:
    """Return one row per person and one column per attribute."""
    names = traits.column("name").cast(pa.string())
    persons = traits.column("person").unique().sort()
    table = pa.table({"person": persons})
    for name in names.unique().to_pylist():
        rows = traits.filter(pa.compute.equal(names, name)).select(["person", "value"])
        table = table.join(rows.rename_columns(["person", name]), "person", join_type="left outer")
    return table.sort_by("person")


def _write(table: pa.Table, path: Path) -> None:
    if path.suffix == ".parquet":
        parquet.write_table(table, path, compression="zstd")
        return
    plain = pa.schema(
        [
            field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
            for field in table.schema
        ]
    )
    csv.write_csv(table.cast(plain), path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and write the files."""
    parser = argparse.ArgumentParser(prog="python -m wegmarke.demo.export", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--ends-on", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--form", choices=("csv", "parquet"), default="parquet")
    given = parser.parse_args(arguments)
    ends_on = given.ends_on or datetime.now(tz=UTC).date() - timedelta(days=1)
    for path in export(
        given.folder, seed=given.seed, ends_on=ends_on, customers=given.customers, form=given.form
    ):
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
