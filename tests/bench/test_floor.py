"""What performance is held against: the floor and its peers count the same figures, and those that stand in the files."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.bench.floor import count_main_figures, write
from orchestration.bench.intake import write_delivery
from orchestration.bench.scale import PEERS
from orchestration.landing.takein import take_in_waiting
from orchestration.settings import PROJECT, Settings

TINY = {
    "meldingen": """melding_nummer;casus_nummer;ontvangen_op;hoedanigheid;gemeente_code
M1;C1;2024-01-31T23:30:00+00:00;politie;GM0363
M2;C2;2024-02-10T12:00:00+01:00;politie;
M3;C1;2024-02-11T12:00:00+01:00;huisarts;GM0363
""",
    "casussen": "casus_nummer;huishouden_nummer\nC1;H1\nC2;H1\n",
    "melding_vormen": "melding_nummer;vorm\nM1;partnergeweld\nM3;partnergeweld\nM3;km_anders\n",
    "veiligheidsbeoordelingen": """melding_nummer;gestart_op;besluit_op
M1;2024-02-01;2024-02-04
M2;2024-02-10;2024-02-20
M3;2024-02-11;
""",
    "diensten": "soort;gestart_op;afgesloten_op\nonderzoek;2024-02-01;2024-03-02\nonderzoek;2024-05-01;\n",
    "overdrachten": "overgedragen_op;ontvanger\n2024-02-05;GI\n",
    "adviesvragen": "gestart_op;kanaal\n2024-02-05;telefoon\n2024-02-06;telefoon\n",
}
"""The first report came on 31 January in UTC and on 1 February in Amsterdam."""
COUNTED = [
    ("adviesvragen", "2024-02", "telefoon", 2),
    ("diensten", "2024", "onderzoek", 30),
    ("huishoudens", "2024", "", 1),
    ("mediaan", "2024-02", "mediaan", 6.5),
    ("melders", "2024-02", "huisarts", 1),
    ("melders", "2024-02", "politie", 2),
    ("meldingen", "2024-02", "", 1),
    ("meldingen", "2024-02", "GM0363", 2),
    ("overdrachten", "2024-02", "GI", 1),
    ("vormen", "2024-02", "km_anders", 1),
    ("vormen", "2024-02", "partnergeweld", 2),
    ("wachttijd", "2024-02", "gemiddeld", 6.5),
]


@pytest.mark.parametrize("name", [None, *PEERS])
def test_main_figures_are_those_of_the_files(name: str | None, tmp_path: Path) -> None:
    for entity, rows in TINY.items():
        (tmp_path / f"{entity}.csv").write_text(rows, encoding="utf-8")
    if name is None:
        assert count_main_figures(tmp_path) == COUNTED
        return
    script = PROJECT / "orchestration" / "bench" / "peers" / f"{PEERS[name]}.py"
    subprocess.run([sys.executable, script, tmp_path, tmp_path / "result"], check=True)
    write([(*rest, float(value)) for *rest, value in COUNTED], tmp_path / "expected")  # type: ignore[misc]  # keys, and a value
    assert (tmp_path / "result").read_text(encoding="utf-8") == (tmp_path / "expected").read_text(encoding="utf-8")


def test_a_generated_registration_and_its_night_are_taken_in_whole(settings: Settings) -> None:
    rows = write_delivery(settings.inbox / "een", 400)
    more = write_delivery(settings.inbox / "twee", 400, more=20)
    told = [json.loads((settings.inbox / name / "levering.json").read_text())["bestanden"] for name in ("een", "twee")]
    assert [sum(f["rijen"] for f in files) for files in told] == [rows, more]
    outcomes = list(take_in_waiting(settings, lambda _: None))
    assert [(o.soort, o.uitkomst) for o in outcomes] == [("volledig", "opgenomen"), ("mutaties", "opgenomen")]
    assert [sum(t.opgenomen for t in o.entiteiten.values()) for o in outcomes] == [rows, more]
