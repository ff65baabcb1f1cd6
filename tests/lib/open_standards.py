"""The open data held to its standards by the validators of each: run in .venv/tools, as ``python -P open_standards.py FOLDER``.

Prints as JSON, for each file that describes, what is wrong with it.
"""

import json
import sys
import warnings
from pathlib import Path

SHAPES = Path(__file__).with_name("dcat_ap_nl.ttl")


def data_package(folder: Path) -> list[str]:
    from frictionless import Package

    try:
        report = Package(str(folder / "datapackage.json")).validate()
    except Exception as error:  # of a package that is none
        return [str(error)]
    return [f"{e[0]}: {e[1]}" for e in report.flatten(["type", "message"])]


def csv_on_the_web(folder: Path) -> list[str]:
    from csvw import CSVW

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            valid = CSVW(str(folder / "indicatoren.csv"), md_url=str(folder / "indicatoren.csv-metadata.json"), validate=True).is_valid
        except Exception as error:
            return [str(error)]
    wrong = [str(w.message) for w in told if "csvw" in str(w.filename)]
    return wrong if valid else [*wrong, "not valid"]


def json_stat(folder: Path) -> list[str]:
    from jsonstat_validator import validate_jsonstat

    try:
        validate_jsonstat(json.loads((folder / "indicatoren.json").read_text()))
    except Exception as error:
        return [str(error)[:2000]]
    return []


def portal_record(folder: Path) -> list[str]:
    from pyshacl import validate
    from rdflib import Graph

    data = Graph().parse(folder / "dcat.jsonld", format="json-ld")
    conforms, _, told = validate(data, shacl_graph=Graph().parse(SHAPES), advanced=False)
    return [] if conforms else [str(told)]


if __name__ == "__main__":
    given = Path(sys.argv[1])
    found = {check.__name__: check(given) for check in (data_package, csv_on_the_web, json_stat, portal_record)}
    sys.stdout.write(json.dumps(found))
