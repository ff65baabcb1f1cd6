"""What an organisation says of itself (``organisaties/<name>.yml``): its name, and the number that CBS knows it by."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from orchestration.declared import Declared, DeclaredError
from orchestration.errors import did_you_mean
from orchestration.language import say
from orchestration.settings import Settings


class Organisation(BaseModel):
    """One organisation."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str = Field(alias="naam", min_length=1)
    cbs_number: str = Field(default="", alias="cbs_instelling", pattern=r"^[0-9]*$")
    """As CBS gave it with its letter; empty as long as nobody filled it in."""


def organisation(settings: Settings) -> Organisation:
    """The organisation that VT_ORGANISATIE names. Raises ``DeclaredError`` where it has no file, or one that cannot be followed."""
    return _read(settings.organisaties, settings.organisatie)


@cache
def _read(folder: Path, code: str) -> Organisation:
    path = folder / f"{code}.yml"
    if not path.is_file():
        there = sorted(found.stem for found in folder.glob("*.yml"))
        raise DeclaredError(
            say("There is no {file}: it says what {organisation} is.", file=path, organisation=code) + did_you_mean(code, there)
        )
    return Declared(path).of(Organisation)
