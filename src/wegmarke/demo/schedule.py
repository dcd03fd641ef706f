"""What would happen to everybody if nobody ever left: visits, orders, contacts. `living` cuts it short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from wegmarke.demo.calendar import DAYS
from wegmarke.demo.kinds import BAD, GOOD, KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.demo.diary import Diary, Touches

MINUTE: Final = 1 / 1440
MONTH: Final = 30.4

STREAMS: Final = {
    # touches a month and person; the flag of the persons it concerns
    "ad_social": (0.05, ""),
    "word_of_mouth": (0.02, ""),
    "store_consultation": (0.06, ""),
    "sample_box": (0.03, ""),
    "sales_visit": (0.22, "business"),
    "brew_guide": (0.12, ""),
    "app_push": (0.34, "app"),
    "support_form": (0.03, ""),
    "phone_support": (0.035, ""),
    "machine_repair": (0.055, "machine"),
    "machine_care": (0.10, "machine"),
    "invoice": (0.12, ""),
    "loyalty_club": (0.25, ""),
    "tasting": (0.07, ""),
    "survey_invitation": (0.12, ""),
    "nps_answer": (0.08, ""),
    "upsell_mail": (0.11, ""),
    "upsell_call": (0.03, ""),
    "cancellation_page": (0.004, ""),
    "abandoned_cart_mail": (0.05, ""),
    "chatbot": (0.05, ""),
    "dunning_letter": (0.012, ""),
    "partner_flyer": (0.05, ""),
    "password_reset": (0.03, ""),
    "parcel_redirected": (0.02, ""),
    "delivery_sms": (0.08, ""),
    "store_wifi": (0.04, ""),
    "price_alert": (0.04, ""),
    "cookie_banner": (0.10, ""),
}


def schedule(diary: Diary) -> Touches:
    """Write down everything that would happen to everybody."""
    customers = np.flatnonzero(~diary.people.anonymous)
    _acquisition(diary, customers)
    _visits(diary, customers)
    _subscriptions(diary, customers)
    _streams(diary, customers)
    _calendar_contacts(diary, customers)
    _goals(diary, customers)
    _anonymous(diary, np.flatnonzero(diary.people.anonymous))
    _advanced(diary)
    return diary.touches()


def _some(
    diary: Diary, share: float | NDArray[np.float64], where: NDArray[np.bool_] | NDArray[np.int64]
) -> NDArray[np.bool_]:
    return np.asarray(diary.rng.random(len(where)) < share)


def _acquisition(diary: Diary, customers: NDArray[np.int64]) -> None:
    """How somebody new comes: an ad, a friend, a store, a fair; then the web site."""
    people, rng = diary.people, diary.rng
    new = customers[people.start[customers] > 0]
    origin = people.origin[new]
    first = {0: "word_of_mouth", 1: "ad_search", 2: "ad_social", 5: "trade_fair", 6: "sales_visit"}
    day = people.start[new] + 0.5 * rng.random(len(new))
    for place, key in first.items():
        diary.write(key, new[origin == place], day[origin == place])
    web = origin != 4  # noqa: PLR2004 - the place of the stores among the origins
    at = np.ceil(day) + 0.35 + 0.4 * rng.random(len(new))
    diary.write("landing_page", new[web], at[web], exact=True)
    more = web & _some(diary, 0.7, new)
    diary.write("product_page", new[more], at[more] + 3 * MINUTE, exact=True)
    guide = web & _some(diary, 0.2, new)
    diary.write("guide_download", new[guide], at[guide] + 6 * MINUTE, exact=True)


def _visits(diary: Diary, customers: NDArray[np.int64]) -> None:
    """Visits in everybody's own rhythm, each a look, an order, a walk to the store or the app."""
    people, rng = diary.people, diary.rng
    steps = int(DAYS / people.gap.min() * 1.6)
    gaps = rng.gamma(6.0, people.gap[customers, None] / 6.0, (len(customers), steps))
    gaps[:, 0] *= rng.random(len(customers))
    even = people.start[customers, None] + np.cumsum(gaps, axis=1)
    row, _ = np.nonzero(even < DAYS)
    who, day = customers[row], diary.calendar.busy_days(even[even < DAYS])
    day = np.maximum(day, people.start[who] + 1)
    kind = rng.choice(4, len(who), p=[0.40, 0.31, 0.15, 0.14])
    kind = np.where((kind == 3) & ~people.app[who], 0, kind)  # noqa: PLR2004 - the app
    day = np.where(kind == 2, day, diary.calendar.at_hours(day, "web", rng))  # noqa: PLR2004 - the store
    _look(diary, who[kind == 0], day[kind == 0])
    _order(diary, who[kind == 1], day[kind == 1])
    store, consult = kind == 2, _some(diary, 0.05, who)  # noqa: PLR2004
    diary.write("store_purchase", who[store], day[store])
    diary.write("store_consultation", who[store & consult], day[store & consult])
    diary.write("app_use", who[kind == 3], day[kind == 3], exact=True)  # noqa: PLR2004


def _look(diary: Diary, who: NDArray[np.int64], day: NDArray[np.float64]) -> None:
    diary.write("product_page", who, day, exact=True)
    again = _some(diary, 0.2, who)
    diary.write("product_page", who[again], day[again] + 4 * MINUTE, exact=True)


def _order(diary: Diary, who: NDArray[np.int64], day: NDArray[np.float64]) -> None:
    """From the full basket to the parcel; at each step some stop for today."""
    rng = diary.rng
    looked = _some(diary, 0.5, who)
    diary.write("product_page", who[looked], day[looked] - 3 * MINUTE, exact=True)
    diary.write("cart", who, day, exact=True)
    share = np.where(diary.people.fickle[who], 0.6, 0.2)
    voucher = _some(diary, share, who)
    diary.write("coupon", who[voucher], day[voucher] + 1 * MINUTE, exact=True)
    goes_on = _some(diary, 0.78, who)
    who, day = who[goes_on], day[goes_on] + 3 * MINUTE
    diary.write("forced_login", who, day, exact=True)
    goes_on = _some(diary, 0.93, who)
    who, day = who[goes_on], day[goes_on] + 3 * MINUTE
    inside, payment, numbers = diary.write("checkout_payment", who, day, exact=True)
    who, day = who[inside], day[inside]
    failed = payment.felt == BAD
    # No telephone number to be found, only a form.
    asks = failed & _some(diary, 0.35, who)
    diary.write("support_form", who[asks], day[asks] + 12 * MINUTE, exact=True, cause=numbers[asks])
    done = _some(diary, np.where(failed, 0.6, 0.96), who)
    who, day = who[done], day[done] + np.where(failed[done], 40, 2) * MINUTE
    diary.write("order_confirmation", who, day, exact=True)
    _parcel(diary, who, day + 2 + rng.random(len(who)))


def _parcel(diary: Diary, who: NDArray[np.int64], day: NDArray[np.float64]) -> None:
    diary.write("delivery", who, day)
    opened, returned, asked = (_some(diary, share, who) for share in (0.16, 0.035, 0.25))
    diary.write("unboxing", who[opened], day[opened] + 0.8)
    diary.write("returns", who[returned], day[returned] + 2 + 8 * diary.rng.random(int(returned.sum())))
    diary.write("review_request", who[asked], day[asked] + 9)


def _subscriptions(diary: Diary, customers: NDArray[np.int64]) -> None:
    """Send a parcel every four weeks, remind before the year is over, renew the year."""
    begin = diary.people.subscribed_from[customers]
    who, begin = customers[np.isfinite(begin)], begin[np.isfinite(begin)]
    diary.write("subscription_start", who, begin)
    for month in range(DAYS // 28 + 1):
        due = begin + 28 * month + 1.5  # a day after the start, so that no hour of the day swaps the two
        running = due < DAYS
        diary.write("subscription_order", who[running], due[running])
        diary.write("delivery", who[running], due[running] + 2)
    for year in (365, 730):
        for ahead in (90, 60, 30):
            diary.write(f"renewal_{ahead}", who, begin + year - ahead)
        diary.write("renewal", who, begin + year)


def _streams(diary: Diary, customers: NDArray[np.int64]) -> None:
    """Write what comes by chance, at a rate per month."""
    people, rng = diary.people, diary.rng
    for key, (rate, flag) in STREAMS.items():
        who = customers[getattr(people, flag)[customers]] if flag else customers
        length = DAYS - people.start[who]
        many = rng.poisson(rate * length / MONTH)
        who, length = np.repeat(who, many), np.repeat(length, many)
        even = people.start[who] + 1 + length * rng.random(len(who))
        diary.write(key, who, diary.calendar.busy_days(np.minimum(even, DAYS)))


def _calendar_contacts(diary: Diary, customers: NDArray[np.int64]) -> None:
    """Send what goes by the calendar: newsletters, birthday greetings, quarterly reviews."""
    people, rng = diary.people, diary.rng
    readers = customers[people.newsletter[customers]]
    for day in range((1 - diary.calendar.starts_on.weekday()) % 7, DAYS, 28):
        now = readers[people.start[readers] + 2 < day]
        diary.write("newsletter", now, day + 0.3 + 0.2 * rng.random(len(now)))
    for year in (0.0, 365.0):
        born = people.birthday[customers].astype(np.float64) + year
        knows = people.start[customers] + 5 < born
        diary.write("birthday_greeting", customers[knows], born[knows])
    main = customers[people.main_contact[customers]]
    for quarter in range(1, 9):
        diary.write("business_review", main, people.start[main] + 91 * quarter + 14 * rng.random(len(main)))


def _goals(diary: Diary, customers: NDArray[np.int64]) -> None:
    """Let people step forward for reasons of their own, at everybody's own rate."""
    people, rng = diary.people, diary.rng
    length = DAYS - people.start[customers]
    many = rng.poisson(people.moving[customers] * length)
    who = np.repeat(customers, many)
    day = people.start[who] + 1 + (DAYS - people.start[who]) * rng.random(len(who))
    extends = people.business[who] & _some(diary, 0.6, who)
    subscribes = ~extends & _some(diary, 0.5, who)
    diary.write("contract_extension", who[extends], day[extends])
    diary.write("subscription_start", who[subscribes], day[subscribes])
    rest = ~extends & ~subscribes
    diary.write("referral", who[rest], day[rest])


def _anonymous(diary: Diary, visitors: NDArray[np.int64]) -> None:
    """Visitors who look around and never say who they are."""
    people, rng = diary.people, diary.rng
    day = diary.calendar.busy_days(people.start[visitors])
    day = diary.calendar.at_hours(day, "web", rng)
    by_ad = rng.choice(3, len(visitors), p=[0.35, 0.35, 0.30])
    for place, key in enumerate(("ad_social", "ad_search", "word_of_mouth")):
        diary.write(key, visitors[by_ad == place], day[by_ad == place] - MINUTE, exact=True)
    diary.write("landing_page", visitors, day, exact=True)
    looks = _some(diary, 0.6, visitors)
    diary.write("product_page", visitors[looks], day[looks] + 2 * MINUTE, exact=True)
    fills = looks & _some(diary, 0.2, visitors)
    diary.write("cart", visitors[fills], day[fills] + 7 * MINUTE, exact=True)
    login = fills & _some(diary, 0.5, visitors)
    diary.write("forced_login", visitors[login], day[login] + 9 * MINUTE, exact=True)


def _advanced(diary: Diary) -> None:
    """Let a good experience be followed by a step forward, in the planted share of cases."""
    rng, before = diary.rng, diary.touches()
    for code, kind in enumerate(KINDS):
        if not kind.goal:
            continue
        good = np.flatnonzero((before.kind == code) & ((before.felt == GOOD) | (kind.good == 0)))
        follows = good[rng.random(len(good)) < kind.advances]
        later = before.day[follows] + 1 + 11 * rng.random(len(follows))
        diary.write(kind.goal, before.person[follows], later, cause=follows)
