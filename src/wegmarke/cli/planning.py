"""The plan of one analysis: a plan file, the options, or both; the options win."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from wegmarke.analysis.journeys import StartedBy
from wegmarke.cli.complaints import RequestError
from wegmarke.cli.language import gettext as _
from wegmarke.plan.contracts import Funnel, Leaving, Plan, Text, Touchpoint
from wegmarke.plan.rules import properties_of
from wegmarke.record.contracts import BindingRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wegmarke.cli.request import Request

FUNNEL = "asked"
DEFAULT_DAYS = 30.0


def plan_of(request: Request, document: Plan | None, events: Sequence[str]) -> Plan:
    """Return the plan to analyse by.

    Without a document every event name is a touchpoint. `events` are the names met in the data: a name given
    on the command line that is neither one of them nor a touchpoint of the plan raises `RequestError`.
    """
    if request.leaving and request.quiet_days is not None:
        raise RequestError(
            _("--leaving-event and --quiet-days exclude each other: leaving is one or the other.")
        )
    if request.window_days is not None and not request.funnel:
        raise RequestError(_("--window-days needs --funnel."))
    plan = document or Plan(name=Text("", ""), unbound_names_are_touchpoints=True)
    known = _known(plan, events)
    leaving = plan.leaving
    if request.leaving:
        leaving = Leaving(touchpoints=_checked(request.leaving, known, "--leaving-event"))
    elif request.quiet_days is not None:
        leaving = Leaving(quiet_days=request.quiet_days)
    moving_on = _checked(request.moving_on, known, "--moving-on") or plan.moving_on
    if leaving is not None and (both := sorted({*leaving.touchpoints} & {*moving_on})):
        message = _("“%(name)s” cannot mean leaving and moving on at once.")
        raise RequestError(message % {"name": both[0]})
    funnels = _funnels(request, plan, known)
    return replace(
        plan,
        touchpoints=_touchpoints(plan, _checked(request.contacts, known, "--contact")),
        leaving=leaving,
        moving_on=moving_on,
        horizon_days=request.horizon_days if request.horizon_days is not None else plan.horizon_days,
        margin=request.margin if request.margin is not None else plan.margin,
        attributes=tuple(dict.fromkeys((*plan.attributes, *request.attributes))),
        funnels=funnels,
    )


def columns_read_by(plan: Plan | None) -> tuple[str, ...]:
    """Return the columns the rules of a plan may look at: their keys, and the starts of dotted ones."""
    keys = properties_of(plan) if plan is not None else ()
    return tuple(dict.fromkeys(name for key in keys if key for name in (key, key.partition(".")[0])))


def _touchpoints(plan: Plan, contacts: Sequence[str]) -> tuple[Touchpoint, ...]:
    """Return the plan's touchpoints and those named as contacts, which the company starts."""
    mine = StartedBy.COMPANY
    planned = {touchpoint.key for touchpoint in plan.touchpoints}
    return (
        *(replace(one, started_by=mine) if one.key in contacts else one for one in plan.touchpoints),
        *(
            Touchpoint(name, Text(name, name), started_by=mine, rules=(BindingRule(name),))
            for name in contacts
            if name not in planned
        ),
    )


def _known(plan: Plan, events: Sequence[str]) -> list[str]:
    own = list(events) if plan.unbound_names_are_touchpoints else []
    return [*(touchpoint.key for touchpoint in plan.touchpoints), *own]


def _checked(names: Sequence[str], known: Sequence[str], option: str) -> tuple[str, ...]:
    there = set(known)
    names = [one for name in names for one in _apart(name, there)]
    for name in names:
        if name not in there:
            message = _("%(option)s: no event is named “%(name)s”.") % {"option": option, "name": name}
            near = get_close_matches(name, known, n=3, cutoff=0.5)
            same = [other for other in known if other.casefold() == name.casefold()]
            listed = ", ".join(f"“{other}”" for other in dict.fromkeys([*same, *near]) or known[:10])
            raise RequestError(message + " " + _("There are: %(names)s.") % {"names": listed})
    return tuple(dict.fromkeys(names))


def _apart(name: str, known: set[str]) -> list[str]:
    """Return the names in `A,B`, unless an event is really named so."""
    parts = [part.strip() for part in name.split(",")]
    return [name] if name in known or not known.intersection(parts) else [part for part in parts if part]


def _funnels(request: Request, plan: Plan, known: Sequence[str]) -> tuple[Funnel, ...]:
    if not request.funnel:
        return plan.funnels
    for step in request.funnel:
        _checked([step], known, "--funnel")
    if len(request.funnel) < 2:  # noqa: PLR2004 - one step leads nowhere
        raise RequestError(_("--funnel needs at least two steps, separated by commas."))
    name = Text(de="Trichter", en="Funnel")
    return (Funnel(FUNNEL, name, request.funnel, request.window_days or DEFAULT_DAYS),)
