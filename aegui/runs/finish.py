"""What is written when a run ends: the same from the command line and from the window."""

from __future__ import annotations

import dataclasses

from aegui.analysis.metrics import Metrics, run_metrics
from aegui.analysis.pca import Pca, baselines
from aegui.runs.figures import example_wishes, figures
from aegui.runs.folder import RunFolder
from aegui.training.observer import Observer
from aegui.training.trainer import Trainer


def finish_run(
    trainer: Trainer, folder: RunFolder, pca: Pca | None = None, *, brief: bool = False
) -> Metrics:
    """Measures a run and writes all of it; ``brief`` leaves out probe and figures, which take seconds.

    Raises OperationFailed if the folder cannot be written.
    """
    metrics = run_metrics(trainer, pca, probe=not brief)
    folder.write_results(trainer, metrics)
    if not brief:
        for name, png in run_figures(trainer, metrics).items():
            folder.write_figure(name, png)
    return metrics


def run_figures(trainer: Trainer, metrics: Metrics) -> dict[str, bytes]:
    """File name -> PNG of the run as it is now."""
    observer = Observer(trainer)
    noisy = None if trainer.noisy_test is None else trainer.noisy_test.cpu().numpy()
    found = baselines(trainer.dataset, trainer.experiment.code.size, noisy)
    observer.baselines = dataclasses.replace(found, pca_mse=metrics["baselines"]["pca_mse"])
    return figures(observer.snapshot(example_wishes(trainer.dataset), fresh=True), trainer.dataset)
