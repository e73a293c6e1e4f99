"""Who may write by the API: key create, key revoke, key list."""

import click

from movie_db.cli.options import DB, clearly, units_of


@click.group()
def key() -> None:
    """Makes keys of the API, and revokes them."""


@key.command()
@click.argument("name")
@click.option("--scope", type=click.Choice(["read", "write", "admin"]), default="write", show_default=True)
@DB
@clearly
def create(name: str, scope: str, db: str | None) -> None:
    """Makes a key called NAME and prints it, this once: the database keeps only its digest."""
    from movie_db.movie_db_client.editing import api_keys

    with units_of(db) as units, units() as unit:
        made = api_keys.create_key(unit, name, scope)
    click.echo(made)


@key.command()
@click.argument("name")
@DB
@clearly
def revoke(name: str, db: str | None) -> None:
    """Has the key called NAME open nothing any more."""
    from movie_db.contract.messages import now
    from movie_db.movie_db_client.editing import api_keys

    with units_of(db) as units, units() as unit:
        api_keys.revoke_key(unit, name, now())
    click.echo(f"The key {name} opens nothing any more.")


@key.command("list")
@DB
@clearly
def listed(db: str | None) -> None:
    """Lists the names of all keys, and what each may."""
    from movie_db.movie_db_client.editing import api_keys

    with units_of(db) as units, units() as unit:
        for row in api_keys.list_keys(unit):
            end = f", revoked {row['revoked_at']:%Y-%m-%d}" if row["revoked_at"] else ""
            click.echo(f"{row['name']}: {row['scope']}{end}")


COMMANDS = (key,)
