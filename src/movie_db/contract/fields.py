"""The types of single values: limits and forms, as the JSON Schemas publish them."""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, PlainSerializer, StringConstraints

Year = Annotated[int, Field(ge=1870, le=2100)]
Minutes = Annotated[int, Field(ge=1, le=6000)]
AgeRating = Annotated[str, Field(min_length=1, max_length=10)]
_OF_YEAR: Final = (
    r"(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?|-(0[13-9]|1[0-2])-(29|30)|-(0[13578]|1[02])-31)?"  # no leap day
)
PartialDate = Annotated[
    str,
    Field(
        max_length=10,
        pattern=rf"^([1-9][0-9]{{3}}{_OF_YEAR}"
        r"|([1-9][0-9](0[48]|[2468][048]|[13579][26])|([2468][048]|[13579][26])00)-02-29)$",
    ),
]
"""A day, month or year that exists."""
ShowingDate = Annotated[
    str,
    Field(
        max_length=10,
        pattern=rf"^((18[7-9][0-9]|19[0-9]{{2}}|20[0-9]{{2}}|2100){_OF_YEAR}"
        r"|(18(7[26]|8[048]|9[26])|19(0[48]|[2468][048]|[13579][26])|20([02468][048]|[13579][26]))-02-29)$",
    ),
]
"""A date within the range of `Year`."""
Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
Country = Annotated[str, Field(max_length=2, pattern=r"^[A-Z]{2}$")]
Language = Annotated[str, Field(max_length=3, pattern=r"^[a-z]{2,3}$")]
Currency = Annotated[str, Field(max_length=3, pattern=r"^[A-Z]{3}$")]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Url = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=2000)]
ShortUrl = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=255)]
Amount = Annotated[
    Decimal,
    Field(ge=0, le=Decimal("9999999999999.99"), decimal_places=2),
    PlainSerializer(lambda d: int(d) if d == d.to_integral_value() else float(d), when_used="json"),
]
