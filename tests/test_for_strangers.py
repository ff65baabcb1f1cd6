"""What strangers who carry on read first is true: licence, how to contribute, where weaknesses go, what changed, what it is."""

import re
import tomllib

import yaml

from orchestration.settings import PROJECT

FACTS = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
ABOUT = yaml.safe_load((PROJECT / "publiccode.yml").read_text())


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def test_the_licence_is_one_everywhere() -> None:
    assert text("LICENSE").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert len(text("LICENSE").split()) > 2000
    assert FACTS["license"] == ABOUT["legal"]["license"] == "EUPL-1.2"


def test_commands_that_are_named_exist() -> None:
    makefile = text("Makefile")
    for page in ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"):
        for target in re.findall(r"`?make ([a-z]+)", text(page)):
            assert re.search(rf"(?m)^{target}:", makefile), (page, target)
        for linked in re.findall(r"\]\((?!https?:)([^)#]+)\)", text(page)):
            assert (PROJECT / linked).exists(), (page, linked)


def test_the_changelog_has_this_version_and_what_comes() -> None:
    assert re.findall(r"(?m)^## \[(.+)\]", text("CHANGELOG.md")) == ["Unreleased", FACTS["version"]]


def test_publiccode_has_what_the_standard_asks() -> None:
    asked = {
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
        "maintenance",
        "localisation",
    }
    assert asked <= set(ABOUT)
    for language in ABOUT["description"].values():
        assert len(language["shortDescription"]) <= 150
        assert 150 <= len(language["longDescription"]) <= 10000
        assert language["features"]
    assert ABOUT["maintenance"]["contacts"]
