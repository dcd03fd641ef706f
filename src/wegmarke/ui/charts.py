"""Charts as values: what is shown, what is said about it, and the table with the same numbers.

A chart is drawn in the browser by `static/ui/charts.js` from the JSON beside it; without JavaScript the
title, the caption and the table remain. Kinds and their data (all texts are formatted already):

- `intervals`, `bars`, `funnel`: `items` of label, estimate, low, high, text, brief (for little room),
  role, mark, url; `axis` (name, unit), `band` (low, high, text), `reference` (where "no effect" lies),
  `log` for ratios. `bars` and `funnel` start at zero. `crude` is drawn hollow beside its estimate.
- `pareto`: the same with `cumulated` (0..1) per item.
- `line`: `points` of label, estimate, low, high, text, open (a month that is not over); `axis`; `reference`
  with `reference_text`, a value to reach.
- `curve`: `items` as above with `group` (the phase) and `size`.
- `sankey`: `nodes` of id, label, step, role and `links` of source, target, value, text, step.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.safestring import SafeString


class ChartKind(StrEnum):
    """How a chart is drawn."""

    INTERVALS = "intervals"
    BARS = "bars"
    LINE = "line"
    CURVE = "curve"
    FUNNEL = "funnel"
    SANKEY = "sankey"
    PARETO = "pareto"


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart; `name` is a slug, unique on its page, and becomes ids and file names.

    `columns` and `rows` are the same numbers as text, the first column being what a row is about;
    `description` is what a screen reader says in place of the picture.
    """

    kind: ChartKind
    name: str
    title: str
    description: str
    caption: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def renamed(self, name: str) -> Chart:
        """Return the same chart under another name, for a page that holds several of its kind."""
        return replace(self, name=name)

    @property
    def element(self) -> str:
        """The id of the element with the data."""
        return f"chart-{self.name}-data"

    @property
    def figure(self) -> SafeString:
        """Render the figure: picture, downloads, caption and the table."""
        return render_to_string("ui/components/chart.html", {"chart": self})
