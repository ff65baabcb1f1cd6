"""What an organisation says of itself (``organisaties/<name>.yml``): its name, and the number that CBS knows it by."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from orchestration.declared import Declared, DeclaredError
from orchestration.errors import did_you_mean
from orchestration.language import say
from orchestration.settings import Settings

GIVEN = frozenset({"VT_HOME", "VT_ORGANISATIE", "VT_ORGANISATIES"})
"""Settings that follow from which organisation it is."""


class Organisation(BaseModel):
    """One organisation."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str = Field(alias="naam", min_length=1)
    cbs_number: str = Field(default="", alias="cbs_instelling", pattern=r"^[0-9]*$")
    """As CBS gave it with its letter; empty as long as nobody filled it in."""
    settings: dict[str, str] = Field(default={}, alias="instellingen")
    """Settings (``VT_...``) of its own where it is refreshed beside others (``vt national refresh``): key file, groups, calendar."""

    @field_validator("settings")
    @classmethod
    def _known(cls, value: dict[str, str]) -> dict[str, str]:
        known = {f"VT_{name.upper()}" for name in Settings.model_fields} - GIVEN
        if odd := sorted(set(value) - known):
            raise ValueError(say("{name} is no setting that an organisation can have of its own", name=odd[0]))
        return value


def all_codes(settings: Settings) -> list[str]:
    """The organisations that have a file, in order."""
    return sorted(path.stem for path in settings.organisaties.glob("*.yml"))


def organisation(settings: Settings, code: str | None = None) -> Organisation:
    """An organisation; the one that VT_ORGANISATIE names if no other is given.

    Raises ``DeclaredError`` where it has no file, or one that cannot be followed.
    """
    return _read(settings.organisaties, code or settings.organisatie)


@cache
def _read(folder: Path, code: str) -> Organisation:
    path = folder / f"{code}.yml"
    if not path.is_file():
        there = sorted(found.stem for found in folder.glob("*.yml"))
        raise DeclaredError(
            say("There is no {file}: it says what {organisation} is.", file=path, organisation=code) + did_you_mean(code, there)
        )
    return Declared(path).of(Organisation)
