"""Commands that manage the API's keys: key create, key revoke, key list."""

import click

from movie_db.cli.options import DB, open_units, report_errors


@click.group()
def key() -> None:
    """Create, revoke and list the keys of the API."""


@key.command()
@click.argument("name")
@click.option(
    "--scope",
    type=click.Choice(["read", "write", "admin"]),
    default="write",
    show_default=True,
    help="What the key allows.",
)
@DB
@report_errors
def create(name: str, scope: str, db: str | None) -> None:
    """Create a key called NAME and print it.

    The key can't be shown again, because the database stores only its digest.
    """
    from movie_db.movie_db_client.editing import api_keys

    with open_units(db) as units, units() as unit:
        created = api_keys.create_key(unit, name, scope)
    click.echo(created)


@key.command()
@click.argument("name")
@DB
@report_errors
def revoke(name: str, db: str | None) -> None:
    """Revoke the key called NAME."""
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.editing import api_keys

    with open_units(db) as units, units() as unit:
        api_keys.revoke_key(unit, name, now())
    click.echo(f"The key {name} is revoked.")


@key.command("list")
@DB
@report_errors
def listed(db: str | None) -> None:
    """List all keys with their names and scopes."""
    from movie_db.movie_db_client.editing import api_keys

    with open_units(db) as units, units() as unit:
        for row in api_keys.list_keys(unit):
            end = f", revoked {row['revoked_at']:%Y-%m-%d}" if row["revoked_at"] else ""
            click.echo(f"{row['name']}: {row['scope']}{end}")
