"""What a data set holds, and what scaling will do to it, for people."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aegui.data.dataset import Affine, Split
from aegui.data.importing.imported import Imported
from aegui.data.importing.limits import counted, gib, listed
from aegui.data.importing.numbers import is_mapped
from aegui.data.load import TEST_SHARE
from aegui.data.scaling import chosen, extremes, fit_scaling, widened
from aegui.data.stored import Stored, selected
from aegui.plan import Layout
from aegui.spec import Scaling

_LOOKED_AT = 2**27  # bytes of samples; of larger sets an even choice is described
_BLOCKS = 64  # of neighbours, since single samples are slow to read from a disk
_MOST_LISTED = 12  # classes or columns in one line
_FEW = 10  # samples of a class


@dataclass(frozen=True)
class Report:
    """The facts about a data set before labels, limits and scaling are applied."""

    title: str
    samples: int  # of both parts
    train: int  # without an official test part, as many as the draw leaves
    test: int
    drawn: bool  # whether the test part is drawn by seed
    layout: Layout
    shape: str  # "28×28 pixels, grey"
    dtype: str
    low: float  # of the stored numbers
    high: float
    size: int  # bytes of all samples
    mapped: bool  # whether they stay on the disk
    classes: tuple[tuple[str, int], ...]  # name and number of samples
    missing: int  # numbers that were missing in the file, before they were dealt with
    missing_where: tuple[tuple[str, int], ...]  # column and number
    constant: tuple[str, ...]  # features that have the same number in every sample
    scaling: str  # what scaling will do, one sentence
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Everything but notes and warnings as pairs of a heading and a text."""
        drawn = f" ({100 * TEST_SHARE:.0f} % drawn by seed)" if self.drawn else " (the official test part)"
        place = ", on the disk" if self.mapped else ""
        pairs = (
            ("Samples", f"{self.samples:,}: {self.train:,} to train, {self.test:,} to test{drawn}"),
            ("Shape", self.shape),
            ("Numbers", f"{self.dtype}, {gib(self.size)}{place}"),
            ("Range", f"{self.low:.6g} to {self.high:.6g}"),
            ("Classes", _classes_line(self.classes)),
            ("Missing", _missing_line(self.missing, self.missing_where)),
            ("Constant", _constant_line(self.constant, self.layout)),
            ("Scaling", self.scaling),
        )
        return tuple(pair for pair in pairs if pair[0] != "Constant" or self.constant)


def describe(stored: Stored, scaling: Scaling = "auto") -> Report:
    """The report of a data set under a scaling. Of very large sets an even choice of samples is looked at."""
    parts = [part for part in (stored.train, stored.test) if part is not None]
    looked_at = [_some(part, _LOOKED_AT // len(parts)) for part in parts]
    counts = _counts(stored)
    low, high, constant = _ends(looked_at)
    gaps = stored.gaps if isinstance(stored, Imported) else ()
    notes = list(stored.notes)
    if any(len(a) < len(b) for a, b in zip(looked_at, parts, strict=True)):
        looked = counted(sum(map(len, looked_at)), "sample")
        notes.append(f"Range, constant features and scaling are those of {looked} all over the file.")
    return Report(
        title=stored.title,
        samples=sum(counts),
        train=counts[0],
        test=counts[1],
        drawn=stored.test is None,
        layout=stored.layout,
        shape=_shape(stored),
        dtype=str(stored.train.stored.dtype),
        low=low,
        high=high,
        size=sum(math.prod(part.stored.shape[1:]) * len(part) for part in parts)
        * stored.train.stored.dtype.itemsize,
        mapped=any(is_mapped(part.stored) for part in parts),
        classes=_classes(stored, parts),
        missing=sum(count for _, count in gaps),
        missing_where=gaps,
        constant=tuple(_feature(stored, int(i)) for i in np.flatnonzero(constant)),
        scaling=_scaling_sentence(stored, scaling, looked_at[0], low, high, int(constant.sum())),
        notes=tuple(notes),
        warnings=tuple(_warnings(stored, parts, constant, low, high)),
    )


def _some(split: Split, size: int) -> Split:
    """All samples of a part, or as many at even distances as have ``size`` bytes together."""
    each = split.stored.itemsize * split.stored.shape[1]
    most = max(1, size // max(1, each))
    if len(split) <= most:
        return split
    length = max(1, most // _BLOCKS)
    starts = np.linspace(0, len(split) - length, min(most, _BLOCKS)).astype(np.int64)
    return selected(split, np.unique(starts[:, None] + np.arange(length)))


def _counts(stored: Stored) -> tuple[int, int]:
    if stored.test is not None:
        return len(stored.train), len(stored.test)
    test = round(TEST_SHARE * len(stored.train))
    return len(stored.train) - test, test


def _ends(parts: list[Split]) -> tuple[float, float, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    """Lowest and highest number, and which features are constant."""
    ends = [extremes(part) for part in parts]
    least, most = np.min([e[0] for e in ends], axis=0), np.max([e[1] for e in ends], axis=0)
    return float(least.min()), float(most.max()), least == most


def _shape(stored: Stored) -> str:
    match stored.shape:
        case (height, width):
            return f"{height}×{width} pixels, grey: {height * width:,} features"
        case (colours, height, width):
            return f"{height}×{width} pixels, {colours} colours: {colours * height * width:,} features"
        case (points,) if stored.layout == "signal":
            return f"signals of {points:,} points"
        case (size,) if stored.layout == "points":
            return f"points in {size} dimensions"
    return f"rows of {counted(math.prod(stored.shape), 'column')}"


def _classes(stored: Stored, parts: list[Split]) -> tuple[tuple[str, int], ...]:
    labels = [part.labels for part in parts if part.labels is not None]
    if not labels or not stored.classes:
        return ()
    counts = np.bincount(np.concatenate(labels), minlength=len(stored.classes))
    return tuple((name, int(count)) for name, count in zip(stored.classes, counts, strict=True))


def _feature(stored: Stored, index: int) -> str:
    """What a feature is called: its column, or its place counted from 1."""
    if stored.features_named:
        return stored.features_named[index]
    if stored.layout != "picture":
        return f"{'point' if stored.layout == 'signal' else 'column'} {index + 1}"
    place = np.unravel_index(index, stored.shape)
    row, column = int(place[-2]) + 1, int(place[-1]) + 1
    return f"row {row}, column {column}"


def _scaling_sentence(
    stored: Stored, scaling: Scaling, train: Split, low: float, high: float, constant: int
) -> str:
    """What ``load`` would do, in words."""
    ends = (low, high) if stored.low is None or stored.high is None else (stored.low, stored.high)
    ends = widened(*ends)
    pooled = stored.layout in ("picture", "signal", "points")
    kind = chosen(scaling, stored.layout)
    affine = fit_scaling(kind, train, *ends, pooled=pooled)
    if pooled or kind in ("unit", "none"):
        return _pooled_sentence(kind, affine, ends, stored)
    columns = counted(math.prod(stored.shape), "column")
    what = {
        "minmax": f"each of {columns} is brought from its own range in the training part to 0..1",
        "standard": f"each of {columns} is shifted to mean 0 and divided by its deviation"
        " in the training part",
    }[kind]
    return f"{kind}: {what}" + (f"; {counted(constant, 'constant column')} stay constant" if constant else "")


def _pooled_sentence(kind: Scaling, affine: Affine, ends: tuple[float, float], stored: Stored) -> str:
    shift, factor = float(affine.shift.reshape(-1)[0]), float(affine.factor.reshape(-1)[0])
    over = "all features of all training samples together"
    match kind:
        case "unit" if shift == 0:
            return (
                "unit: already within 0..1" if factor == 1 else f"unit: divided by {1 / factor:.6g} to 0..1"
            )
        case "unit":
            declared = "declared range" if stored.low is not None else "range of the data"
            return f"unit: the {declared} {ends[0]:.6g}..{ends[1]:.6g} is brought to 0..1"
        case "minmax":
            return f"minmax: {shift:.5g}..{shift + 1 / factor:.5g}, the range of {over}, is brought to 0..1"
        case "standard":
            numbers = f"the mean {shift:.6g} and divided by the deviation {1 / factor:.6g}"
            return f"standard: shifted by {numbers} of {over}"
    return f"none: left as they are, {ends[0]:.6g}..{ends[1]:.6g}"


def _warnings(
    stored: Stored,
    parts: list[Split],
    constant: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    low: float,
    high: float,
) -> Iterator[str]:
    if constant.all():
        yield "Every sample is the same: there is nothing to learn."
    elif constant.any() and stored.layout == "table":
        columns = counted(int(constant.sum()), "column")
        yield f"{columns} of {constant.size:,} with one and the same number in all rows say nothing."
    classes = _classes(stored, parts)
    if len(classes) == 1:
        yield f'All samples have the same label, "{classes[0][0]}".'
    few = [name for name, count in classes if count < _FEW]
    if few and len(classes) > 1:
        yield f"{counted(len(few), 'class', 'classes')} with fewer than {_FEW} samples: {listed(few)}."
    count = sum(len(part) for part in parts)
    if count < math.prod(stored.shape) and stored.layout == "table":
        features = math.prod(stored.shape)
        yield f"{counted(count, 'sample')} are fewer than the {features:,} features: overfitting is likely."


def _classes_line(classes: tuple[tuple[str, int], ...]) -> str:
    if not classes:
        return "none"
    shown = ", ".join(f"{name} ({count:,})" for name, count in classes[:_MOST_LISTED])
    more = "" if len(classes) <= _MOST_LISTED else f" and {len(classes) - _MOST_LISTED:,} more"
    return f"{len(classes):,}: {shown}{more}"


def _constant_line(constant: tuple[str, ...], layout: Layout) -> str:
    if layout == "table":
        return f"{counted(len(constant), 'column')}: {listed(constant)}"
    return f"{len(constant):,} {'pixels' if layout == 'picture' else 'features'} are the same in every sample"


def _missing_line(missing: int, where: tuple[tuple[str, int], ...]) -> str:
    if not missing:
        return "none"
    shown = ", ".join(
        f"{name} ({count:,})" for name, count in sorted(where, key=lambda w: -w[1])[:_MOST_LISTED]
    )
    more = "" if len(where) <= _MOST_LISTED else f" and {len(where) - _MOST_LISTED:,} more columns"
    return f"{missing:,}: {shown}{more}"
