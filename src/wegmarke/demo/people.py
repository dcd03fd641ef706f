"""The made-up persons of the demo company, and what they are like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from wegmarke.demo.calendar import DAYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEGMENTS: Final = ("privat", "geschäftlich")
ORIGINS: Final = ("Empfehlung", "Suche", "Soziale Medien", "Gutscheinportal", "Filiale", "Messe", "Vertrieb")
REGIONS: Final = ("Nord", "Ost", "Süd", "West")
VOUCHER: Final = ORIGINS.index("Gutscheinportal")

_PRIVATE: Final = np.array([0.18, 0.27, 0.20, 0.17, 0.18, 0.0, 0.0])
_BUSINESS: Final = np.array([0.25, 0.0, 0.0, 0.0, 0.0, 0.40, 0.35])
_LEAVING: Final = np.array([0.008, 0.013, 0.018, 0.110, 0.011, 0.006, 0.006]) / 30
"""Chance per day to leave for reasons of one's own, by origin: voucher hunters leave most."""
_MOVING: Final = np.array([0.030, 0.018, 0.014, 0.010, 0.022, 0.030, 0.030]) / 30
_ANSWERING: Final = np.array([1.5, 1.1, 0.8, 0.3, 1.3, 1.2, 1.2])
"""The loyal answer more."""
_PACES: Final = (0.25, 0.45, 0.30)
_THERE_BEFORE: Final = 0.3
"""Share of the customers who were there already when the two years began."""
_APP: Final = 0.45
_READS: Final = 0.8
_GAPS: Final = np.array([12.0, 16.0, 20.0])
"""Days between two visits of the keen, the usual and the calm."""


@dataclass(frozen=True, slots=True)
class People:
    """One entry per person and column; days count from the first day, rates are per day."""

    segment: NDArray[np.int64]
    origin: NDArray[np.int64]
    region: NDArray[np.int64]
    account: NDArray[np.int64]
    main_contact: NDArray[np.bool_]
    start: NDArray[np.float64]
    gap: NDArray[np.float64]
    leaving: NDArray[np.float64]
    moving: NDArray[np.float64]
    answering: NDArray[np.float64]
    fickle: NDArray[np.bool_]
    subscribed_from: NDArray[np.float64]
    machine: NDArray[np.bool_]
    app: NDArray[np.bool_]
    newsletter: NDArray[np.bool_]
    birthday: NDArray[np.int64]
    cancels_after: NDArray[np.float64]
    anonymous: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.start)

    @property
    def business(self) -> NDArray[np.bool_]:
        """Who buys for a company."""
        return np.asarray(self.segment == 1)


def people(rng: np.random.Generator, customers: int) -> People:
    """Make customers, and beside them a third as many visitors who never say who they are."""
    n = customers + customers // 3
    anonymous = np.arange(n) >= customers
    business = (np.arange(n) < round(0.08 * customers)) & ~anonymous
    origin = np.where(
        business, rng.choice(len(ORIGINS), n, p=_BUSINESS), rng.choice(len(ORIGINS), n, p=_PRIVATE)
    )
    account, main = _accounts(rng, business)
    start = np.where(rng.random(n) < _THERE_BEFORE, rng.uniform(-6, 0, n), DAYS * rng.random(n) ** 0.85)
    start = np.where(anonymous, rng.uniform(0, DAYS, n), start)
    pace = rng.choice(3, n, p=_PACES)
    start = np.clip(start, 0.0, DAYS - 1)
    subscribes = rng.random(n) < np.where(business, 0.7, 0.22)
    subscribed_from = start + rng.uniform(2, 240, n)
    return People(
        segment=business.astype(np.int64),
        origin=origin,
        region=rng.choice(4, n, p=[0.2, 0.15, 0.3, 0.35]),
        account=account,
        main_contact=main,
        start=start,
        gap=_GAPS[pace],
        leaving=_LEAVING[origin] * np.array([0.85, 1.0, 1.2])[pace],
        moving=_MOVING[origin],
        answering=_ANSWERING[origin],
        fickle=origin == VOUCHER,
        subscribed_from=np.where(subscribes, subscribed_from, np.inf),
        machine=rng.random(n) < np.where(business, 0.8, 0.25),
        app=rng.random(n) < _APP,
        newsletter=rng.random(n) < _READS,
        birthday=rng.integers(0, 365, n),
        cancels_after=_cancellations(rng, subscribes | business),
        anonymous=anonymous,
    )


def _accounts(
    rng: np.random.Generator, business: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Give business contacts to companies of one to five contacts; the first is the main one."""
    contacts = np.flatnonzero(business)
    sizes = rng.choice([1, 2, 3, 4, 5], len(contacts) + 1, p=[0.35, 0.3, 0.15, 0.1, 0.1])
    number = np.repeat(np.arange(len(sizes)), sizes)[: len(contacts)]
    account = np.full(len(business), -1)
    account[contacts] = number
    main = np.zeros(len(business), np.bool_)
    if len(contacts):
        main[contacts[np.unique(number, return_index=True)[1]]] = True
    return account, main


def _cancellations(rng: np.random.Generator, with_contract: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return after how many days somebody who leaves says so; NaN where they just stay away."""
    n = len(with_contract)
    says_so = rng.random(n) < np.where(with_contract, 0.7, 0.06)
    return np.where(says_so, rng.uniform(0.05, 1.5, n), np.nan)
