"""JSON in SQL, as SQLite and PostgreSQL each write it."""

from typing import Final, NamedTuple


class Dialect(NamedTuple):
    """How one database says it; `{}` is what it is said of."""

    object: str
    """A JSON object, of names and values in turn."""
    list: str
    """A list of the column `v` of a subquery, in its order."""
    objects: str
    """The same where `v` is an object."""
    lists_by_name: str
    """An object of lists, from a subquery of `name` and `value`."""
    ids: str
    """An object of the ids of a row, the first of each namespace; of the name of its entity and its number."""
    json: str
    """A column of JSON, as a part of JSON."""
    moment: str
    number: str
    """A NUMERIC, as short as it can be written."""
    day: str
    month: str
    """Year and month, of two numbers."""
    among: str
    """Whether a number is one of the list that is handed in as the only parameter."""
    number_is: str
    """Whether it is the number that is handed in, by the swiftest driver."""
    id_is: str
    """Whether it is the number of the film with the id that is handed in, a namespace and a value."""
    text: str
    """A JSON value as text."""


SQLITE: Final = Dialect(
    object="json_object({})",
    list="(SELECT json_group_array(v) FROM ({}))",
    objects="(SELECT json_group_array(json(v)) FROM ({}))",
    lists_by_name="(SELECT json_group_object(name, json(v)) FROM"
    " (SELECT name, json_group_array(value) AS v FROM ({}) GROUP BY name))",
    ids="(SELECT json_group_object(name, v) FROM (SELECT namespace AS name, min(value) AS v FROM external_ids"
    " WHERE entity = '{}' AND entity_id = {} GROUP BY namespace ORDER BY namespace))",
    json="json({})",
    moment="strftime('%Y-%m-%dT%H:%M:%SZ', {})",
    number="{}",
    day="{}",
    month="printf('%04d-%02d', {}, {})",
    among="{} IN (SELECT value FROM json_each(?))",
    number_is="{} = ?",
    id_is="{} = (SELECT entity_id FROM external_ids WHERE entity = 'movie' AND namespace = ? AND value = ?)",
    text="{}",
)
POSTGRESQL: Final = Dialect(
    object="json_build_object({})",
    list="(SELECT coalesce(json_agg(v), '[]') FROM ({}) AS t)",
    objects="(SELECT coalesce(json_agg(v), '[]') FROM ({}) AS t)",
    lists_by_name="(SELECT coalesce(json_object_agg(name, v), '{{}}') FROM"
    " (SELECT name, json_agg(value) AS v FROM ({}) AS t GROUP BY name ORDER BY name) AS u)",
    ids="(SELECT coalesce(json_object_agg(name, v), '{{}}') FROM (SELECT namespace AS name,"
    " min(value COLLATE \"C\") AS v FROM external_ids WHERE entity = '{}' AND entity_id = {}"
    ' GROUP BY namespace ORDER BY namespace COLLATE "C") AS t)',
    json="{}",
    moment='to_char({}, \'YYYY-MM-DD"T"HH24:MI:SS"Z"\')',
    number="trim_scale({})",
    day="to_char({}, 'YYYY-MM-DD')",
    month="lpad(CAST({} AS text), 4, '0') || '-' || lpad(CAST({} AS text), 2, '0')",
    among="{} = ANY(CAST(%s AS integer[]))",
    number_is="{} = $1",
    id_is="{} = (SELECT entity_id FROM external_ids WHERE entity = 'movie' AND namespace = $1 AND value = $2)",
    text="CAST({} AS text)",
)
DIALECTS: Final = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
