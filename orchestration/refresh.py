"""A refresh in one process: the nightly Dagster job, run here and now, and the verdict on it."""

import gc
import logging
import os
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from uuid import uuid4

from orchestration import duck
from orchestration.alarm import message
from orchestration.alarm.conclude import conclude, send_alone
from orchestration.breakdown import sentence
from orchestration.code_version import code_version
from orchestration.errors import UserError
from orchestration.files import make_folder, write_over
from orchestration.keys.use import open_key, right_key
from orchestration.landing.history import build_history
from orchestration.language import say, speak
from orchestration.register.disk import disk_errors
from orchestration.register.lock import only_intake
from orchestration.register.register import Register
from orchestration.release import store
from orchestration.release.publish import write_release
from orchestration.release.verdict import Uitkomst, Verdict, broken_down, draw, line, told
from orchestration.release.writer import belongs, only_writer
from orchestration.settings import Settings
from orchestration.transform import dbt
from orchestration.transform.lineage import rests_on

POSTGRES = """
storage:
  postgres:
    postgres_url:
      env: VT_DAGSTER_POSTGRES
"""
"""Added to Dagster's configuration when VT_DAGSTER_POSTGRES is set; the password stays out of the file."""


def dagster_home(settings: Settings) -> Path:
    """Dagster's own folder, with its configuration in it; telemetry off, one writing run at a time."""
    make_folder(settings.dagster)
    config = resources.files("orchestration").joinpath("dagster.yaml").read_text()
    if address := settings.dagster_address:
        os.environ["VT_DAGSTER_POSTGRES"] = address
        config += POSTGRES
    target = settings.dagster / "dagster.yaml"
    if not target.exists() or target.read_text() != config:
        write_over(target, config.encode())
    return settings.dagster


def refresh(settings: Settings, progress: Callable[[str], None]) -> Verdict:
    """Run the nightly job in this process, draw the verdict, keep it and tell whoever should know.

    Raises nothing: whatever goes wrong comes out as the verdict ``mislukt``, with the sentence that says what, where and what to do.
    """
    started = time.monotonic()
    speak(settings.taal)
    try:
        return _night(settings, progress, started)
    except Exception as error:
        verdict = broken_down(settings, sentence(error, settings), time.monotonic() - started)
    # nothing is written in the data folder of another environment
    return conclude(settings, verdict) if belongs(settings) else send_alone(settings, verdict)


def no_warning_of_dagster(record: logging.LogRecord) -> bool:
    """Whether to show it on the terminal of ``vt refresh``: of Dagster errors alone.

    Of a night without anything new it warns that checks did not hold back steps, which it skips; what did not run, the verdict says.
    """
    return record.levelno >= logging.ERROR or not record.name.startswith("dagster.")


def _night(settings: Settings, progress: Callable[[str], None], started: float) -> Verdict:
    """The nightly job and its verdict, concluded; raises what keeps it from beginning."""
    right_key(settings)
    os.environ["DAGSTER_HOME"] = str(dagster_home(settings))
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    progress(say("starting"))
    gc.disable()  # what is imported stays; looking through it again and again for something to free takes a second
    from orchestration.definitions import defs
    from orchestration.defs.common import clear_up
    from orchestration.defs.dagster_inside import instance_of_one_run
    from orchestration.defs.jobs import BY_HAND_TAGS
    from orchestration.defs.progress import listener
    from orchestration.defs.verdict import broken, conclude_run, end_lost

    gc.freeze()
    gc.enable()
    if logging.lastResort is not None:  # it shows what no logger has a handler for
        logging.lastResort.addFilter(no_warning_of_dagster)
    # what the build says of each step is in the run's log when Dagster starts it; here standard output belongs to the verdict
    postgres = settings.dagster_postgres is not None
    run_id = str(uuid4())
    with (
        only_writer(settings),
        instance_of_one_run(settings.dagster, postgres=postgres) as instance,
        Path(os.devnull).open("w") as nowhere,
        redirect_stdout(nowhere),
    ):
        end_lost(instance, settings)
        listener.progress = progress
        try:
            defs.resolve_job_def("nachtelijke_verversing").execute_in_process(
                run_id=run_id,
                instance=instance,
                raise_on_error=False,
                run_config={"loggers": {"voortgang": {}}},
                tags=BY_HAND_TAGS,
            )
            why = broken(instance, run_id)
        except Exception as error:  # Dagster's own state could not be written; what the steps did before that stands
            why = sentence(error, settings)
        verdict = conclude(settings, draw(settings, run_id, time.monotonic() - started, why))
        conclude_run(instance, run_id, verdict)
        clear_up(settings, instance, datetime.now(UTC))
    return verdict


def refresh_as_of(settings: Settings, levering: int, folder: Path, progress: Callable[[str], None]) -> Verdict:
    """Build everything as it was after a delivery, with the code as it is, into ``folder``; the data folder's own release is left alone.

    ``folder`` becomes a data folder with a build and one release: ``VT_HOME=<folder> vt release show``. All models are built and all dbt
    tests run; what compares one night with another is left out. Raises ``UserError`` for a delivery that was never taken in, and for a
    folder that is not empty.
    """
    started = time.monotonic()
    numbers = [d.nummer for d in Register(settings).leveringen()]
    if levering not in numbers:
        if not numbers:
            raise UserError(say("Delivery {number} was never taken in; there are none yet. See vt deliveries list.", number=levering))
        raise UserError(
            say(
                "Delivery {number} was never taken in; there are: {first} to {last}. See vt deliveries list.",
                number=levering,
                first=numbers[0],
                last=numbers[-1],
            )
        )
    folder = folder.expanduser().absolute()
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise UserError(say("{folder} is there and not empty; name a new folder.", folder=folder))
    keyring = open_key(settings, say("refresh as of delivery {number}", number=levering))
    with disk_errors(say("The build")):
        make_folder(folder)
        target = Settings(home=folder, key_file=settings.key_path)
        with only_intake(settings), duck.connect(target) as con:
            progress(say("deriving the history as of delivery {number}", number=levering))
            duck.attach_build(con, target, keyring.derive("build"))
            build_history(settings, con, keyring, levering)
            con.execute("checkpoint veilig_thuis")
        progress(say("building and testing the models"))
        built = dbt.build(target, keyring, settings)
        verdict = Verdict(Uitkomst.VASTGEHOUDEN, None, None, None)
        verdict.modellen = {"verwacht": built.modellen_verwacht, "gebouwd": built.modellen_gebouwd}
        verdict.controles = {"verwacht": built.controles_verwacht, "geslaagd": 0, "gewaarschuwd": 0, "gefaald": 0} | {
            k: built.controles.get(k, 0) for k in ("geslaagd", "gewaarschuwd", "gefaald")
        }
        verdict.aandacht = [told(f) for f in built.gefaald if f["uitkomst"] != "niet_uitgevoerd"]
        verdict.redenen = {f["naam"]: line(f) for f in built.gefaald if f["uitkomst"] == "gefaald"}
        if built.complete:
            progress(say("writing the release"))
            with duck.connect(target) as con:
                duck.attach_build(con, target, keyring.derive("build"))
                rows, made_of = dbt.check_rows(target.build / "dbt"), dbt.contributions(target.build / "dbt")
                content = write_release(target, con, rows, code_version(), dbt.descriptions(), contributions=made_of, rests_on=rests_on())
            store.switch(target, content["release"])
            verdict.uitkomst, verdict.release, verdict.peildatum = Uitkomst.GEPUBLICEERD, content["release"], content["peildatum"]
            verdict.aansluiting |= content["aansluiting"]
        elif any(f["soort"] == "model" and f["uitkomst"] == "gefaald" for f in built.gefaald):
            verdict.uitkomst = Uitkomst.MISLUKT
    verdict.duur_s = round(time.monotonic() - started, 1)
    verdict.zin = message.sentence(verdict)
    return verdict
