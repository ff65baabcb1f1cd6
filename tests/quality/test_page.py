"""The page of results: whole, in Dutch, without network, and safe whatever a text holds."""

from html.parser import HTMLParser

from orchestration.quality import page
from orchestration.transform.controle import Controle

FACTS = {"peildatum": "2025-01-31", "organisatie": "o", "omgeving": "ontwikkeling", "gemaakt_op": "2025-02-01T04:30:00"}
CONTROLES = [
    Controle("goed", "dbt", "tabel", "geslaagd", "blokkeert", 0, ""),
    Controle("kort", "great_expectations", "tabel", "niet_te_beoordelen", "waarschuwt", None, "te weinig geschiedenis"),
    Controle("niet te tonen", "audit", "publicatie.indicatoren", "gefaald", "blokkeert", None, "een bevinding"),
    Controle("gelezen", "intake", "meldingen", "gewaarschuwd", "waarschuwt", 1, ""),
    Controle("bekend", "dbt", "andere", "bekend", "blokkeert", 2, "bekende fout <b>x</b>"),
]


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta"}:
            self.open.append(tag)
        self.outside += [value or "" for name, value in attrs if name in {"src", "href"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_well_formed_and_alone() -> None:
    text = page.render(CONTROLES, "Controles", FACTS)
    reader = Reader()
    reader.feed(text)
    assert (reader.open, reader.outside) == ([], [])
    assert "@import" not in text and "url(" not in text
    assert '<html lang="nl">' in text


def test_what_needs_attention_comes_first_and_everything_is_there() -> None:
    text = page.render(CONTROLES, "Controles", FACTS)
    attention = text.split("Wat aandacht vraagt")[1].split("<h2>Alles")[0]
    assert attention.index("bekende fout") < attention.index("nog niet te beoordelen")
    assert "goed" not in attention
    assert all(c.naam in text for c in CONTROLES)
    assert "<b>x</b>" not in text
    assert "<p>Niets.</p>" in page.render(CONTROLES[:1], "Controles", FACTS)
