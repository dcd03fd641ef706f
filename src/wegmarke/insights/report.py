"""One analysis as one HTML file: every finding, chart and table, readable from anywhere without a server.

The file loads nothing: styles, scripts and data are inside, and its own content policy forbids all else.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.apps import apps
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from wegmarke import __version__, ui
from wegmarke.analysis.insight import MomentClass
from wegmarke.insights import (
    catalogue,
    charting,
    evidence,
    moment_tables,
    pages,
    path_charting,
    path_pages,
    path_tables,
)
from wegmarke.insights.charting import no_link
from wegmarke.insights.names import Names

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from wegmarke.analysis.insight import Moment, MomentsInsight
    from wegmarke.insights.contracts import Analysis
    from wegmarke.insights.tables import Table
    from wegmarke.ui.charts import Chart

ALL_FINDINGS = 1000
MOST_VARIANTS = 15
MOST_TRANSITIONS = 40
STATIC = Path(ui.__file__).parent / "static"
SCRIPTS = ("vendor/echarts/echarts.min.js", "ui/charts.js")


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that stands behind the verdict on one touchpoint."""

    finding: pages.Finding
    effects: Table
    crude: tuple[tuple[str, str], ...]
    unmeasured: str
    support: tuple[tuple[str, str], ...]
    strata: Table
    shared: str


@dataclass(frozen=True, slots=True)
class FunnelPart:
    """One funnel of the plan."""

    title: str
    sentence: str
    charts: tuple[Chart, ...]
    tables: tuple[Table, ...]


def render(analysis: Analysis, *, language: str) -> str:
    """Return the report in a language (`de`, `en`, …): one HTML document that needs nothing beside it."""
    prepare()
    with translation.override(language):
        return render_to_string("insights/report.html", _context(analysis, language))


def prepare() -> None:
    """Let templates and translations be used where no site runs; a site's own settings are left alone."""
    if not settings.configured and not os.environ.get("DJANGO_SETTINGS_MODULE"):
        settings.configure(
            INSTALLED_APPS=["wegmarke.ui", "wegmarke.insights"],
            TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
            LANGUAGES=[("de", "Deutsch"), ("en", "English")],
            LANGUAGE_CODE="en",
            USE_I18N=True,
            USE_TZ=True,
            TIME_ZONE="UTC",
        )
    if not apps.ready:
        django.setup()


def _context(analysis: Analysis, language: str) -> dict[str, Any]:
    names = Names(analysis.plan)
    insight = analysis.moments
    scripts = _scripts()
    return {
        "language": language[:2],
        "title": analysis.plan.name.in_language(language),
        "version": __version__,
        "findings": pages.top_findings(analysis, most=ALL_FINDINGS, link=no_link),
        "counts": () if insight is None else pages.class_counts(insight),
        "moment_charts": _moment_charts(insight, names),
        "moments": None if insight is None else moment_tables.moments(insight, names, analysis.plan.currency),
        "evidence": _evidence(analysis, insight, names),
        "journey_charts": _known(
            path_charting.experience_trend(analysis),
            path_charting.leaving_trend(analysis),
            path_charting.experience_curve(analysis, names),
        ),
        "journey": path_tables.journey(analysis.lived, names, catalogue.moments_by_key(analysis)),
        "funnels": _funnels(analysis, names),
        "path_charts": _known(
            path_charting.sankey(analysis.paths, names),
            path_charting.last_actions(analysis.last_actions, names) if analysis.last_actions else None,
        ),
        "path_tables": _path_tables(analysis, names),
        "facts": pages.facts(analysis),
        "computed": pages.how_computed(analysis),
        "not_said": pages.not_said(),
        "scripts": scripts,
        "policy": _policy(scripts),
        "chart_style": mark_safe((STATIC / "ui/charts.css").read_text(encoding="utf-8")),  # noqa: S308 - our file
    }


def _moment_charts(insight: MomentsInsight | None, names: Names) -> tuple[Chart, ...]:
    if insight is None:
        return ()
    return _known(
        charting.effects_on(insight, names, leaving=True),
        charting.effects_on(insight, names, leaving=False),
        charting.pareto(insight, names),
    )


def _evidence(analysis: Analysis, insight: MomentsInsight | None, names: Names) -> tuple[Evidence, ...]:
    if insight is None:
        return ()
    proven = (m for m in insight.moments if m.moment_class is not MomentClass.UNPROVEN)
    return tuple(_evidence_for(m, analysis, insight, names) for m in proven)


def _evidence_for(moment: Moment, analysis: Analysis, insight: MomentsInsight, names: Names) -> Evidence:
    named = evidence.effects(moment)
    return Evidence(
        finding=pages.finding(moment, analysis, insight, no_link),
        effects=moment_tables.effects(moment),
        crude=tuple((e.title, evidence.crude_against_adjusted(e.effect)) for e in named),
        unmeasured=evidence.unmeasured_cause(moment),
        support=evidence.said_once((e.title, evidence.support(e.effect)) for e in named),
        strata=moment_tables.strata(moment, insight, names),
        shared=" · ".join(moment_tables.shared_situation(moment, insight, names)),
    )


def _funnels(analysis: Analysis, names: Names) -> tuple[FunnelPart, ...]:
    parts = []
    for place, (key, insight) in enumerate(analysis.funnels.items(), start=1):
        shown = path_pages.funnel(analysis, insight, names.funnel(key), no_link)
        charts = (shown["chart"], *shown["instead"])
        parts.append(
            FunnelPart(
                title=names.funnel(key),
                sentence=shown["sentence"],
                charts=tuple(chart.renamed(f"{chart.name}-of-{place}") for chart in charts),
                tables=(path_tables.funnel(insight, names), path_tables.instead(insight, names)),
            )
        )
    return tuple(parts)


def _path_tables(analysis: Analysis, names: Names) -> tuple[Table, ...]:
    last = () if analysis.last_actions is None else (path_tables.last_actions(analysis.last_actions, names),)
    return (
        *last,
        path_tables.variants(analysis.paths, names).head(MOST_VARIANTS),
        path_tables.transitions(analysis.paths, names).head(MOST_TRANSITIONS),
    )


def _known(*charts: Chart | None) -> tuple[Chart, ...]:
    return tuple(chart for chart in charts if chart is not None)


def _scripts() -> tuple[SafeString, ...]:
    """Return the scripts to put into the file; none where the browser assets were not fetched."""
    paths = [STATIC / name for name in SCRIPTS]
    if not all(path.exists() for path in paths):
        return ()
    return tuple(_inlined(path.read_text(encoding="utf-8")) for path in paths)


def _inlined(script: str) -> SafeString:
    """Return a script that cannot end its element: the two marks HTML looks for are written otherwise."""
    safe = re.sub(r"</(?=script)", r"<\\/", script, flags=re.IGNORECASE).replace("<!--", r"<\!--")
    return mark_safe(safe)  # noqa: S308 - our own files, made safe for this place


def _policy(scripts: tuple[SafeString, ...]) -> str:
    """Allow exactly these scripts and nothing from outside, so that no name in the data could ever run."""
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
