"""Numbers as words, the same way in every view."""

from __future__ import annotations

import math


def figures(value: float, digits: int = 4) -> str:
    """A number with that many significant digits, zeros kept: 0.03120, 12.34, 1.2e-5."""
    if not math.isfinite(value):
        return "not finite"
    return _exponent(f"{value:#.{digits}g}".rstrip("."))


def short(value: object) -> str:
    """A setting in the fewest characters: 1e-4, 0.25, on."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        text = f"{value:e}"
        mantissa, exponent = text.split("e")
        if value and int(exponent) <= -3:
            return f"{float(mantissa):g}e{int(exponent)}"
        return f"{value:g}"
    return str(value)


def count(number: int, noun: str) -> str:
    """A number of things: 1 sample, 1,204 samples."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _exponent(text: str) -> str:
    mantissa, mark, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if mark else text
