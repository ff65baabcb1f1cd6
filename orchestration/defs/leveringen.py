"""Deliveries as partitions: build everything as of one, or take one (and all after it) in anew.

The nightly job stays whole: it takes in what waits and builds once. These two jobs start ``vt`` as a person would, so that locks, rules and
verdicts are the same.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from orchestration.language import say, speak
from orchestration.register.register import Register
from orchestration.settings import Settings

LEVERINGEN = dg.DynamicPartitionsDefinition(name="leveringen")
"""One partition for each delivery taken in; the watch over deliveries adds them."""

VT = str(Path(sys.executable).parent / "vt")


def key(nummer: int) -> str:
    """The partition of a delivery; eight digits, so that partitions sort by number."""
    return f"{nummer:08d}"


def new_partitions(settings: Settings, known: Sequence[str]) -> list[str]:
    """Partitions of deliveries that Dagster does not know yet."""
    return [key(d.nummer) for d in Register(settings).leveringen() if key(d.nummer) not in known]


def run_vt(context: dg.OpExecutionContext, *arguments: str) -> str:
    """Run ``vt`` and return what it prints; raises ``dg.Failure`` with its last words when it does not end well."""
    settings = Settings()
    speak(settings.taal)
    environment = {**os.environ, "VT_HOME": str(settings.root)}
    done = subprocess.run([VT, *arguments], capture_output=True, text=True, check=False, env=environment)
    for line in done.stderr.splitlines():
        context.log.info(line)
    if done.returncode:
        last = (done.stdout.strip() or done.stderr.strip()).splitlines()[-1:]
        text = say(
            "{command} ended with exit code {code}: {words}", command=f"vt {arguments[0]}", code=done.returncode, words=" ".join(last)
        )
        raise dg.Failure(text, allow_retries=False)
    return done.stdout


@dg.op(name="bouw_stand", description="Bouwt alles zoals het was na een levering, in een map ernaast; wat lezers zien blijft zoals het is")
def build_as_of(context: dg.OpExecutionContext) -> None:
    """Build as of the delivery of this partition into ``standen/<number>`` of the data folder, in the place of an earlier one."""
    target = Settings().root / "standen" / context.partition_key
    shutil.rmtree(target, ignore_errors=True)
    printed = run_vt(context, "refresh", "--json", "--levering", str(int(context.partition_key)), "--naar", str(target))
    verdict = json.loads(printed)
    context.add_output_metadata(
        {"map": dg.MetadataValue.path(str(target)), "release": verdict["release"], "peildatum": verdict["peildatum"]}
    )


class Decision(dg.Config):
    """Who decides, and why; kept in the register."""

    door: str
    reden: str


@dg.op(
    name="neem_opnieuw_op",
    description="Neemt een levering en alles erna opnieuw op uit het archief, na een wijziging van regels; daarna een verversing",
)
def take_in_again(context: dg.OpExecutionContext, config: Decision) -> None:
    """Take the delivery of this partition in anew."""
    context.log.info(
        run_vt(context, "deliveries", "reintake", str(int(context.partition_key)), "--door", config.door, "--reden", config.reden)
    )


@dg.job(
    name="stand_na_levering",
    partitions_def=LEVERINGEN,
    description="Alles zoals het was na een levering, gekozen als partitie. Gelijk aan `vt refresh --levering --naar`.",
)
def as_of_levering() -> None:
    """Build as of one delivery."""
    build_as_of()


@dg.job(
    name="levering_opnieuw_opnemen",
    partitions_def=LEVERINGEN,
    description="Een levering, gekozen als partitie, en alles erna opnieuw uit het archief. Gelijk aan `vt deliveries reintake`.",
)
def reintake() -> None:
    """Take one delivery in anew."""
    take_in_again()


OWN_JOBS = {as_of_levering.name, reintake.name}
"""What releases nothing; every other run, also one that a button of the asset graph started, ends in a verdict."""
