"""What is known of one test sample, in lines of text."""

from __future__ import annotations

from aegui.data.dataset import Dataset
from aegui.qt.views.samples import class_of
from aegui.qt.views.text import figures
from aegui.training.snapshot import Floats


def describe(dataset: Dataset, sample: int, errors: Floats | None) -> list[str]:
    """Its class, number, known factors, and error; ``errors`` (N,) are those of all test samples."""
    name = class_of(dataset, sample)
    lines = [f"class {name}"] if name else []
    lines.append(f"sample {sample:,}")
    for column, values in dataset.test.columns.items():
        lines.append(f"{column} {figures(float(values[sample]))}")
    if errors is not None:
        lines.append(f"MSE {figures(float(errors[sample]))}")
    return lines
