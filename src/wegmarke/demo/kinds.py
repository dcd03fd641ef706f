"""The kinds of touches of the demo company and what was planted at each of them. Data only."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from wegmarke.analysis.insight import MomentClass

BAD, NEUTRAL, GOOD = 0, 1, 2
"""How a touch was lived through, as places in `Kind.said`."""

Said = tuple[tuple[dict[str, Any], ...], ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of touch.

    `bad` and `good` are shares of all touches; `trap` says how much more often the fickle have a bad one
    (they leave anyway, so this is confounding and no effect). Planted: `breaks` is added to the hazard of
    leaving by a bad experience, `costs` by the touch itself, and a good one (any touch, where none is called
    good) is followed by the `goal` in a share `advances` of cases. `said` are the properties the events
    carry, by bad, neutral and good. `answers` is the share rated on `scale`. `hours` is when it happens.
    `planned` is False for what nobody wrote down.
    """

    key: str
    event: str
    bad: float = 0.0
    good: float = 0.0
    trap: float = 1.0
    breaks: float = 0.0
    costs: float = 0.0
    advances: float = 0.0
    goal: str | None = None
    said: Said = ()
    scale: str | None = None
    answers: float = 0.0
    value: float | None = None
    hours: str = "web"
    by_company: bool = False
    planned: bool = True
    truth: MomentClass | None = None
    texts: tuple[tuple[str, ...], ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        """Write the properties out once."""
        written = tuple(tuple(json.dumps(one, sort_keys=True) for one in group) for group in self.said)
        object.__setattr__(self, "texts", written)


def _each(**columns: list[Any]) -> tuple[dict[str, Any], ...]:
    """Turn columns of equal length into rows."""
    return tuple(dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


def _same(**properties: object) -> Said:
    """Return the same properties however it was lived through."""
    return ((properties,),) * 3


def _mail(campaign: str, bad: dict[str, Any], good: dict[str, Any]) -> Said:
    base = {"campaign": campaign}
    return ({**base, **bad},), ({**base, "opened": True}, {**base, "opened": False}), ({**base, **good},)


_DELETED: dict[str, Any] = {"opened": False, "deleted_unread": True}
_CLICKED: dict[str, Any] = {"opened": True, "clicked": True}
_WAITED: Final = [61, 75, 95, 130, 180, 260, 420, 700, 1100, 1500, 2100, 2900]
_FAST: Final = [4, 7, 11, 16, 22, 30]
_HOUR: Final = [35, 40, 48, 55, 60]

BREAKS, ADVANCES, DELIGHTS = MomentClass.BREAKS, MomentClass.ADVANCES, MomentClass.DELIGHTS
HARMLESS, COSTS = MomentClass.ANNOYS_HARMLESS, MomentClass.ANNOYS_COSTS

KINDS: Final[tuple[Kind, ...]] = (
    # Becoming aware
    Kind("ad_social", "Ad Clicked", said=_same(network="social")),
    Kind("ad_search", "Ad Clicked", said=_same(network="search")),
    Kind("word_of_mouth", "Referral Link Opened"),
    Kind("trade_fair", "Trade Fair Visited", hours="field"),
    Kind("landing_page", "Landing Page Viewed"),
    Kind("guide_download", "Coffee Guide Downloaded"),
    # Considering
    Kind("product_page", "Product Viewed", said=((({"group": "bohnen"}), {"group": "maschinen"}),) * 3),
    Kind(
        "store_consultation",
        "Store Consultation",
        good=0.48,
        advances=0.13,
        goal="subscription_start",
        said=(_each(outcome=["answered"]), _each(outcome=["answered"]), _each(outcome=["recommendation"])),
        scale="csat",
        answers=0.10,
        hours="store",
        truth=ADVANCES,
    ),
    Kind("sample_box", "Sample Box Ordered", advances=0.12, goal="subscription_start", truth=ADVANCES),
    Kind(
        "sales_visit",
        "Sales Visit",
        good=0.45,
        advances=0.20,
        goal="subscription_start",
        said=(_each(result=["talk"]), _each(result=["talk"]), _each(result=["offer", "tasting_on_site"])),
        hours="field",
        by_company=True,
        truth=ADVANCES,
    ),
    Kind(
        "newsletter",
        "Email Delivered",
        bad=0.38,
        good=0.10,
        said=_mail("newsletter", _DELETED, _CLICKED),
        hours="mail",
        by_company=True,
        truth=HARMLESS,
    ),
    # Buying
    Kind("cart", "Cart Viewed"),
    Kind(
        "coupon",
        "Coupon Entered",
        bad=0.08,
        trap=6.0,
        said=(
            _each(accepted=[False, False], reason=["expired", "minimum_order"]),
            _each(accepted=[True]),
            _each(accepted=[True]),
        ),
    ),
    Kind(
        "forced_login",
        "Login Required",
        bad=0.10,
        breaks=0.06,
        said=(
            _each(result=["password_forgotten", "new_account_forced"]),
            _each(result=["signed_in", "signed_in_by_link"]),
            _each(result=["remembered"]),
        ),
        good=0.30,
        truth=BREAKS,
    ),
    Kind(
        "checkout_payment",
        "Payment Entered",
        bad=0.06,
        breaks=0.15,
        said=(
            _each(method=["card", "card"], error=["card_declined", "3ds_timeout"]),
            _each(method=["card", "paypal", "invoice"]),
            _each(method=["paypal"]),
        ),
        scale="ces",
        answers=0.03,
        truth=BREAKS,
    ),
    Kind("order_confirmation", "Order Completed", value=38.0),
    Kind(
        "store_purchase",
        "Store Purchase",
        value=14.0,
        hours="store",
        scale="csat",
        answers=0.15,
        good=0.6,
        bad=0.1,
    ),
    Kind("subscription_start", "Subscription Started", value=24.0),
    # Using
    Kind("subscription_order", "Subscription Order Created", value=27.0, hours="mail"),
    Kind(
        "delivery",
        "Parcel Delivered",
        bad=0.05,
        good=0.30,
        breaks=0.08,
        said=(_each(days_late=[2, 2, 3, 3, 4, 6]), _each(days_late=[0, 0, 1]), _each(days_late=[-1, -2])),
        scale="csat",
        answers=0.06,
        hours="parcel",
        by_company=True,
        truth=BREAKS,
    ),
    Kind("unboxing", "Package Scanned", bad=0.15, good=0.55, scale="csat", answers=0.7),
    Kind(
        "brew_guide",
        "Email Delivered",
        advances=0.07,
        goal="subscription_start",
        said=_mail("brew_guide", {}, {}),
        hours="mail",
        by_company=True,
        truth=ADVANCES,
    ),
    Kind("app_use", "App Opened"),
    Kind(
        "app_push",
        "Push Received",
        bad=0.10,
        trap=5.0,
        said=(_each(reaction=["switched_off"]), _each(reaction=["none", "swiped"]), ()),
        by_company=True,
    ),
    Kind(
        "support_form",
        "Ticket Created",
        bad=0.45,
        good=0.25,
        breaks=0.12,
        said=(
            tuple({"channel": "form", "answer_minutes": m} for m in _WAITED),
            tuple({"channel": "form", "answer_minutes": m} for m in _HOUR),
            tuple({"channel": "form", "answer_minutes": m} for m in _FAST),
        ),
        scale="ces",
        answers=0.12,
        truth=BREAKS,
    ),
    Kind(
        "phone_support",
        "Ticket Created",
        bad=0.22,
        good=0.45,
        breaks=0.10,
        said=(
            _each(channel=["phone"], resolved=[False]),
            _each(channel=["phone"], resolved=[True]),
            _each(channel=["phone"], resolved=[True], first_call=[True]),
        ),
        scale="ces",
        answers=0.15,
        hours="desk",
        truth=BREAKS,
    ),
    Kind(
        "machine_repair",
        "Machine Repaired",
        bad=0.30,
        good=0.25,
        breaks=0.14,
        said=(
            _each(days=[11, 14, 18, 25], same_fault=[False, True, False, True]),
            _each(days=[5, 7, 9], same_fault=[False, False, False]),
            _each(days=[1, 2, 3], same_fault=[False, False, False]),
        ),
        scale="csat",
        answers=0.15,
        hours="desk",
        truth=BREAKS,
    ),
    Kind(
        "machine_care", "Email Delivered", said=_mail("machine_care", {}, {}), hours="mail", by_company=True
    ),
    Kind(
        "returns",
        "Return Registered",
        bad=0.55,
        breaks=0.12,
        said=(_each(postage=["customer"]), _each(postage=["company"]), _each(postage=["company"])),
        truth=BREAKS,
    ),
    Kind("invoice", "Invoice Sent", hours="mail", by_company=True),
    # Staying and recommending
    Kind(
        "loyalty_club",
        "Club Points Viewed",
        bad=0.07,
        trap=6.0,
        good=0.20,
        said=(_each(points=["expired"]), _each(points=["kept"]), _each(points=["redeemed"])),
    ),
    Kind(
        "birthday_greeting",
        "Birthday Greeting Sent",
        bad=0.20,
        good=0.45,
        advances=0.10,
        goal="referral",
        said=(_each(gift=["expired"]), _each(gift=["none"]), _each(gift=["redeemed"])),
        hours="mail",
        by_company=True,
        truth=DELIGHTS,
    ),
    Kind(
        "tasting",
        "Tasting Attended",
        bad=0.20,
        good=0.60,
        advances=0.13,
        goal="referral",
        scale="csat",
        answers=1.0,
        hours="store",
        truth=DELIGHTS,
    ),
    Kind(
        "survey_invitation",
        "Survey Invited",
        bad=0.36,
        good=0.15,
        said=(_each(reaction=["closed_at_once"]), _each(reaction=["none"]), _each(reaction=["answered"])),
        by_company=True,
        truth=HARMLESS,
    ),
    Kind("nps_answer", "NPS Answered", bad=0.16, trap=2.5, good=0.45, scale="nps", answers=1.0),
    Kind(
        "review_request",
        "Email Delivered",
        bad=0.30,
        good=0.08,
        said=_mail("review_request", _DELETED, _CLICKED),
        hours="mail",
        by_company=True,
        truth=HARMLESS,
    ),
    Kind(
        "upsell_mail",
        "Email Delivered",
        costs=0.06,
        said=_mail("upsell", {}, {}),
        hours="mail",
        by_company=True,
        truth=COSTS,
    ),
    Kind("upsell_call", "Sales Call", costs=0.09, hours="desk", by_company=True, truth=COSTS),
    Kind(
        "business_review",
        "Business Review",
        good=0.50,
        advances=0.18,
        goal="contract_extension",
        said=(_each(result=["held"]), _each(result=["held"]), _each(result=["savings_shown"])),
        hours="field",
        by_company=True,
        truth=ADVANCES,
    ),
    Kind("renewal_90", "Renewal Reminder", said=_same(days_before=90), hours="mail", by_company=True),
    Kind("renewal_60", "Renewal Reminder", said=_same(days_before=60), hours="mail", by_company=True),
    Kind("renewal_30", "Renewal Reminder", said=_same(days_before=30), hours="mail", by_company=True),
    Kind("renewal", "Contract Renewed", value=310.0, hours="desk", by_company=True),
    Kind("contract_extension", "Contract Extended", value=420.0, hours="desk"),
    Kind("referral", "Referral Made"),
    Kind("cancellation_page", "Cancellation Page Viewed"),
    Kind("cancellation", "Subscription Cancelled"),
    # Nobody wrote these down: they happen, and are in no plan
    Kind("abandoned_cart_mail", "Abandoned Cart Mail Sent", hours="mail", by_company=True, planned=False),
    Kind(
        "chatbot",
        "Chatbot Opened",
        bad=0.5,
        breaks=0.05,
        planned=False,
        said=(_each(handed_over=[False]), _each(handed_over=[True]), _each(handed_over=[True])),
    ),
    Kind("dunning_letter", "Dunning Letter Sent", costs=0.05, hours="mail", by_company=True, planned=False),
    Kind("partner_flyer", "Partner Flyer Enclosed", hours="parcel", by_company=True, planned=False),
    Kind("password_reset", "Password Reset Requested", planned=False),
    Kind("parcel_redirected", "Parcel Redirected", planned=False),
    Kind("delivery_sms", "Delivery SMS Sent", hours="parcel", by_company=True, planned=False),
    Kind("store_wifi", "Store WiFi Joined", hours="store", planned=False),
    Kind("price_alert", "Price Alert Sent", hours="mail", by_company=True, planned=False),
    Kind("cookie_banner", "Cookie Banner Shown", by_company=True, planned=False),
    Kind("winback_mail", "Winback Mail Sent", hours="mail", by_company=True, planned=False),
)
CODE: Final = {kind.key: code for code, kind in enumerate(KINDS)}
GOALS: Final = ("subscription_start", "contract_extension", "referral")
"""What moving on is in the demo's plan."""
