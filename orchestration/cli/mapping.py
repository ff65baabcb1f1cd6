"""``vt mapping``: from what a registration really exports to a delivery of the contract."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import out
from orchestration.errors import UserError
from orchestration.language import grouped, later, say
from orchestration.settings import Settings

if TYPE_CHECKING:
    import duckdb

    from orchestration.mapping.translate import Translation

app = typer.Typer(no_args_is_help=True, help="From the files of a registration to a delivery, by a mapping file (docs/mapping.md).")

MappingFile = Annotated[Path, typer.Argument(metavar="MAPPING", help="The mapping, such as mapping/voorbeeldstad.yml.")]
Folder = Annotated[Path, typer.Argument(help="Folder with the files of the registration.")]


@app.command()
def init(
    folder: Folder,
    naar: Annotated[Path | None, typer.Option(help="File to write the proposal to; left out: it is printed.")] = None,
    organisatie: Annotated[str | None, typer.Option(help="The organisation; left out: VT_ORGANISATIE.")] = None,
) -> None:
    """Propose a mapping from sample files: how they are written, and which column looks like which field. What is left is to be filled in.

    No value of theirs is in it but codes that the contract knows.
    """
    from orchestration.files import write_new
    from orchestration.mapping.propose import propose

    if naar and naar.exists():
        raise UserError(say("{file} is there already; name another file.", file=naar))
    if naar and not naar.absolute().parent.is_dir():
        raise UserError(say("There is no folder {folder}; make it, or name another file.", folder=naar.absolute().parent))
    settings = Settings()
    proposal = propose(settings, folder, organisatie or settings.organisatie)
    if naar is None:
        print(proposal.text, end="")
        return
    write_new(naar, proposal.text.encode())
    told = later(
        "Wrote {file}: {matched} fields of the contract have a column, {missing} that must be filled have none yet. Fill in what is "
        "marked with >>>, then: vt mapping check {file} {folder}"
    )
    out.print(say(told, file=naar, matched=proposal.matched, missing=proposal.missing, folder=folder), markup=False, soft_wrap=True)


@app.command()
def check(mapping: MappingFile, folder: Folder) -> None:
    """What a mapping does not say of the files in a folder: files, columns and codes that are missing or not mapped, with counts.

    Exit code: 0 nothing is missing, 1 something is, 2 this is no mapping or no folder.
    """
    with _translated(mapping, folder) as (_, done):
        _tell(done)
        _tell_faults(done)
        if not done.faults and not done.findings:
            out.print(
                say("Nothing is missing. Next: vt mapping make {mapping} {folder} --nummer N --peildatum D", mapping=mapping, folder=folder)
            )
            return
    raise typer.Exit(1)


@app.command()
def make(
    mapping: MappingFile,
    folder: Folder,
    nummer: Annotated[int, typer.Option(help="Number of the delivery: one more than the last.")],
    peildatum: Annotated[str, typer.Option(help="The state of the registration at the end of this day: 2025-01-31.")],
    soort: Annotated[str, typer.Option(help="volledig (the whole registration) or mutaties (what changed).")] = "volledig",
    naar: Annotated[Path | None, typer.Option(help="Folder to put the delivery in; left out: the inbox.")] = None,
) -> None:
    """Make a delivery of the files in a folder, into the inbox. Then: vt deliveries check, or vt refresh.

    A value that cannot be translated goes on as it is and is quarantined by the intake; a mapping with a fault makes nothing.
    """
    from orchestration.intake.delivery import make_inbox
    from orchestration.intake.making import Wanted, verify_wanted
    from orchestration.mapping.deliver import deliver
    from orchestration.mapping.errors import MappingError
    from orchestration.mapping.translate import hold

    settings = Settings()
    with _translated(mapping, folder) as (con, done):
        hold(done)
        if naar is None and done.mapping.organisatie != settings.organisatie:
            other = later(
                "The mapping is of {owner}, this warehouse is of {organisation} (VT_ORGANISATIE): name another folder with --naar."
            )
            raise MappingError(say(other, owner=done.mapping.organisatie, organisation=settings.organisatie))
        wanted = Wanted(done.mapping.organisatie, nummer, soort, peildatum, done.mapping.contract)
        verify_wanted(wanted)
        if naar is None:
            make_inbox(settings.inbox)
        made = deliver(con, done, wanted, naar or settings.inbox)
        _tell(done)
        told = later("Made delivery {number}: {path}")
        out.print(say(told, number=nummer, path=made.path), markup=False, soft_wrap=True)
        if done.untranslated:
            held = later("{count} values could not be translated: their rows will be quarantined. See the table above.")
            out.print(say(held, count=grouped(done.untranslated)), markup=False, soft_wrap=True)


@contextmanager
def _translated(mapping: Path, folder: Path) -> "Iterator[tuple[duckdb.DuckDBPyConnection, Translation]]":
    """The files of a folder as a mapping translates them, on a connection that leaves nothing behind."""
    from orchestration import duck
    from orchestration.mapping.model import read_mapping
    from orchestration.mapping.translate import translate

    read, faults = read_mapping(mapping)
    settings = Settings()
    with tempfile.TemporaryDirectory(prefix="vt-") as scratch:
        aside = settings.elsewhere(Path(scratch))
        with duck.connect(aside) as con:
            yield con, translate(con, read, faults, folder, aside.root / "tmp")


def _tell(done: "Translation") -> None:
    """What was read and made, and what the mapping does not say."""
    if done.rows and not done.faults:
        table = Table("entiteit", "uit", "rijen")
        for entity, rows in done.rows.items():
            files = dict.fromkeys(variant.file.name for _, variant in done.parts[entity])
            table.add_row(entity, escape(", ".join(files)) or "geen", grouped(rows))
        out.print(table)
    if done.findings:
        table = Table("van", "naar", "waarde", "aantal", "eerste regel", "", title=say("Not in the mapping"), title_justify="left")
        for f in done.findings:
            goal = f"{f.entiteit}.{f.veld}".rstrip(".")
            table.add_row(escape(f.bron), goal, escape(f.waarde or ""), grouped(f.aantal), str(f.regel), escape(f.what))
        out.print(table)
    for remark in done.remarks:
        out.print(remark, markup=False, soft_wrap=True)


def _tell_faults(done: "Translation") -> None:
    for fault in done.faults:
        out.print(fault.told(done.mapping.name), markup=False, soft_wrap=True)
    if done.faults:
        out.print(say("Faults: {count}. Nothing can be made with this mapping as it is.", count=len(done.faults)))
