"""The numbers of an array: their type, their range, and whether all of them are numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aegui.data.importing.limits import check_memory, counted, refused
from aegui.data.mapped import check_whole, mapping_of
from aegui.data.scaling import LARGEST_NUMBER, SMALLEST_RANGE
from aegui.plan import Layout

Raw = NDArray[np.generic]
Progress = Callable[[int, int], None]

_BLOCK = 8 * 2**20  # numbers that are looked at together
_BYTE = 255.0


@dataclass(frozen=True)
class Range:
    """The declared range of stored numbers, None for that of the data, and why."""

    low: float | None = None
    high: float | None = None
    note: str = ""


def usable(path: Path, samples: Raw, what: str, field: str = "path") -> Raw:
    """Samples in a type that the network takes. Raises InvalidExperiment for other things than numbers.

    Booleans become bytes, foreign byte orders this machine's. Mapped files stay mapped.
    """
    dtype = samples.dtype
    if dtype.kind == "b":
        return samples.view(np.uint8)
    if dtype.kind not in "iuf":
        words = {"U": "text", "S": "text", "c": "complex numbers", "M": "dates", "m": "durations"}
        got = words.get(dtype.kind, f"values of the type {dtype}")
        raise refused(path, f"{what} must hold numbers, holds {got}; save numbers instead", field)
    wanted = np.dtype(np.float64) if dtype.itemsize > 8 else dtype.newbyteorder("=")
    if wanted == dtype:
        return samples
    check_memory(path, samples.size * wanted.itemsize, f"save it in the byte order of {wanted}")
    with np.errstate(over="ignore"):  # what float64 cannot hold becomes infinite, and is told as such
        return samples.astype(wanted)


def check_finite(
    path: Path, matrix: Raw, what: str, field: str = "path", progress: Progress | None = None
) -> tuple[float, float] | None:
    """Lowest and highest of samples (n, k); None for whole numbers on the disk, which are not looked at.

    Raises InvalidExperiment if some are NaN, infinite or too large, saying how many and where, or if
    all lie too close together.
    """
    if matrix.dtype.kind != "f":
        return None if is_mapped(matrix) else (float(matrix.min()), float(matrix.max()))
    nan = infinite = samples = 0
    first: tuple[int, int] | None = None
    low, high = np.inf, -np.inf
    largest = np.float32(LARGEST_NUMBER)  # compares with float16 as float32: float16 has no such number
    for start, block in _blocks(matrix, progress):
        bad = ~(np.abs(block) <= largest)
        if bad.any():
            rows = bad.any(axis=1)
            row = int(rows.argmax())
            first = first or (start + row, int(bad[row].argmax()))
            gaps = int(np.isnan(block).sum())
            nan, infinite, samples = nan + gaps, infinite + int(bad.sum()) - gaps, samples + int(rows.sum())
            continue
        low, high = min(low, float(block.min())), max(high, float(block.max()))
    if first is not None:
        raise refused(path, _not_finite(what, nan, infinite, samples, len(matrix), first), field)
    check_spread(path, low, high, field)
    return low, high


def check_spread(path: Path, low: float, high: float, field: str = "path") -> None:
    """Raises InvalidExperiment if numbers from ``low`` to ``high`` differ by too little to be scaled."""
    if 0 < high - low < SMALLEST_RANGE:
        message = f"its numbers must range over at least {SMALLEST_RANGE:.2g}, range over {high - low:.2g}"
        raise refused(path, f"{message}; multiply them by a power of ten", field)


def declared(
    dtype: np.dtype[np.generic], ends: tuple[float, float] | None, layout: Layout, flags: bool
) -> Range:
    """The range that the numbers of a file were meant to have. ``flags``: they were booleans."""
    if flags:
        return Range(0.0, 1.0, "True and false are 1 and 0.")
    if dtype == np.uint8:
        return _byte_range(ends)
    if ends is None or ends[1] <= ends[0] or ends[0] < 0:
        return Range()
    if dtype.kind == "f" and ends[1] <= 1:
        return Range(0.0, 1.0, "All numbers lie within 0..1, which is taken as their range.")
    if layout == "picture" and _BYTE / 2 < ends[1] <= _BYTE:
        return Range(0.0, _BYTE, "All brightnesses lie within 0..255, which is taken as their range.")
    return Range()


def is_mapped(array: Raw) -> bool:
    """Whether the numbers stay in a file on the disk."""
    return mapping_of(array) is not None


def _byte_range(ends: tuple[float, float] | None) -> Range:
    if ends is not None and ends[1] <= 1:
        return Range(0.0, 1.0, "The bytes are 0 and 1 only, which is taken as their range.")
    if ends is not None and ends[1] <= _BYTE / 2:
        note = f"Bytes range over 0..255, but the highest is {ends[1]:g}: minmax scaling makes more of it."
        return Range(0.0, _BYTE, note)
    return Range(0.0, _BYTE)


def _blocks(matrix: Raw, progress: Progress | None) -> Iterator[tuple[int, NDArray[np.floating]]]:
    rows = max(1, _BLOCK // max(1, matrix.shape[1]))
    for start in range(0, len(matrix), rows):
        check_whole(matrix)
        yield start, matrix[start : start + rows]  # type: ignore[misc]
        if progress is not None:
            progress(min(start + rows, len(matrix)), len(matrix))


def _not_finite(what: str, nan: int, infinite: int, samples: int, total: int, first: tuple[int, int]) -> str:
    kinds = [
        text
        for count, text in (
            (nan, f"{counted(nan, 'gap')} (NaN)"),
            (infinite, f"{counted(infinite, 'value')} infinite or above {LARGEST_NUMBER:g}"),
        )
        if count
    ]
    return (
        f"{what} must hold finite numbers, has {' and '.join(kinds)} in {samples:,} of"
        f" {counted(total, 'sample')}, the first in sample {first[0] + 1:,}, feature {first[1] + 1:,};"
        " replace them or leave these samples out, and save it again"
    )
