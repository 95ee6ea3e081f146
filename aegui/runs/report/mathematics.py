"""A formula as an inline drawing in the colour of the text around it, typeset by matplotlib."""

from __future__ import annotations

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from aegui.runs.figure_file import DRAWING
from aegui.runs.report.html import Html, tag

_EM = 100.0  # units of the drawing
_PAD = 4.0


def math_svg(math: str, plain: str) -> Html:
    """``math`` in mathtext's subset of TeX, without dollars; ``plain`` is read to those who cannot see it."""
    font = FontProperties(family="DejaVu Sans", math_fontfamily="dejavusans")
    with DRAWING:
        outline = TextPath((0, 0), f"${math}$", size=_EM, prop=font)
    box = outline.get_extents()
    left, top = box.x0 - _PAD, -box.y1 - _PAD
    width, height = box.width + 2 * _PAD, box.height + 2 * _PAD
    depth = (-box.y0 + _PAD) / _EM
    return tag(
        "svg",
        tag("path", d=_path_data(outline)),
        viewBox=f"{left:.1f} {top:.1f} {width:.1f} {height:.1f}",
        style=f"width:{width / _EM:.3f}em;height:{height / _EM:.3f}em;vertical-align:{-depth:.3f}em",
        role="img",
        aria_label=plain,
    )


def _path_data(outline: TextPath) -> str:
    """The strokes, y downwards."""
    letters = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}  # of matplotlib's path codes
    parts = []
    for points, code in outline.iter_segments(simplify=False, curves=True):
        pairs = points.reshape(-1, 2)
        shown = "" if code == 79 else " ".join(f"{x:.2f} {-y:.2f}" for x, y in pairs.tolist())
        parts.append(f"{letters[int(code)]}{shown}")
    return "".join(parts)
