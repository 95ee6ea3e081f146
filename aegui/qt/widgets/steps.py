"""Numbers as people write, read and step them. No Qt."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f'_]")
_GROUPED_BY_POINTS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")
_PLAIN_FLOAT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_LARGEST_EXPONENT = 300


def format_float(value: float) -> str:
    """The shortest text that reads back as the same number: 0.3, 0.001, 1e-4, 2.5e-6."""
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    point = len(digits) + int(exponent)  # digits before the decimal point
    minus, text = "-" if sign else "", "".join(map(str, digits))
    if -3 < point <= 7:
        return minus + _plain(text, point)
    mantissa = text[0] + (f".{text[1:]}" if text[1:] else "")
    return f"{minus}{mantissa}e{point - 1}"


def parse_float(text: str) -> float | None:
    """Reads a number with point or comma, None if it is none. ``1,5`` is 1.5; ``1,234.5`` is 1234.5."""
    text = _SPACES.sub("", text)
    if "." in text and "," in text:
        text = text.replace("," if text.rfind(".") > text.rfind(",") else ".", "")
    text = text.replace(",", ".")
    if not _PLAIN_FLOAT.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def format_int(value: int, grouped: bool = True) -> str:
    """60,000 or 60000."""
    return f"{value:,}" if grouped else str(value)


def parse_int(text: str) -> int | None:
    """Reads a whole number, with or without separators between groups, None if it is none."""
    text = _SPACES.sub("", text).replace(",", "")
    if _GROUPED_BY_POINTS.fullmatch(text):
        text = text.replace(".", "")
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    value = parse_float(text) if re.search("[eE]", text) else None
    return int(value) if value is not None and value.is_integer() else None


def decade_step(value: float, count: int) -> float:
    """``count`` steps up or down in 1, 2, 5, 10, 20, 50, ... from a positive number."""
    for _ in range(abs(count)):
        value = _decade_neighbour(value, up=count > 0)
    return value


def grid_step(value: float, count: int, step: float) -> float:
    """The ``count``-th multiple of ``step`` above or below."""
    place = value / step
    start = math.floor(place + 1e-9) if count > 0 else math.ceil(place - 1e-9)
    return _clean((start + count) * step)


def size_step(value: int, count: int) -> int:
    """``count`` steps along the sizes of :func:`snapped_size`, never below 1."""
    for _ in range(abs(count)):
        value = _size_above(value) if count > 0 else _size_below(value)
    return value


def snapped_size(units: float) -> int:
    """The nearest of 1 to 16, 20, 24, 28, 32, 40, ...: four sizes per octave."""
    if units <= 1:
        return 1
    step = _size_spacing(units)
    return max(1, round(units / step) * step)


def nice_step(span: float, parts: int) -> float:
    """About ``span / parts``, as 1, 2 or 5 times a power of ten."""
    rough = span / parts
    base = 10.0 ** math.floor(math.log10(rough))
    return _clean(base * min((1, 2, 5, 10), key=lambda m: abs(math.log(m * base / rough))))


@dataclass(frozen=True)
class Scale:
    """Places values on a slider, 0 to 1: evenly, or by their logarithm.

    ``zero``: a logarithmic slider ends in 0 on its left.
    """

    low: float
    high: float
    log: bool = False
    zero: bool = False

    _GAP = 0.06  # the share of a logarithmic slider that 0 has for itself

    @property
    def _start(self) -> float:
        return self._GAP if self.zero else 0.0

    def position(self, value: float) -> float:
        """Where a value stands; values outside stand at the ends."""
        if not self.log:
            share = (value - self.low) / (self.high - self.low)
        elif value <= 0:
            return 0.0
        else:
            share = math.log(value / self.low) / math.log(self.high / self.low)
            share = self._start + max(0.0, share) * (1 - self._start)
        return min(1.0, max(0.0, share))

    def value(self, position: float) -> float:
        """The value at a position, rounded to what can be read."""
        if not self.log:
            step = nice_step(self.high - self.low, 100)
            value = _clean(round((self.low + position * (self.high - self.low)) / step) * step)
            return min(self.high, max(self.low, value))
        if self.zero and position < self._GAP / 2:
            return 0.0
        share = max(0.0, (position - self._start) / (1 - self._start))
        return float(f"{self.low * (self.high / self.low) ** share:.1e}")


def _plain(digits: str, point: int) -> str:
    if point <= 0:
        return "0." + "0" * -point + digits
    whole, rest = digits[:point].ljust(point, "0"), digits[point:]
    return f"{whole}.{rest}" if rest else whole


def _decade_neighbour(value: float, up: bool) -> float:
    exponent = max(-_LARGEST_EXPONENT, min(_LARGEST_EXPONENT, math.floor(math.log10(value))))
    marks = [float(f"{m}e{e}") for e in (exponent - 1, exponent, exponent + 1) for m in (1, 2, 5)]
    if up:
        return next((m for m in marks if m > value * (1 + 1e-9)), value)
    return next((m for m in reversed(marks) if m < value * (1 - 1e-9)), value)


def _size_spacing(units: float) -> int:
    return max(1, 2 ** (math.floor(math.log2(units)) - 2)) if units >= 16 else 1


def _size_above(value: int) -> int:
    step = _size_spacing(value)
    return (value // step + 1) * step


def _size_below(value: int) -> int:
    step = _size_spacing(value - 1) if value > 1 else 1
    return max(1, math.ceil(value / step - 1) * step)


def _clean(value: float) -> float:
    """Without the dust of binary fractions: 0.35000000000000003 is 0.35."""
    return float(f"{value:.12g}")
