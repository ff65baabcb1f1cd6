"""``vt bench``: how fast, beside the least that must be done."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from orchestration.cli.console import out, steps

app = typer.Typer(no_args_is_help=True, help="Measure speed, beside the least that must be done. Never touches the data folder.")


@app.callback()
def _group() -> None:
    """Keeps ``intake`` a command of its own name."""


@app.command()
def intake(
    meldingen: Annotated[int, typer.Option(help="Reports in the delivery; it has nine times as many rows.", min=100)] = 1_300_000,
    folder: Annotated[
        Path | None, typer.Option(help="Existing folder for the generated delivery (1.5 GB); default the temporary one.")
    ] = None,
) -> None:
    """Take in a generated delivery beside a bare DuckDB copy from CSV to Parquet of the same files.

    Hashing, vault and archive are reported apart, each beside its own bare cost.
    """
    from orchestration.landing.bench import bench_intake

    with steps() as progress:
        m = bench_intake(meldingen, progress, folder)
    table = Table("", "seconds", "bare cost", "ratio", "peak MiB", title=f"{m.rijen:,} rows", title_justify="left")
    for name, seconds, bare, peak in (
        ("intake", m.intake_s, m.basis_s, m.intake_mib),
        ("hashing", m.hashen_s, m.hashen_basis_s, None),
        ("vault", m.kluis_s, m.kluis_basis_s, None),
        ("archive", m.archief_s, m.archief_basis_s, None),
    ):
        table.add_row(name, f"{seconds:.1f}", f"{bare:.1f}", f"{seconds / bare:.2f}" if bare else "", str(peak or ""))
    out.print(table)
    out.print("Phases: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in m.stappen.items()))
