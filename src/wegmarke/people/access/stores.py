"""Requests for access are data of persons themselves: told, counted, erased, and let go in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wegmarke.people.access import queries, services
from wegmarke.people.access.contracts import Section, due
from wegmarke.people.access.tables import AccessRequest
from wegmarke.people.erasure.contracts import Held, Keeper, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from wegmarke.people.access.contracts import Row, Telling
    from wegmarke.people.erasure.contracts import Erasing


def _count(erasing: Erasing) -> Held:
    return Held(rows=sum(bool(row.identifiers) for row in queries.naming(erasing.identifiers)))


def _erase(erasing: Erasing) -> bool:
    services.forget(erasing.identifiers, now=erasing.now)
    return True


def _identifiers() -> Iterator[str]:
    for listed in AccessRequest.objects.order_by().values_list("identifiers", flat=True).iterator():
        yield from listed


def _tell(telling: Telling) -> Iterator[Section]:
    yield Section(
        "access_requests",
        _("Your requests for access"),
        {"asked_on": _("Came on"), "due_on": _("Due by"), "answered_at": _("Answered")},
        _requests(telling),
        note=_("Once a request was answered, only hashes of your ids are kept with it."),
    )


def _requests(telling: Telling) -> Iterator[Row]:
    for row in queries.naming(telling.identifiers):
        yield {"asked_on": row.asked_on, "due_on": due(row.asked_on), "answered_at": row.delivered_at}


ACCESS = Store(
    "access",
    pgettext_lazy("store of personal data", "Requests for access"),
    _erase,
    _count,
    identifiers=_identifiers,
    tell=_tell,
)


def _expire(before: datetime, _name: str, _now: datetime) -> int:
    return services.expire(before)


KEPT_REQUESTS = Keeper(
    "access",
    pgettext_lazy("kind of data", "Requests for access that were answered, without ids"),
    1_095,
    _expire,
    lambda before: services.old(before).count(),
)
