"""What each number of a run means, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aegui.analysis.comparison import number

Kind = Literal["error", "share", "count", "seconds"]


@dataclass(frozen=True)
class Meaning:
    """One number of ``metrics.json``."""

    path: str
    label: str
    text: str
    kind: Kind = "error"


MEANINGS = (
    Meaning(
        "test.mse",
        "Test MSE",
        "mean of (x − x̂)² over test samples and features, against the clean target, in the scaled units",
    ),
    Meaning(
        "test.sse", "Test error per sample", "the same, summed over the features of a sample: k times the MSE"
    ),
    Meaning(
        "test.bce",
        "Test BCE",
        "binary cross-entropy over test samples and features; for grey targets its least value is not 0",
    ),
    Meaning(
        "train.mse", "Train MSE", "as the test MSE, on the training samples: far below it is overfitting"
    ),
    Meaning(
        "baselines.pca_mse",
        "PCA, test MSE",
        "error of principal components at the same code size, fitted on the training samples: the best"
        " linear autoencoder",
    ),
    Meaning(
        "baselines.mean_mse", "Mean sample, test MSE", "error of answering the mean training sample always"
    ),
    Meaning(
        "baselines.noisy_mse",
        "Noisy input, test MSE",
        "error of the corrupted input itself: what doing nothing would give",
    ),
    Meaning("code.mean_abs", "Mean |h|", "mean absolute code over test samples and units"),
    Meaning("code.active_fraction", "Active codes", "share of codes with |h| above 0.001", "share"),
    Meaning("code.dead_units", "Dead units", "code units that no test sample activates", "count"),
    Meaning(
        "probe.codes",
        "Linear probe, code",
        "test accuracy of a logistic regression on the code: how well classes can be told apart in it",
        "share",
    ),
    Meaning("probe.pca", "Linear probe, PCA", "the same on as many principal components", "share"),
    Meaning("probe.raw", "Linear probe, input", "the same on the features themselves", "share"),
    Meaning(
        "anomaly.auroc",
        "Anomalies, AUROC",
        "chance that an anomaly of the test set has a larger error than a normal sample; 0.5 is guessing",
    ),
    Meaning(
        "anomaly.threshold",
        "Anomalies, threshold",
        "error above which a sample counts as an anomaly, from the training samples alone",
    ),
    Meaning("anomaly.precision", "Anomalies, precision", "share of samples above it that are anomalies"),
    Meaning("anomaly.recall", "Anomalies, recall", "share of the anomalies that lie above it"),
    Meaning("parameters", "Parameters", "trainable numbers of the network", "count"),
    Meaning("epochs", "Epochs", "passes over the training set that were completed", "count"),
    Meaning("steps", "Steps", "updates of the weights", "count"),
    Meaning("timing.train_seconds", "Training time", "of the updates alone", "seconds"),
    Meaning("timing.samples_per_second", "Speed", "training samples per second", "count"),
)


def told(metrics: Mapping[str, Any]) -> Iterator[tuple[Meaning, str]]:
    """Every number that the metrics of a run have, with its value as text."""
    for meaning in MEANINGS:
        value = number(metrics, meaning.path)
        if value is not None:
            yield meaning, shown(value, meaning.kind)


def shown(value: float, kind: Kind) -> str:
    """A number with its unit."""
    match kind:
        case "share":
            return f"{100 * value:.1f} %"
        case "count":
            return f"{value:,.0f}"
        case "seconds":
            return f"{value:,.1f} s"
    return f"{value:.6g}"
