"""Borders of areas out of a GeoJSON file, as a map of the report draws them: no more precise than can be seen."""

import json
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from orchestration.errors import UserError
from orchestration.language import say
from orchestration.outputs.report.charts import WIDE_WIDTH
from orchestration.outputs.report.given import at_line, read_text
from orchestration.reference.amsterdam import EAST, NORTH, SOUTH, WEST

MOST_BYTES = 50_000_000
CODES = ("code", "gebied", "statcode", "gemeentecode", "buurtcode", "wijkcode", "stadsdeelcode")
"""Properties that may hold the code of an area: the first that is there does."""
DEGREES = 360
"""Beyond it a number is no degree of anything."""
ACCURACY = 1.5
"""How far a border may lie from where it is, in pixels of a drawing."""
CLOSED = 4
"""Positions of a triangle, the first of them again at the end."""

Position = tuple[float, float]
"""Longitude and latitude, in degrees of WGS 84."""
Ring = tuple[Position, ...]


class BordersError(UserError):
    """The borders cannot be used: which file, on which line, and why."""


class FeatureError(ValueError):
    """What is wrong with one feature, as a sentence; it does not know its line."""


def read(path: Path, known: Mapping[str, str]) -> dict[str, tuple[Ring, ...]]:
    """The borders of the areas that are known (code → name): code → closed rings, islands and holes alike, in the order of the file.

    Positions that do not show in a drawing of all of them, ``WIDE_WIDTH`` pixels wide, are left out; areas that share a border still do.
    Raises ``BordersError`` when the file cannot be read, is no FeatureCollection, or a feature in it cannot be used; what is wrong with
    the geometry of areas that are not known does not matter.
    """
    text = read_text(path, MOST_BYTES, BordersError)
    areas, places, others = dict[str, tuple[Ring, ...]](), dict[str, int](), list[str]()
    for number, feature in enumerate(_features(path, text)):
        try:
            code = _code(feature)
            if code not in known:
                others.append(code)
                continue
            area = f"{known[code]} ({code})"
            if code in places:
                raise FeatureError(say("{area} stands on line {other} already", area=area, other=_line(text, places[code])))
            places[code], areas[code] = number, tuple(_rings(feature, area))
        except FeatureError as error:
            raise _wrong(path, _line(text, number), str(error)) from None
    if not areas:
        told = say("no feature has the code of an area, such as {known}; there are {count}: {others}", **_examples(known, others))
        raise _wrong(path, _line(text, 0), told)
    return _simplified(areas)


def _wrong(path: Path, line: int, what: str) -> BordersError:
    return BordersError(at_line(path, line, what))


def _examples(known: Mapping[str, str], others: list[str]) -> dict[str, object]:
    """For a message: some of the codes that are known and that were found."""
    return {"known": ", ".join([*known][:3]), "count": len(others), "others": ", ".join(others[:3]) or "–"}


# --- the file -----------------------------------------------------------------------------------------------------------------------------


def _features(path: Path, text: str) -> list[Any]:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise _wrong(path, error.lineno, say("this is not JSON, at column {column}", column=error.colno)) from None
    except (ValueError, RecursionError):  # a number of thousands of digits; lists in lists without end
        raise _wrong(path, 1, say("this is JSON that cannot be read")) from None
    match content:
        case {"type": "FeatureCollection", "features": list(features)}:
            return features
        case _:
            raise _wrong(path, 1, say("this is not GeoJSON with a FeatureCollection and its features"))


def _line(text: str, number: int) -> int:
    """The line on which a feature begins, both counted: lines from 1, features from 0. Reading JSON does not keep it, so that the way
    there is gone once more; it is known to be right."""
    decoder, features = json.JSONDecoder(), 0
    position = _onwards(text, text.index("{") + 1)
    while text[position] != "}":
        name, position = decoder.raw_decode(text, position)
        begin = _onwards(text, position)
        if name == "features":  # given twice, the last one counts
            features = begin
        position = _onwards(text, decoder.raw_decode(text, begin)[1])
    position = _onwards(text, features + 1)
    for _ in range(number):
        position = _onwards(text, decoder.raw_decode(text, position)[1])
    return text.count("\n", 0, position) + 1


def _onwards(text: str, position: int) -> int:
    """Where the next value begins, or what holds it ends."""
    while text[position] in " \t\r\n:,":
        position += 1
    return position


# --- a feature ----------------------------------------------------------------------------------------------------------------------------


def _code(feature: Any) -> str:
    match feature:
        case {"properties": dict(properties)}:
            values = (str(properties[name]).strip() for name in CODES if properties.get(name) is not None)
            found = next(filter(None, values), "")
        case _:
            found = ""
    if not found:
        raise FeatureError(say("this is no feature with the code of an area in one of the properties {names}", names=", ".join(CODES)))
    return found


def _rings(feature: dict[str, Any], area: str) -> Iterator[Ring]:
    match feature.get("geometry"):
        case {"type": "Polygon", "coordinates": [_, *_] as rings}:
            polygons = [rings]
        case {"type": "MultiPolygon", "coordinates": [_, *_] as polygons}:
            pass
        case {"type": str(kind)} if kind not in ("Polygon", "MultiPolygon"):
            raise FeatureError(say("{area} is a {kind}; a Polygon or a MultiPolygon is wanted", area=area, kind=kind))
        case _:
            raise FeatureError(say("{area} has no geometry", area=area))
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise FeatureError(say("{area} has a polygon without rings", area=area))
        yield from (_ring(ring, area) for ring in polygon)


def _ring(ring: Any, area: str) -> Ring:
    if not isinstance(ring, list) or len(ring) < CLOSED:
        raise FeatureError(say("{area} has a ring of fewer than {least} positions", area=area, least=CLOSED))
    found = tuple(_position(position, area) for position in ring)
    if found[0] != found[-1]:
        raise FeatureError(say("{area} has a ring that is not closed: its last position is not its first", area=area))
    return found


def _position(position: Any, area: str) -> Position:
    """Longitude and latitude; a height behind them is left out."""
    match position:
        case [int() | float() as longitude, int() | float() as latitude, *_] if _is_finite(longitude) and _is_finite(latitude):
            pass
        case _:
            told = json.dumps(position)[:60]
            raise FeatureError(say("{area} has a position that is no pair of finite numbers: {position}", area=area, position=told))
    if WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH:
        return longitude, latitude
    values = {"area": area, "position": f"[{longitude:.10g}, {latitude:.10g}]"}
    if max(abs(longitude), abs(latitude)) > DEGREES:
        raise FeatureError(
            say(
                "{area} has the position {position}, which is not in degrees of WGS 84 (EPSG:4326). Are these metres of the Dutch grid "
                "(RD, EPSG:28992), convert the file to degrees",
                **values,
            )
        )
    raise FeatureError(
        say(
            "{area} has the position {position}, outside the Netherlands: wanted are degrees of WGS 84 (EPSG:4326), first the longitude "
            "({west} to {east}), then the latitude ({south} to {north})",
            **values,
            **{"west": WEST, "east": EAST, "south": SOUTH, "north": NORTH},
        )
    )


def _is_finite(number: float) -> bool:
    return not isinstance(number, bool) and abs(number) <= sys.float_info.max


# --- what can be seen of it ---------------------------------------------------------------------------------------------------------------


def _simplified(areas: Mapping[str, tuple[Ring, ...]]) -> dict[str, tuple[Ring, ...]]:
    """The same borders with one position in each cell of a grid whose diagonal is ``ACCURACY`` pixels.

    The cells are the same for all areas, and so is the position that stands for a cell: no gap opens between neighbours.
    """
    positions = [position for rings in areas.values() for ring in rings for position in ring]
    longitudes, latitudes = zip(*positions, strict=True)
    width = max(max(longitudes) - min(longitudes), 1e-9) / WIDE_WIDTH * ACCURACY / math.sqrt(2)
    height = width * math.cos(math.radians(sum(latitudes) / len(latitudes)))  # a degree of latitude is drawn longer
    standing = dict[tuple[int, int], Position]()

    def simplified(ring: Ring) -> Ring:
        stands = [standing.setdefault((int(x / width), int(y / height)), (x, y)) for x, y in ring]
        kept = tuple(here for place, here in enumerate(stands) if place == 0 or here != stands[place - 1])
        return kept if len(kept) >= CLOSED else ring  # smaller than can be drawn: left as it is

    return {code: tuple(simplified(ring) for ring in rings) for code, rings in areas.items()}
