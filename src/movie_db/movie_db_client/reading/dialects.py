"""SQL that builds JSON, for SQLite and for PostgreSQL."""

from typing import Final, NamedTuple


class Dialect(NamedTuple):
    """SQL templates of one database. `{}` stands for the operands."""

    object: str
    """A JSON object from alternating names and values."""
    list: str
    """A list of the column `v` of a subquery, in its order."""
    objects: str
    """The same, if `v` is an object."""
    lists_by_name: str
    """An object of lists, from a subquery of `name` and `value`."""
    ids: str
    """An object with the first id of each namespace, for an entity and a row number."""
    json: str
    """A JSON column as part of JSON."""
    moment: str
    number: str
    """A NUMERIC in its shortest form."""
    day: str
    month: str
    """A month from year and month numbers."""
    among: str
    """Whether a number is in the list passed as the only parameter."""
    number_is: str
    """Whether a number equals the parameter, in the syntax of the fast lookup's driver."""
    id_is: str
    """Whether a number is the movie with the id passed as namespace and value."""
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
