"""Ids in messages, with their forms checked by pydantic. Separate from `ids.py`, which is used without pydantic."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from movie_db.contract.ids import (
    COMPANY_NAMESPACES,
    MOVIE_NAMESPACES,
    PERSON_NAMESPACES,
    CompanyNamespace,
    MovieNamespace,
    PersonNamespace,
)


@dataclass(frozen=True, slots=True)
class _Forms:
    """Makes pydantic validate a dictionary of ids, and publish their forms. Python would take ten times as long."""

    forms: Mapping[Any, re.Pattern[str]]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.typed_dict_schema(
            {namespace: _id_field(namespace, form) for namespace, form in self.forms.items()},
            extra_behavior="forbid",
        )


def _id_field(namespace: str, form: re.Pattern[str]) -> core_schema.TypedDictField:
    schema = core_schema.custom_error_schema(
        core_schema.str_schema(pattern=f"^(?:{form.pattern})$"),
        custom_error_type="id",
        custom_error_message=f"This is not an id of {namespace}, which has the form {form.pattern}",
    )
    return core_schema.typed_dict_field(schema, required=False)


MovieIds = Annotated[dict[MovieNamespace, str], _Forms(MOVIE_NAMESPACES)]
"""A film's ids from one source, one per namespace."""
PersonIds = Annotated[dict[PersonNamespace, str], _Forms(PERSON_NAMESPACES)]
CompanyIds = Annotated[dict[CompanyNamespace, str], _Forms(COMPANY_NAMESPACES)]
