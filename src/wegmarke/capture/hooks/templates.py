"""Mappings to start from, by kind of system; names differ, and the preview shows what to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from wegmarke.capture.hooks.contracts import HookMapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

TEMPLATES: Final[Mapping[str, tuple[Promise, HookMapping]]] = {
    "ticket": (
        _("Ticket system"),
        HookMapping(
            person="ticket.requester.external_id | ticket.requester.id | requester.id | customer.id",
            event="ticket.status | status | type",
            event_name="Ticket",
            time="ticket.updated_at | updated_at | created_at",
            properties=(
                ("ticket", "ticket.id | id"),
                ("channel", "ticket.via.channel | channel"),
                ("priority", "ticket.priority | priority"),
            ),
        ),
    ),
    "call": (
        _("Call centre, telephony"),
        HookMapping(
            person="call.customer_id | customer.id | call.from | from",
            event="call.status | status | event",
            event_name="Call",
            time="call.ended_at | call.started_at | timestamp",
            value="",
            properties=(
                ("direction", "call.direction | direction"),
                ("seconds", "call.duration | duration"),
                ("wait_seconds", "call.wait | wait"),
            ),
        ),
    ),
    "till": (
        _("Point of sale"),
        HookMapping(
            person="receipt.customer.id | customer.id | customer_id",
            event_name="Store Purchase",
            time="receipt.created_at | created_at",
            value="receipt.total | total",
            id="receipt.id | id",
            properties=(("store", "receipt.store | store"), ("payment", "receipt.payment | payment")),
        ),
    ),
    "invoice": (
        _("Invoices"),
        HookMapping(
            person="data.object.customer | invoice.customer_id | customer.id",
            event="type | event",
            time="created | invoice.date | created_at",
            value="data.object.amount_paid | data.object.amount_due | invoice.total",
            id="id",
            properties=(("invoice", "data.object.id | invoice.number"), ("currency", "data.object.currency")),
        ),
    ),
    "other": (_("Something else"), HookMapping(person="customer.id", event="type", time="timestamp")),
}
