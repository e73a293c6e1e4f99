"""Money as people write it: an amount and its currency."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from movie_db.contract.messages import Money

MAX_AMOUNT: Final = Decimal(10**13)
"""The contract's largest amount, and far above what any film cost or earned."""

_SIGNS: Final[Mapping[str, str]] = {
    "us$": "USD", "u.s.$": "USD", "$": "USD", "usd": "USD", "dollars": "USD", "a$": "AUD", "au$": "AUD", "aud": "AUD",
    "c$": "CAD", "ca$": "CAD", "can$": "CAD", "cad": "CAD", "cdn$": "CAD", "nz$": "NZD", "nzd": "NZD", "hk$": "HKD",
    "hkd": "HKD", "nt$": "TWD", "twd": "TWD", "ntd": "TWD", "s$": "SGD", "sgd": "SGD", "r$": "BRL", "brl": "BRL",
    "mex$": "MXN", "mx$": "MXN", "mxn": "MXN", "ar$": "ARS", "ars": "ARS", "£": "GBP", "gbp": "GBP", "uk£": "GBP",
    "€": "EUR", "eur": "EUR", "euros": "EUR", "euro": "EUR", "₹": "INR", "rs.": "INR", "rs": "INR", "inr": "INR",
    "₨": "INR", "¥": "JPY", "jpy": "JPY", "jp¥": "JPY", "yen": "JPY", "cn¥": "CNY", "cny": "CNY", "rmb": "CNY",
    "yuan": "CNY", "₩": "KRW", "krw": "KRW", "won": "KRW", "₽": "RUB", "rub": "RUB", "rubles": "RUB", "roubles": "RUB",
    "sek": "SEK", "nok": "NOK", "dkk": "DKK", "chf": "CHF", "pln": "PLN", "zł": "PLN", "czk": "CZK", "huf": "HUF",
    "₺": "TRY", "tl": "TRY", "try": "TRY", "₱": "PHP", "php": "PHP", "฿": "THB", "thb": "THB", "baht": "THB",
    "₪": "ILS", "nis": "ILS", "ils": "ILS", "₦": "NGN", "ngn": "NGN", "myr": "MYR", "rm": "MYR", "idr": "IDR",
    "rp": "IDR", "zar": "ZAR", "₫": "VND", "vnd": "VND", "pkr": "PKR", "lkr": "LKR", "bdt": "BDT", "৳": "BDT",
    "₴": "UAH", "uah": "UAH", "dem": "DEM", "dm": "DEM", "frf": "FRF", "₣": "FRF", "itl": "ITL", "lire": "ITL",
    "₤": "ITL", "esp": "ESP", "pesetas": "ESP", "clp": "CLP", "cop": "COP", "egp": "EGP", "irr": "IRR", "aed": "AED",
    "isk": "ISK", "npr": "NPR", "nrs": "NPR", "nprs": "NPR", "fim": "FIM",
}  # fmt: skip
_SCALES: Final[Mapping[str, int]] = {
    "thousand": 10**3, "k": 10**3, "lakh": 10**5, "lakhs": 10**5, "lac": 10**5, "lacs": 10**5, "million": 10**6,
    "millions": 10**6, "mil": 10**6, "mill": 10**6, "mln": 10**6, "m": 10**6, "mm": 10**6, "crore": 10**7,
    "crores": 10**7, "cr": 10**7, "billion": 10**9, "bn": 10**9, "b": 10**9, "trillion": 10**12,
}  # fmt: skip


def _any(words: Mapping[str, object]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


_SIGN: Final = rf"(?:{_any(_SIGNS)})"
_NUMBER: Final = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE: Final = rf"(?:{_any(_SCALES)})(?![a-z])"
_AMOUNT: Final = re.compile(
    rf"(?:(?<![a-z])(?P<sign>{_SIGN})\s*)?(?P<low>{_NUMBER})\s*(?P<low_scale>{_SCALE})?"
    rf"(?:\s*(?:[-–—−~]|\bto\b)\s*(?:{_SIGN})?\s*(?P<high>{_NUMBER})\s*(?P<high_scale>{_SCALE})?)?"
    rf"(?:\s*(?P<after>{_SIGN})(?![a-z]))?",
    re.IGNORECASE,
)


def money(text: str) -> Money | None:
    """The first amount of a text that bears a currency; without one, the first that bears a scale or is large.

    Of a range the **lower** end counts (`$6–7 million` is 6,000,000): it is what the sources agree on at least. `$`
    alone is the US dollar, `¥` the yen, `Rs` the Indian rupee. `₹25 crore` is 250,000,000. None where no amount can
    be read, or none that a film could have.
    """
    text = text.replace("\xa0", " ").replace("\u2009", " ").replace("\u202f", " ")
    fallback: Money | None = None
    for match in _AMOUNT.finditer(text):
        sign = match["sign"] or match["after"]
        scale = match["low_scale"] or (match["high_scale"] if match["high"] else None)
        amount = Decimal(match["low"].replace(",", "")) * _SCALES.get((scale or "").lower(), 1)
        amount = round(amount, 2)
        if not 0 < amount < MAX_AMOUNT:
            continue
        if sign:
            return Money(amount=amount, currency=_SIGNS[sign.lower()])
        # A bare small number is a note's, a year's, a week's.
        if fallback is None and (scale or "," in match["low"] or amount >= 10_000):
            fallback = Money(amount=amount)
    return fallback
