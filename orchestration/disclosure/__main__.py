"""``python -m orchestration.disclosure RELEASE FOLDER``: protect a release into a folder, audit what was written, and say what it took.

With ``--no-prune`` what is hidden in vain stays hidden; with ``--audit`` only what was written before is looked at.
"""

import sys
import time
from pathlib import Path

from orchestration.disclosure import ledger, report
from orchestration.disclosure.rules import read_parameters, read_rules
from orchestration.disclosure.whole import Publication, opened
from orchestration.transform import catalogue


def main(release: Path, folder: Path) -> int:
    """Returns 0 when the audit passes."""
    say = sys.stdout.write
    known = catalogue.indicators()
    rules = read_rules({c: i.uitsplitsingen for c, i in known.items()}, of_kind={c: i.soort for c, i in known.items()})
    entries = ledger.append(folder / "grootboek", ledger.of_print())
    only_audit, prune = "--audit" in sys.argv, "--no-prune" not in sys.argv
    begun, worked = time.monotonic(), time.process_time()

    def lap(what: str) -> None:
        nonlocal begun, worked
        now, done = time.monotonic(), time.process_time()
        say(f"{what}: {now - begun:.1f} s, of the processor {done - worked:.1f}\n")
        begun, worked = now, done

    with opened(release / "intern" / "veilig_thuis.duckdb") as con:
        publication = Publication.of(con, rules, read_parameters(), entries)
        lap("cells and relations")
        if not only_audit:
            pattern = publication.protect(prune)
            extra = len(pattern.complementary(publication.system))
            say(f"narrow at first {pattern.narrow_first}, complementary {extra}, put back {pattern.pruned}, programs {pattern.programs}\n")
            lap("protection")
            publication.write(pattern, folder / "publiek")
            lap("files")
        outcome = publication.audit(folder / "publiek")
        lap("audit")
    (folder / "audit.html").write_text(report.render(outcome, read_parameters(), release.resolve().name), encoding="utf-8")
    say(f"{outcome.sentence()}\n{report.lines(outcome)}\n")
    return 0 if outcome.passed else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
