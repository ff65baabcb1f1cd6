"""The publication rules: the ones there are can be followed, and one that protects nobody is refused with its row."""

from collections import Counter
from pathlib import Path

import pytest

from orchestration.disclosure import rules, shares
from orchestration.disclosure.rules import RuleError
from orchestration.transform import catalogue

KNOWN = {"meldingen": ("", "melder_groep"), "aandeel_meldingen_politie": ("",)}
KIND = {"meldingen": "aantal", "aandeel_meldingen_politie": "aandeel"}
HEAD = "indicator,categorie_soort,gebied_soort,periode_soort,regel\n"
PARAMETERS = "parameter,waarde,eigenaar,vastgesteld_op\n"
GOOD = {"drempel": "10", "basis": "5", "breedte": "4"}


def test_the_rules_of_the_project_are_those_of_its_catalogue() -> None:
    known = catalogue.indicators()
    kinds = {c: i.soort for c, i in known.items()}
    found = rules.read_rules({c: i.uitsplitsingen for c, i in known.items()}, of_kind=kinds)
    assert Counter(r.rule for r in found if kinds[r.indicator] in rules.COUNTS) == {"exact": 6, "afgerond": 138}
    assert {r.indicator for r in found if kinds[r.indicator] in ("aandeel", "aandeel_naar", "verhouding", "per_1000")} <= set(shares.SHARES)
    assert {r.area for r in found if r.rule == "exact"} == {"regio"}
    assert {r.breakdown for r in found if r.area in ("wijk", "buurt")} == {""}
    parameters = rules.read_parameters()
    assert (parameters.threshold, parameters.base, parameters.width) == (10, 5, 4)
    assert parameters.owner
    assert parameters.decided


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("meldngen,,regio,jaar,afgerond", r"row 2: there is no indicator 'meldngen'\. Did you mean meldingen"),
        ("meldingen,melder_grop,regio,jaar,afgerond", r"no breakdown of meldingen 'melder_grop'\. Did you mean melder_groep"),
        ("meldingen,,provincie,jaar,afgerond", r"row 2: there is no area level 'provincie'.* Known: regio, gemeente"),
        ("meldingen,,regio,week,afgerond", r"row 2: there is no kind of period 'week'"),
        ("meldingen,,regio,jaar,geheim", r"row 2: there is no rule 'geheim'.* Known: exact, afgerond, niet"),
        ("meldingen,,gemeente,jaar,exact", r"row 2: meldingen for gemeente is exact\. Exact is for regio only: make it afgerond or niet"),
        ("aandeel_meldingen_politie,,regio,jaar,exact", r"row 2: aandeel_meldingen_politie is no count"),
        ("meldingen,,regio,jaar,niet", "publishes nothing"),
        ("meldingen,,regio,jaar", r"row 2: not 5 values"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_followed_is_refused_with_its_row(tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "r.csv").write_text(f"{HEAD}{line}\n")
    with pytest.raises(RuleError, match=told):
        rules.read_rules(KNOWN, tmp_path / "r.csv", KIND)


def test_a_figure_has_one_rule_and_what_is_not_named_is_not_published(tmp_path: Path) -> None:
    line = "meldingen,,regio,jaar,{}\n"
    (tmp_path / "r.csv").write_text(HEAD + line.format("afgerond") + "meldingen,,gemeente,jaar,niet\n")
    assert [(r.area, r.rule) for r in rules.read_rules(KNOWN, tmp_path / "r.csv")] == [("regio", "afgerond")]
    (tmp_path / "r.csv").write_text(HEAD + line.format("afgerond") + line.format("exact"))
    with pytest.raises(RuleError, match="row 3: the same figure as in row 2"):
        rules.read_rules(KNOWN, tmp_path / "r.csv")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("drempel", "2", r"drempel is 2, which protects nobody\. Give 3 or more"),
        ("basis", "1", r"basis is 1, which protects nobody\. Give 2 or more"),
        ("breedte", "0", r"breedte is 0, which protects nobody"),
        ("drempel", "tien", r"drempel is 'tien'\. Give a whole number"),
        ("basis", "25", r"rounds figures from the drempel of 10 on to 0"),
        ("drempels", "10", r"there is no parameter 'drempels'\. Did you mean drempel"),
        ("breedte", None, r"has no breedte"),
    ],
)
def test_a_parameter_that_protects_nobody_is_refused(tmp_path: Path, name: str, value: str | None, told: str) -> None:
    given = {**{k: v for k, v in GOOD.items() if k != name}, **({} if value is None else {name: value})}
    (tmp_path / "p.csv").write_text(PARAMETERS + "".join(f"{k},{v},iemand,2026-11-28\n" for k, v in given.items()))
    with pytest.raises(RuleError, match=told):
        rules.read_parameters(tmp_path / "p.csv")


@pytest.mark.parametrize(("end", "told"), [(",iemand,gisteren", "decided on 'gisteren'"), (",,2026-11-28", "has no eigenaar")])
def test_somebody_decided_on_a_parameter_on_a_day(tmp_path: Path, end: str, told: str) -> None:
    (tmp_path / "p.csv").write_text(PARAMETERS + "".join(f"{k},{v}{end}\n" for k, v in GOOD.items()))
    with pytest.raises(RuleError, match=told):
        rules.read_parameters(tmp_path / "p.csv")
