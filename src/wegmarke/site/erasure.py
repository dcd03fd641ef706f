"""All places that hold data of persons, in the order in which they are erased, and how long they keep.

First the ways in, then the log (which everything in flight has reached by then), then what hangs on it.
"""

from wegmarke.atlas.discovery.erasing import DISCOVERY
from wegmarke.capture.erasing import FILES, INBOX, KEPT_REFUSED, KEPT_REJECTED, KEPT_UPLOADS, REFUSED
from wegmarke.insights.erasing import ANSWERS
from wegmarke.people.access.stores import ACCESS, KEPT_REQUESTS
from wegmarke.people.erasure.own_stores import (
    ACCOUNTS,
    CONSENT,
    EVENTS_OF_PERSONS,
    EVENTS_OF_VISITORS,
    EVIDENCE,
    IDENTITIES,
    JOURNEYS,
    LINKS,
    LOG,
)

STORES = (
    *(INBOX, FILES, LOG, REFUSED, IDENTITIES, ACCOUNTS, CONSENT, ACCESS),
    *(JOURNEYS, ANSWERS, DISCOVERY, EVIDENCE),
)
KEEPERS = (
    *(EVENTS_OF_PERSONS, EVENTS_OF_VISITORS, LINKS),
    *(KEPT_REFUSED, KEPT_UPLOADS, KEPT_REJECTED, KEPT_REQUESTS),
)
