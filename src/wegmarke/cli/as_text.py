"""An analysis in plain words, for people at a terminal or for a text file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wegmarke.cli.harmless import harmless
from wegmarke.cli.language import gettext as _
from wegmarke.cli.language import ngettext
from wegmarke.insights import figures, moment_tables, path_tables, wording
from wegmarke.insights.names import Names
from wegmarke.insights.tables import Row
from wegmarke.insights.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wegmarke.analysis.insight import Moment, MomentsInsight
    from wegmarke.cli.loading import Loaded
    from wegmarke.insights.contracts import Analysis
    from wegmarke.insights.tables import Table

_MOST_SENTENCES = 10
_MOST_ROWS = 15
_NARROW = 46
_MOMENT_COLUMNS = (
    *("touchpoint", "class", "touches", "bad", "bad_leaving", "good_moving_on", "touch_leaving"),
    *("touch_moving_on", "lost"),
)
_JOURNEY_COLUMNS = ("phase", "touchpoint", "touches", "persons", "experience", "drop_off")


def as_text(analysis: Analysis, loaded: Loaded, *, terminal: bool) -> str:
    """Return the findings, most important first; tables with lines only on a terminal."""
    names = Names(analysis.plan)
    parts = [_head(analysis, loaded), _moments(analysis, names)]
    tables = list(_tables(analysis, names))
    draw = _drawn if terminal else _aligned
    parts += [f"{table.title}\n\n{draw(table)}" for table in tables if table.rows]
    return "\n\n".join(part if terminal else harmless(part) for part in parts if part)


def _head(analysis: Analysis, loaded: Loaded) -> str:
    period = figures.period(analysis.period.start, analysis.period.end)
    facts = [
        period,
        ngettext("%(count)s person", "%(count)s persons", analysis.persons)
        % {"count": figures.count(analysis.persons)},
        ngettext("%(count)s touch", "%(count)s touches", analysis.touches)
        % {"count": figures.count(analysis.touches)},
    ]
    if analysis.unbound:
        text = ngettext(
            "%(count)s event without a touchpoint", "%(count)s events without a touchpoint", analysis.unbound
        )
        facts.append(text % {"count": figures.count(analysis.unbound)})
    left_out = loaded.rejected.num_rows
    if left_out:
        text = ngettext("%(count)s row left out", "%(count)s rows left out", left_out)
        facts.append(text % {"count": figures.count(left_out)})
    return " · ".join(facts)


def _moments(analysis: Analysis, names: Names) -> str:
    title = _("Moments that matter")
    insight = analysis.moments
    if insight is None:
        return f"{title}\n\n" + _(
            "Nothing says yet what leaving or moving on is, so no moment can be judged. Add --leaving-event "
            "NAME or --quiet-days N for leaving, and --moving-on NAME for moving on."
        )
    proven = [moment for moment in insight.moments if moment.moment_class != "unproven"]
    lines = [_sentence(moment, insight, names) for moment in proven[:_MOST_SENTENCES]]
    open_ones = len(insight.moments) - len(proven)
    if open_ones:
        text = ngettext(
            "%(count)s touchpoint is unproven: the data cannot decide yet.",
            "%(count)s touchpoints are unproven: the data cannot decide yet.",
            open_ones,
        )
        lines.append("? " + text % {"count": figures.count(open_ones)})
    if not insight.moments:
        days = figures.days(insight.horizon_days)
        text = _("No touch can be judged: the data end less than the horizon (%(days)s) after each of them.")
        lines.append(text % {"days": days})
    lines += ["", _assumptions(insight)]
    return f"{title}\n\n" + "\n".join(lines)


def _sentence(moment: Moment, insight: MomentsInsight, names: Names) -> str:
    sentence = harmless(wording.sentence(moment, insight, names.touchpoint(moment.touchpoint)))
    return f"{CLASSES[moment.moment_class].mark} {sentence} (n = {figures.count(moment.touches)})"


def _assumptions(insight: MomentsInsight) -> str:
    return _("Within %(time)s of a touch; effects smaller than %(margin)s do not count; 95%% intervals.") % {
        "time": figures.days_after_preposition(insight.horizon_days),
        "margin": figures.exact_points(insight.margin),
    }


def _tables(analysis: Analysis, names: Names) -> Iterator[Table]:
    if analysis.moments is not None:
        table = moment_tables.moments(analysis.moments, names, analysis.plan.currency)
        yield _only(table, _MOMENT_COLUMNS).head(_MOST_ROWS)
    for key, insight in analysis.funnels.items():
        funnel = path_tables.funnel(insight, names)
        title = f"{names.funnel(key)} ({figures.within(insight.window_days)})"
        yield replace(funnel, title=title)
        yield path_tables.instead(insight, names).head(_MOST_ROWS)
    if analysis.last_actions is not None:
        yield path_tables.last_actions(analysis.last_actions, names).head(_MOST_ROWS)
    columns = _JOURNEY_COLUMNS if analysis.plan.phases else _JOURNEY_COLUMNS[1:]
    yield _only(path_tables.journey(analysis.lived, names, {}), columns).head(_MOST_ROWS)
    variants = path_tables.variants(analysis.paths, names).head(5)
    text = ngettext(
        "%(count)s path in all", "%(count)s different paths in all", analysis.paths.variants_total
    )
    count = text % {"count": figures.count(analysis.paths.variants_total)}
    yield replace(variants, title=f"{variants.title} ({count})")


def _only(table: Table, keys: Sequence[str]) -> Table:
    """Return some columns of a table, without those in which nothing stands."""
    places = [table.place(key) for key in keys]
    filled = [
        place
        for place in places
        if place is not None and any(row.cells[place].value not in {None, 0} for row in table.rows)
    ]
    columns = tuple(table.columns[place] for place in filled)
    rows = tuple(Row(tuple(row.cells[place] for place in filled)) for row in table.rows)
    return replace(table, columns=columns, rows=rows)


def _aligned(table: Table) -> str:
    """Return a table as lines with blanks between the columns."""
    titles = [column.title for column in table.columns]
    rows = [[_short(harmless(cell.text)) for cell in row.cells] for row in table.rows]
    widths = [max(len(line[place]) for line in [titles, *rows]) for place in range(len(titles))]
    lines = []
    for line in [titles, *rows]:
        cells = [
            cell.rjust(width) if column.number else cell.ljust(width)
            for cell, width, column in zip(line, widths, table.columns, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _short(text: str) -> str:
    return text if len(text) <= 2 * _NARROW else text[: 2 * _NARROW - 1] + "…"


def _drawn(table: Table) -> str:
    """Return a table with lines, as wide as the terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text as RichText

    drawn = RichTable(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        drawn.add_column(RichText(column.title), justify="right" if column.number else "left")
    for row in table.rows:
        drawn.add_row(*(RichText(harmless(cell.text)) for cell in row.cells))
    console = Console()
    with console.capture() as captured:
        console.print(drawn)
    return str(captured.get()).rstrip()
