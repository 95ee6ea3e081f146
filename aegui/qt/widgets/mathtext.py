"""Mathematics as outlines, typeset by matplotlib's mathtext with the fonts that it brings along.

Importing matplotlib takes most of a second, and on the very first start its list of fonts is
made: call :func:`draw` in a thread. It makes no object of Qt, whose classes come into being at
their first use, and not safely so in two threads at once; :func:`typeset` then does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath

if TYPE_CHECKING:
    from matplotlib.textpath import TextToPath

_EM = 100.0  # mathtext's own size of a letter


@dataclass(frozen=True, eq=False)
class Outline:
    """A typeset formula: its path from the baseline's left end, y downwards. The unit is 1 em."""

    path: QPainterPath
    width: float
    ascent: float  # above the baseline
    depth: float  # beneath it


@dataclass(frozen=True, eq=False)
class Strokes:
    """A typeset formula as matplotlib has it: points in em, y downwards, and what each of them does."""

    points: list[tuple[float, float]]
    codes: list[int]
    width: float


@cache
def typeset(math: str) -> Outline:
    """The outline of a formula in mathtext's subset of TeX, without dollars. Raises ValueError."""
    strokes = draw(math)
    path = _painter_path(strokes.points, strokes.codes)
    box = path.boundingRect()
    return Outline(path, max(strokes.width, box.right()), max(0.0, -box.top()), max(0.0, box.bottom()))


@cache
def draw(math: str) -> Strokes:
    """The strokes of a formula. Raises ValueError."""
    from matplotlib.font_manager import FontProperties

    font = FontProperties(family="DejaVu Sans", size=_EM, math_fontfamily="dejavusans")
    typesetter, text = _typesetter(), f"${math}$"
    width, _, _ = typesetter.get_text_width_height_descent(text, font, ismath=True)
    vertices, codes = typesetter.get_text_path(font, text, ismath=True)
    points = [(float(x) / _EM, -float(y) / _EM) for x, y in vertices]
    return Strokes(points, [int(code) for code in codes], float(width) / _EM)


@cache
def _typesetter() -> TextToPath:
    """A typesetter with a parser of its own: that of matplotlib may be at work in another thread."""
    from matplotlib.mathtext import MathTextParser
    from matplotlib.textpath import TextToPath

    parser: Any = type("Parser", (MathTextParser,), {"_parser": None})
    made = TextToPath()
    made.mathtext_parser = parser("path")
    return made


def _painter_path(points: list[tuple[float, float]], codes: list[int]) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    at = 0
    while at < len(codes):
        match codes[at]:
            case 1:  # Path.MOVETO
                path.moveTo(*points[at])
            case 2:  # Path.LINETO
                path.lineTo(*points[at])
            case 3:  # Path.CURVE3: a control point and an end
                path.quadTo(*points[at], *points[at + 1])
                at += 1
            case 4:  # Path.CURVE4: two control points and an end
                path.cubicTo(*points[at], *points[at + 1], *points[at + 2])
                at += 2
            case 79:  # Path.CLOSEPOLY
                path.closeSubpath()
        at += 1
    return path
