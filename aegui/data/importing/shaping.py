"""Which axis of an array is what, and samples as rows of a matrix."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aegui.data.importing.limits import check_memory, check_sample, refused
from aegui.data.importing.rows import row_kind
from aegui.plan import Layout
from aegui.spec.source import Channels, RowsAs

Raw = NDArray[np.generic]

_COLOURS = (1, 3, 4)  # grey, red-green-blue, and the same with transparency


@dataclass(frozen=True)
class Shaping:
    """How the samples of an array are to be seen."""

    shape: tuple[int, ...]  # of one sample: (H, W), (3, H, W) or (k,)
    layout: Layout
    colour_axis: int | None = None  # of the array, where there is one
    notes: tuple[str, ...] = ()

    def matrix(self, path: Path, array: Raw) -> Raw:
        """The array as samples (n, k), a view wherever that is possible."""
        if self.colour_axis is not None:
            array = np.moveaxis(array, self.colour_axis, 1)[:, :3]
        if not array.flags.c_contiguous:
            advice = "save it as samples × colours × height × width in C order, which is read from the disk"
            check_memory(path, array.nbytes, advice)
            array = np.ascontiguousarray(array)
        return array.reshape(len(array), math.prod(self.shape))


def shaping_of(
    path: Path, shape: tuple[int, ...], dtype: np.dtype[np.generic], channels: Channels, rows: RowsAs
) -> Shaping:
    """How an array of this shape is seen. Raises InvalidExperiment if it cannot be samples."""
    found = _shaping(path, shape, dtype, channels, rows)
    check_sample(path, found.shape)
    return found


def _shaping(
    path: Path, shape: tuple[int, ...], dtype: np.dtype[np.generic], channels: Channels, rows: RowsAs
) -> Shaping:
    match shape:
        case (_, features):
            kind = row_kind(features, dtype, rows)
            return Shaping(kind.shape, kind.layout, notes=kind.notes)
        case (_, points, 1) | (_, 1, points) if channels in ("auto", "none") and rows != "table":
            note = f"Samples of {points}×1 are taken as signals of {points:,} points."
            return Shaping((points,), "signal", notes=(note,))
        case (_, height, width):
            if channels in ("first", "last"):
                raise refused(
                    path, f"has no colour axis: samples are {height}×{width}; take none", "channels"
                )
            return Shaping((height, width), "picture")
        case (_, _, _, _):
            return _picture(path, shape, channels)
    words = "×".join(str(n) for n in shape) or "a single number"
    raise refused(path, f"must have 2 to 4 axes, samples first, has {len(shape)} ({words})")


def _picture(path: Path, shape: tuple[int, ...], channels: Channels) -> Shaping:
    axis, notes = _colour_axis(path, shape, channels)
    colours, height, width = shape[axis], *(shape[a] for a in (1, 2, 3) if a != axis)
    if colours == 4:
        notes = (*notes, "The fourth colour, transparency, is left out.")
    size = (height, width) if colours == 1 else (3, height, width)
    return Shaping(size, "picture", axis, notes)


def _colour_axis(path: Path, shape: tuple[int, ...], channels: Channels) -> tuple[int, tuple[str, ...]]:
    """The axis of the colours, and a note where another one might be meant."""
    words = "×".join(str(n) for n in shape[1:])
    if channels == "none" and 1 not in (shape[1], shape[3]):
        raise refused(path, f"samples of {words} have a colour axis; take first or last", "channels")
    likely = [axis for colours in _COLOURS for axis in (1, 3) if shape[axis] == colours]
    axis = {"first": 1, "last": 3}.get(channels) or (likely or [1])[0]
    if shape[axis] not in _COLOURS:
        message = f"the colour axis must have 1, 3 or 4 entries, samples are {words}"
        raise refused(path, message, "channels")
    if channels == "auto" and len(likely) > 1:
        place = "first" if axis == 1 else "last"
        return axis, (f"Samples are {words}: the {place} axis is taken as the colours.",)
    return axis, ()
