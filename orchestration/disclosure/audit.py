"""The audit of what was written: from the file that leaves, with everything published before, what could an attacker work out?"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from orchestration.disclosure import beside, publish
from orchestration.disclosure.attacker import NEAR, Attack, Relations, blocks
from orchestration.disclosure.cells import KEY, MEAN_KINDS, SHARE_KINDS, RelationError
from orchestration.disclosure.known import Known, Part, Ratio
from orchestration.disclosure.protect import System, bounds, needed, targets
from orchestration.disclosure.rules import COUNTS
from orchestration.formats import open_data
from orchestration.language import later, say
from orchestration.spreadsheet import formulas
from orchestration.sql import text

SMALLEST_SHARE, SMALLEST_LARGE_SHARE = 0.70, 0.95
"""How much of the named cells, and of those that are not small, must be shown: hiding everything is no protection."""


@dataclass(frozen=True)
class Finding:
    """Why what was written may not leave: what is wrong, and with which cell. Never a value."""

    what: str
    key: str


NARROW = "te_smal"
SMALL_SHOWN = "klein_en_getoond"
ASKEW = "niet_volgens_de_regel"
KEYS = "sleutels_anders"
UNEQUAL = "bestanden_verschillen"
SHARE = "aandeel_niet_uit_gepubliceerde_aantallen"
MEAN = "gemiddelde_niet_volgens_de_regel"
NO_TARGETS = "geen_doelen"
STATUS = "status_klopt_niet"
HEADLINE = "exact_totaal_niet_getoond"
LITTLE = "te_weinig_getoond"
COUNT = "doelen_niet_geteld"
SHAPE = "vorm_klopt_niet"
FORMULA = "tekst_als_formule"
BESIDE = "wat_ernaast_staat_klopt_niet"


@dataclass
class Report:
    """What the audit looked at, and what it found."""

    findings: list[Finding] = field(default_factory=list)
    cells: int = 0
    small: int = 0
    targets: int = 0
    unlisted_targets: int = 0
    equations: int = 0
    blocks: int = 0
    programs: int = 0
    first: int = 0
    second: int = 0
    shown: float = 0.0
    shown_large: float = 0.0
    targets_then: int | None = None
    """targets that are what a cell was in the vintage before, and is no more; none where it was not looked at"""
    narrowest: float = 0.0
    narrowest_key: str = ""
    in_print: list[str] = field(default_factory=list)
    """targets that are narrow by print alone, and no narrower by what is published now"""
    printed: int = 0
    printed_shares: int = 0
    older: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return not self.findings

    def sentence(self) -> str:
        """What a verdict says: cells by key."""
        if self.passed:
            told = later("Audit of what leaves: {n} targets, none under the width; {share} of the cells shown.")
            return say(told, n=self.targets, share=f"{self.shown:.1%}")
        names = "; ".join(f"{f.what}: {f.key}" for f in self.findings[:5])
        return say("Audit of what leaves: {n} findings, and nothing is published. {names}", n=len(self.findings), names=names)


class Audit:
    """One audit of one folder. The connection holds the tables of ``cells`` and ``relations``, made of the true figures."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        system: System,
        known: Known,
        folder: Path,
        marts: str,
        *,
        utility: bool = True,
        attacked: System | None = None,
        means: publish.Means = (),
    ) -> None:
        """``marts`` is the schema of the figures and of names. ``attacked`` is the system with what an earlier vintage tells beside it,
        ``means`` are those that stay as they were there."""
        self.con, self.system, self.known, self.folder, self.marts, self.utility = con, system, known, folder, marts, utility
        self.attacked, self.means = attacked or system, means
        self.report = Report()

    def run(self) -> Report:
        """Look at everything; raises ``NotProvenError`` and ``RelationError`` when nothing can be said."""
        begun = time.monotonic()
        self._read()
        self._keys()
        self._beside()
        published, shown = self._counts()
        ratios = self._shares()
        self._means()
        self._attack(published, shown, ratios)
        self._utility(shown)
        self.report.seconds = time.monotonic() - begun
        return self.report

    def found(self, what: str, keys: Sequence[str]) -> None:
        self.report.findings += [Finding(what, key) for key in keys]

    def _read(self) -> None:
        """``written``: what stands in the Parquet file; the others must say the same, and there must be nothing beside them."""
        parquet = text(self.folder / publish.PARQUET)
        publish.read(self.con, self.folder / publish.PARQUET)
        files = {p.relative_to(self.folder) for p in self.folder.rglob("*") if p.is_file()}
        self.found(SHAPE, sorted(str(p) for p in files ^ set(publish.FILES)))
        self.con.execute(f"attach {text(self.folder / publish.DATABASE)} as publiek (read_only)")
        try:
            names = "select schema_name || '.' || {0}_name from duckdb_{0}s() where database_name = 'publiek' and not internal"
            tables = {n for (n,) in self.con.execute(f"{names.format('table')} union all {names.format('view')}").fetchall()}
            self.found(SHAPE, sorted(tables ^ {publish.STORED, publish.TABLE}))
            there = ("written", f"publiek.{publish.STORED}", f"publiek.{publish.TABLE}")
            columns = [[c for c, *_ in self.con.execute(f"describe {t}").fetchall()] for t in there]
            if columns != [list(publish.COLUMNS)] * 3:
                raise RelationError(say("What was written has other columns than what may leave. Write it anew."))
            one, two = f"publiek.{publish.STORED}", "written"
            other = self.con.execute(
                f"select count(*) from ((from {one} except all from {two}) union all (from {two} except all from {one}))"
            ).fetchone()
        finally:
            self.con.execute("detach publiek")
        if other != (0,):
            self.found(UNEQUAL, [f"{publish.PARQUET} {publish.DATABASE}"])
        whole = not files ^ set(publish.FILES)
        if whole and (self.folder / publish.CSV).read_bytes() != publish.spreadsheet(self.con, self.folder / publish.PARQUET):
            self.found(UNEQUAL, [f"{publish.PARQUET} {publish.CSV}"])
        unequal = open_data.unequal(self.con, self.folder, publish.PARQUET) if whole else []
        self.found(UNEQUAL, [f"{publish.PARQUET} {path}" for path in unequal])
        self.found(FORMULA, self._select(f"select {KEY} from written where {formulas(publish.TEXTS)} order by all limit 20"))
        order = ", ".join(publish.KEY_COLUMNS)
        misplaced = self.con.execute(
            f"""
            select count(*) from (
                select row({order}) as key, lag(row({order})) over (order by file_row_number) as before
                from read_parquet({parquet}, file_row_number = true)
            ) where key <= before
            """
        ).fetchone()
        if misplaced != (0,):
            self.found(SHAPE, ["volgorde van de rijen"])

    def _select(self, sql: str) -> list[str]:
        return [" ".join(str(v) for v in row if v != "") for row in self.con.execute(sql).fetchall()]

    def _keys(self) -> None:
        self.found(
            KEYS,
            self._select(
                f"""
                select {KEY} from (
                    (select {KEY} from figures except all select {KEY} from written)
                    union all (select {KEY} from written except all select {KEY} from figures)
                ) order by all limit 20
                """
            ),
        )
        self.found(
            STATUS,
            self._select(
                f"""
                select {KEY} from written join figures using ({KEY})
                where written.status not in {publish.STATUSES} or (written.status = '{publish.PUBLISHED}') != (written.waarde is not null)
                    or (written.status = '{publish.NONE}') != (not bestaat)
                    or (written.status = '{publish.MISSING}' and soort != 'per_1000')
                order by all limit 20
                """
            ),
        )

    def _beside(self) -> None:
        """Names, days, breaks and quality are those of the key, and the days of the vintage those of all rows: none tells of its figure."""
        columns = f"{KEY}, {', '.join(beside.COLUMNS)}"
        self.found(
            BESIDE,
            self._select(
                f"""
                select distinct {KEY} from (
                    (select {columns} from written except all select {columns} from ({beside.select(self.marts)}))
                    union all select {columns} from written
                    where (select count(distinct (peildatum, verouderd_vanaf)) from written) > 1
                ) order by all limit 20
                """
            ),
        )

    def _counts(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """What is published of each cell, from the count itself or from the share whose part it is."""
        value, disagree = publish.read_cells(self.con)
        keys = np.array(self.system.keys, dtype=object)
        listed = ~self.system.unlisted
        self.found(ASKEW, keys[disagree & listed].tolist())
        shown = (value >= 0) & listed
        self.attacked.read_kept(value)
        wrong = shown & ~self.attacked.as_expected(value)
        small = shown & self.system.small & ~self.attacked.kept_small[: len(value)]
        self.found(SMALL_SHOWN, keys[small].tolist())
        self.found(ASKEW, keys[wrong & ~small].tolist())
        self.found(HEADLINE, keys[self.system.exact & ~self.system.small & ~shown].tolist())
        return np.where(shown, value, 0).astype(np.int64), shown

    def _shares(self) -> list[Ratio]:
        """Shares and rates that do not follow from the published counts tell of the true ones: each is a bound of its own."""
        said = publish.SHARES_SHOWN.replace("shown_cells", "(select cel, waarde as gepubliceerd from written_cells)")
        self.con.execute(
            f"""
            create or replace temp table askew as
            with shares as ({said}),
            {publish.HOUSEHOLDS}
            select written.*, figures.factor, figures.soort,
                greatest(0, length(split_part(printf('%.10g', written.waarde), '.', 2)))::int as decimals
            from written join figures using ({KEY}) join shares using ({KEY})
            left join households on figures.soort = 'per_1000' and households.indicator = written.indicator
                and households.gebied_soort = written.gebied_soort and households.gebied = written.gebied
                and households.periode = written.periode
            where figures.soort in {SHARE_KINDS} and figures.bestaat and (
                written.teller is distinct from shares.teller
                or (figures.soort != 'per_1000' and written.noemer is distinct from shares.noemer)
                or (figures.soort = 'per_1000' and written.noemer is not null)
                or written.waarde is distinct from {publish.share("shares.teller", "shares.noemer")}
                or (written.waarde is not null and (shares.teller is null or (shares.noemer is null and figures.soort != 'per_1000')))
            )
            """
        )
        self.found(SHARE, self._select(f"select {KEY} from askew order by all"))
        ratios = []
        for *key, value, places in self.con.execute(
            f"select {KEY}, waarde, decimals from askew where soort != 'per_1000' and waarde is not null order by all"
        ).fetchall():
            parts: list[Part] = self.con.execute(
                f"""
                select part, coefficient, cel, parts.waarde, factor from parts join figures using ({KEY})
                where ({KEY}) = (?, ?, ?, ?, ?, ?, ?)
                order by part, cel
                """,
                key,
            ).fetchall()
            ratio = Ratio.of(parts, value, places)
            if ratio.holds({cell: true for _, _, cell, true, _ in parts}):
                ratios.append(ratio)
        return ratios

    def _means(self) -> None:
        """A mean is given in one decimal, of enough; a median and a percentile of more."""
        publish.stay(self.con, self.means)
        self.found(
            MEAN,
            self._select(
                f"""
                with means as ({publish.means(self.system.parameters.base)})
                select {KEY} from figures join written using ({KEY}) left join means using ({KEY})
                where figures.soort in {MEAN_KINDS} and written.waarde is distinct from
                    case when figures.bestaat and genoeg then round(gemiddelde, {publish.decimals("written.eenheid")}) end
                order by all limit 20
                """
            ),
        )
        self.found(
            MEAN,
            self._select(
                f"""select {KEY} from figures join written using ({KEY})
                where figures.soort in {(*MEAN_KINDS, *COUNTS)} and coalesce(written.teller, written.noemer) is not null
                order by all limit 20"""
            ),
        )

    def _attack(self, published: NDArray[np.int64], shown: NDArray[np.bool_], ratios: list[Ratio]) -> None:
        today, system, report = self.system, self.attacked, self.report
        here = slice(len(shown))
        hidden, said = system.first.copy(), system.shown()
        hidden[here], said[here] = ~shown & ~today.unlisted, published
        lower, upper = bounds(system, hidden, said)
        self._as_written(lower[here], upper[here], published, shown)
        lower, upper = system.narrowed(lower, upper)
        relations: Relations = system.relations.extended([row for ratio in ratios for row in ratio.rows()])
        wanted = targets(system, lower, upper, hidden)
        report.cells, report.equations = int((~today.unlisted).sum()), len(relations)
        report.small = int(today.small.sum())
        report.targets_then = None if system is today else int((wanted >= len(shown)).sum())
        report.targets, report.unlisted_targets = len(wanted), int(system.unlisted[wanted].sum())
        report.first, report.second = (int((hidden & of)[here].sum()) for of in (system.first, ~system.first))
        report.printed, report.printed_shares = len(self.known.exact), len(self.known.ratios)
        report.older, report.outside = self.known.older, self.known.outside
        if not len(wanted):
            self.found(NO_TARGETS, ["publicatie.indicatoren"])
            return
        counted = self.con.execute(
            f"select count(*) from cells where waarde < {system.parameters.threshold} and regel != 'ongepubliceerd'"
        ).fetchone()
        seen = int((np.isin(np.flatnonzero(today.small), wanted) | shown[today.small]).sum())
        if counted != (seen,) or not np.isin(np.flatnonzero(hidden & system.first), wanted).all():
            self.found(COUNT, ["publicatie.indicatoren"])
        fixed = wanted[lower[wanted] >= upper[wanted]]
        loose = wanted[lower[wanted] < upper[wanted]]
        relations = needed(system, relations, wanted)
        attack = Attack(
            blocks(relations, lower, upper, loose.tolist()), loose.tolist(), np.full(len(system.truth), float(system.parameters.width))
        ).run()
        widths = {t: r.width for t, r in attack.ranges.items()} | {int(t): 0.0 for t in fixed}
        lowest = {t: r.lowest for t, r in attack.ranges.items()} | {int(t): float(lower[t]) for t in fixed}
        width, threshold = system.parameters.width, system.parameters.threshold
        narrow = [t for t in sorted(widths) if widths[t] < width - NEAR and lowest[t] < threshold - NEAR]
        by_print = system.public_widths(np.array(narrow, dtype=np.int64))
        for target in sorted(narrow, key=lambda t: (round(widths[t], 3), t)):
            if widths[target] >= by_print.get(target, width) - NEAR:
                report.in_print.append(system.keys[target])
            else:
                self.found(NARROW, [system.keys[target]])
        rest = {t: w for t, w in widths.items() if lowest[t] < threshold - NEAR and system.keys[t] not in set(report.in_print)}
        if rest:
            narrowest = min(rest, key=lambda t: (round(rest[t], 3), t))
            report.narrowest, report.narrowest_key = min(rest[narrowest], float(width)), system.keys[narrowest]
        report.blocks, report.programs = len(attack.blocks), attack.programs

    def _as_written(
        self, lower: NDArray[np.float64], upper: NDArray[np.float64], published: NDArray[np.int64], shown: NDArray[np.bool_]
    ) -> None:
        """What is finer than the rule is known as finely; what contradicts the truth was found already, and tells nothing true."""
        system = self.system
        finer = shown & (published % system.parameters.base != 0) & ~system.exact
        lower[finer], upper[finer] = published[finer], published[finer]
        small = shown & system.small & ~finer & ~system.exact & ~self.attacked.kept_small[: len(shown)]
        slack = system.parameters.slack
        lower[small] = np.maximum(0, published[small] - slack)
        upper[small] = np.minimum(system.parameters.threshold - 1, published[small] + slack)
        false = ((system.truth < lower) | (system.truth > upper)) & ~system.unlisted
        lower[false], upper[false] = 0, 1e6

    def _utility(self, shown: NDArray[np.bool_]) -> None:
        listed = ~self.system.unlisted
        large = listed & ~self.system.small
        self.report.shown = float(shown.sum() / max(1, listed.sum()))
        self.report.shown_large = float((shown & large).sum() / max(1, large.sum()))
        if self.utility and (self.report.shown < SMALLEST_SHARE or self.report.shown_large < SMALLEST_LARGE_SHARE):
            self.found(LITTLE, ["publicatie.indicatoren"])
