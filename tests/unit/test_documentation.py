"""Every command, option, setting and operation of the API is documented."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner

from movie_db.cli import main
from movie_db.cli.app import SECTIONS
from movie_db.contract.settings import Settings

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
APIS = ("movie_db_client", "wiki_api")
CUT = re.compile(r"\.\.\.\s*$", re.M)
"""How click marks a help text that it had to cut."""


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """All commands by their full names, such as `db info`."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def operations() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """All operations of both APIs: a name for the test, the operation, and its API's definition."""
    for package in APIS:
        api = yaml.safe_load((files(f"movie_db.{package}") / "openapi.yaml").read_text("utf-8"))
        for item in api["paths"].values():
            shared = item.get("parameters", [])
            for method, operation in item.items():
                if method != "parameters":
                    parameters = [*shared, *operation.get("parameters", [])]
                    yield f"{package}: {operation['operationId']}", {**operation, "parameters": parameters}, api


COMMANDS = dict(commands())
OPERATIONS = {name: (operation, api) for name, operation, api in operations()}


def lines_of_help(*path: str) -> list[str]:
    shown = CliRunner(env={"COLUMNS": "80"}).invoke(main, [*path, "--help"], prog_name="movie-db", terminal_width=80)
    assert shown.exit_code == 0, shown.output
    return shown.output.splitlines()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    table = README.partition("## All commands\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]+`.*?) \|", table, re.M)
    named = {re.sub(r"^movie-db ", "", code) for cell in cells for code in re.findall(r"`([^`]+)`", cell)}
    assert any(re.match(rf"{re.escape(name)}( |$)", code) for code in named), f"README.md has no row for {name}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_a_help_text(name: str) -> None:
    command = COMMANDS[name]
    assert command.help, f"{name} has no help"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts[0]} has no help"
            assert parameter.help.rstrip("]")[-1] in ".:)" or parameter.help.endswith("]"), parameter.help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_argument_is_explained_by_its_command(name: str) -> None:
    command = COMMANDS[name]
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            words = re.findall(r"[A-Z]{2,}|-", parameter.make_metavar(click.Context(command)))
            missing = [word for word in words if not re.search(rf"(?<!\w){word}(?!\w)", command.help or "")]
            assert not missing, f"{name}: its help does not explain {', '.join(missing)}"


@pytest.mark.parametrize("path", [(), *(tuple(name.split()) for name in COMMANDS), ("db",), ("key",)])
def test_no_help_is_wider_than_80_columns_or_cut_off(path: tuple[str, ...]) -> None:
    lines = lines_of_help(*path)
    assert max(map(len, lines)) <= 80
    described = lines[1:]  # the first line is the usage, where ... means that an argument can be repeated
    assert not CUT.search("\n".join(described)), "a help text is cut off"


def test_the_help_lists_every_command_in_one_section() -> None:
    listed = [command for section in SECTIONS.values() for command in section]
    assert sorted(command.name or "" for command in listed) == sorted(main.commands)
    text = "\n".join(lines_of_help())
    for heading, section in SECTIONS.items():
        assert f"\n{heading}:\n" in text
        for command in section:
            assert re.search(rf"^  {command.name} +\S", text, re.M)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described(name: str) -> None:
    setting = f"MOVIE_DB_{name.upper()}"
    assert Settings.model_fields[name].description
    assert re.search(rf"^\| `{setting}` \|", README, re.M), f"README.md has no row for {setting}"


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_has_a_summary_and_a_description(name: str) -> None:
    operation, api = OPERATIONS[name]
    assert operation.get("summary", "").strip()
    assert operation.get("description", "").strip()
    for parameter in operation["parameters"]:
        reference = parameter.get("$ref", "").rpartition("/")[2]
        described = api["components"]["parameters"][reference] if reference else parameter
        assert described.get("description"), f"{name}: the parameter {described['name']} is not described"


@pytest.mark.parametrize("package", APIS)
def test_every_tag_of_an_api_is_described(package: str) -> None:
    api = yaml.safe_load((files(f"movie_db.{package}") / "openapi.yaml").read_text("utf-8"))
    used = {tag for name, (operation, _) in OPERATIONS.items() if name.startswith(package) for tag in operation["tags"]}
    assert used <= {tag["name"] for tag in api["tags"] if tag.get("description")}
