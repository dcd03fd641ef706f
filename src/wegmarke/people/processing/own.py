"""What this room knows for the record of processing: purposes, persons, data, retention, protection, rights.

Each line is a statement about this installation as it is now: read from its data and its settings, or true
of every installation because the code does it.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from wegmarke.people.consent import queries as consent
from wegmarke.people.consent.contracts import Basis
from wegmarke.people.erasure import queries as erasure
from wegmarke.people.erasure.joined import stores
from wegmarke.people.processing.contracts import Known, Topic
from wegmarke.record import queries as record
from wegmarke.team import queries as team
from wegmarke.team.contracts import Role
from wegmarke.ui import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from wegmarke.people.consent.contracts import Purpose

TRAITS: Final = 60


def _purposes(_now: datetime) -> Iterator[str]:
    for one in consent.purposes():
        name, basis = one.name(get_language() or "en"), _basis(one)
        if one.valid_days:
            days = numbers.number(one.valid_days)
            yield _("%(name)s: %(basis)s; a consent holds for %(days)s days") % {
                "name": name, "basis": basis, "days": days,
            }  # fmt: skip
        else:
            yield f"{name}: {basis}"


def _basis(of: Purpose) -> str:
    return {
        Basis.CONSENT: _("consent, Art. 6 (1) (a) GDPR"),
        Basis.ADVERTISING: _(
            "consent, Art. 6 (1) (a) GDPR; to existing customers by email § 7 (3) UWG, Art. 6 (1) (f) GDPR"
        ),
        Basis.CONTRACT: _("performance of a contract, Art. 6 (1) (b) GDPR"),
    }[of.basis]


def _persons(_now: datetime) -> Iterator[str]:
    yield _("Customers and prospects, by the ids other systems give them")
    yield _("Visitors of web sites and apps, by an id their device was given")
    yield _("Contacts of business customers, where events name an account")
    yield _("Colleagues with an account here")


def _data(_now: datetime) -> Iterator[str]:
    for store in stores():
        yield str(store.label)
    names = record.trait_names(limit=TRAITS)
    if names:
        plain = ", ".join(name for name, _persons in names if not record.is_personal_trait(name))
        sealed = ", ".join(name for name, _persons in names if record.is_personal_trait(name))
        if plain:
            yield _("What is kept about persons: %(names)s") % {"names": plain}
        if sealed:
            yield _("What is kept about persons and encrypted: %(names)s") % {"names": sealed}


def _recipients(_now: datetime) -> Iterator[str]:
    yield _("The system itself sends data of persons to nobody.")


def _colleagues(_now: datetime) -> Iterator[str]:
    counted = Counter(one.role for one in team.colleagues() if one.active)
    roles = ", ".join(f"{role.label}: {numbers.number(counted[role])}" for role in Role if counted[role])
    if roles:
        yield _("Inside: colleagues with an account, by role (%(roles)s)") % {"roles": roles}


def _retention(now: datetime) -> Iterator[str]:
    for one in erasure.retention(now=now):
        if one.days is None:
            yield _("%(kind)s: until erased") % {"kind": one.label}
        else:
            yield ngettext("%(kind)s: %(days)s day", "%(kind)s: %(days)s days", one.days) % {
                "kind": one.label, "days": numbers.number(one.days),
            }  # fmt: skip
    yield _(
        "What somebody agreed to or refused: as long as it holds, and as a proof without a name after "
        "an erasure"
    )


def _security(_now: datetime) -> Iterator[str]:
    yield _(
        "Values that say who somebody is, messages that wait and messages that were refused lie "
        "encrypted (AES-256-GCM)."
    )
    if os.environ.get("WEGMARKE_FIELD_KEY", "").strip():
        yield _("The key for them is given by the environment, apart from the data.")
    else:
        yield _("The key for them is a file in the data folder, readable by the system only.")
    if settings.SECURE_PROXY_SSL_HEADER is not None:
        yield _("A proxy in front encrypts connections (HTTPS), and browsers are told to use no others.")
    else:
        yield _("This installation does not say that connections are encrypted (HTTPS).")
    yield _(
        "Network addresses are taken out of events before anything is kept; details of devices do not "
        "reach the log."
    )
    yield _("Keys of servers are kept as hashes; passwords as salted hashes made slow on purpose.")
    yield ngettext(
        "After %(n)s wrong password the log-in is locked for a while.",
        "After %(n)s wrong passwords the log-in is locked for a while.",
        settings.AXES_FAILURE_LIMIT,
    ) % {"n": numbers.number(settings.AXES_FAILURE_LIMIT)}
    yield _(
        "Who may see data of persons is decided by role; the data protection officer decides about "
        "erasure, retention and access."
    )
    yield _(
        "Erased data are taken out of every file and overwritten, with a protocol; keyed hashes stop "
        "them from coming back."
    )
    yield _("Pages load nothing from other servers, and browsers are told to allow nothing else.")


def _decisions(_now: datetime) -> Iterator[str]:
    yield _(
        "The system works out figures about many persons. It makes no decision about one person that "
        "has legal effect."
    )


def _rights(_now: datetime) -> Iterator[str]:
    yield _("Access to the data and a copy of them (Art. 15 GDPR)")
    yield _("Correction of what is wrong (Art. 16 GDPR)")
    yield _("Erasure (Art. 17 GDPR) and restriction of processing (Art. 18 GDPR)")
    yield _("The data in a form machines can read (Art. 20 GDPR): the file data.json")
    yield _("Objection to processing, at any time to advertising (Art. 21 GDPR)")
    yield _("Withdrawal of a consent at any time; what was done before stays lawful (Art. 7 (3) GDPR)")
    yield _("Complaint to a supervisory authority (Art. 77 GDPR)")


OWN: Final = (
    Known(Topic.PURPOSES, _purposes),
    Known(Topic.PERSONS, _persons),
    Known(Topic.DATA, _data),
    Known(Topic.RECIPIENTS, _recipients),
    Known(Topic.SECURITY, _colleagues),
    Known(Topic.RETENTION, _retention),
    Known(Topic.SECURITY, _security),
    Known(Topic.DECISIONS, _decisions),
    Known(Topic.RIGHTS, _rights),
)
