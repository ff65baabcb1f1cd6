"""The organisations that ``vt bench national`` invents are whole, apart, and as large as they are said to be."""

from pathlib import Path

import pytest

from orchestration import seeds
from orchestration.bench.national import DEMO, HOUSEHOLDS, LARGEST, SMALLEST, invent
from orchestration.demo.elsewhere import share
from orchestration.organisation import all_codes, organisation
from orchestration.settings import Settings


def test_invented_organisations_are_whole_and_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VT_ORGANISATIES", str(tmp_path))
    codes = invent(tmp_path, 3)
    assert all_codes(Settings()) == codes
    found: list[str] = []
    for code in codes:
        assert "(verzonnen)" in organisation(Settings(), code).name
        assert HOUSEHOLDS in seeds.own_files(code)
        found += [row["gemeente_code"] for row in seeds.rows("areas/gemeenten.csv", code)]
    assert len(found) == len(set(found)) == 9
    sizes = []
    for code in codes:
        monkeypatch.setenv("VT_ORGANISATIE", code)
        sizes.append(share())
    assert sizes == pytest.approx([SMALLEST / DEMO, (SMALLEST + LARGEST) / 2 / DEMO, LARGEST / DEMO], rel=0.001)
