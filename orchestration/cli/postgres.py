"""``vt postgres``: the release that readers see, in PostgreSQL."""

from orchestration.cli.console import err, out
from orchestration.language import grouped, say
from orchestration.settings import Settings


def postgres() -> None:
    """Put the release that readers see into the PostgreSQL of VT_POSTGRES_URL, as each night does; after a rollback, or when it failed."""
    from orchestration.outputs.postgres import publish  # it brings the solver along

    done = publish(Settings())
    told = say(
        "Readers of PostgreSQL see {release}: {tables} tables, {rows} rows, {seconds} s.",
        release=done.release,
        tables=len(done.rows),
        rows=grouped(sum(done.rows.values())),
        seconds=f"{done.seconds:.0f}",
    )
    out.print(told, markup=False)
    for notice in done.notices:
        err.print(notice, markup=False)
