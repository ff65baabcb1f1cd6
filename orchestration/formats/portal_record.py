"""What a data portal is told of the open data: a record by DCAT-AP-NL 3.0, as JSON-LD.

https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/ names what is mandatory; tests hold the record to that.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.files import sha256
from orchestration.formats.edition import Edition

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LISTS = "http://publications.europa.eu/resource/authority"
LANGUAGE = {"@id": f"{LISTS}/language/NLD", "@type": "dct:LinguisticSystem"}
MEDIA = "https://www.iana.org/assignments/media-types"


def describe(
    files: Mapping[str, tuple[str, str]], folder: Path, first_day: str, last_day: str, note: str, edition: Edition
) -> dict[str, Any]:
    """``files``: of each path below ``folder`` its title and media type."""
    told = edition.description
    agent = {"@id": told.publisher_address, "@type": "foaf:Agent", "foaf:name": _dutch(told.publisher)}
    day = edition.until or last_day
    return {
        "@context": CONTEXT,
        "@id": edition.address,
        "@type": "dcat:Dataset",
        "dct:identifier": edition.address,
        "dct:title": _dutch(f"{told.title} {edition.name}"),
        "dct:description": _dutch(f"{told.description} {note}."),
        "dct:publisher": agent,
        "dct:creator": {"@id": told.publisher_address},
        "dcat:contactPoint": {
            "@type": "vcard:Kind",
            "vcard:fn": _dutch(told.contact),
            "vcard:hasEmail": {"@id": f"mailto:{told.contact_mail}"},
        },
        "dct:accessRights": {"@id": f"{LISTS}/access-right/PUBLIC", "@type": "dct:RightsStatement"},
        "dcat:theme": {"@id": told.theme, "@type": "skos:Concept", "skos:prefLabel": _dutch(told.theme_name)},
        "dcat:keyword": [_dutch(word) for word in told.keywords],
        "dct:language": LANGUAGE,
        "dct:accrualPeriodicity": {"@id": f"{LISTS}/frequency/ANNUAL", "@type": "dct:Frequency"},
        "dct:temporal": {"@type": "dct:PeriodOfTime", "dcat:startDate": _day(first_day), "dcat:endDate": _day(day)},
        "dcat:landingPage": {"@id": told.definitions, "@type": "foaf:Document"},
        "dcat:version": edition.name,
        **({"dct:issued": _day(edition.day)} if edition.day else {}),
        "dcat:distribution": [_distribution(folder, path, *about, edition) for path, about in files.items()],
    }


def _distribution(folder: Path, path: str, title: str, media: str, edition: Edition) -> dict[str, Any]:
    address = f"{edition.address}/{path}"
    return {
        "@id": f"{address}#distributie",
        "@type": "dcat:Distribution",
        "dct:title": _dutch(title),
        "dct:language": LANGUAGE,
        "dcat:accessURL": {"@id": edition.address},
        "dcat:downloadURL": {"@id": address},
        "dct:license": {"@id": edition.description.licence, "@type": "dct:LicenseDocument"},
        "dcat:mediaType": {"@id": f"{MEDIA}/{media}", "@type": "dct:MediaType"},
        "dcat:byteSize": {"@value": (folder / path).stat().st_size, "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"},
            "spdx:checksumValue": {"@value": sha256(folder / path), "@type": "xsd:hexBinary"},
        },
    }


def _dutch(value: str) -> dict[str, str]:
    return {"@language": "nl", "@value": value}


def _day(value: str) -> dict[str, str]:
    return {"@value": value, "@type": "xsd:date"}
