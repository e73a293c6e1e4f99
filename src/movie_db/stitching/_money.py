"""Money as people write it: an amount and its currency."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from movie_db.contract.messages import Money

MAX_AMOUNT: Final = Decimal(10**13)
"""The largest amount in the contract, far above what any film cost or earned."""

_SIGNS: Final[Mapping[str, str]] = {
    sign: currency
    for currency, signs in {
        "USD": "us$ usd$ u.s.$ $ usd dollars", "AUD": "a$ au$ aud aud$", "CAD": "c$ ca$ can$ cad cdn$ cad$",
        "NZD": "nz$ nzd", "HKD": "hk$ hkd", "TWD": "nt$ twd ntd", "SGD": "s$ sgd", "BRL": "r$ brl",
        "MXN": "mex$ mx$ mxn", "ARS": "ar$ ars", "GBP": "£ ₤ gbp uk£", "EUR": "€ eur euros euro",
        "INR": "₹ rs. rs inr ₨", "JPY": "¥ jpy jp¥ yen", "CNY": "cn¥ cny rmb yuan", "KRW": "₩ krw won",
        "RUB": "₽ rub rubles roubles", "SEK": "sek", "NOK": "nok", "DKK": "dkk", "CHF": "chf", "PLN": "pln zł",
        "CZK": "czk", "HUF": "huf", "TRY": "₺ tl try", "PHP": "₱ php", "THB": "฿ thb baht", "ILS": "₪ nis ils",
        "NGN": "₦ ngn", "MYR": "myr rm", "IDR": "idr rp", "ZAR": "zar", "VND": "₫ vnd", "PKR": "pkr", "LKR": "lkr",
        "BDT": "bdt ৳", "UAH": "₴ uah", "DEM": "dem dm", "FRF": "frf ₣", "ITL": "itl lire", "ESP": "esp pesetas",
        "CLP": "clp", "COP": "cop", "EGP": "egp", "IRR": "irr", "AED": "aed", "ISK": "isk", "NPR": "npr nrs nprs",
        "FIM": "fim",
    }.items()
    for sign in signs.split()
}  # fmt: skip
_SCALES: Final[Mapping[str, int]] = {
    word: 10**power
    for power, words in {
        3: "thousand k", 5: "lakh lakhs lac lacs", 6: "million millions milion millon mil mill mln m mm",
        7: "crore crores cr", 9: "billion bn b", 12: "trillion",
    }.items()
    for word in words.split()
}  # fmt: skip


def _any(words: Mapping[str, object]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


_SIGN: Final = rf"(?:{_any(_SIGNS)})"
# 1,234,567.89 and 12,34,567, then 1 234 567 and 1.234.567, then 1234.5
_NUMBER: Final = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?!\d)|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d+(?:\.\d+)?"
_SCALE: Final = rf"(?:{_any(_SCALES)})(?![a-z])"
_AMOUNT: Final = re.compile(
    rf"(?:(?<![a-z])(?P<sign>{_SIGN})\s*)?(?<![\d.,])(?P<low>(?>{_NUMBER}))\s*(?P<low_scale>{_SCALE})?"
    rf"(?:\s*(?:[-–—−~]+|\bto\b)\s*(?:{_SIGN})?\s*(?P<high>{_NUMBER})\s*(?P<high_scale>{_SCALE})?)?"
    rf"(?:\s*(?P<after>{_SIGN})(?![a-z]))?(?!\s*(?:admissions|tickets|viewers|spectators))",
    re.IGNORECASE,
)
LONGEST: Final = 1000
"""Characters that are read of a value. No useful one is longer, and patterns stay fast."""
_REFERENCE: Final = re.compile(r"\s?\[[^\[\]]*\]|[\xa0\u2009\u202f]")
_WORLDWIDE: Final = re.compile(r"world|(?<!sub-)(?<!sub)total|global", re.IGNORECASE)


def without_references(text: str) -> str:
    """The start of a text without `[2]`, `[citation needed]` and special spaces."""
    return _REFERENCE.sub(" ", text[:LONGEST])


def money(text: str) -> "Money | None":
    """The first amount with a currency in a text; otherwise the first one that has a scale or is large.

    Of a range, the **lower** end counts (`$6–7 million` is 6,000,000), since all its sources confirm it. `$` alone is
    the US dollar, `¥` the yen, `Rs` the Indian rupee, `₤` the pound. `₹25 crore` is 250,000,000. None if there is no
    plausible amount.
    """
    found = list(_amounts(without_references(text)))
    return next((m for m, *_ in found if m.currency), None) or next((m for m, *_ in found), None)


def box_office(text: str) -> "Money | None":
    """The gross of a film: the amount that the text calls worldwide or total, otherwise the first (see `money`)."""
    text = without_references(text)
    found = list(_amounts(text))
    starts = [start for _, start, _ in found[1:]]
    for (earned, _, end), following in zip(found, [*starts, None], strict=False):
        if earned.currency and _WORLDWIDE.search(text, end, following or len(text)):
            return earned
    return money(text)


def sums(text: str) -> "list[Money]":
    """All amounts with a currency in a text, in order, and both ends of a range."""
    found = []
    for match in _AMOUNT.finditer(without_references(text)):
        low, high = _amount(match, "low"), _amount(match, "high") if match["high"] else None
        found += [money for money in (low, high) if money and money.currency]
    return list(dict.fromkeys(found))


def _amounts(text: str) -> "Iterator[tuple[Money, int, int]]":
    """Every plausible amount in a text, with the offsets of its start and end."""
    for match in _AMOUNT.finditer(text):
        if found := _amount(match, "low"):
            yield found, match.start(), match.end()


def _amount(match: re.Match[str], end: str) -> "Money | None":
    """One end of a match: `low`, which takes the scale of `high` if it has none (`$6–7 million`), or `high`."""
    from movie_db.contract.messages import Money  # imported here, since importing pydantic models is slow

    sign, number = match["sign"] or match["after"], match[end]
    scale = (match[f"{end}_scale"] or (match["high_scale"] if match["high"] else None) or "").lower()
    if number.count(".") > 1 or (sign and not scale and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", number)):
        number = number.replace(".", "")
    amount = Decimal(number.replace(",", "").replace(" ", "")) * _SCALES.get(scale, 1)
    # A small number alone may be a footnote, a year or a week.
    is_money = sign or scale or "," in number or amount >= 10_000
    if not is_money or not Decimal("0.01") <= amount < MAX_AMOUNT:
        return None
    return Money(amount=round(amount, 2), currency=_SIGNS[sign.lower()] if sign else None)
