"""Borders out of GeoJSON: what is read, how little of it is kept, and what is refused with its line."""

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from orchestration.outputs.report import borders
from orchestration.outputs.report.borders import BordersError

KNOWN = {"GM0363": "Amsterdam", "GM0384": "Diemen"}
SQUARE = [[4.0, 52.0], [5.0, 52.0], [5.0, 53.0], [4.0, 53.0], [4.0, 52.0]]
Points = list[list[float]]


def feature(code: str = "GM0363", kind: str = "Polygon", coordinates: object = (SQUARE,)) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": kind, "coordinates": coordinates}}


def collection(*features: object, joint: str = ",\n") -> str:
    """Each feature on a line of its own; the first on line 3."""
    return '{"type": "FeatureCollection", "name": "a, \\"features\\": [",\n"features": [\n' + joint.join(map(json.dumps, features)) + "\n]}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "grenzen.geojson"


def read(file: Path, content: str | bytes, known: dict[str, str] = KNOWN) -> dict[str, tuple[borders.Ring, ...]]:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return borders.read(file, known)


def refused(file: Path, content: str | bytes) -> str:
    """What is said of a file, without its name."""
    with pytest.raises(BordersError) as caught:
        read(file, content)
    told = str(caught.value)
    assert told.startswith(str(file))
    return told.removeprefix(str(file)).removeprefix(", ")


def closed(points: Iterable[tuple[float, float]]) -> Points:
    found = [list(point) for point in points]
    return [*found, found[0]]


def circle(x: float, y: float, radius: float, count: int) -> Points:
    return closed((x + radius * math.cos(n * math.tau / count), y + radius * math.sin(n * math.tau / count)) for n in range(count))


def test_several_polygons_and_a_hole(file: Path) -> None:
    hole, island = circle(4.5, 52.5, 0.2, 8), circle(5.5, 52.5, 0.2, 8)
    found = read(file, collection(feature("GM0384", "MultiPolygon", [[SQUARE, hole], [island]]), feature("BU01"), feature()))
    assert list(found) == ["GM0384", "GM0363"]
    assert found["GM0384"] == tuple(tuple(map(tuple, ring)) for ring in (SQUARE, hole, island))


@pytest.mark.parametrize("name", borders.CODES)
def test_the_code_stands_in_one_of_several_properties(file: Path, name: str) -> None:
    assert list(read(file, collection({**feature(), "properties": {"naam": "a", name: " GM0384 "}}))) == ["GM0384"]


def test_the_first_property_that_is_there_counts_and_heights_do_not(file: Path) -> None:
    high = [[[*place, 1.5] for place in SQUARE]]
    flat = {**feature(coordinates=high), "properties": {"code": None, "gebied": "", "statcode": "GM0384", "wijkcode": "GM0363"}}
    assert read(file, "\ufeff" + collection(flat)) == {"GM0384": (tuple((x, y) for x, y in SQUARE),)}


def test_areas_that_are_not_known_may_be_of_any_shape(file: Path) -> None:
    assert list(read(file, collection(feature("BU01", "Point", [155000, 463000]), feature(), feature("BU01")))) == ["GM0363"]


OPEN = SQUARE[:-1]


def ring(*begin: object) -> dict[str, Any]:
    """A feature that begins with some positions."""
    return feature("GM0384", coordinates=[[*begin, *SQUARE, *begin[:1]]])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"type": "Feature", "properties": {"naam": "a"}, "geometry": None}, "this is no feature with the code of an area in one of the"),
        ({"type": "Feature", "properties": None}, "this is no feature with the code of an area"),
        (17, "this is no feature with the code of an area"),
        ({**feature(), "properties": {"code": "  ", "wijkcode": None}}, "this is no feature with the code of an area"),
        ({"properties": {"code": "GM0384"}, "geometry": None}, "Diemen (GM0384) has no geometry"),
        ({"properties": {"code": "GM0384"}}, "Diemen (GM0384) has no geometry"),
        (feature("GM0384", coordinates=[]), "Diemen (GM0384) has no geometry"),
        (feature("GM0384", "Point", [5, 52]), "Diemen (GM0384) is a Point; a Polygon or a MultiPolygon is wanted"),
        (feature("GM0384", "MultiPolygon", [[]]), "Diemen (GM0384) has a polygon without rings"),
        (feature("GM0384", coordinates=[OPEN[:3]]), "Diemen (GM0384) has a ring of fewer than 4 positions"),
        (feature("GM0384", coordinates=[5]), "Diemen (GM0384) has a ring of fewer than 4 positions"),
        (feature("GM0384", coordinates=[OPEN]), "Diemen (GM0384) has a ring that is not closed"),
        (ring([5.0]), "Diemen (GM0384) has a position that is no pair of finite numbers: [5.0]"),
        (ring(["5", "52"]), 'Diemen (GM0384) has a position that is no pair of finite numbers: ["5", "52"]'),
        (ring([5, math.nan]), "Diemen (GM0384) has a position that is no pair of finite numbers: [5, NaN]"),
        (ring([math.inf, 52]), "Diemen (GM0384) has a position that is no pair of finite numbers: [Infinity, 52]"),
        (ring([10**400, 52]), "Diemen (GM0384) has a position that is no pair of finite numbers: [1000"),
        (ring([True, 52]), "Diemen (GM0384) has a position that is no pair of finite numbers: [true, 52]"),
        (ring(None), "Diemen (GM0384) has a position that is no pair of finite numbers: null"),
        (
            ring([155000, 463000.5]),
            "Diemen (GM0384) has the position [155000, 463000.5], which is not in degrees of WGS 84 (EPSG:4326). Are",
        ),
        (ring([52.3, 4.9]), "Diemen (GM0384) has the position [52.3, 4.9], outside the Netherlands: wanted are degrees of WGS 84"),
        (feature(), "Amsterdam (GM0363) stands on line 3 already"),
    ],
)
def test_what_is_wrong_with_a_feature_is_told_with_its_line(file: Path, wrong: object, told: str) -> None:
    others = feature(), feature("BU\n{[01")
    assert refused(file, collection(*others, wrong, feature())).startswith(f"line 5: {told}")
    on_one_line = collection(*others, wrong, joint=",").replace("\n", "")
    assert refused(file, on_one_line).startswith(f"line 1: {told.replace('line 3', 'line 1')}")
    indented = json.dumps({"features": [*others, wrong], "type": "FeatureCollection"}, indent=1)
    line = indented[: indented.rindex(json.dumps([wrong], indent=1)[2:-2].replace("\n", "\n ").strip())].count("\n") + 1
    assert refused(file, indented).startswith(f"line {line}: {told}")


def test_meters_are_known_for_what_they_are(file: Path) -> None:
    assert "EPSG:28992" in refused(file, collection(ring([155000, 463000])))
    assert "EPSG:28992" not in refused(file, collection(ring([2.9, 52])))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"type": "FeatureCollection",\n "features": [}', "line 2: this is not JSON, at column 15"),
        ("", "line 1: this is not JSON, at column 1"),
        ("[]", "line 1: this is not GeoJSON with a FeatureCollection"),
        (json.dumps(feature()), "line 1: this is not GeoJSON with a FeatureCollection"),
        ('{"type": "FeatureCollection"}', "line 1: this is not GeoJSON with a FeatureCollection"),
        ('{"type": "FeatureCollection", "features": {}}', "line 1: this is not GeoJSON with a FeatureCollection"),
        (b'{"type":\n "\xe9"}', "line 2: this is not UTF-8"),
        (collection(), "line 4: no feature has the code of an area, such as GM0363, GM0384; there are 0: –"),
        (collection(feature("BU01")), "line 3: no feature has the code of an area, such as GM0363, GM0384; there are 1: BU01"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_line(file: Path, content: str | bytes, told: str) -> None:
    assert refused(file, content).startswith(told)


def test_json_that_python_does_not_read(file: Path) -> None:
    for content in ("[" * 100_000, "1" * 5_000):
        assert refused(file, content) == "line 1: this is JSON that cannot be read"


def test_the_last_list_of_features_counts_as_json_has_it(file: Path) -> None:
    content = '{"type": "FeatureCollection",\n"features": [\n5],\n"features":\n' + json.dumps([feature("GM0384", "Point")]) + "}"
    assert refused(file, content).startswith("line 5: Diemen (GM0384) is a Point")


def test_a_file_that_cannot_be_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, why in ((file, "No such file or directory"), (file.parent, "Is a directory")):
        with pytest.raises(BordersError, match=f"{path} cannot be read: {why}"):
            borders.read(path, KNOWN)
    with file.open("wb") as content:
        content.truncate(borders.MOST_BYTES + 1)
    with pytest.raises(BordersError, match="is larger than 50 MB"):
        borders.read(file, KNOWN)


# --- what is kept -------------------------------------------------------------------------------------------------------------------------


def grid(across: int, down: int, points: int) -> tuple[str, dict[str, str]]:
    """Areas side by side with ragged borders that they share, and their names."""
    width, height = 2 / across, 1 / down

    def side(x: int, y: int, is_upright: bool) -> list[tuple[float, float]]:
        steps = [(n / points, 0.05 * math.sin(n / points * 20) + 1e-4 * math.sin(n * 2.4)) for n in range(points)]
        return [(4 + (x + (b if is_upright else a)) * width, 52 + (y + (a if is_upright else b)) * height) for a, b in steps]

    def border(x: int, y: int) -> Points:
        right, left = side(x + 1, y, True), side(x, y, True)
        low, high = side(x, y, False), side(x, y + 1, False)
        corner = (4 + x * width, 52 + (y + 1) * height), (4 + (x + 1) * width, 52 + (y + 1) * height)
        return closed([*low, *right, corner[1], *high[:0:-1], corner[0], *left[:0:-1]])

    codes = {f"BU{x:02}{y:02}": (x, y) for x in range(across) for y in range(down)}
    return collection(*(feature(code, coordinates=[border(*at)]) for code, at in codes.items())), dict.fromkeys(codes, "Buurt")


def pixels(place: tuple[float, float], width: float) -> tuple[float, float]:
    scale = borders.WIDE_WIDTH / width
    return place[0] * scale, place[1] * scale / math.cos(math.radians(52.5))


def test_what_does_not_show_is_left_out_and_rings_stay_closed(file: Path) -> None:
    content, known = grid(4, 2, 1500)
    found = read(file, content, known)
    given = {f["properties"]["code"]: [tuple(place) for place in f["geometry"]["coordinates"][0]] for f in json.loads(content)["features"]}
    longitudes = [x for places in given.values() for x, _ in places]
    width = max(longitudes) - min(longitudes)
    assert sum(len(rings[0]) for rings in found.values()) < sum(map(len, given.values())) / 2
    for code, (kept,) in found.items():
        assert len(kept) >= borders.CLOSED
        assert kept[0] == kept[-1]
        all_of_it, rest = ([pixels(place, width) for place in places] for places in (given[code], kept))
        for side in (0, 1):
            for most in (min, max):
                assert abs(most(p[side] for p in all_of_it) - most(p[side] for p in rest)) <= borders.ACCURACY
        assert max(min(math.dist(p, q) for q in rest) for p in all_of_it[::50]) <= borders.ACCURACY * 1.01


def test_adjacent_areas_keep_the_same_border(file: Path) -> None:
    content, known = grid(2, 1, 800)
    (left,), (right,) = read(file, content, known).values()
    shared = [place for place in left if abs(place[0] - 5) < 0.1 and 52.1 < place[1] < 52.9]
    assert len(shared) > 100
    assert set(shared) <= set(right)


def test_an_area_smaller_than_a_pixel_keeps_its_positions(file: Path) -> None:
    small = circle(6, 52.5, 1e-5, 12)
    found = read(file, collection(feature(), feature("GM0384", coordinates=[small])))
    assert len(found["GM0384"][0]) == len(small)
    assert read(file, collection(feature(coordinates=[[[5, 52]] * 4]))) == {"GM0363": (((5, 52),) * 4,)}


def test_five_hundred_areas_are_all_read(file: Path) -> None:
    content, known = grid(25, 20, 50)
    file.write_text(content, encoding="utf-8")
    found = borders.read(file, known)
    assert list(found) == list(known)
    assert len(found) == 500
