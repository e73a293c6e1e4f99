"""The command to run first, and to attach to a bug report: doctor."""

import json
import shutil
import sys
from pathlib import Path

import click

from movie_db.cli.options import DATA, DB, report_errors


@click.command()
@DB
@DATA
@click.option("--live", is_flag=True, help="Also send each source one small request, and check its response.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--patience",
    type=click.FloatRange(min=1, max=600),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="How long a source may take to respond.",
)
@report_errors
def doctor(db: str | None, data: Path | None, live: bool, as_json: bool, patience: float) -> None:
    """Check this machine, the settings and the database.

    Prints one line for each check: ok, warning or wrong, and how to fix it. With --live, the sources are checked, too.
    The output contains no key, password or user name, so it can be attached to a bug report. The exit code is 1 if
    something is wrong, else 0.
    """
    from datetime import UTC, datetime

    from movie_db.doctor import report
    from movie_db.doctor.checks import checks

    given = {name: value for name, value in (("database_url", db), ("data", data)) if value is not None}
    redactor = report.Redactor(report.secrets_of())
    width = min(shutil.get_terminal_size((report.WIDTH, 24)).columns, 120)
    found = []
    for check in checks(given, live, patience):
        found.append(redactor.check(check))
        if not as_json:
            click.echo("\n".join(report.lines(found[-1], width)))
    if as_json:
        document = report.document(found, datetime.now(UTC), live)
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        more = "" if live else " Use --live to check the sources as well."
        click.echo(report.summary(found) + more)
    sys.exit(any(check.status == "wrong" for check in found))
