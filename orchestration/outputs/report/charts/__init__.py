"""Charts of the report as inline SVG, for the browser and for the tagged PDF."""

from pathlib import Path
from typing import Final

from orchestration.outputs.report.charts.bars import bars, stacked
from orchestration.outputs.report.charts.lines import lines, multiples
from orchestration.outputs.report.charts.tiles import shapes, tiles

NARROW_WIDTH: Final = 320
"""Of a chart on a phone, in pixels."""
WIDE_WIDTH: Final = 600
"""Of a chart on a wide screen and on paper, in pixels."""
STYLESHEET: Final = Path(__file__).with_name("chart.css")
"""What gives charts their colours on screen, light or dark."""

__all__ = ["NARROW_WIDTH", "STYLESHEET", "WIDE_WIDTH", "bars", "lines", "multiples", "shapes", "stacked", "tiles"]
