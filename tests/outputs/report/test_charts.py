"""Charts: no text on another or outside the drawing, whatever the figures; what is hidden is drawn the same whatever it is."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.disclosure.publish import HIDDEN, MISSING, NONE
from orchestration.outputs.report.cells import Cell, Series
from orchestration.outputs.report.charts import NARROW_WIDTH, STYLESHEET, WIDE_WIDTH, bars, lines, multiples, shapes, stacked, tiles
from orchestration.outputs.report.charts.frame import GRID, INK, PAPER, QUIET, SERIES, STUB, corners, crossings, hatch, text_width, wrap
from orchestration.outputs.report.charts.lines import round_ticks, spread, tick_words, ticks_about
from orchestration.outputs.report.charts.tiles import SHADES, Classes, text_on
from orchestration.outputs.words import NOWHERE, UNFINISHED

FONTS = Path(bars.__code__.co_filename).parents[1] / "fonts"
WIDTHS = [WIDE_WIDTH, NARROW_WIDTH]
COLUMNS = ("2019", "2020", "2021", "2022", "2023", "2024")
LONG = ("Andere problematiek dan huiselijk geweld of kindermishandeling", "Stichting Gecertificeerde Instelling anders")
NAMES = (
    *LONG,
    "Politie",
    "Huisarts",
    "Veilig Thuis & wijkteam <lokaal>",
    "Ouder-Amstel",
    "Haarlemmermeer",
    "0,5 – 1 jaar",
    "'s-Hertogenbosch",
)
PARTS = ("zonder kinderen", "met kinderen jonger dan 12 jaar", "met oudere kinderen", "onbekend")
ALT = 'Zo "veel" <meldingen> & meer'

# --- what is in a drawing -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """A text of a drawing and the box that holds it: left, top, right, bottom."""

    text: str
    box: tuple[float, float, float, float]
    size: float
    classes: str


def parsed(drawn: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)


def tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def texts(root: ElementTree.Element) -> list[Written]:
    found = []
    for element in root.iter():
        if tag(element) != "text":
            continue
        text, size = "".join(element.itertext()), float(element.attrib["font-size"])
        wide = text_width(text, size)
        left = float(element.attrib["x"]) - wide * {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor", "start")]
        y = float(element.attrib["y"])
        found.append(Written(text, (left, y - 0.74 * size, left + wide, y + 0.22 * size), size, element.attrib["class"]))
    return found


def has_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


def assert_sound(drawn: str, width: int) -> ElementTree.Element:
    """All that holds of every chart."""
    root = parsed(drawn)
    _, _, wide, high = map(float, root.attrib["viewBox"].split())
    assert (wide, high) == (width, float(root.attrib["height"])) and float(root.attrib["width"]) == width
    assert root.attrib["role"] == "img" and tag(root[0]) == "title" and root[0].text == ALT
    assert root.attrib["class"] == ("chart wide" if width == WIDE_WIDTH else "chart narrow")
    assert not re.search(r"\sid=|<style|url\(|<defs|<pattern|var\(|nan|inf[\" ]", drawn)
    written = texts(root)
    for one in written:
        left, top, right, bottom = one.box
        assert left >= -0.01 and top >= -0.01 and right <= wide + 0.01 and bottom <= high + 0.01, one
        assert one.size >= 11 and one.text.strip()
    for one, other in combinations(written, 2):
        (a, b, c, d), (e, f, g, h) = one.box, other.box
        assert not (a < g - 0.01 and e < c - 0.01 and b < h - 0.01 and f < d - 0.01), (one, other)
    for element in list(root.iter())[2:]:
        if tag(element) != "tspan":
            assert "fill" in element.attrib and "stroke" in element.attrib and element.attrib["class"]
    return root


# --- figures ------------------------------------------------------------------------------------------------------------------------------

not_shown = st.sampled_from([Cell(None, status) for status in (HIDDEN, MISSING, NONE, NOWHERE)])


def shown(unit: str, highest: int = 99_999) -> st.SearchStrategy[Cell]:
    values = st.one_of(st.just(0), st.integers(0, 12), st.integers(0, highest)).map(float)
    return st.builds(lambda value, reason: Cell(value, unit=unit, break_reason=reason), values, st.sampled_from(["", "", "", "telling"]))


def cells(unit: str) -> st.SearchStrategy[Cell]:
    return st.one_of(shown(unit), shown(unit), shown(unit), not_shown)


@st.composite
def some_series(draw: st.DrawFn, most: int, columns: int | None = None) -> tuple[list[Series], tuple[str, ...]]:
    count = columns or draw(st.integers(1, len(COLUMNS)))
    figures = draw(st.sampled_from([cells("aantal"), cells("procent"), not_shown, st.just(Cell(7.0))]))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=most))
    rows = [Series(str(at), name, tuple(draw(figures) for _ in range(count))) for at, name in enumerate(names)]
    return rows, COLUMNS[-count:]


@st.composite
def some_areas(draw: st.DrawFn) -> tuple[list[tuple[str, str, Cell]], dict[str, tuple[int, int]]]:
    figures = draw(st.sampled_from([cells("aantal"), cells("procent"), not_shown, st.just(Cell(7.0))]))
    areas = [(str(at), draw(st.sampled_from(NAMES)), draw(figures)) for at in range(draw(st.integers(1, 24)))]
    across = draw(st.integers(1, 9))
    return areas, {code: (at % across + 2, at // across + 3) for at, (code, _, _) in enumerate(areas) if draw(st.integers(0, 4))}


width_of = st.sampled_from(WIDTHS)
checked = settings(max_examples=60, deadline=None)


@checked
@given(st.lists(st.tuples(st.sampled_from(NAMES), cells("aantal")), min_size=1, max_size=20), width_of)
def test_bars_are_sound(rows: list[tuple[str, Cell]], width: int) -> None:
    assert_sound(bars(rows, ALT, width), width)


@checked
@given(st.integers(2, 4).flatmap(lambda parts: some_series(12, parts)), width_of)
def test_stacked_bars_are_sound(given_series: tuple[list[Series], tuple[str, ...]], width: int) -> None:
    rows, columns = given_series
    assert_sound(stacked(rows, PARTS[: len(columns)], ALT, width), width)


@checked
@given(some_series(6), width_of)
def test_lines_are_sound(given_series: tuple[list[Series], tuple[str, ...]], width: int) -> None:
    assert_sound(lines(*given_series, ALT, width), width)


@checked
@given(some_series(11), width_of)
def test_small_multiples_are_sound(given_series: tuple[list[Series], tuple[str, ...]], width: int) -> None:
    assert_sound(multiples(*given_series, ALT, width), width)


@checked
@given(some_areas(), width_of)
def test_tiles_are_sound(given_areas: tuple[list[tuple[str, str, Cell]], dict[str, tuple[int, int]]], width: int) -> None:
    areas, places = given_areas
    root = assert_sound(tiles(areas, places, ALT, width), width)
    told = "".join(one.text for one in texts(root)).replace("-", "").replace(" ", "")
    for _, name, cell in areas:
        assert name.replace("-", "").replace(" ", "") in told and cell.written.replace(" ", "") in told


def around(x: float, y: float, radius: float, points: int = 36) -> list[tuple[float, float]]:
    turns = [2 * math.pi * at / points for at in range(points)]
    return [(x + radius * (1.6 + 0.3 * math.sin(5 * turn)) * math.cos(turn), y + radius * math.sin(turn)) for turn in turns]


@checked
@given(some_areas(), width_of, st.floats(0.02, 0.12))
def test_shapes_are_sound(given_areas: tuple[list[tuple[str, str, Cell]], dict[str, tuple[int, int]]], width: int, radius: float) -> None:
    areas, places = given_areas
    borders = {code: [around(4 + 0.35 * x, 53 - 0.2 * y, radius)] for code, (x, y) in places.items()}
    assert_sound(shapes(areas, borders, ALT, width), width)


# --- bars ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
@given(values=st.lists(st.integers(100, 5000), min_size=2, max_size=12))
@settings(max_examples=25, deadline=None)
def test_bars_are_as_long_as_their_figures_are_large(width: int, values: list[int]) -> None:
    root = parsed(bars([(f"naam {at}", Cell(float(value))) for at, value in enumerate(values)], ALT, width))
    long = [float(bar.attrib["width"]) for bar in has_class(root, "fill-series-1")]
    assert len(long) == len(values)
    assert long == pytest.approx([max(long) * value / max(values) for value in values], abs=0.02)
    assert max(long) > 0.4 * width


@pytest.mark.parametrize("width", WIDTHS)
def test_a_hidden_figure_has_the_same_sign_whatever_else_is_drawn(width: int) -> None:
    signs = set()
    for other in (1.0, 37.0, 9951.0):
        root = parsed(bars([("Politie", Cell(other)), ("Onderwijs", Cell(None, HIDDEN)), ("Overig", Cell(None, MISSING))], ALT, width))
        (stub,) = (element for element in root.iter() if tag(element) == "rect" and element.get("fill") == "none")
        signs.add((stub.attrib["width"], stub.attrib["height"]))
        assert len(has_class(root, "fill-series-1")) == 1
    assert signs == {(str(STUB - 1), "17")}


def test_names_stand_beside_bars_where_there_is_room_and_above_on_a_phone() -> None:
    rows = [("Politie", Cell(5.0)), (LONG[0], Cell(4.0))]
    wide, narrow = (parsed(bars(rows, ALT, width)) for width in WIDTHS)
    assert {float(bar.attrib["x"]) for bar in has_class(wide, "fill-series-1")} == {0.4 * WIDE_WIDTH + 12}
    assert {float(bar.attrib["x"]) for bar in has_class(narrow, "fill-series-1")} == {0}
    assert [one.text for one in texts(wide)][2:4] == ["Andere problematiek dan huiselijk", "geweld of kindermishandeling"]


def test_nought_is_a_hairline_and_written() -> None:
    root = parsed(bars([("Politie", Cell(500.0)), ("Overig", Cell(0.0))], ALT, WIDE_WIDTH))
    assert has_class(root, "fill-series-1")[1].attrib["width"] == "1"
    assert texts(root)[-1].text == "0"


def test_parts_that_are_not_shown_are_told_at_the_end_and_take_no_room() -> None:
    row = Series("a", "Diemen", (Cell(30.0), Cell(None, HIDDEN), Cell(10.0)))
    full = Series("b", "Aalsmeer", (Cell(100.0), Cell(50.0), Cell(50.0)))
    root = parsed(stacked([row, full], PARTS[:3], ALT, WIDE_WIDTH))
    assert "met kinderen jonger dan 12 jaar: verborgen" in [one.text for one in texts(root)]
    first, third = (next(b for b in has_class(root, f"fill-series-{n}")[1:] if b.attrib["height"] == "18") for n in (1, 3))
    assert float(third.attrib["x"]) == pytest.approx(float(first.attrib["x"]) + float(first.attrib["width"]) + 1.5, abs=0.02)


def test_parts_differ_by_hatching_too_and_figures_stand_on_plain_ground() -> None:
    row = Series("a", "Diemen", (Cell(30.0), Cell(30.0), Cell(30.0), Cell(30.0)))
    drawn = stacked([row], PARTS, ALT, WIDE_WIDTH)
    root = parsed(drawn)
    assert [len([e for e in has_class(root, "hatch") if e.get("stroke-width") == width]) for width in ("1.2", "0.9")] == [4, 4]
    assert [one.text for one in texts(root) if one.classes == "fill-paper"] == ["30"] * 4
    with pytest.raises(ValueError, match="parts"):
        stacked([row], PARTS[:3], ALT, WIDE_WIDTH)


# --- lines --------------------------------------------------------------------------------------------------------------------------------


def paths(root: ElementTree.Element, name: str) -> list[str]:
    return [element.attrib["d"] for element in has_class(root, name) if element.get("stroke-width") == "2" and tag(element) == "path"]


def row_of(*figures: Cell, name: str = "Politie") -> Series:
    return Series(name, name, figures)


@pytest.mark.parametrize("draw", [lines, multiples])
def test_a_break_separates_the_line(draw: Callable[..., str]) -> None:
    before, after = [Cell(5.0), Cell(6.0)], [Cell(9.0, break_reason="andere telling"), Cell(8.0)]
    root = parsed(draw([row_of(*before, *after)], COLUMNS[-4:], ALT, WIDE_WIDTH))
    assert [path.count("L") for path in paths(root, "line-series-1")] == [1, 1]
    assert [one.text for one in texts(root)].count("breuk") == 1
    whole = parsed(draw([row_of(*before, Cell(9.0), Cell(8.0))], COLUMNS[-4:], ALT, WIDE_WIDTH))
    assert [path.count("L") for path in paths(whole, "line-series-1")] == [3]
    assert "breuk" not in [one.text for one in texts(whole)]


@pytest.mark.parametrize("draw", [lines, multiples])
def test_what_is_not_shown_is_a_gap_and_what_is_hidden_a_cross_on_the_axis(draw: Callable[..., str]) -> None:
    figures = [Cell(5.0), Cell(6.0), Cell(None, HIDDEN), Cell(4.0), Cell(None, MISSING), Cell(7.0)]
    root = parsed(draw([row_of(*figures)], COLUMNS, ALT, WIDE_WIDTH))
    assert [path.count("L") for path in paths(root, "line-series-1")] == [1]
    assert len(has_class(root, "cross")) == 2, "one in the drawing, one in the note"
    assert "verborgen" in [one.text for one in texts(root)]


def outline(sign: ElementTree.Element) -> tuple[tuple[float, ...], ...]:
    """The corners of a sign seen from the first; none of a circle."""
    corners_of = [tuple(map(float, pair.split())) for pair in sign.get("d", "").strip("MZ").split("L") if pair]
    return tuple((round(x - corners_of[0][0], 1), round(y - corners_of[0][1], 1)) for x, y in corners_of)


def test_signs_and_dashes_differ_by_series() -> None:
    rows = [row_of(Cell(float(at)), Cell(9.0 + at), name=f"reeks {at}") for at in range(6)]
    root = parsed(lines(rows, COLUMNS[-2:], ALT, NARROW_WIDTH))
    dashes = [element.get("stroke-dasharray", "") for n in range(1, 7) for element in has_class(root, f"line-series-{n}")[:1]]
    assert len(set(dashes)) == 6
    assert len({outline(sign) for sign in has_class(root, "marker")[:6]}) == 6
    with pytest.raises(ValueError, match="7 series"):
        lines([*rows, rows[0]], COLUMNS[-2:], ALT, WIDE_WIDTH)


@pytest.mark.parametrize("width", WIDTHS)
def test_below_nought_stands_under_the_line_of_nought(width: int) -> None:
    root = assert_sound(lines([row_of(Cell(-54.0), Cell(454.0), Cell(0.0))], COLUMNS[-3:], ALT, width), width)
    low, high, nought = (float(sign.attrib["cy"]) for sign in has_class(root, "marker")[-3:])
    words = {one.text: (one.box[1] + one.box[3]) / 2 for one in texts(root)}
    assert high < nought < low and words["-250"] > words["0"] > words["250"] > words["500"]
    assert ticks_about([-54, 454], "aantal") == [-250, 0, 250, 500] and ticks_about([3, 9], "aantal") == round_ticks(9, "aantal")
    assert ticks_about([-7, -2], "aantal")[-1] == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_a_figure_of_whom_some_still_wait_has_an_open_sign(width: int) -> None:
    drawn = lines([row_of(Cell(5.0), Cell(9.0, is_unfinished=True))], COLUMNS[-2:], ALT, width)
    root = assert_sound(drawn, width)
    closed, opened = has_class(root, "marker")[-2:]
    assert (opened.attrib["fill"], opened.attrib["stroke"]) == (closed.attrib["stroke"], closed.attrib["fill"])
    assert len(has_class(root, "open")) == 1 and UNFINISHED in {one.text for one in texts(root)}
    assert UNFINISHED not in lines([row_of(Cell(5.0), Cell(9.0))], COLUMNS[-2:], ALT, width)


def test_many_columns_have_as_many_names_as_fit_and_the_last_always() -> None:
    columns = [f"kwartaal {at % 4 + 1} van {2018 + at // 4}" for at in range(28)]
    for width in WIDTHS:
        root = assert_sound(lines([row_of(*(Cell(float(at)) for at in range(28)))], columns, ALT, width), width)
        written = [one.text for one in texts(root) if one.text.startswith("kwartaal")]
        assert written[-1] == columns[-1] and 1 < len(written) < 28


@given(st.floats(0, 1e6), st.sampled_from(["aantal", "procent", "per_1000"]))
def test_ticks_are_three_to_five_and_round(highest: float, unit: str) -> None:
    ticks = round_ticks(highest, unit)
    assert 3 <= len(ticks) <= 5 and ticks[0] == 0 and ticks[-1] >= highest * (1 - 1e-9)
    assert len(set(tick_words(ticks, unit))) == len(ticks)
    assert unit != "aantal" or all(tick == int(tick) for tick in ticks)


@pytest.mark.parametrize(
    ("highest", "unit", "words"),
    [
        (6712, "aantal", ["0", "2.500", "5.000", "7.500"]),
        (81, "procent", ["0%", "25%", "50%", "75%", "100%"]),
        (0, "aantal", ["0", "1", "2"]),
        (9.1, "per_1000", ["0", "2,5", "5,0", "7,5", "10,0"]),
    ],
)
def test_ticks_are_written_in_dutch(highest: float, unit: str, words: list[str]) -> None:
    assert tick_words(round_ticks(highest, unit), unit) == words


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(10, 40)), min_size=1, max_size=6))
def test_labels_are_spread_and_stay_inside(wanted: list[tuple[float, float]]) -> None:
    placed = sorted(zip(spread(wanted, 0, 300), (high for _, high in wanted), strict=True))
    assert placed[0][0] - placed[0][1] / 2 >= -1e-6 and placed[-1][0] + placed[-1][1] / 2 <= 300 + 1e-6
    for (one, high), (other, its_high) in pairwise(placed):
        assert other - its_high / 2 >= one + high / 2 - 1e-6


def test_a_label_with_room_stays_where_its_line_ends() -> None:
    assert spread([(50, 20), (200, 20)], 0, 300) == [50, 200]


# --- maps ---------------------------------------------------------------------------------------------------------------------------------


def test_classes_are_of_equal_width_and_hold_what_their_names_say() -> None:
    classes = Classes.of([Cell(float(value)) for value in (10, 20, 33, 60)] + [Cell(None, HIDDEN)])
    assert classes.bounds == (10, 23, 35, 48, 60)
    assert classes.names() == ["10 tot 23", "23 tot 35", "35 tot 48", "48 t/m 60"]
    assert [classes.shade(value) for value in (10, 22, 23, 60)] == [SHADES[0], SHADES[0], SHADES[1], SHADES[4]]
    assert Classes.of([Cell(7.0), Cell(7.0)]).names() == ["7"]
    assert Classes.of([Cell(None, HIDDEN)]).names() == []


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=30), st.integers(0, 2))
def test_every_figure_has_a_shade_and_more_is_never_lighter(values: list[float], decimals: int) -> None:
    classes = Classes.of([Cell(value, decimals=decimals) for value in values])
    order = [SHADES.index(classes.shade(value)) for value in sorted(values)]
    assert order == sorted(order) and len(classes.shades) <= 5 and len(classes.names()) == len(classes.shades)


def test_hidden_tiles_are_hatched_and_missing_ones_dashed() -> None:
    areas = [("a", "Diemen", Cell(None, HIDDEN)), ("b", "Aalsmeer", Cell(None, MISSING)), ("c", "Haarlem", Cell(3.0))]
    root = parsed(tiles(areas, {"a": (0, 0), "b": (1, 0), "c": (2, 0)}, ALT, WIDE_WIDTH))
    assert len(has_class(root, "hatch")) == 2, "the tile, and its sample in the legend"
    assert len([element for element in has_class(root, "line-fixed") if element.get("stroke-dasharray")]) == 2
    assert [element.attrib["fill"] for element in has_class(root, "area")].count("#ffffff") == 4


def test_tiles_stand_where_they_have_a_place_and_others_below() -> None:
    areas = [(code, code, Cell(1.0)) for code in ("Zuid", "Noord", "Elders")]
    root = parsed(tiles(areas, {"Zuid": (4, 6), "Noord": (4, 5)}, ALT, WIDE_WIDTH))
    height = {one.text: one.box[1] for one in texts(root)}
    assert height["Noord"] < height["Zuid"] < height["Elders"]


def test_areas_keep_their_holes_and_those_without_borders_are_left_out() -> None:
    square, hole = [(4.0, 52.0), (5.0, 52.0), (5.0, 53.0), (4.0, 53.0)], [(4.4, 52.4), (4.6, 52.4), (4.6, 52.6), (4.4, 52.6)]
    areas = [("a", "Haarlem", Cell(3.0)), ("b", "Elders", Cell(9.0))]
    root = parsed(shapes(areas, {"a": [square, hole]}, ALT, WIDE_WIDTH))
    area = has_class(root, "area")[0]
    assert area.attrib["fill-rule"] == "evenodd" and area.attrib["d"].count("M") == 2
    assert [one.text for one in texts(root)] == ["Haarlem", "3", "3"]
    assert float(root.attrib["height"]) <= 560 + 40


def test_a_degree_of_longitude_is_shorter_than_one_of_latitude() -> None:
    square = [(4.0, 52.0), (5.0, 52.0), (5.0, 53.0), (4.0, 53.0)]
    path = has_class(parsed(shapes([("a", "A", Cell(3.0))], {"a": [square]}, ALT, NARROW_WIDTH)), "area")[0].attrib["d"]
    points = [tuple(map(float, pair.split())) for pair in path.strip("MZ").split("L")]
    wide, high = (max(axis) - min(axis) for axis in zip(*points, strict=True))
    assert wide / high == pytest.approx(math.cos(math.radians(52.5)), abs=0.01)


# --- hatching, text, colours --------------------------------------------------------------------------------------------------------------


@given(st.floats(0, 500), st.floats(0, 500), st.floats(3, 300), st.floats(3, 60), st.sampled_from([45, -45, 0]))
def test_hatching_ends_where_the_rectangle_does(x: float, y: float, width: float, height: float, degrees: int) -> None:
    drawn = hatch([corners(x, y, width, height)], 4, degrees, QUIET)
    for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", re.findall(r' d="([^"]*)"', drawn)[0] if drawn else ""):
        assert x - 0.01 <= float(pair[0]) <= x + width + 0.01 and y - 0.01 <= float(pair[1]) <= y + height + 0.01


def test_a_line_crosses_a_ring_with_a_hole_twice() -> None:
    assert crossings([corners(0, 0, 10, 10), corners(4, 4, 2, 2)], 5) == [(0, 4), (6, 10)]


def advances(weight: int) -> Callable[[str], int]:
    font = TTFont(FONTS / f"source-sans-3-latin-{weight}-normal.woff2")
    names, widths = font.getBestCmap(), font["hmtx"]
    return lambda text: sum(widths[names[ord(character)]][0] for character in text)


LABELS = (
    *NAMES,
    *COLUMNS,
    *PARTS,
    "9.951",
    "12,5%",
    "verborgen",
    "ontbreekt",
    "n.v.t.",
    "geen cijfer",
    "Wijchen",
    "MEE",
    "ZIJN",
    "IJsselstein",
)


@pytest.mark.parametrize("label", LABELS)
def test_text_is_never_wider_than_estimated_and_not_much_narrower(label: str) -> None:
    assert advances(400)(label) <= text_width(label, 1000) <= 1.25 * advances(400)(label)
    assert advances(600)(label) <= text_width(label, 1000)


@given(st.text(alphabet="abcdefgh -/", max_size=60), st.integers(15, 200))
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(text: str, width: int) -> None:
    wrapped = wrap(text, 13, width)
    assert all(text_width(line, 13) <= width for line in wrapped)
    assert re.sub(r"[- ]", "", "".join(wrapped)) == re.sub(r"[- ]", "", text)


def test_long_words_break_between_syllables() -> None:
    assert wrap("Haarlemmermeer", 11, 68) == ["Haarlemmer-", "meer"]
    assert wrap("Ouder-Amstel", 11, 40) == ["Ouder-", "Amstel"]


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def variables(style: str) -> list[dict[str, str]]:
    """Of the light and the dark scheme."""
    return [dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in re.findall(r":where\(:root\) \{(.*?)\}", style, re.DOTALL)]


def test_the_style_has_each_colour_of_paper_and_a_dark_one_that_can_be_read() -> None:
    style = STYLESHEET.read_text(encoding="utf-8")
    light, dark = variables(style)
    paints = (PAPER, INK, QUIET, GRID, *SERIES)
    assert light == {paint.name: paint.colour for paint in paints} and dark.keys() == light.keys()
    assert dark["paper"] == "#1b1917"
    for scheme in (light, dark):
        assert all(contrast(scheme[name], scheme["paper"]) >= 4.5 for name in scheme if name not in ("paper", "grid"))
    for paint in paints:
        assert f".fill-{paint.name} {{ fill: var(--{paint.name}); }}" in style and f".line-{paint.name} {{ stroke" in style
    assert "@media (forced-colors: active)" in style


@pytest.mark.parametrize("shade", SHADES)
def test_text_on_every_shade_can_be_read(shade: str) -> None:
    assert contrast(text_on(shade).colour, shade) >= 4.5
    assert not re.search(r"fixed \{ (fill|stroke)", STYLESHEET.read_text(encoding="utf-8")), "shades stay as they are on every screen"


def all_charts(width: int) -> Sequence[str]:
    rows = [row_of(Cell(3.0), Cell(None, HIDDEN), Cell(5.0), name=name) for name in LONG]
    areas = [("a", "Diemen", Cell(3.0)), ("b", "Aalsmeer", Cell(None, HIDDEN))]
    borders = {"a": [around(4.5, 52.5, 0.1)], "b": [around(4.9, 52.5, 0.1)]}
    return [
        bars([(name, cell) for name, cell in zip(LONG, rows[0].cells, strict=False)], ALT, width),
        stacked(rows, PARTS[:3], ALT, width),
        lines(rows, COLUMNS[:3], ALT, width),
        multiples(rows, COLUMNS[:3], ALT, width),
        tiles(areas, {"a": (0, 0)}, ALT, width),
        shapes(areas, borders, ALT, width),
    ]


def test_all_charts_go_into_a_tagged_document() -> None:
    from weasyprint import HTML

    page = f"<html lang='nl'><title>Grafieken</title><body>{''.join(all_charts(WIDE_WIDTH))}</body></html>"
    assert HTML(string=page).write_pdf(pdf_variant="pdf/ua-1").startswith(b"%PDF")


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_to_draw_is_a_drawing_all_the_same(width: int) -> None:
    for drawn in (bars([], ALT, width), stacked([], PARTS, ALT, width), multiples([], COLUMNS, ALT, width)):
        assert_sound(drawn, width)
    for drawn in (tiles([], {}, ALT, width), shapes([("a", "A", Cell(1.0))], {}, ALT, width)):
        assert_sound(drawn, width)
