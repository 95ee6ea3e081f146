"""A run on disk as it stood when it was written: its last moment, its data and its metrics."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from aegui.analysis.metrics import Metrics, model_metrics, run_facts, subject_baselines, subject_of
from aegui.analysis.pca import fit_pca
from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.runs.figures import example_wishes
from aegui.runs.folder import RunFolder
from aegui.runs.names import METRICS
from aegui.runs.reading import has, read_metrics
from aegui.training.observer import Observer
from aegui.training.snapshot import Snapshot
from aegui.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class MeasuredRun:
    """What figures and reports are made of."""

    snapshot: Snapshot  # with the codes of the test set, example pictures and baselines
    dataset: Dataset
    metrics: Metrics


def measured_run(path: Path) -> MeasuredRun:
    """Puts a run where it stopped; one that was never measured is measured now. Raises InvalidInput."""
    folder = RunFolder.open(path)
    experiment = folder.experiment()
    written = read_metrics(path) if has(path, METRICS) else None
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    folder.restore(trainer)
    subject, pca = subject_of(trainer), fit_pca(trainer.dataset)
    known = subject_baselines(subject, pca)
    snapshot = Observer(trainer).snapshot(example_wishes(trainer.dataset), fresh=True)
    metrics = written or model_metrics(subject, pca, known=known) | run_facts(trainer)
    return MeasuredRun(dataclasses.replace(snapshot, baselines=known), trainer.dataset, metrics)
