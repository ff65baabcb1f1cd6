"""What is declared of the sources: which tables, by which titles, and what they are held to (``seeds/reference/sources.yml``)."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field, model_validator

from orchestration.declared import Declared
from orchestration.seeds import SEEDS

PATH = SEEDS / "reference" / "sources.yml"


class Strict(BaseModel):
    """What is declared: nothing but what is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class YearTable(Strict):
    """A table of CBS that holds one year; ``measures`` where its titles are others than those of the other years."""

    year: int = Field(ge=2000, le=2100)
    table: str
    measures: dict[str, list[str]] | None = None


class Kwb(Strict):
    """Kerncijfers wijken en buurten. ``measures``: our name → titles of the groups that a measure stands in, and its own."""

    dimension: str
    measures: dict[str, list[str]]
    code: str
    most: int
    margin: float
    tables: list[YearTable]

    @model_validator(mode="after")
    def _once(self) -> "Kwb":
        if len({t.year for t in self.tables}) != len(self.tables):
            raise ValueError("a year stands here twice")
        return self


class Samenstelling(Strict):
    """Households by composition. ``total``: title of a dimension → title of the one category of it that is read."""

    table: str
    region: str
    period: str
    total: dict[str, str]
    measures: dict[str, list[str]]
    code: str
    most: int
    from_year: int


class AreaTable(Strict):
    """A table of Amsterdam's API: the form of its codes, and the link to the larger area that each lies in."""

    code: str
    lies_in: str | None = None


class Gebieden(Strict):
    """Areas of Amsterdam. ``tables``: the larger ones first."""

    page_size: int
    margin: float
    tables: dict[str, AreaTable]


class Sources(Strict):
    """All that is declared."""

    kwb: Kwb
    samenstelling: Samenstelling
    gebieden: Gebieden

    @property
    def names(self) -> tuple[str, ...]:
        """What each source is called: ``kwb_2024``, ``samenstelling``, ``gebieden``."""
        return (*(f"kwb_{t.year}" for t in self.kwb.tables), SAMENSTELLING, GEBIEDEN)

    def describe(self, name: str) -> str:
        """What a source is, as its publisher calls it."""
        found: dict[str, str] = {f"kwb_{t.year}": f"CBS {t.table}, Kerncijfers wijken en buurten {t.year}" for t in self.kwb.tables}
        found[SAMENSTELLING] = f"CBS {self.samenstelling.table}, Huishoudens; samenstelling, grootte, regio, 1 januari"
        return found.get(name, "Amsterdam, gebieden")


SAMENSTELLING, GEBIEDEN = "samenstelling", "gebieden"


@cache
def declared() -> Sources:
    """The sources. Raises ``DeclaredError`` with file and line when the file is not as it should be."""
    return Declared(PATH).of(Sources)


def measures_of(kwb: Kwb, table: YearTable) -> dict[str, list[str]]:
    """Our name → titles, of one year."""
    return {**kwb.measures, **(table.measures or {})}
