"""What is known of one test sample, in lines of text."""

from __future__ import annotations

from aegui.data.dataset import Dataset
from aegui.qt.views.samples import names_of
from aegui.qt.views.text import figures
from aegui.training.snapshot import Floats, Snapshot


def describe(dataset: Dataset, sample: int, errors: Floats | None, when: str = "") -> list[str]:
    """Its class, number, known factors, and error; ``errors`` (N,) are those of all test samples.

    ``when`` stands behind the error, as :func:`evaluated` has it.
    """
    lines = names_of(dataset, sample)[::-1]
    for column, values in dataset.test.columns.items():
        lines.append(f"{column} {figures(float(values[sample]))}")
    if errors is not None:
        lines.append(f"MSEᵢ {figures(float(errors[sample]))}{when}")
    return lines


def evaluated(snapshot: Snapshot | None, always: bool = False) -> str:
    """The step that the errors of a snapshot are of, where it is not the one that is shown, or always."""
    if snapshot is None or (snapshot.errors_step is None and not always):
        return ""
    step = snapshot.shown_step if snapshot.errors_step is None else snapshot.errors_step
    return f" at step {step:,}"
