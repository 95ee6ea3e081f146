"""What a loss plot shows of a snapshot, as numbers: lines, limits, baselines and nearest values."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.qt.views.canvas import nice_step
from aegui.qt.views.text import figures, short
from aegui.spec import Constant, label_of
from aegui.spec.rates import factor
from aegui.training.snapshot import Curves, Floats, Mark, Snapshot

TOTAL = "total"
RECONSTRUCTIONS = ("mse", "bce", "mae", "huber")
UNITS = {"mse": "scaled units²", "bce": "nats", "mae": "scaled units", "huber": "scaled units²"}
TERM_NAMES = {
    TOTAL: "total",
    "mse": "MSE",
    "bce": "BCE",
    "mae": "MAE",
    "huber": "Huber",
    "code_l1": "code L1",
    "code_l2": "code L2",
    "code_kl": "code KL",
    "weights_l1": "weights L1",
    "weights_l2": "weights L2",
    "jacobian": "contractive",
    "variational_kl": "KL",
}
TERM_TIPS = {  # short names leave room for the plot; these say what they are short for
    TOTAL: "the objective, the sum of the terms",
    "mse": "mean squared error of the reconstruction",
    "bce": "binary cross-entropy of the reconstruction",
    "mae": "mean absolute error of the reconstruction",
    "huber": "Huber loss of the reconstruction",
    "code_l1": "L1 penalty on the code",
    "code_l2": "L2 penalty on the code",
    "code_kl": "KL penalty on the mean activation of each code unit",
    "weights_l1": "L1 penalty on the weights",
    "weights_l2": "L2 penalty on the weights",
    "jacobian": "contractive penalty, on the Jacobian of the encoder",
    "variational_kl": "divergence of the code's distribution from N(0, 1)",
}
_RATE_PATHS = ("training.rate", "training.epochs")
_GROW = 1.25  # the epoch axis grows by this factor, so that its ticks stay put in between


@dataclass(frozen=True)
class Guide:
    """A horizontal line to compare with."""

    text: str
    value: float


@dataclass(frozen=True)
class Nearest:
    """The recorded values of one term that are nearest to a place on the epoch axis."""

    batch: tuple[int, float] | None  # (step, value)
    train: tuple[int, float] | None
    test: tuple[int, float] | None


def term_name(term: str) -> str:
    """A term as the legend names it."""
    return TERM_NAMES.get(term, term.replace("_", " "))


def axis_titles(curves: Curves) -> tuple[str, ...]:
    """What the value axis shows, and in which unit, the longest first: ``MSE (scaled units²)``, ``MSE``."""
    main = curves.terms[0] if curves.terms else ""
    name = term_name(main) if len(curves.terms) == 1 else "loss"
    return (f"{name} ({UNITS[main]})", name, "") if main in UNITS else (name, "")


def rate_at(snapshot: Snapshot, step: int) -> float | None:
    """The learning rate of the next update after ``step``; None where it never changes or is not known.

    It is known from the last live change of the rate or of the run's length on.
    """
    training = snapshot.experiment.training
    known_from = max((m.step for m in snapshot.curves.marks if m.path in _RATE_PATHS), default=0)
    if isinstance(training.schedule, Constant) or step < known_from:
        return None
    step = min(step, max(0, snapshot.total_steps - 1))
    return training.rate * factor(training.schedule, step, snapshot.steps_per_epoch, snapshot.epochs)


def lines(curves: Curves) -> tuple[str, ...]:
    """What can be shown: the total and each term, or the only term there is."""
    return curves.terms if len(curves.terms) == 1 else (TOTAL, *curves.terms)


def values(rows: Floats, curves: Curves, line: str) -> NDArray[np.floating]:
    """One line of an array of terms (n, T), as (n,). The total is summed in double precision."""
    if line != TOTAL:
        return rows[:, curves.terms.index(line)]
    total = rows[:, 0].astype(np.float64)
    for column in range(1, rows.shape[1]):
        total += rows[:, column]
    return total


def peaks(
    series: NDArray[np.floating], first: int, last: int, bins: int
) -> tuple[NDArray[np.float64], NDArray[np.floating]]:
    """Rows first to last − 1 of a series as (row, value), at most about 2·bins of them.

    Each bin keeps its least and largest value, so that no peak is lost.
    """
    part = series[first:last]
    size = -(-len(part) // max(1, bins))
    if size <= 2:
        return np.arange(first, first + len(part), dtype=np.float64), part
    whole = len(part) // size
    blocks = np.ascontiguousarray(part[: whole * size]).reshape(whole, size)
    ends = np.stack([np.fmin.reduce(blocks, axis=1), np.fmax.reduce(blocks, axis=1)], axis=1).ravel()
    rows = first + (np.arange(2 * whole) + 0.5) * size / 2
    rest = part[whole * size :]
    if len(rest):
        ends = np.append(ends, [np.fmin.reduce(rest), np.fmax.reduce(rest)])
        rows = np.append(rows, first + whole * size + np.array([0.0, len(rest) - 1]))
    return rows, ends


def settled(rows: Floats) -> Floats:
    """The rows after the first fall, which a linear scale leaves out so that the rest can be seen."""
    return rows[-(-len(rows) // 33) :] if len(rows) > 1 else rows


def epochs_of(snapshot: Snapshot, steps: NDArray[np.generic]) -> NDArray[np.float64]:
    """Steps as places on the epoch axis."""
    return steps.astype(np.float64) / max(1, snapshot.steps_per_epoch)


def epoch_limit(snapshot: Snapshot) -> float:
    """Right end of the epoch axis: the next of a growing ladder, or the run's end where that is nearer."""
    done = max(snapshot.step, len(snapshot.curves.batch)) / max(1, snapshot.steps_per_epoch)
    rung = 0.25
    while rung < done:
        rung *= _GROW
    planned = float(snapshot.epochs)
    return max(planned, done) if planned <= rung else rung


def value_limits(shown: Iterable[NDArray[np.generic]], log: bool) -> tuple[float, float]:
    """Ends of the value axis (decimal logarithms if ``log``), on round numbers so that it seldom moves."""
    lists = [np.asarray(v, np.float64) for v in shown]
    found = np.concatenate(lists) if lists else np.zeros(0)
    found = found[np.isfinite(found) & ((found > 0) | (not log))]
    if not len(found):
        return (-2.0, 0.0) if log else (0.0, 1.0)
    low, high = float(found.min()), float(found.max())
    if log:
        low, high = math.log10(low), math.log10(high)
    span = (high - low) or abs(high) or 1.0
    step = nice_step(span / 6)
    bottom = math.floor((low - 0.03 * span) / step) * step
    if not log and low >= 0:
        bottom = max(0.0, bottom)
    return bottom, math.ceil((high + 0.03 * span) / step) * step


def guides(snapshot: Snapshot) -> list[Guide]:
    """The baselines that the reconstruction term has to beat."""
    known, terms = snapshot.baselines, snapshot.curves.terms
    main = terms[0] if terms else ""
    size = snapshot.experiment.code.size
    wanted: dict[str, list[tuple[str, float | None]]] = {
        "mse": [
            (f"PCA, d = {size}", known.pca_mse),
            ("mean sample", known.mean_mse),
            ("noisy input", known.noisy_mse),
        ],
        "bce": [("mean sample", known.mean_bce)],
    }
    what = f"{term_name(main)} of " if len(terms) > 1 else ""
    found = [(f"{what}{text}", value) for text, value in wanted.get(main, [])]
    if main == "bce":
        found.append((f"least possible {'BCE ' if what else ''}(entropy)", known.floor_bce))
    return [
        Guide(f"{text}{':' if text.endswith(f'd = {size}') else ''} {figures(value, 3)}", value)
        for text, value in found
        if value is not None
    ]


def nearest(snapshot: Snapshot, line: str, epoch: float) -> Nearest:
    """The recorded values of a line nearest to a place on the epoch axis."""
    curves, step = snapshot.curves, epoch * max(1, snapshot.steps_per_epoch)
    batch = None
    if len(curves.batch):
        row = min(max(round(step) - 1, 0), len(curves.batch) - 1)
        batch = (row + 1, float(values(curves.batch[row : row + 1], curves, line)[0]))
    return Nearest(
        batch,
        _at(curves.train_steps, curves.train, curves, line, step),
        _at(curves.test_steps, curves.test, curves, line, step),
    )


def _at(
    steps: NDArray[np.int64], rows: Floats, curves: Curves, line: str, step: float
) -> tuple[int, float] | None:
    if not len(steps):
        return None
    place = int(np.abs(steps - step).argmin())
    return int(steps[place]), float(values(rows[place : place + 1], curves, line)[0])


def mark_text(snapshot: Snapshot, mark: Mark) -> str:
    """A live change in words: ``learning rate → 1e-4``."""
    label = label_of(snapshot.experiment, mark.path)
    if label[1:2].islower():
        label = label[0].lower() + label[1:]
    return f"{label} → {short(mark.value)}"
