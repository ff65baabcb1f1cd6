"""What is said of the figures beside the figures themselves: title, publisher, licence, contact, declared once; and of which vintage."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AnyHttpUrl, BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic.functional_validators import AfterValidator

from orchestration.errors import UserError
from orchestration.language import say
from orchestration.settings import PROJECT, Settings

DECLARED: Path = Settings.model_fields["publicatiegegevens"].default

_ADDRESS = TypeAdapter(AnyHttpUrl)


def _address(value: str) -> str:
    _ADDRESS.validate_python(value)
    return value.rstrip("/")


Told = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Address = Annotated[str, AfterValidator(_address)]
Mail = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class DescriptionError(UserError):
    """What is said of the figures that leave cannot be read."""


class Description(BaseModel):
    """What is said of every vintage."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Told
    description: Told
    keywords: tuple[Told, ...]
    theme: Address
    theme_name: Told
    publisher: Told
    publisher_address: Address
    contact: Told
    contact_mail: Mail
    licence: Address
    licence_name: Told
    address: Address
    definitions: Address

    @property
    def is_placeholder(self) -> bool:
        """Whether something is to be filled in yet."""
        return ".example" in self.model_dump_json()


def read_description(path: Path = DECLARED) -> Description:
    """Raises ``DescriptionError``, with what is wrong and where."""
    try:
        return Description.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError:
        raise DescriptionError(say("There is no file {file} (VT_PUBLICATIEGEGEVENS).", file=path)) from None
    except yaml.YAMLError:
        raise DescriptionError(say("{file} is no YAML. Compare it with {example}.", file=path, example=DECLARED.name)) from None
    except ValidationError as error:
        fields = ", ".join(sorted({".".join(str(p) for p in e["loc"]) or path.name for e in error.errors()}))
        told = say(
            "{file}: {fields} is missing, unknown or not of its kind. Compare it with {example}.",
            file=path,
            fields=fields,
            example=DECLARED.relative_to(PROJECT),
        )
        raise DescriptionError(told) from None


@dataclass(frozen=True)
class Edition:
    """A vintage as its files tell of it; days as text. Without a name it is a trial, which nobody publishes."""

    description: Description
    name: str = "proef"
    day: str = ""
    """on which it is published"""
    until: str = ""
    """last day of the periods in it"""
    peildatum: str = ""
    """of the registration that it was made of"""
    stale_from: str = ""
    """on which a newer one is missed"""

    @property
    def address(self) -> str:
        """Where its files are on the web."""
        return f"{self.description.address}/{self.name}"
