"""``vt bench``: how fast, beside the least that must be done."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from orchestration.cli.console import out, steps
from orchestration.errors import UserError
from orchestration.language import say

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
    from orchestration.bench.intake import bench_intake

    if folder and not folder.is_dir():
        raise UserError(say("There is no folder {folder}; make it first.", folder=folder))

    with steps() as progress:
        m = bench_intake(meldingen, progress, folder)
    heads = (say("seconds"), say("bare cost"), say("ratio"), say("peak MiB"))
    table = Table("", *heads, title=say("{count} rows", count=f"{m.rows:,}"), title_justify="left")
    for name, seconds, bare, peak in (
        ("intake", m.intake_s, m.base_s, m.intake_mib),
        ("hashing", m.hashing_s, m.hashing_base_s, None),
        ("vault", m.vault_s, m.vault_base_s, None),
        ("archive", m.archive_s, m.archive_base_s, None),
    ):
        table.add_row(name, f"{seconds:.1f}", f"{bare:.1f}", f"{seconds / bare:.2f}" if bare else "", str(peak or ""))
    out.print(table)
    phases = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in m.steps.items())
    out.print(say("Phases: {phases}", phases=phases))


@app.command()
def models(
    keer: Annotated[int, typer.Option(help="How many times over the history of the data folder is built.", min=2)] = 25,
    folder: Annotated[Path | None, typer.Option(help="Existing folder for the larger builds; default the temporary one.")] = None,
) -> None:
    """Build and check all models on the history of the data folder, once and many times over: the time may grow no faster than the data."""
    from orchestration.bench.models import bench_models
    from orchestration.settings import Settings

    with steps() as progress:
        measured = bench_models(Settings(), (1, keer), progress, folder)
    heads = (say("times"), say("reports"), say("models s"), say("checks s"), "SQL s", "dbt s", say("peak MiB"))
    table = Table(*heads, title="dbt build", title_justify="left")
    for m in measured:
        seconds = (f"{s:.1f}" for s in (m.models_s, m.checks_s, m.sql_s, m.dbt_s))
        table.add_row(str(m.keer), f"{m.meldingen:,}", *seconds, f"{m.mib:,}")
    out.print(table)
    longer = f"{measured[1].sql_s / measured[0].sql_s:.1f}"
    out.print(say("{times} times the data takes {longer} times the SQL time.", times=keer, longer=longer))


@app.command()
def readers(
    postgres: Annotated[
        str | None, typer.Option(help="A database that is for this alone: postgresql://user@host/database; without it only files.")
    ] = None,
    lezers: Annotated[int, typer.Option(help="Readers at once, each with a question every half second.", min=1)] = 20,
    seconden: Annotated[float, typer.Option(help="How long readers of each kind ask.", min=1)] = 30,
) -> None:
    """Readers with the questions of a dashboard while releases take each other's place and another registration is refreshed.

    Exit code 1 when one met an error, or two releases in one answer.
    """
    from orchestration.bench.readers import bench_readers
    from orchestration.settings import Settings

    with steps() as progress:
        measured = bench_readers(Settings(), postgres, lezers, seconden, progress)
    heads = ("", say("answers"), say("releases seen"), say("median ms"), say("p95 ms"), say("longest ms"), say("wrong"))
    table = Table(*heads, title=say("{readers} readers", readers=lezers), title_justify="left")
    for m in measured:
        ms = (f"{1000 * s:.1f}" for s in (m.typical, m.p95, max(m.seconds)))
        table.add_row(m.kind, f"{len(m.seconds):,}", str(len(m.seen)), *ms, ", ".join(sorted(set(m.wrong))) or "-")
    out.print(table)
    raise typer.Exit(1 if any(m.wrong for m in measured) else 0)


@app.command()
def nights(
    voor: Annotated[str, typer.Option(help="Revision (of git) that is held against.")],
    na: Annotated[str, typer.Option(help="Revision that is measured.")] = "HEAD",
    keer: Annotated[int, typer.Option(help="Rounds; medians are told.", min=1)] = 5,
    land: Annotated[bool, typer.Option("--land", help="The size of the country too, once (10 GB, half an hour).")] = False,
    folder: Annotated[Path | None, typer.Option(help="Folder for both builds and their data; one that was used goes on with them.")] = None,
    ruw: Annotated[Path | None, typer.Option(help="File for everything that was measured (JSON).")] = None,
) -> None:
    """Nights with the code of two moments, side by side: both built from git, the same deliveries, in turns.

    Exit code 1 when a goal is not met.
    """
    import tempfile

    from orchestration.bench import nights as bench

    with tempfile.TemporaryDirectory(prefix="vt-nights-") as work, steps() as progress:
        keep: Callable[[bench.NightsMeasurement], None] = partial(bench.write_raw, path=ruw) if ruw else lambda _: None
        m = bench.bench_nights(voor, na, keer, (folder or Path(work)).absolute(), progress, country=land, keep=keep)
        keep(m)
    before, after = (f"{m.revisions[side]}" for side in (bench.BEFORE, bench.AFTER))
    table = Table("", f"{before} s", f"{after} s", say("ratio"), say("goal"), "CPU s", "CPU s", "MiB", "MiB", say("floor"))
    for what in m.costs:
        b, a, floor = m.typical(what, bench.BEFORE), m.typical(what, bench.AFTER), m.floor.get(what)
        aim = f"≤ {goal:.1f} s" if (goal := m.goal(what)) is not None else ""
        costs = (
            f"{b.cpu_s:.1f}",
            f"{a.cpu_s:.1f}",
            f"{b.mib:,}",
            f"{a.mib:,}",
            f"{floor.seconds:.1f} s, {floor.mib:,} MiB" if floor else "",
        )
        table.add_row(what, f"{b.seconds:.2f}", f"{a.seconds:.2f}", f"{m.ratio(what):.2f}", aim, *costs)
    out.print(table)
    for name, rows in m.differing.items():
        if rows:
            out.print(say("{table}: {count} rows are in one of the two releases alone.", table=name, count=f"{rows:,}"))
    same = sum(not rows for rows in m.differing.values())
    out.print(say("{same} of {count} tables that both have are equal in what both have.", same=same, count=len(m.differing)))
    raise typer.Exit(1 if m.missed else 0)


@app.command()
def scale(
    keer: Annotated[list[int] | None, typer.Option(help="A size, in times the region since 2016; default 1, 5 and 25.")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Existing folder to work in (1 GB for each time the region); default the temporary one.")
    ] = None,
    resultaat: Annotated[
        Path | None, typer.Option(help="Folder for scale.json, scale.md and drawings; other sizes that are in it stay.")
    ] = None,
    zonder: Annotated[list[str] | None, typer.Option(help="pandas or Polars: leave it out, where memory does not hold all rows.")] = None,
) -> None:
    """Time and memory of a whole refresh and the night after it at several sizes, by step.

    Beside it on the same files: the floor, pandas and Polars, which count the main figures alone; and plain dbt build.
    """
    import tempfile

    from orchestration.bench import plot
    from orchestration.bench import scale as bench
    from orchestration.bench.running import write_result

    found = {}
    if resultaat and (raw := resultaat / "scale.json").exists():
        found = {size.keer: size for size in bench.read_raw(raw)}
    with tempfile.TemporaryDirectory(prefix="vt-scale-", dir=folder) as work, steps() as progress:
        for times in keer or [1, 5, 25]:
            found[times] = bench.bench_size(times, Path(work), progress, zonder or [])
    sizes = [found[times] for times in sorted(found)]
    out.print(plot.page(sizes), markup=False, soft_wrap=True)
    if resultaat:
        resultaat.mkdir(parents=True, exist_ok=True)
        bench.write_raw(sizes, resultaat / "scale.json")
        write_result(resultaat / "scale.md", plot.page(sizes))
        unit = "times the region since 2016 (both scales logarithmic)"
        write_result(resultaat / "scale-seconds.svg", plot.draw(sizes, "Seconds by size of the registration", unit, lambda c: c.seconds))
        write_result(resultaat / "scale-memory.svg", plot.draw(sizes, "Peak of memory by size, MiB", unit, lambda c: c.mib))


@app.command()
def national(
    aantal: Annotated[int, typer.Option(help="How many invented organisations, of 4,000 to 14,000 reports a year.", min=2)] = 25,
    folder: Annotated[
        Path | None, typer.Option(help="Folder for what is made; one that was used goes on with it. Default: none is kept.")
    ] = None,
) -> None:
    """Refresh invented organisations, each by itself, make the figures of all and hold them to the sum of the releases.

    Exit code 1 when one was not released, or a figure of all is not the sum.
    """
    import tempfile

    from orchestration.bench.national import bench_national

    with tempfile.TemporaryDirectory(prefix="vt-national-") as work, steps() as progress:
        m = bench_national((folder or Path(work)).absolute(), aantal, progress)
    table = Table("organisatie", say("reports"), say("seconds"), "uitkomst")
    for o in m.each:
        table.add_row(o.organisatie, f"{o.meldingen:,}", f"{o.seconds:.1f}", o.uitkomst)
    table.add_row("LANDELIJK", f"{sum(o.meldingen for o in m.each):,}", f"{m.national_s:.1f}", "")
    out.print(table)
    told = say(
        "{held} figures of all held to the sum of the releases, {differing} differ; peak {mib} MiB.",
        held=m.held,
        differing=m.differing,
        mib=m.mib,
    )
    out.print(m.why or told, soft_wrap=True, markup=False)
    raise typer.Exit(1 if m.wrong else 0)


@app.command()
def faults(
    willekeurig: Annotated[int, typer.Option(help="Kills at random moments, after one in every named phase.", min=0)] = 30,
    seed: Annotated[int, typer.Option(help="The same seed gives the same moments.")] = 1,
) -> None:
    """Kill -9 the nightly run of a small delivery in every phase and at random moments; prints which phase each hit.

    After each kill the release that readers see must be whole, and the next run must bring the delivery out. Exit code 1 when one is not.
    """
    import os
    import shutil
    import subprocess
    import tempfile

    from orchestration.bench.faults import VT, kill_runs
    from orchestration.demo import let_through, write_small
    from orchestration.settings import Settings

    line = "{:<18} {:<18} {:>7}  {:<13} {}"
    out.print(line.format(say("meant"), say("hit"), say("after s"), say("next run"), say("wrong")))
    with tempfile.TemporaryDirectory(prefix="vt-faults-") as name, steps() as progress:
        work = Path(name)
        progress(say("making small deliveries and a release to stand"))
        deliveries = write_small(work / "leveringen")
        base = work / "basis"
        (base / "inbox").mkdir(parents=True)
        for path in deliveries[:2]:
            shutil.copy(path, base / "inbox")
        let_through(Settings(home=base))
        subprocess.run([VT, "refresh", "--json"], env={**os.environ, "VT_HOME": str(base)}, check=True, capture_output=True)
        kills = []
        for kill in kill_runs(base, deliveries[2], work, willekeurig, seed, progress):  # half an hour: each is told as it comes
            kills.append(kill)
            told = line.format(kill.meant, kill.hit, f"{kill.after_s:.1f}", kill.afterwards, kill.wrong or "-")
            out.print(told, markup=False)
    wrong = sum(bool(k.wrong) for k in kills)
    out.print(say("{kills} kills, {wrong} with something wrong afterwards.", kills=len(kills), wrong=wrong))
    raise typer.Exit(1 if wrong else 0)
