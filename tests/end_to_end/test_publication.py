"""What the demo would publish by the rules as they stand: nothing small can be worked out, and most of it is shown."""

from pathlib import Path
from typing import Any

import pytest

from orchestration.disclosure import beside
from orchestration.disclosure.cells import KEY
from orchestration.disclosure.whole import opened
from orchestration.release import store
from tests.end_to_end.conftest import Chain, by_rules

pytestmark = pytest.mark.xdist_group("demo")


def test_the_demo_by_the_rules_of_today(demo: tuple[Chain, dict[str, Any]], publication_of_demo: Path, tmp_path: Path) -> None:
    """Without putting back what is hidden in vain, which takes minutes and shows more (``tests/disclosure`` holds that to small tables)."""
    with opened(demo[0].home / "releases" / "current" / store.DATABASE) as con:
        publication = by_rules(con, tmp_path)
        found = publication.audit(publication_of_demo)
        small = con.execute(
            """
            select count(*) from figures left join truths using (indicator, categorie_soort, categorie, gebied_soort, gebied, periode)
            where figures.soort in ('aantal', 'voorraad', 'uniek') and bestaat and coalesce(truths.waarde, 0) < 10
            """
        ).fetchone()
        columns = ", ".join(["eenheid", *beside.COLUMNS])
        other = con.execute(
            f"""
            select {KEY} from (
                select {KEY}, {columns} from written where ({KEY}) in (select ({KEY}) from intern.marts.indicatoren)
                except select {KEY}, {columns} from intern.marts.indicatoren
            ) limit 5
            """
        ).fetchall()
        breaks = con.execute("select count(distinct vergelijkbaarheid) from written").fetchone()
    assert other == [], "what stands beside a figure is what stands beside it in marts"
    assert breaks == (7,)
    assert found.findings == []
    # 5,268 on 28 November 2026; 6,697 while transfers by single receiver were published by gemeente too
    assert found.narrowest == 4 and found.targets > 5000
    assert found.shown >= 0.70 and found.shown_large >= 0.95
    assert small is not None and 0 < small[0] <= found.small, "every small count of the marts is among the cells that are looked at"
