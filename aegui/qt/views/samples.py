"""Test samples of a snapshot as a sheet of stages, and their values as text."""

from __future__ import annotations

import math

import numpy as np

from aegui.analysis.difference import signed_difference
from aegui.data.dataset import Dataset, Floats
from aegui.qt.views.text import brief, figures, scientific
from aegui.qt.widgets.marks import bar_ends, curve_ends
from aegui.qt.widgets.pixels import Bytes
from aegui.qt.widgets.stages import Row, Sheet
from aegui.training.snapshot import Ints, Pictures

_DIFFERENCE = "reconstructed − original: red is too much, blue too little"
_COLOUR_DIFFERENCE = (
    "reconstructed − original, at each pixel of the colour channel that is farthest off:\n"
    "red is too bright, blue too dark. The mean of the channels would hide a wrong hue;\n"
    "point at a pixel for all three."
)
NO_TABLE: Bytes = np.zeros((256, 3), np.uint8)  # of a sheet without differences
_FITS = 7  # characters
_TIPS = {
    "original": "the clean test sample: what the reconstruction is to be like",
    "noisy": "the test sample with noise: what the network is given",
    "reconstructed": "what the decoder makes of the code",
}


def sheet_of(pictures: Pictures, dataset: Dataset, table: Bytes) -> Sheet:
    """Original, noisy, reconstructed and difference; bars carry the original as a dash instead of a row."""
    rows, spans = _rows(pictures, dataset), (pictures.original, pictures.noisy)
    shown = rows[1:] if is_bars(dataset) else rows
    return sheet_with(shown, dataset, spans, table, heads_of(dataset, pictures.indices))


def sheet_with(
    rows: tuple[Row, ...],
    dataset: Dataset,
    spans: tuple[Floats, Floats | None],
    table: Bytes,
    heads: tuple[str, tuple[str, ...]] = ("", ()),
) -> Sheet:
    """Rows of samples with what stands above all of their columns and above each.

    Pictures span the range of all data; plots that of the samples (n, k) in ``spans``, lest outliers
    flatten them, with some room for the noisy ones.
    """
    low, high = dataset.low, dataset.high
    if len(dataset.shape) == 1:
        low, high = (bar_ends if is_bars(dataset) else curve_ends)(*spans)
    layout = "table" if is_bars(dataset) else dataset.layout
    return Sheet(dataset.shape, low, high, *heads, rows, table, layout)


def heads_of(dataset: Dataset, indices: Ints) -> tuple[str, tuple[str, ...]]:
    """What stands above columns of test samples: their classes, or their numbers where there are none."""
    head = "class" if dataset.test.labels is not None and dataset.classes else "sample"
    return head, tuple(class_of(dataset, int(i)) or f"{i:,}" for i in indices)


def is_bars(dataset: Dataset) -> bool:
    """Whether a sample is a row of a table."""
    return len(dataset.shape) == 1 and dataset.layout != "signal"


def _rows(pictures: Pictures, dataset: Dataset) -> tuple[Row, ...]:
    plot, original = len(dataset.shape) == 1, pictures.original
    behind, noisy_error = original if plot else None, pictures.noisy_error
    rows = [Row("original", original, tip=_TIPS["original"])]
    if pictures.noisy is not None:
        beside = original if is_bars(dataset) else None
        rows.append(noted("noisy", pictures.noisy, noisy_error, behind=beside, tip=_TIPS["noisy"]))
    made, about = pictures.reconstruction, _TIPS["reconstructed"]
    rows.append(noted("reconstructed", made, pictures.error, behind=behind, tip=about))
    tip = _COLOUR_DIFFERENCE if len(dataset.shape) == 3 else _DIFFERENCE
    difference = signed_difference(made, original, dataset.shape)
    rows.append(Row("difference", difference, signed=True, tip=tip))
    return tuple(rows)


def noted(name: str, made: Floats, errors: np.ndarray | None, behind: Floats | None, tip: str) -> Row:
    """A row of samples (n, k) with their MSE_i (n,) beneath, if there are any."""
    known = [] if errors is None else errors.tolist()
    notes, brief = tuple(map(error_note, known)), tuple(map(brief_note, known))
    return Row(name, made, notes, brief=brief, behind=behind, tip=tip)


def fits(pictures: Pictures, dataset: Dataset) -> bool:
    """Whether the pictures are of this data set, and not of the one that was shown before."""
    indices = pictures.indices
    return (
        len(indices) > 0
        and pictures.original.shape[1] == dataset.features
        and int(indices.max()) < len(dataset.test)
    )


def class_of(dataset: Dataset, index: int) -> str:
    """The class of a test sample, empty where there is none."""
    if dataset.test.labels is None or not dataset.classes:
        return ""
    return dataset.classes[int(dataset.test.labels[index])]


def names_of(dataset: Dataset, index: int) -> list[str]:
    """The number of a test sample, and its class where there is one."""
    name = class_of(dataset, index)
    return [f"sample {index:,}", *([f"class {brief(name)}"] if name else [])]


def values_at(pictures: Pictures, dataset: Dataset, column: int, feature: int) -> list[str]:
    """What is known of one sample and of one feature or pixel of it; −1 for the sample alone."""
    index = int(pictures.indices[column])
    parts = names_of(dataset, index)
    parts.append(f"MSEᵢ {figures(float(pictures.error[column]))}")
    if feature < 0:
        return parts
    parts.append(_place(dataset, feature))
    stages = (
        ("original", pictures.original),
        ("noisy", pictures.noisy),
        ("reconstructed", pictures.reconstruction),
    )
    return parts + [f"{name} {_value(s[column], dataset, feature)}" for name, s in stages if s is not None]


def points_at(pictures: Pictures, dataset: Dataset, row: int) -> list[str]:
    """What is known of one point: its factors, its error, and where it is at each stage."""
    index = int(pictures.indices[row])
    parts = values_at(pictures, dataset, row, -1)
    parts[1:1] = [f"{name} {values[index]:.4g}" for name, values in dataset.test.columns.items()]
    stages = (
        ("original", pictures.original),
        ("noisy", pictures.noisy),
        ("reconstructed", pictures.reconstruction),
    )
    return parts + [f"{name} ({_numbers(s[row], ', ')})" for name, s in stages if s is not None]


def widest(dataset: Dataset | None) -> tuple[str, ...]:
    """The longest values that a readout of these samples needs room for."""
    layout, shape = (dataset.layout, dataset.shape) if dataset is not None else ("picture", (28, 28))
    many = "0.0000" if len(shape) < 3 else "0.000 0.000 0.000"
    where = "row 28, column 28"
    if layout == "points":
        many, where = "(−0.000, −0.000, −0.000)", "position 0.0000"
    elif len(shape) == 1:
        names = dataset.features_named if dataset is not None else ()
        where = max((f"{name} (200 of 200)" for name in names), key=len, default="feature 1,000")[:48]
        many = "−0.000 (raw 10,000)" if layout != "signal" else many
    return ("sample 10,000", "class 0", "MSEᵢ 0.00000", where, *(f"{s} {many}" for s in _TIPS))


def _place(dataset: Dataset, feature: int) -> str:
    """Where a feature is, counted from 1."""
    if len(dataset.shape) == 1:
        if feature < len(dataset.features_named):
            return dataset.features_named[feature]
        return f"{'index' if dataset.layout == 'signal' else 'feature'} {feature + 1:,}"
    row, column = divmod(feature, dataset.shape[-1])
    return f"row {row + 1}, column {column + 1}"


def _value(sample: Floats, dataset: Dataset, feature: int) -> str:
    """One feature, all channels of one pixel, or a value of a table in its own units too."""
    if len(dataset.shape) == 3:
        return _numbers(sample.reshape(dataset.shape[0], -1)[:, feature], " ")
    text = f"{sample[feature]:.4g}"
    if is_bars(dataset) and dataset.scaling.kind != "none":
        text += f" (raw {float(dataset.scaling.invert(sample[None])[0, feature]):.4g})"
    return text.replace("-", "−")


def _numbers(values: Floats, between: str) -> str:
    return between.join(f"{value:.3f}" for value in values.tolist()).replace("-", "−")


def brief_note(error: float) -> str:
    """An error in five characters: 0.034, 3e-4, 12.3."""
    if 5e-4 <= error < 10:
        return f"{error:.3f}"
    text = figures(error, 3)
    return text if len(text) <= 5 or not math.isfinite(error) else scientific(error, 5)


def error_note(error: float) -> str:
    """Four significant digits, or what of them fits under a picture: 0.1092, 0.02070, 0.00954, 3.91e-4."""
    text = figures(error)
    if len(text) <= _FITS or not math.isfinite(error):
        return text
    return f"{error:.5f}" if 1e-3 <= error < 1 else scientific(error, _FITS)
