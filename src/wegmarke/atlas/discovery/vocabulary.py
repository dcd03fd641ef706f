"""The words by which event names and properties are understood, English and German. Pure.

A list of words cannot know every company; it only breaks ties that the data leave open, and what it decides
stands on the page for somebody to accept or not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_WORD = re.compile(r"[A-ZÄÖÜ]+(?![a-zäöüß])|[A-ZÄÖÜ]?[a-zäöüß]+|[^\W\d_]+|\d+")


@lru_cache(maxsize=50_000)
def words_of(text: str) -> tuple[str, ...]:
    """Take a name apart into small words: `emailDelivered`, `email_delivered` and `Email delivered` alike."""
    joined = re.sub(r"(?i)\be[\s_-]?mail", "email", text)
    return tuple(word.casefold() for word in _WORD.findall(joined))


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of events: the words that show it, the properties that tell its members apart, its channel.

    `de` and `en` are what a member is called before the colon: „E-Mail: Spring sale“.
    """

    key: str
    words: frozenset[str]
    telling: frozenset[str]
    channel: str
    de: str
    en: str


FAMILIES: Final = (
    Family(
        "mail",
        _set("mail email mails emails newsletter mailing mailings"),
        _set(
            "campaign template subject name title topic message mailing newsletter kampagne vorlage betreff"
            " type kind"
        ),
        "mail",
        "E-Mail",
        "Email",
    ),
    Family(
        "push",
        _set("push notification notifications benachrichtigung"),
        _set(
            "campaign template subject name title topic message notification type kind category kampagne"
            " vorlage"
        ),
        "app",
        "Push-Nachricht",
        "Push notification",
    ),
    Family(
        "sms",
        _set("sms whatsapp"),
        _set("campaign template name topic message kampagne vorlage"),
        "sms",
        "SMS",
        "Text message",
    ),
    Family(
        "letter",
        _set("letter brief post mailpiece postal"),
        _set("campaign template subject name topic kampagne vorlage betreff art"),
        "letter",
        "Brief",
        "Letter",
    ),
    Family(
        "ticket",
        _set(
            "ticket tickets case cases inquiry enquiry complaint complaints anfrage beschwerde reklamation"
            " fall support"
        ),
        _set(
            "category kind type topic subject reason queue channel kategorie art thema grund betreff anliegen"
        ),
        "support",
        "Ticket",
        "Ticket",
    ),
    Family(
        "call",
        _set("call calls anruf telefonat phone telefon hotline"),
        _set("topic reason category campaign thema grund art anliegen kampagne"),
        "phone",
        "Anruf",
        "Call",
    ),
    Family(
        "chat",
        _set("chat chats chatbot bot livechat"),
        _set("topic intent reason category thema"),
        "chat",
        "Chat",
        "Chat",
    ),
    Family(
        "page",
        _set("page pages pageview screen seite seiten seitenaufruf url aufruf pagevisit"),
        _set("path page url screen title name section route pfad seite href location"),
        "web",
        "Seite",
        "Page",
    ),
    Family(
        "feature",
        _set(
            "feature features function funktion module modul tool used usage nutzung click clicked klick"
            " button action"
        ),
        _set("feature function funktion module modul tool name action button label widget element"),
        "app",
        "Funktion",
        "Feature",
    ),
    Family(
        "form",
        _set("form formular forms survey umfrage befragung questionnaire"),
        _set("form name survey title formular umfrage topic template"),
        "web",
        "Formular",
        "Form",
    ),
    Family(
        "ad",
        _set("ad ads anzeige advert advertisement impression"),
        _set("campaign network source placement medium kampagne netzwerk"),
        "ads",
        "Anzeige",
        "Ad",
    ),
    Family(
        "document",
        _set("document dokument download downloaded pdf file datei asset"),
        _set("document name title asset file dokument art titel"),
        "web",
        "Dokument",
        "Document",
    ),
    Family(
        "reminder",
        _set("reminder erinnerung"),
        _set("stage level step template campaign stufe art days"),
        "mail",
        "Erinnerung",
        "Reminder",
    ),
    Family(
        "event",
        _set("event webinar messe workshop training seminar veranstaltung"),
        _set("topic title name event thema titel art"),
        "event",
        "Veranstaltung",
        "Event",
    ),
)

TELLING: Final = _set(
    "campaign campaigns template subject feature topic kampagne vorlage betreff thema anliegen screen"
    " path page"
)
"""Properties that tell touchpoints apart whatever the event is called."""
MAY_TELL: Final = _set(
    "kind type category channel reason title name label section source content action message"
    " notification module form queue step stage network intent art kategorie kanal grund titel stufe"
)
"""Properties that may; the data must bear it out."""
SERIES: Final = _set("step stage level before after wave round stufe vor nach")
"""Properties whose small numbers name one of a series: 90, 60 and 30 days before."""
CONTEXT: Final = _set(
    "id uuid guid device browser os platform language locale country city region zip plz currency"
    " version build ip session user customer account tenant gender age segment tier status state"
    " result outcome variant experiment bucket agent employee operator clerk owner author size color"
    " colour quantity price amount total value score rating stars count duration seconds minutes hours"
    " time timestamp date token hash key referrer useragent sprache land stadt ort währung waehrung"
    " gerät geraet bearbeiter mitarbeiter preis betrag menge anzahl datum uhrzeit größe groesse farbe"
    " ergebnis zustand host server node env environment payment zahlungsart store filiale warehouse"
    " carrier priority prio severity success error resolved opened clicked shift weekday lang"
    " network_type connection viewport resolution timezone order invoice sku product"
    " method mode medium methode"
)
"""Properties that describe who, where or how, but not what."""
TECHNICAL: Final = _set(
    "ping pings heartbeat health healthcheck cron sync synced token tokens debug webhook job jobs"
    " cache cached retry migration crawler crawled monitoring probe pixel beacon identify api rpc"
    " background keepalive session exception trace deploy etl reindex bot spider scheduler replication"
    " backup rotated flush flushed"
)
"""Words of events that machines write for machines; one of them alone is a hint, no proof."""
COMPANY: Final = _set(
    "sent delivered mailed email mail newsletter push sms reminder invited invitation notification"
    " notified letter brief invoice rechnung mahnung dunning called outbound greeting gesendet"
    " zugestellt verschickt versendet eingeladen erinnerung shipped dispatched ad banner flyer"
)
CUSTOMER: Final = _set(
    "viewed clicked opened created submitted used ordered purchased bought visited searched"
    " downloaded registered signed requested asked returned cancelled canceled subscribed booked"
    " redeemed answered rated joined started completed entered added page screen feature ticket"
    " complaint aufgerufen geklickt genutzt bestellt gekauft besucht gesucht angemeldet gekündigt"
    " anfrage beschwerde download seite login logged inbound shared"
)
STAGES: Final = (
    *(
        "scheduled",
        "queued",
        "created",
        "sent",
        "dispatched",
        "shipped",
        "delivered",
        "received",
        "displayed",
    ),
    *(
        "impression",
        "shown",
        "opened",
        "read",
        "viewed",
        "clicked",
        "updated",
        "assigned",
        "answered",
        "replied",
    ),
    *(
        "reopened",
        "resolved",
        "solved",
        "closed",
        "bounced",
        "dropped",
        "deferred",
        "complained",
        "unsubscribed",
    ),
    *("dismissed", "swiped", "failed", "completed"),
    *("gesendet", "versendet", "zugestellt", "geöffnet", "geklickt", "erstellt", "gelöst", "geschlossen"),
)
"""Words for what became of one and the same thing, in the order they happen."""
FOLLOWED_BY: Final = _set(
    "opened read clicked bounced dropped deferred complained unsubscribed dismissed swiped updated"
    " assigned reopened resolved solved closed answered replied geöffnet geklickt gelöst geschlossen"
)
"""Words of events that only say what became of an earlier one."""
EXPERIENCE: Final = _set(
    "rating score stars csat nps ces satisfaction satisfied feedback resolved solved error errors"
    " failed failure success successful wait waited waiting delay delayed late ontime helpful helped"
    " complaint bewertung note sterne zufrieden zufriedenheit gelöst geloest fehler wartezeit"
    " verspätet verspaetet refunded damaged"
)
"""Properties that may say how something was lived through."""
CHANNELS: Final = {
    **dict.fromkeys(("mail", "email", "e-mail"), "mail"),
    **dict.fromkeys(("web", "website", "site", "form", "online", "formular"), "web"),
    **dict.fromkeys(("phone", "call", "telefon", "hotline", "tel"), "phone"),
    **dict.fromkeys(("app", "mobile", "ios", "android", "push"), "app"),
    **dict.fromkeys(("store", "shop", "filiale", "pos", "laden", "branch"), "store"),
    **dict.fromkeys(("parcel", "package", "paket", "delivery", "lieferung", "shipment", "versand"), "parcel"),
    **dict.fromkeys(("chat", "livechat", "chatbot"), "chat"),
    **dict.fromkeys(("sms", "whatsapp"), "sms"),
    **dict.fromkeys(("letter", "brief", "post", "postal", "mahnung", "dunning"), "letter"),
    **dict.fromkeys(("visit", "besuch", "field", "aussendienst", "außendienst"), "visit"),
    **dict.fromkeys(("invoice", "rechnung", "billing"), "mail"),
    **dict.fromkeys(("ad", "ads", "anzeige", "banner"), "ads"),
    **dict.fromkeys(("webinar", "messe", "fair", "workshop"), "event"),
    **dict.fromkeys(("checkout", "cart", "page", "search", "login", "account", "coupon"), "web"),
    **dict.fromkeys(("viewed", "clicked", "landing", "banner", "angesehen"), "web"),
}
"""Words for a channel, and the channel."""
TRANSPORT: Final = (
    "delivered",
    "zugestellt",
    "sent",
    "gesendet",
    "versendet",
    "dispatched",
    "queued",
    "scheduled",
)
"""Words for the same message on its way, the best one to count first."""


def stem_of(event: str) -> frozenset[str]:
    """Return the words of an event's name without those that say how far it is."""
    words = frozenset(words_of(event))
    return words - set(STAGES) or words


def follows(event: str) -> bool:
    """Say whether an event only tells what became of an earlier one."""
    return bool(set(words_of(event)) & FOLLOWED_BY)


def family_of(words: tuple[str, ...]) -> Family | None:
    """Return the kind of events a name belongs to; the word that stands first decides."""
    found = [
        (words.index(word), at) for at, one in enumerate(FAMILIES) for word in one.words if word in words
    ]
    return FAMILIES[min(found)[1]] if found else None
