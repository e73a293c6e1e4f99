"""What the live database looks like, on both databases."""

import io

import pytest

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.reflection import ForeignKeyInfo, Reflection


def test_the_dictionary_holds_every_table_of_the_live_database(database_url: str) -> None:
    tables = Reflection(make_engine(database_url)).tables
    assert set(tables) == set(Base.metadata.tables)
    assert all(set(tables[name].columns.keys()) == set(t.columns.keys()) for name, t in Base.metadata.tables.items())


def test_every_table_but_movie_genres_tells_when_its_rows_were_made_and_changed(database_url: str) -> None:
    for name, table in Reflection(make_engine(database_url)).tables.items():
        stamps = [table.columns.get("created_at"), table.columns.get("updated_at")]
        if name == "movie_genres":
            assert stamps == [None, None]
        else:
            assert all(s is not None and not s.nullable and s.server_default is not None for s in stamps), name


def test_table_info_tells_columns_keys_and_constraints(database_url: str) -> None:
    info = Reflection(make_engine(database_url)).table_info("cast")
    by_name = {column.name: column for column in info.columns}
    assert (by_name["role"].type, by_name["role"].nullable) == ("VARCHAR(255)", False)
    assert by_name["billing_order"].nullable
    assert "now" in (by_name["created_at"].default or "").lower().replace("current_timestamp", "now")
    assert info.primary_key == ("cast_id",)
    assert ForeignKeyInfo(("movie_id",), ("movies.movie_id",), "CASCADE") in info.foreign_keys


def test_checks_and_unique_constraints_are_told(database_url: str) -> None:
    info = Reflection(make_engine(database_url)).table_info("source_records")
    kinds = {constraint.name: constraint.kind for constraint in info.constraints}
    assert kinds["ck_source_records_entity"] == "CHECK"
    assert kinds["uq_source_records_entity_source_source_id"] == "UNIQUE"


def test_get_table_info_prints_one_box_of_80_columns_with_all_facts(database_url: str) -> None:
    out = io.StringIO()
    info = Reflection(make_engine(database_url)).get_table_info("movies", out)
    lines = out.getvalue().splitlines()
    assert (lines[0][0], lines[0][-1], lines[-1][0], lines[-1][-1]) == ("┌", "┐", "└", "┘")
    assert len({len(line) for line in lines}) == 1
    assert len(lines[0]) <= 80
    assert {line[0] for line in lines[1:-1]} == set("│├"), "one box"
    result = [line.strip("│ ") for line in lines]
    sections = ["Table", "Columns", "Primary Key", "Foreign Keys", "Constraints"]
    assert [line for line in result if line in sections] == sections
    assert result[result.index("Table") + 1] == "movies"
    assert result[result.index("Columns") + 1].split() == ["NAME", "TYPE", "NULLABLE", "DEFAULT"]
    assert result[result.index("Primary Key") + 1] == "movie_id"
    assert all(any(line.startswith(column.name) for line in result) for column in info.columns)
    assert any(line.split()[:2] == ["director_id", "directors.director_id"] for line in result)
    assert all(
        any(line.split()[1:2] == [c.name[:32]] for line in result) for c in info.constraints if c.kind == "INDEX"
    )


def test_a_table_without_foreign_keys_has_no_empty_section(database_url: str) -> None:
    out = io.StringIO()
    Reflection(make_engine(database_url)).get_table_info("genres", out)
    assert "Foreign Keys" not in out.getvalue()
    assert "Primary Key" in out.getvalue()


def test_long_facts_continue_on_the_next_line(database_url: str) -> None:
    out = io.StringIO()
    info = Reflection(make_engine(database_url)).get_table_info("external_ids", out)
    lines = out.getvalue().splitlines()
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines[0]) <= 80
    (check,) = (constraint for constraint in info.constraints if constraint.kind == "CHECK")
    assert "…" not in out.getvalue()
    shown = "".join(out.getvalue().replace("│", "").split())
    assert all(word in shown for word in check.on.replace("(", " ").replace(")", " ").split())


def test_an_unknown_table_names_the_tables_there_are(database_url: str) -> None:
    with pytest.raises(UsageError, match=r"no table 'films'.*actors.*movies"):
        Reflection(make_engine(database_url)).table_info("films")
