"""From delivery to figure, drawn: a box for each table, in columns, with what it reads at its left."""

import html
from collections.abc import Mapping

BOX, GAP, HEIGHT, STEP, EDGE = 178, 26, 24, 34, 4
"""Width and distance of boxes, their height, the distance of rows, and the room around all; in points."""


def draw(reads: Mapping[str, list[str]], named: Mapping[str, str], linked: Mapping[str, str], title: str) -> str:
    """The drawing as SVG. ``reads`` says what each node reads, ``named`` and ``linked`` how it is called and where more is told of it."""
    places = _places(reads)
    width = EDGE + max(x for x, _ in places.values()) + BOX + EDGE
    height = EDGE + max(y for _, y in places.values()) + HEIGHT + EDGE
    lines = "".join(_line(places[source], places[node]) for node, sources in reads.items() for source in sources)
    boxes = "".join(
        f'<a href="{html.escape(linked[node])}"><rect x="{x}" y="{y}" width="{BOX}" height="{HEIGHT}" rx="3"/>'
        f'<text x="{x + 8}" y="{y + 16}">{html.escape(named[node])}</text></a>'
        for node, (x, y) in places.items()
    )
    return (
        f'<div class="breed tekening"><svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="group"'
        f' aria-label="{html.escape(title)}">{lines}{boxes}</svg></div>'
    )


def _places(reads: Mapping[str, list[str]]) -> dict[str, tuple[int, int]]:
    """Left upper corner of each box: the column right of all that it reads; in a column in the order of what they read."""
    depth: dict[str, int] = {}

    def deep(node: str) -> int:
        if node not in depth:
            depth[node] = 1 + max((deep(source) for source in reads[node]), default=-1)
        return depth[node]

    columns: dict[int, list[str]] = {}
    for node in sorted(reads):
        columns.setdefault(deep(node), []).append(node)
    rows: dict[str, float] = {}
    for _, nodes in sorted(columns.items()):
        nodes.sort(key=lambda n: (sum(rows[s] for s in reads[n]) / max(1, len(reads[n])), n))
        rows |= {node: float(row) for row, node in enumerate(nodes)}
    most = max(len(nodes) for nodes in columns.values())
    return {
        node: (EDGE + column * (BOX + GAP), EDGE + int((rows[node] + (most - len(nodes)) / 2) * STEP))
        for column, nodes in columns.items()
        for node in nodes
    }


def _line(source: tuple[int, int], node: tuple[int, int]) -> str:
    x0, y0, x1, y1 = source[0] + BOX, source[1] + HEIGHT // 2, node[0], node[1] + HEIGHT // 2
    half = (x0 + x1) // 2
    return f'<path d="M{x0} {y0} C{half} {y0} {half} {y1} {x1} {y1}"/>'
