"""How much a straight cut through some features tells about the labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from aegui.analysis.threads import one_thread

Features = NDArray[np.floating]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]
Report = Callable[[float], None]  # takes the share that is done; may raise to give the work up

LARGEST_TRAIN = 10_000  # samples that are worth fitting; raw MNIST then takes one second on one core
LARGEST_TEST = 50_000  # samples that are worth counting
_STEPS = 200  # of the optimiser; raw MNIST converges in about 40
_TOLERANCE = 1e-4  # of the gradient, as scikit-learn has it
_ROWS = 2_000  # samples that are passed through at once


def silent(_share: float) -> None:
    """Tells nobody how far it is."""


def linear_probe(
    train_x: Features, train_y: Ints, test_x: Features, test_y: Ints, report: Report = silent
) -> float | None:
    """Accuracy on the test samples of multinomial logistic regression on standardised features.

    ``train_x`` (n, d), ``train_y`` (n,), the same for the test part; with an L2 penalty of
    C = 1, as scikit-learn has it. None where there is no test sample, fewer than two classes to
    tell apart, or a feature that is not finite.
    """
    if len(test_y) == 0 or train_x.shape[1] == 0 or len(np.unique(train_y)) < 2:
        return None
    if not (np.isfinite(train_x).all() and np.isfinite(test_x).all()):
        return None
    mean, scale = _moments(train_x)
    classes, numbers = np.unique(train_y, return_inverse=True)
    weights = _fit(_standardised(train_x, mean, scale), numbers.ravel(), len(classes), report)
    found = [
        classes[_logits(_standardised(test_x[rows], mean, scale), weights).argmax(axis=1)]
        for rows in _blocks(len(test_y))
    ]
    return float((np.concatenate(found) == test_y).mean())


def _moments(x: Features) -> tuple[Doubles, Doubles]:
    """Mean (d,) and standard deviation (d,) of features; 1 for one that does not change."""
    mean, variance = x.mean(axis=0, dtype=np.float64), np.zeros(x.shape[1])
    for rows in _blocks(len(x)):
        variance += np.square(x[rows] - mean).sum(axis=0)
    scale = np.sqrt(variance / len(x))
    constant = scale <= np.abs(mean) * 10 * np.finfo(x.dtype).eps
    return mean, np.where(constant, 1.0, scale)


def _standardised(x: Features, mean: Doubles, scale: Doubles) -> Floats:
    found = np.empty(x.shape, np.float32)
    for rows in _blocks(len(x)):
        found[rows] = (x[rows] - mean) / scale
    return found


def _fit(x: Floats, y: Ints, classes: int, report: Report) -> Doubles:
    """Weights (classes, d + 1), the last column the biases, by L-BFGS from zero.

    Least mean cross-entropy + ‖W‖²/(2n) without the biases. Of two classes the weights of one
    are those of the other with another sign, and count once.
    """
    from scipy.optimize import minimize  # takes a moment to import

    n, d = x.shape
    penalty = (2 if classes == 2 else 1) / n
    target = np.zeros((n, classes), np.float32)
    target[np.arange(n), y] = 1

    def objective(flat: Doubles) -> tuple[float, Doubles]:
        weights = flat.reshape(classes, d + 1)
        loss, slope = 0.5 * penalty * float(np.square(weights[:, :-1]).sum()), np.zeros_like(weights)
        slope[:, :-1] = penalty * weights[:, :-1]
        for rows in _blocks(n):
            report(done)
            logits = _logits(x[rows], weights)
            logits -= logits.max(axis=1, keepdims=True)
            normal = np.log(np.exp(logits).sum(axis=1, keepdims=True))
            loss += float((normal[:, 0] - (logits * target[rows]).sum(axis=1)).sum()) / n
            error = (np.exp(logits - normal) - target[rows]).astype(np.float32)
            slope[:, :-1] += (error.T @ x[rows]) / n
            slope[:, -1] += error.sum(axis=0, dtype=np.float64) / n
        return loss, slope.ravel()

    done = 0.0

    def count(_flat: Doubles) -> None:
        nonlocal done
        done += 1 / _STEPS

    options = {"maxiter": _STEPS, "maxls": 50, "gtol": _TOLERANCE, "ftol": 64 * np.finfo(float).eps}
    start = np.zeros(classes * (d + 1))
    with one_thread():
        found = minimize(objective, start, method="L-BFGS-B", jac=True, options=options, callback=count)
    weights: Doubles = found.x.reshape(classes, d + 1)
    return weights


def _logits(x: Floats, weights: Doubles) -> Doubles:
    return (x @ weights[:, :-1].T.astype(np.float32)).astype(np.float64) + weights[:, -1]


def _blocks(count: int) -> list[slice]:
    return [slice(start, start + _ROWS) for start in range(0, count, _ROWS)]
