"""Definitions of indicators: what each says, and what is told of one that is not whole."""

import re
from typing import Any

import pytest

from orchestration.transform import catalogue
from orchestration.transform.catalogue import DefinitionError

OF_ALL = {"soorten": {"aantal": {"is_telling": True, "met_totaal": True, "periodes": "alle"}}, "laagste_gebied": "buurt"}
WHOLE = {
    "naam": "N", "soort": "aantal", "eenheid": "aantal", "thema": "instroom", "telt_op": "dag", "definitie": "D.", "volgorde": 1,
}  # fmt: skip


def test_every_indicator_is_whole_and_has_a_place_of_its_own() -> None:
    found = catalogue.indicators()
    assert len(found) >= 48
    assert len({i.volgorde for i in found.values()}) == len(found)
    assert [i.volgorde for i in found.values()] == sorted(i.volgorde for i in found.values())
    assert found["vb_open_zonder_zicht"].uitsplitsingen == ("", "urgentie")
    assert "" not in found["aandeel_vb_uitkomst"].uitsplitsingen
    assert found["meldingen_per_1000_huishoudens"].periodes == "jaar"


@pytest.mark.parametrize("missing", catalogue.ASKED_OF_ALL)
def test_what_is_missing_is_named(missing: str) -> None:
    given: dict[str, Any] = {k: v for k, v in WHOLE.items() if k != missing}
    with pytest.raises(DefinitionError, match=rf"int_bijdrage_x\.yml: nieuw has no {missing}\."):
        catalogue._indicator("nieuw", "int_bijdrage_x", given, OF_ALL)


def test_a_kind_that_is_none_is_answered_with_those_there_are() -> None:
    with pytest.raises(DefinitionError, match=r"of no kind som\. The kinds: aantal"):
        catalogue._indicator("nieuw", "int_bijdrage_x", WHOLE | {"soort": "som"}, OF_ALL)


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        ("vb_afgrond", "there is no figure vb_afgrond. Did you mean vb_afgerond"),
        ("vb_afgerond vb_uitkomt=acuut", "there is no figure vb_afgerond vb_uitkomt=acuut. Did you mean vb_uitkomst"),
        ("vb_afgerond vb_uitkomst=acut", "There is no vb_uitkomst=acut"),
        ("aandeel_vb_uitkomst", "there is no figure aandeel_vb_uitkomst"),
    ],
)
def test_a_column_of_a_figure_that_is_none_is_told(figure: str, told: str) -> None:
    with pytest.raises(DefinitionError, match=re.escape(told)):
        catalogue.columns({"kolommen": {"x": figure}})


def test_columns_of_a_mart_are_called_as_people_read_them() -> None:
    mart = {"kolommen": {"x": "vb_afgerond vb_uitkomst=acuut", "y": "aandeel_diensten_binnen_termijn dienst_soort=onderzoek"}}
    found = catalogue.columns(mart | {"vorig_jaar": ["x"], "normen": ["y"]})
    assert [(c.name, c.data_type) for c in found] == [
        ("x", "bigint"), ("x_vorig_jaar", "bigint"), ("x_verandering", "double"), ("y", "double"), ("y_norm", "double"),
    ]  # fmt: skip
    assert found[0].text == "Afgeronde veiligheidsbeoordelingen: Acuut onveilig"
    assert found[3].text == "Aandeel diensten binnen de termijn: Onderzoek, in procenten"
    assert found[4].text == f"{found[3].text}; norm van het Landelijk Netwerk Veilig Thuis"
