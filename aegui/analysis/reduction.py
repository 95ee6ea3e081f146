"""Error over code size: what PCA reaches, and what autoencoders do. numpy only."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.errors import InvalidInput
from aegui.plan import Facts, resolve
from aegui.spec import Experiment, changed_paths, replace

Doubles = NDArray[np.float64]

MOST_SIZES = 64  # of one sweep
_RANGE = re.compile(r"(\d{1,18})(?:[-–](\d{1,18}))?")
_NOT_OF_THE_NETWORK = ("title", "code.size", "training.epochs", "training.device")  # a sweep names its epochs
_NOT_AFFINE = ("pool", "layer-norm")  # layers that are not affine though they have no activation


@dataclass(frozen=True)
class Swept:
    """One size of a sweep, trained to its end."""

    size: int
    mse: float | None  # of the test set; None where the run diverged
    pca_mse: float | None  # of PCA at this size, on the test set; None where not known
    parameters: int
    epochs: int  # done
    steps: int
    seconds: float  # of training alone
    note: str = ""  # why it was over before its last epoch


@dataclass(frozen=True)
class SweepStep:
    """Where a sweep is: after one update."""

    size: int
    place: int  # of this size in the sweep, from 0
    sizes: int  # in all
    step: int
    total: int  # steps of this size
    epoch: int  # completed

    @property
    def share(self) -> float:
        """How much of the sweep is done, 0 to 1, each size counted alike."""
        return (self.place + self.step / self.total) / self.sizes


@dataclass(frozen=True)
class EarlierRun:
    """A run on disk as a point: its code size and what it reached on its test set."""

    title: str
    size: int
    mse: float
    seed: int
    type: str
    path: str


def parse_sizes(text: str) -> tuple[int, ...]:
    """Code sizes from words such as ``2, 4, 8`` or ``2-16``, ascending, each once. Raises InvalidInput."""
    found: set[int] = set()
    joined = re.sub(r"\s*([-–])\s*", r"\1", text)
    for word in re.split(r"[,;\s]+", joined.strip(" ,;\t\n")):
        if not word:
            raise InvalidInput("Code sizes: name at least one, for instance 2, 4, 8 or 2-16")
        match = _RANGE.fullmatch(word)
        if match is None:
            raise InvalidInput(f"Code sizes: {word} is neither a whole number nor a range such as 2-16")
        first, last = int(match[1]), int(match[2] or match[1])
        if first < 1:
            raise InvalidInput(f"Code sizes: must be at least 1, got {first}")
        if last < first:
            raise InvalidInput(f"Code sizes: {word} runs backwards, write {last}-{first}")
        if last - first >= MOST_SIZES:
            raise _too_many(last - first + 1)
        found |= set(range(first, last + 1))
    if len(found) > MOST_SIZES:
        raise _too_many(len(found))
    return tuple(sorted(found))


def _too_many(count: int) -> InvalidInput:
    return InvalidInput(f"Code sizes: at most {MOST_SIZES} at a time, got {count:,}; name those that matter")


def pca_at(curve: Doubles, size: int) -> float | None:
    """The error of a curve (k + 1,) at a code size; past the last feature that of all; None if not known."""
    value = float(curve[min(size, len(curve) - 1)])
    return None if math.isnan(value) else value


def size_for(curve: Doubles, mse: float) -> int | None:
    """The least number of axes with which PCA is as good as ``mse``; None if that is not known."""
    reached = np.flatnonzero(curve <= mse)  # NaN is not
    return int(reached[0]) if len(reached) else None


def is_affine(experiment: Experiment, facts: Facts) -> bool:
    """Whether the trained network is one matrix and a shift: then PCA is its optimum on clean samples."""
    layers = resolve(experiment, facts).layers
    return all(layer.activation == "linear" and layer.kind not in _NOT_AFFINE for layer in layers)


def same_but_size(a: Experiment, b: Experiment) -> bool:
    """Whether two experiments differ in the code's size at most, in how long and where they are trained."""
    return not [path for path in changed_paths(a, b) if path not in _NOT_OF_THE_NETWORK]


def with_epochs(experiment: Experiment, epochs: int) -> Experiment:
    """The experiment with another number of epochs; 0 leaves its own."""
    return replace(experiment, "training.epochs", epochs) if epochs else experiment


def sweep_csv(points: Iterable[Swept]) -> str:
    """A sweep as a table with one row per code size; what is not known is left empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(SWEEP_COLUMNS)
    for point in points:
        writer.writerow(["" if value is None else value for value in sweep_row(point).values()])
    return out.getvalue()


def sweep_row(point: Swept) -> dict[str, int | float | str | None]:
    """One size with the names of its columns."""
    values = (
        point.size,
        point.mse,
        point.pca_mse,
        point.parameters,
        point.epochs,
        point.steps,
        point.seconds,
        point.note,
    )
    return dict(zip(SWEEP_COLUMNS, values, strict=True))


SWEEP_COLUMNS = (
    "code_size",
    "autoencoder_test_mse",
    "pca_test_mse",
    "parameters",
    "epochs",
    "steps",
    "train_seconds",
    "note",
)
