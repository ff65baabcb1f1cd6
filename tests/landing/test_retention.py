"""What is past its term is destroyed by itself; what is not stays."""

from datetime import date
from typing import Any

import pytest

from orchestration.landing import quarantine
from orchestration.landing.quarantine import QuarantaineFout
from orchestration.landing.register import Register
from orchestration.landing.retention import limit
from orchestration.settings import Settings
from tests.intake.aanlevering import Aanlevering
from tests.intake.magazijn import Magazijn


def test_the_term_and_what_it_rests_on() -> None:
    fields: dict[str, Any] = Settings.model_fields
    assert fields["bewaar_jaren"].default == 15
    assert "art. 5.3.4 Wmo 2015" in fields["bewaar_jaren"].description
    assert limit(date(2024, 12, 31), 15) == date(2009, 12, 31)
    assert limit(date(2024, 2, 29), 15) == date(2009, 2, 28)


def test_cases_and_requests_past_their_term_go_and_stay_out(magazijn: Magazijn) -> None:
    short = Magazijn(magazijn.settings.model_copy(update={"bewaar_jaren": 1}))
    short.een(Aanlevering(1, peildatum="2025-01-01"))
    # A1 was closed on 2 January 2024, C2 on 1 March 2024: not yet
    assert short.vraag("select count(*) from adviesvragen") == [(2,)]
    short.een(Aanlevering(2, peildatum="2025-03-01"))
    assert short.vraag("select count(*) from adviesvragen union all select count(*) from casussen") == [(1,), (2,)]
    short.een(Aanlevering(3, peildatum="2025-03-02"))
    assert short.vraag("select count(*) from casussen union all select count(*) from meldingen") == [(1,), (1,)]
    assert short.vraag("select count(*) from monitormomenten") == [(0,)]
    uitslag = short.een(Aanlevering(4, peildatum="2025-03-02"))
    assert (uitslag.entiteiten["casussen"].vergeten, uitslag.entiteiten["meldingen"].vergeten) == (1, 1)
    assert "stayed out" in uitslag.opmerkingen[0] and "not archived" not in uitslag.opmerkingen[0]
    balance = "select bool_and(gelezen = opgenomen + identieke_kopieen + quarantaine + vergeten) from levering_entiteiten"
    assert short.vraag(balance) == [(True,)]
    events = Register(short.settings).gebeurtenissen("vergeten")
    assert [e.inhoud["soort"] for e in events] == ["bewaartermijn", "bewaartermijn"]
    assert len(list(short.settings.archive.iterdir())) == 4


def test_a_case_whose_dates_nobody_can_have_meant_is_held_back_not_destroyed(magazijn: Magazijn) -> None:
    """With all that hangs on it; once the date is right it comes in, and nothing of it is on the list of what stays out."""
    typo = Aanlevering(1)
    typo.rij("casussen").update(geopend_op="1900-01-01", afgesloten_op="1900-01-01")
    typo.rij("adviesvragen").update(gestart_op="0202-01-02", afgesloten_op="0202-01-02")
    magazijn.een(typo)
    found = magazijn.vraag("select distinct entiteit, controle from quarantaine order by 1")
    assert found == [
        ("adviesvraag_vormen", "ouder_in_quarantaine"), ("adviesvragen", "voor_venster"), ("betrokkenen", "ouder_in_quarantaine"),
        ("casussen", "voor_venster"), ("diensten", "ouder_in_quarantaine"), ("huisverboden", "ouder_in_quarantaine"),
        ("melding_aarden", "ouder_in_quarantaine"), ("melding_vormen", "ouder_in_quarantaine"), ("meldingen", "ouder_in_quarantaine"),
        ("overdrachten", "ouder_in_quarantaine"), ("veiligheidsbeoordelingen", "ouder_in_quarantaine"),
    ]  # fmt: skip
    (reden,) = {i.reden for i in quarantine.entries(magazijn.settings) if i.controle == "voor_venster"}
    assert reden == "lies before 1990-01-01, the first day that an event can have; correct the date at its source"
    assert Register(magazijn.settings).gebeurtenissen("vergeten") == []
    assert all(t.opgenomen == t.gelezen for t in magazijn.een(Aanlevering(2)).entiteiten.values())
    assert quarantine.entries(magazijn.settings) == []


def test_nothing_goes_before_its_term(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1, peildatum="2039-01-01"))
    assert Register(magazijn.settings).gebeurtenissen("vergeten") == []
    assert magazijn.vraag("select count(*) from casussen") == [(2,)]


def test_raw_lines_of_closed_entries_go(magazijn: Magazijn) -> None:
    soon = Magazijn(magazijn.settings.model_copy(update={"quarantaine_dagen": 0}))
    bad = Aanlevering(1)
    bad.rij("huisverboden")["aanvrager"] = "?"
    bad.rij("adviesvragen")["kanaal"] = "?"
    bad.rij("adviesvragen", 1)["kanaal"] = "?"
    soon.een(bad)
    quarantine.dismiss(soon.settings, 1, "huisverboden", "J. Voorbeeld", "x")
    half = Aanlevering(2)
    half.rij("adviesvragen")["kanaal"] = "?"
    half.rij("huisverboden")["aanvrager"] = "?"
    soon.een(half)
    with pytest.raises(QuarantaineFout, match="was destroyed"):
        quarantine.show(soon.settings, 1, "adviesvragen", 3)
    with pytest.raises(QuarantaineFout, match="was destroyed"):
        quarantine.show(soon.settings, 1, "huisverboden", 2)
    assert quarantine.show(soon.settings, 1, "adviesvragen", 2)[1].startswith("A1;")
    assert len(quarantine.entries(soon.settings, status=None)) == 7
    (event,) = Register(soon.settings).gebeurtenissen("ruwe_regels_vernietigd")
    assert event.inhoud["regels"] == {"1/adviesvragen": 1, "1/huisverboden": 1}
