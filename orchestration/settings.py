"""Every setting of the warehouse, read once from environment variables with the prefix ``VT_``.

Nothing else in the project reads the environment. The README's table of settings is held against this class by a test.
"""

import os
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from orchestration.language import say

PROJECT = Path(__file__).resolve().parent.parent
"""The checkout: dbt_project, seeds and expectations lie below it."""

PATTERN = frozenset("?*[\n")


class Omgeving(StrEnum):
    """The environments that exist. There is no fallback: another name raises."""

    ONTWIKKELING = "ontwikkeling"
    ACCEPTATIE = "acceptatie"
    PRODUCTIE = "productie"


class Settings(BaseSettings):
    """The settings; an unknown environment name or a malformed value raises ``pydantic.ValidationError``."""

    model_config = SettingsConfigDict(env_prefix="VT_", frozen=True)

    home: Path = Field(default=PROJECT / "var", description="Data folder; everything that is written lies below it")
    organisatie: str = Field(default="amsterdam-amstelland", description="Organisation whose deliveries are taken in")
    organisaties: Path = Field(
        default=PROJECT / "organisaties", description="What each organisation is: a file, and a folder of the seeds that are its own"
    )
    omgeving: Omgeving = Field(default=Omgeving.ONTWIKKELING, description="ontwikkeling, acceptatie or productie")
    key_file: Path | None = Field(
        default=None, description="Key file; default `keys/sleutel` in the data folder, made on first use (mode 0600)"
    )
    geheugen: str = Field(default="3GiB", description="Memory that DuckDB may use")
    threads: int = Field(default=2, ge=1, description="Threads that DuckDB and dbt may use")
    bekende_fouten: Path = Field(
        default=PROJECT / "expectations" / "bekende_fouten.yaml", description="The ledger of known data failures, reviewed like code"
    )
    wijziging_drempel: float = Field(
        default=0.25, ge=0, le=1, description="Share of the figures of ended periods that may change before a release waits for approval"
    )
    publicatiekalender: Path = Field(
        default=PROJECT / "seeds" / "publication" / "publicatiekalender.csv",
        description="On which day which figures are published, as which vintage",
    )
    publicatiegegevens: Path = Field(
        default=PROJECT / "expectations" / "publicatiegegevens.yaml",
        description="What is said of the figures that leave: title, publisher, licence, contact",
    )
    alarm_naar: Annotated[list[str], NoDecode] = Field(
        default=[], description="Where alerts go: Apprise addresses parted by spaces (mailto://..., json://...); none = nowhere"
    )
    taal: Literal["nl", "en"] = Field(default="nl", description="Language in which people are told something: nl or en")
    aanleverdagen: Literal["elke_nacht", "werkdagen"] = Field(
        default="elke_nacht", description="Which peildatums a delivery is due for: elke_nacht, or werkdagen (no Saturdays and Sundays)"
    )
    dagster_postgres: SecretStr | None = Field(
        default=None, description="Where Dagster keeps its state: postgresql://user:password@host/database; none = the data folder"
    )
    postgres_url: SecretStr | None = Field(
        default=None, description="Where releases are published for BI tools: postgresql://user:password@host/database; none = nowhere"
    )
    postgres_wijk_buurt: bool = Field(
        default=False, description="Put the figures of wijken and buurten there too: nine times the rows, and some ninety seconds more"
    )
    postgres_feiten: bool = Field(
        default=False, description="Put the facts there too, a row per melding or dienst, for vt_analist ([readers](docs/readers.md))"
    )
    bewaar_releases: int = Field(default=14, ge=1, description="Newest releases that stay, beside the one that readers see")
    groep_intern: str | None = Field(default=None, description="Group that may read the exact figures (`intern/`); none = nobody")
    groep_publiek: str | None = Field(default=None, description="Group that may read what leaves (`publiek/`); none = nobody")
    logboek_dagen: int = Field(default=60, ge=1, description="Days that Dagster's runs, and our verdicts and reports of faults, stay")
    archief_dagen: int = Field(default=90, ge=0, description="Days that original deliveries stay in the encrypted archive")
    bewaar_jaren: int = Field(
        default=15, ge=1, description="Years that cases and requests for advice stay after they were closed (art. 5.3.4 Wmo 2015)"
    )
    vernietig_na_dagen: int = Field(
        default=7, ge=0, description="Days between the announcement that something is past its term of keeping and its destruction"
    )
    vernietig_hoogstens: int = Field(
        default=150, ge=0, description="Cases and requests for advice that a night destroys by their term without a person's word"
    )
    cbs_adres: str = Field(default="https://datasets.cbs.nl/odata/v1/CBS", description="Where the tables of CBS are read (OData 4)")
    amsterdam_adres: str = Field(
        default="https://api.data.amsterdam.nl/v1/gebieden", description="Where the areas of Amsterdam and their borders are read"
    )
    amsterdam_api_key: SecretStr | None = Field(
        default=None, description="Key of Amsterdam's API, for where it asks for one; none = none sent"
    )
    quarantaine_dagen: int = Field(
        default=90, ge=0, description="Days that the raw line of a quarantined row stays after it was corrected or dismissed"
    )

    @field_validator("alarm_naar", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    @field_validator("postgres_url", "dagster_postgres", "amsterdam_api_key", mode="before")
    @classmethod
    def _set(cls, value: Any) -> Any:
        """An address that is set to nothing is not set."""
        return value or None

    @field_validator("organisaties")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        """The same folder for every process that is started, wherever that stands."""
        return value.expanduser().absolute()

    @field_validator("home")
    @classmethod
    def _plain(cls, value: Path) -> Path:
        """DuckDB ends the name of a database at a ``?``; it and Dagster look for files by ``*`` and ``[``."""
        if odd := sorted(PATTERN & set(str(value.expanduser().absolute()))):
            raise ValueError(
                say(
                    "the path of a data folder may not hold {signs}: DuckDB and Dagster take that for a pattern; rename it",
                    signs=" ".join(odd),
                )
            )
        return value

    @model_validator(mode="after")
    def _own_folder(self) -> "Settings":
        """Acceptance and production name their data folder; the checkout's own is nobody's fallback."""
        if self.omgeving is not Omgeving.ONTWIKKELING and "home" not in self.model_fields_set:
            raise ValueError(
                say(
                    "VT_OMGEVING is {environment}: name its data folder in VT_HOME; there is no default outside ontwikkeling",
                    environment=self.omgeving.value,
                )
            )
        return self

    @cached_property
    def root(self) -> Path:
        """The data folder as an absolute path."""
        return self.home.expanduser().absolute()

    def elsewhere(self, home: Path) -> "Settings":
        """These settings with another data folder."""
        return Settings(**{**{name: getattr(self, name) for name in Settings.model_fields}, "home": home})

    @property
    def key_path(self) -> Path:
        return self.key_file.expanduser().absolute() if self.key_file else self.root / "keys" / "sleutel"

    @property
    def dagster_address(self) -> str | None:
        """VT_DAGSTER_POSTGRES with its driver: SQLAlchemy 2.1 would look for another than the one that comes with dagster-postgres."""
        if self.dagster_postgres is None:
            return None
        return self.dagster_postgres.get_secret_value().replace("postgresql://", "postgresql+psycopg2://", 1)

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def vault(self) -> Path:
        return self.root / "vault"

    @property
    def register(self) -> Path:
        return self.root / "register"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def build(self) -> Path:
        return self.root / "build"

    @property
    def build_db(self) -> Path:
        """The encrypted DuckDB file that dbt builds; its base name is the catalog name in every view."""
        return self.build / "veilig_thuis.duckdb"

    @property
    def cbs(self) -> Path:
        return self.root / "cbs"

    @property
    def reference(self) -> Path:
        """What was read of CBS and Amsterdam, and what of it a person accepted."""
        return self.root / "reference"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"


def current() -> Settings:
    """The settings of this moment, read again only when the environment changed: for what is asked often (reading takes 10 ms)."""
    return _read(frozenset(named for named in os.environ.items() if named[0].upper().startswith("VT_")))


@lru_cache(maxsize=8)
def _read(_environment: frozenset[tuple[str, str]]) -> Settings:
    return Settings()
