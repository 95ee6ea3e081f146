"""Which data an experiment sees, and how it is scaled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from aegui.spec.source import Source
from aegui.spec.value import Value, param

MOST_LABELS = 1000  # as many classes as a data set may have

Scaling = Literal["auto", "unit", "minmax", "standard", "none"]
Labels = Annotated[
    tuple[Annotated[int, Field(strict=True)] | str, ...], Field(strict=False, max_length=MOST_LABELS)
]


def labels_of(names: Sequence[str]) -> tuple[int | str, ...]:
    """Class names as they stand in an experiment file: numbers without quotes."""
    return tuple(int(n) if n.isascii() and n.isdigit() and str(int(n)) == n else n for n in names)


class Data(Value):
    """The data set, the part of it that is used, and the scaling of its features."""

    source: str | Source = param(
        "mnist", "name of a built-in data set, or a file of one's own", label="Data set"
    )
    train: int | None = param(
        None,
        "largest number of training samples, drawn by seed and stratified; empty for all",
        label="Training samples",
        symbol="N",
        ge=1,
    )
    test: int | None = param(
        None,
        "largest number of test samples, drawn by seed and stratified; empty for all",
        label="Test samples",
        ge=1,
    )
    classes: Labels = param((), "keep only samples with these labels; empty for all", label="Classes")
    normal: Labels = param(
        (),
        "train on these labels only; in the test set all others count as anomalies",
        label="Normal classes",
    )
    contamination: float = param(
        0.0,
        "share of the training part that are anomalies which nobody has sorted out, drawn by seed and"
        " stratified, in the place of as many normal samples; only with normal classes",
        label="Contamination",
        ge=0,
        le=0.5,
    )
    scaling: Scaling = param(
        "auto",
        "how features are scaled: unit divides by the declared range, minmax brings the training set"
        " to 0..1, standard gives it mean 0 and deviation 1 (both by feature in tables, over all"
        " features together elsewhere), auto takes unit for pictures, standard for tables and minmax"
        " for signals and points",
        label="Scaling",
    )


def normal_changes(data: Data, labels: Labels) -> dict[str, Any]:
    """The changes that make these the normal classes; without any there is nothing to contaminate."""
    return {"data.normal": labels, "data.contamination": data.contamination if labels else 0.0}
