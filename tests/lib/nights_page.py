"""docs/nights.md and its pictures made anew, the nights of ``test_nights.py`` lived (``.venv/bin/python -m tests.lib.nights_page FOLDER``).

``FOLDER`` is a new data folder; its name stands in the page. Some minutes, and Chromium (``scripts/chromium``).
"""

import json
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestration.demo import let_through, write_small
from orchestration.settings import PROJECT, Settings
from tests.conftest import listening
from tests.end_to_end.conftest import Chain
from tests.end_to_end.test_nights import Duty, Night, live_them_all
from tests.lib.browser import Browser
from tests.lib.dagster_pages import dagster

PAGE, IMAGES = PROJECT / "docs" / "nights.md", PROJECT / "docs" / "images"

HEAD = """# Nachten die anders liepen

Real nights on small generated deliveries: what the terminal said, what the alert said, and the last line of the run in Dagster. The
sentence is the same in all three. `tests/end_to_end/test_nights.py` lives them again with every run of the tests and holds them to
that; `tests/lib/nights_page.py` writes this page. What to do in each: [runbooks](runbooks). The environment was `ontwikkeling`, where
no delivery is called late, but for the last night.
"""

TOLD = {
    "quiet": (
        "A quiet night",
        "Nothing came. Nothing is made anew, every table and check in Dagster keeps its last outcome, nobody is told anything.",
    ),
    "refused": (
        "A broken delivery",
        "One byte of `meldingen.csv` in delivery 3 was flipped. Nothing of it was taken in; in Dagster the step *intake* is red.",
    ),
    "full disk": (
        "A full disk",
        "The same number came again in good order and was taken in; then the disk had no room for what is made of it. That the"
        " refusal is over is told all the same.",
    ),
    "cut off": (
        "A process that was killed",
        "The next refresh was killed with all that it had started, while Great Expectations looked at what landed. Nobody could tell"
        " anything at that moment: the night after it does, and draws its verdict.",
    ),
    "good": ("A good night", "The same delivery, at last. It is published, and what was open is over."),
    "held back": (
        "A check that fails",
        "Delivery 4 has a week in which every request for advice came by chat, where thirteen weeks before it came by telephone. Nothing"
        " else is wrong with it. The check that looks at such turns holds everything back.",
    ),
    "rolled back": (
        "A release that waits",
        "Somebody had put an older release before the readers (`vt release rollback`): that pins it. The next delivery is good; its release"
        " is made, and waits.",
    ),
    "quiet and rolled back": (
        "Quiet, and still pinned",
        "Nothing new came. The night is green, and says that readers see an older release than there is.",
    ),
    "late": (
        "A delivery that is late",
        "The pin was ended (`vt release unpin`). In `acceptatie` a delivery is due for every day, and none came for a year and more.",
    ),
}


def main(folder: Path) -> None:
    """Live them, then write the page."""
    with TemporaryDirectory() as name:
        small = write_small(Path(name))
        (folder / "inbox").mkdir(parents=True)
        for path in small[:2]:
            shutil.copy(path, folder / "inbox")
        let_through(Settings(home=folder))
        chain = Chain(folder)
        chain.refresh()
        with listening() as (alerts, address), dagster(folder, Path(name) / "dagster.log") as pages:
            duty = Duty(chain, alerts, address, pages)
            live_them_all(duty, small)
            with Browser(Path(name) / "profile", 1400, 620) as browser:
                for night in ("refused", "held back"):
                    browser.open(f"{pages.address}/runs/{duty.nights[night].run['runId']}")
                    browser.see(duty.nights[night].verdict["zin"][:60])
                    browser.picture(IMAGES / f"nacht-{night.replace(' ', '-')}.png")
            last = {name: pages.events(night.run["runId"])[-1]["message"] for name, night in duty.nights.items()}
    parts = [HEAD, *(_night(name, duty.nights[name], last[name]) for name in TOLD)]
    PAGE.write_text("\n".join(parts))


def _night(name: str, night: Night, last: str) -> str:
    title, what = TOLD[name]
    code = "killed" if night.code < 0 else f"exit code {night.code}"
    lines = [f"## {title}", "", f"{what} `{night.verdict['uitkomst']}`, {code}.", ""]
    if night.printed:
        lines += ["In the terminal:", "", "```", *_terminal(night.printed), "```", ""]
    for message in night.alerts:
        lines += ["The alert:", "", "```", message["title"], "", message["message"].strip(), "```", ""]
    lines += [] if night.alerts else ["No alert.", ""]
    lines += ["The last line of the run in Dagster:", "", "```", last.strip(), "```", ""]
    picture = f"nacht-{name.replace(' ', '-')}.png"
    if name in ("refused", "held back"):
        lines += [f"![{title}: the run in Dagster]({IMAGES.name}/{picture})", ""]
    return "\n".join(lines)


def _terminal(printed: str) -> list[str]:
    """What was printed, each line at most as long as a page takes; JSON by itself, its longest parts counted."""
    if printed.startswith("{"):
        told = json.loads(printed)
        short = {k: told[k] for k in ("uitkomst", "release", "vorige_release", "peildatum", "zin", "aandacht", "duur_s")}
        return json.dumps(short | {"aandacht": [*short["aandacht"][:2], "…"]}, ensure_ascii=False, indent=1).splitlines()
    lines = printed.strip().splitlines()
    warned = [line for line in lines if "waarschuwing" in line]
    until = next((i for i, line in enumerate(lines) if line.startswith(("Release  ", "Er is nog geen release"))), len(lines))
    shown = [line.rstrip() for line in lines[:until] if line not in warned[1:]]  # what follows tells where to open it, the same each night
    return [
        f"{line[:220]} …" if len(line) > 222 and not line.startswith(("Vastgehouden", "Niets", "Gepub", "Mislukt")) else line
        for line in shown
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
