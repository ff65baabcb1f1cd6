"""A drawing and a table of what ``vt bench scale`` measured, for docs/performance."""

import math
from collections.abc import Callable, Sequence
from html import escape

from orchestration.bench.running import Cost
from orchestration.bench.scale import SizeMeasurement

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 720, 400, 60, 44, 34, 150
PALETTE = ("#14457d", "#c2410c", "#6600bb", "#996655", "#110022", "#441100")
DASHES = ("", "6 3", "2 3", "9 3 2 3", "1 2", "12 4")


def _ticks(lowest: float, highest: float) -> list[float]:
    """Powers of ten and three times these that lie around all values."""
    first, last = math.floor(math.log10(lowest)), math.ceil(math.log10(highest))
    return [step * 10.0**power for power in range(first, last + 1) for step in (1, 3) if lowest / 3 < step * 10.0**power < highest * 3]


def draw(sizes: Sequence[SizeMeasurement], title: str, unit: str, value: Callable[[Cost], float]) -> str:
    """An SVG with a line for everything that was run, both scales logarithmic."""
    names = list(dict.fromkeys(name for size in sizes for name in size.costs))
    lines = {name: [(size.keer, value(size.costs[name])) for size in sizes if name in size.costs] for name in names}
    xs, ys = sorted({x for points in lines.values() for x, _ in points}), [y for points in lines.values() for _, y in points]
    marks = _ticks(min(ys), max(ys))
    low, high = math.log10(marks[0]), math.log10(marks[-1])
    wide = math.log10(xs[-1] / xs[0]) or 1

    def at(x: float, y: float) -> tuple[float, float]:
        right = math.log10(x / xs[0]) / wide * (WIDTH - LEFT - RIGHT)
        return round(LEFT + right, 1), round(HEIGHT - BOTTOM - (math.log10(y) - low) / (high - low) * (HEIGHT - BOTTOM - TOP), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="12">',
        f'<title>{escape(title)}</title><rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{LEFT}" y="18" font-size="14">{escape(title)}</text>',
    ]
    for y in marks:
        x0, level = at(xs[0], y)
        parts.append(
            f'<path d="M{x0} {level}H{WIDTH - RIGHT}" stroke="#ddd"/><text x="{x0 - 6}" y="{level + 4}" text-anchor="end">{y:g}</text>'
        )
    for x in xs:
        parts.append(f'<text x="{at(x, marks[0])[0]}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x}×</text>')
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 8}">{escape(unit)}</text>')
    lowest = 0.0
    for name, points in sorted(lines.items(), key=lambda line: -line[1][-1][1]):
        number = names.index(name)  # one colour in every drawing
        colour, dash = PALETTE[number % len(PALETTE)], DASHES[number % len(DASHES)]
        places = [at(x, y) for x, y in points]
        drawn = " ".join(f"{x},{y}" for x, y in places)
        lowest = max(places[-1][1] + 4, lowest + 14)  # names do not lie over each other
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in places]
        parts.append(f'<text x="{places[-1][0] + 8}" y="{lowest}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def page(sizes: Sequence[SizeMeasurement]) -> str:
    """Markdown: what each size took, and the steps of its refresh and night."""
    names = list(dict.fromkeys(name for size in sizes for name in size.costs))
    heads = [f"{size.keer}× ({size.rows:,} rows)" for size in sizes]
    parts = ["# Time and memory by size", ""]
    parts += ["| seconds (CPU seconds, peak MiB of one process) | " + " | ".join(heads) + " |", "|---" * (len(sizes) + 1) + "|"]
    for name in names:
        cells = [f"{c.seconds:.1f} ({c.cpu_s:.1f}, {c.mib:,})" if (c := size.costs.get(name)) else "" for size in sizes]
        parts.append(f"| {name} | {' | '.join(cells)} |")
    for what in sizes[0].steps:
        parts += ["", f"| steps of the {what}, seconds | " + " | ".join(heads) + " |", "|---" * (len(sizes) + 1) + "|"]
        for step in dict.fromkeys(step for size in sizes for step in size.steps[what]):
            parts.append(f"| {step} | {' | '.join(f'{size.steps[what].get(step, 0):.1f}' for size in sizes)} |")
    return "\n".join(parts) + "\n"
