"""The colours of points: by their class, a known factor, a feature, or their reconstruction error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Dataset, Split
from aegui.data.mapped import check_whole
from aegui.qt.theme import Theme, category_colours
from aegui.qt.widgets.colour_bar import Scale
from aegui.qt.widgets.space import AXES

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

CLASS = ""  # the key of colours by class; no column has that name
ERROR = "\n"  # the key of colours by MSE_i, nor this one
_FEATURE = "\n#"  # before the place of a feature
_FAINT = 100  # places at the start of the sequential map that are too near to the background for points


@dataclass(frozen=True, eq=False)
class Tones:
    """A colour for each of n points."""

    of: Ints  # (n,) places in the table
    table: Bytes  # (m, 3)
    scale: Scale | None = None  # of a factor: what the ends of the table stand for


def keys_of(split: Split) -> tuple[str, ...]:
    """What points of a split can be coloured by, the usual first: ``CLASS`` or a column's name."""
    return (*([CLASS] if split.labels is not None or not split.columns else []), *split.columns)


def feature_keys(dataset: Dataset) -> dict[str, str]:
    """The features of a table or of points of space by name, with the keys of their colours."""
    if dataset.layout not in ("table", "points"):
        return {}
    names = dataset.features_named or (AXES if dataset.layout == "points" else ())
    return {f"{_FEATURE}{place}": name for place, name in enumerate(names)}


def tones(split: Split, key: str, theme: Theme) -> Tones:
    """The colour of every sample of a split by a key of :func:`keys_of`; unlabelled ones are all alike."""
    if key == CLASS:
        labels = np.zeros(len(split), np.int64) if split.labels is None else split.labels
        return Tones(labels, category_colours(int(labels.max(initial=0)) + 1, theme.dark))
    return _on_scale(split.columns[key], key, theme)


def feature_tones(dataset: Dataset, key: str, theme: Theme) -> Tones:
    """The colour of every test sample by a feature, in its own units; ``key`` is of :func:`feature_keys`."""
    place, split = int(key.removeprefix(_FEATURE)), dataset.test
    check_whole(split.stored)
    stored = split.stored[:, place] if split.rows is None else split.stored[split.rows, place]
    return _on_scale(stored.astype(np.float32), feature_keys(dataset)[key], theme)


def error_tones(errors: Floats | None, count: int, theme: Theme) -> Tones:
    """The colour of every sample by its MSE_i (n,) on a logarithmic scale; all alike while none are known."""
    if errors is None:
        return Tones(np.zeros(count, np.int64), category_colours(1, theme.dark))
    positive = errors[np.isfinite(errors) & (errors > 0)]
    least = float(positive.min()) if len(positive) else 1.0
    with np.errstate(invalid="ignore"):
        logs = np.log10(np.maximum(errors, np.float32(least)))
    found = _on_scale(logs, "", theme)
    assert found.scale is not None
    low, high = (10**end for end in (found.scale.low, found.scale.high))
    return Tones(found.of, found.table, Scale("MSEᵢ (log)", low, high, found.table))


def _on_scale(values: Floats, name: str, theme: Theme) -> Tones:
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    table = theme.sequential[_FAINT:]
    share = (np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) / ((high - low) or 1.0)
    places = np.rint(share * (len(table) - 1)).astype(np.int64)
    return Tones(places, table, Scale(name, low, high, table))
