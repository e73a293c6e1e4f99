"""Ids as messages bear them: pydantic checks the form of each. Apart from `ids.py`, which all judging needs."""

import re
from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import AfterValidator

from movie_db.contract.ids import (
    COMPANY_NAMESPACES,
    MOVIE_NAMESPACES,
    PERSON_NAMESPACES,
    CompanyNamespace,
    MovieNamespace,
    PersonNamespace,
)

N = TypeVar("N", bound=str)


def _checked(ids: dict[N, str], forms: Mapping[N, re.Pattern[str]]) -> dict[N, str]:
    for namespace, value in ids.items():
        if not forms[namespace].fullmatch(value):
            raise ValueError(f"{value!r} is no id of {namespace}")
    return ids


MovieIds = Annotated[dict[MovieNamespace, str], AfterValidator(lambda ids: _checked(ids, MOVIE_NAMESPACES))]
"""One id a namespace, as one source gives them for a film."""
PersonIds = Annotated[dict[PersonNamespace, str], AfterValidator(lambda ids: _checked(ids, PERSON_NAMESPACES))]
CompanyIds = Annotated[dict[CompanyNamespace, str], AfterValidator(lambda ids: _checked(ids, COMPANY_NAMESPACES))]
