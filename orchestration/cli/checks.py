"""``vt checks``: the outcomes of the last run, also of one that was held back, and the rows on which a check fails."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration import duck
from orchestration.cli.console import out
from orchestration.errors import UserError, did_you_mean
from orchestration.keys.use import open_key
from orchestration.language import later, say
from orchestration.quality import outcomes, overview
from orchestration.quality.page import ORDER
from orchestration.release import verdict_log
from orchestration.settings import Settings
from orchestration.transform import failing, steps
from orchestration.transform.controle import NIET_TE_BEOORDELEN, Controle

app = typer.Typer(no_args_is_help=True, help="Checks: how those of the last run ended, and the rows on which one fails.")


WORDS = {
    "gefaald": later("fails"),
    "gewaarschuwd": later("warns"),
    "bekend": later("known failure"),
    "niet_te_beoordelen": later("not to be judged yet"),
    "niet_uitgevoerd": later("not run"),
    "geslaagd": later("passes"),
}
"""Outcome → what a person reads."""


class ControleError(UserError):
    """There is no such check, or nothing was checked."""


@app.command("list")
def checks_list(everything: Annotated[bool, typer.Option("--all", help="Also those that passed.")] = False) -> None:
    """The checks of the last run that did not pass, worst first; also of a run that was held back."""
    settings = Settings()
    rows = _outcomes(settings)
    table = Table("uitkomst", "controle", "onderwerp", "aantal", "toelichting")
    table.columns[1].overflow = "fold"
    order = list(ORDER)
    for c in sorted(rows, key=lambda c: (order.index(c.uitkomst), c.naam)):
        if everything or c.uitkomst not in {"geslaagd", NIET_TE_BEOORDELEN}:
            table.add_row(*(escape(t) for t in (say(WORDS[c.uitkomst]), c.naam, c.onderwerp, _number(c), c.toelichting)))
    if table.row_count:
        out.print(table)
    counts = ((say(WORDS[outcome]), sum(c.uitkomst == outcome for c in rows)) for outcome in ORDER)
    listed = ", ".join(f"{n} {word}" for word, n in counts if n)
    out.print(say("{all} checks: {counts}. vt checks show NAME tells on which rows one fails.", all=len(rows), counts=listed))
    if page := verdict_log.last_page(settings):
        out.print(say("The same as a page: {page}", page=page), soft_wrap=True, markup=False)


@app.command("show")
def checks_show(
    naam: Annotated[str, typer.Argument(help="Name of the check, as vt checks list, the verdict and the alert have it.")],
    limit: Annotated[int, typer.Option(help="How many rows to show.", min=1)] = 40,
) -> None:
    """What a check is, how it ended in the last run, and of a dbt test by their keys the rows on which it fails. Of another, its
    sentence names the lines or figures where it can. Rows need the key; its use is logged.

    The rows are asked of the build of that run, which stays until the next refresh, also when the release was held back.
    """
    from orchestration.release.writer import only_writer

    settings = Settings()
    found = {c.naam: c for c in _outcomes(settings)}
    if (check := found.get(naam)) is None:
        missing = say("The last run has no check {name}.", name=naam)
        raise ControleError(f"{missing}{did_you_mean(naam, found)} " + say("See vt checks list --all."))
    line = next((r for r in overview.rows() if r.controle == naam), None)
    head = say("{name}, on {subject}: {outcome}", name=naam, subject=check.onderwerp, outcome=say(WORDS[check.uitkomst]))
    out.print(say("{head} ({count} rows)", head=head, count=check.aantal) if check.aantal else head, markup=False)
    out.print(check.toelichting, markup=False)
    if line:
        told = say(
            "What it checks: {what}. Fails on: {fails_on}. Then: {effect}. Mended by: {who}.",
            what=line.wat.removesuffix("."),
            fails_on=line.faalt_op.removesuffix("."),
            effect=line.gevolg,
            who=line.wie_lost_op,
        )
        out.print(told, markup=False)
    if check.uitgevoerd_met != "dbt" and check.uitkomst not in {"geslaagd", NIET_TE_BEOORDELEN}:
        out.print(say("Rows are shown of a dbt test alone; what is known of the lines or figures of this one stands above."))
    if check.uitgevoerd_met != "dbt" or not check.aantal:
        return
    with only_writer(settings), duck.connect(settings) as con:
        if not settings.build_db.exists():
            raise ControleError(say("The build of that run is gone: vt refresh makes it again."))
        keyring = open_key(settings, say("checks: rows of {name}", name=naam))
        duck.attach_build(con, settings, keyring.derive("build"))
        rows = failing.rows(con, failing.compiled(settings.build / "dbt")[naam], limit)
    if not rows.columns:
        name = line.controle if line else naam
        out.print(say("Its query gives no keys of rows; it stands in build/dbt, and its definition in {name}.", name=name))
        return
    table = Table(*rows.columns)
    for row in rows.rows:
        table.add_row(*("" if v is None else escape(str(v)) for v in row))
    out.print(table)
    if check.aantal > len(rows.rows):
        out.print(say("The first {count}; --limit for more.", count=len(rows.rows)))
    if rows.left_out:
        names = ", ".join(rows.left_out)
        out.print(say("Only keys are shown; the build has more of each row: {names}.", names=names), markup=False)
    if "_regel" in rows.columns:
        out.print(say("vt trace --rij LEVERING:BESTAND:REGEL tells which figures a line counts in."))


def _outcomes(settings: Settings) -> list[Controle]:
    if rows := outcomes.last_run(settings):
        return rows
    told = say("There is no last run yet.")
    if steps.recorded(settings, "begin"):
        told = say("The last run checked nothing: there was nothing new, or it broke down before.")
    page = settings.releases / "current" / "intern" / "controles.html"
    raise ControleError(f"{told} " + say("What readers see was checked: {page}.", page=page))


def _number(check: Controle) -> str:
    return "" if check.aantal is None else str(check.aantal)
