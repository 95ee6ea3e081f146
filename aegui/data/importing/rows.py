"""Whether rows of numbers are records of a table, signals, or pictures written in one line."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aegui.plan import Layout
from aegui.spec.source import RowsAs

MOST_RECORD = 64  # numbers in a record of an array; longer rows are signals
FEWEST_POINTS = 32  # in a signal of a text file
_FEWEST_PIXELS = 64  # 8×8

_TIMES = ("", "t", "time", "sample", "step", "tick", "point", "lag", "s", "ms")
_PIXELS = ("pixel", "pix", "px", "p")
_NUMBERED = re.compile(r"(?P<stem>[^\d.+-]*?)[ _.\-\[(]*(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)[\])]?", re.I)
_PLACE = re.compile(r"(\d{1,9})[x×_](\d{1,9})")


@dataclass(frozen=True)
class RowKind:
    """What rows are, and how that was found."""

    shape: tuple[int, ...]
    layout: Layout
    notes: tuple[str, ...] = ()


def row_kind(features: int, dtype: np.dtype[np.generic], rows: RowsAs) -> RowKind:
    """What rows of an array are: bytes of a square number are pictures, long rows signals."""
    side = math.isqrt(features)
    if rows == "auto" and dtype == np.uint8 and side * side == features >= _FEWEST_PIXELS:
        note = f"Rows of {features:,} bytes are taken as pictures of {side}×{side} pixels."
        return RowKind((side, side), "picture", (note,))
    if rows == "auto" and features > MOST_RECORD:
        note = f"Rows are taken as signals, since {features:,} is more than {MOST_RECORD} numbers."
        return RowKind((features,), "signal", (note,))
    return RowKind((features,), "signal" if rows == "signal" else "table")


def table_rows(names: Sequence[str], named: bool, bytes_only: bool, rows: RowsAs) -> RowKind:
    """What rows of a text file are, by the names of their columns, if it has any (``named``).

    ``bytes_only``: all numbers are whole, from 0 to 255, as the brightness of pixels.
    """
    features = len(names)
    if rows != "auto":
        return RowKind((features,), rows)
    side = math.isqrt(features)
    if named and side * side == features >= _FEWEST_PIXELS and _are_pixels(names, side):
        note = f"The columns are numbered pixels: rows are taken as pictures of {side}×{side}."
        return RowKind((side, side), "picture", (note,))
    if not named and bytes_only and side * side == features >= _FEWEST_PIXELS:
        note = f"Rows of {features:,} numbers from 0 to 255 are taken as pictures of {side}×{side}."
        return RowKind((side, side), "picture", (note,))
    if features >= FEWEST_POINTS and (not named or _are_numbered(names, _TIMES)):
        why = "are numbered" if named else "have no names"
        note = f"The {features:,} columns {why}: rows are taken as signals."
        return RowKind((features,), "signal", (note,))
    return RowKind((features,), "table")


def _are_pixels(names: Sequence[str], side: int) -> bool:
    """``pixel0`` ..., or ``1x1`` ... row by row."""
    places = [_PLACE.fullmatch(name.strip()) for name in names]
    if all(places):
        found = [(int(place[1]), int(place[2])) for place in places if place]
        start = found[0]
        return found == [(start[0] + i // side, start[1] + i % side) for i in range(side * side)]
    return _are_numbered(names, _PIXELS)


def _are_numbered(names: Sequence[str], stems: Sequence[str]) -> bool:
    """Whether all names are one of ``stems`` with rising numbers."""
    matches = [_NUMBERED.fullmatch(name.strip()) for name in names]
    found = [match for match in matches if match]
    if len(found) < len(names) or len({match["stem"].lower() for match in found}) > 1:
        return False
    numbers = [float(match["number"]) for match in found]
    return found[0]["stem"].lower() in stems and all(a < b for a, b in itertools.pairwise(numbers))
