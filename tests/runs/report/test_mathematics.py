"""Formulas become drawings."""

from __future__ import annotations

import re

import pytest

from aegui.runs.report.mathematics import math_svg
from aegui.spec.formula import every_math


@pytest.mark.parametrize("math", every_math())
def test_that_every_term_can_be_drawn(math: str) -> None:
    drawn = math_svg(math, "in words")
    assert drawn.startswith("<svg ") and 'aria-label="in words"' in drawn and 'role="img"' in drawn


def test_that_the_drawing_fits_its_frame() -> None:
    drawn = math_svg(r"\frac{x}{y}", "x/y")
    box = re.search(r'viewBox="([^"]+)"', drawn)
    data = re.search(r' d="([^"]+)"', drawn)
    assert box is not None and data is not None
    left, top, width, height = map(float, box[1].split())
    numbers = [float(n) for n in re.findall(r"-?\d+\.\d+", data[1])]
    x, y = numbers[::2], numbers[1::2]
    assert left < min(x) and max(x) < left + width and top < min(y) and max(y) < top + height
    assert top < 0 < top + height  # the line of the fraction is about the baseline
