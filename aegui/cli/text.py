"""Numbers, shapes and problems as words for a terminal or another program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from aegui.errors import InvalidExperiment, InvalidInput, Problem
from aegui.plan import Layout


def metrics_lines(metrics: dict[str, Any]) -> Iterator[str]:
    """The metrics of a run, most important first."""
    test, baselines, code = metrics["test"], metrics["baselines"], metrics["code"]
    yield f"{metrics['type']}, {metrics['parameters']:,} parameters"
    if reason := metrics.get("end_reason"):
        yield f"  stopped after epoch {metrics['epochs']:,}: {reason}"
    yield f"  test MSE     {test['mse']:.6f}   per sample, summed over features {test['sse']:.3f}"
    yield f"  train MSE    {metrics['train']['mse']:.6f}"
    if baselines["pca_mse"] is not None:
        yield f"  PCA          {baselines['pca_mse']:.6f}   at the same code size"
    yield f"  mean sample  {baselines['mean_mse']:.6f}"
    if baselines["noisy_mse"] is not None:
        yield f"  noisy input  {baselines['noisy_mse']:.6f}"
    if test["bce"] is not None:
        yield f"  test BCE     {test['bce']:.6f}"
    active, dead = code["active_fraction"], code["dead_units"]
    yield f"  code         mean |h| {code['mean_abs']:.4f}, {100 * active:.1f} % active, {dead} dead units"
    if "probe" in metrics:
        probe = metrics["probe"]
        yield (
            f"  linear probe {100 * probe['codes']:.1f} % on the code, {100 * probe['pca']:.1f} % on PCA,"
            f" {100 * probe['raw']:.1f} % on the raw input"
        )
    if "anomaly" in metrics:
        found = metrics["anomaly"]
        yield (
            f"  anomalies    AUROC {found['auroc']:.4f}; above {found['threshold']:.5f}:"
            f" precision {found['precision']:.4f}, recall {found['recall']:.4f}"
        )


def shape_words(shape: tuple[int, ...], layout: Layout) -> str:
    """The shape of one sample: ``28×28 pixels``, ``140 points``, ``30 columns``."""
    words = {"picture": "pixels", "signal": "points", "points": "coordinates", "table": "columns"}
    return f"{'×'.join(map(str, shape))} {words[layout]}"


def plain_problems(found: InvalidInput | Sequence[Problem]) -> list[dict[str, str]]:
    """Problems, or what was raised for them, as JSON has them."""
    if isinstance(found, InvalidExperiment):
        found = found.problems
    elif isinstance(found, InvalidInput):
        found = (Problem("", str(found)),)
    return [{"path": problem.path, "message": problem.message} for problem in found]
