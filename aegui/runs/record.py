"""A run as it is at one moment, copied so that it can be measured and written while training goes on."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from aegui.analysis.json_text import json_text
from aegui.analysis.metrics import (
    Metrics,
    Subject,
    model_metrics,
    run_facts,
    subject_baselines,
    subject_of,
)
from aegui.analysis.pca import Pca, fit_pca
from aegui.runs.figures import example_wishes, figure_files
from aegui.runs.folder import RunFolder
from aegui.runs.names import METRICS
from aegui.runs.state import State, state_of
from aegui.training.frames import Frames
from aegui.training.observer import Observer
from aegui.training.snapshot import Snapshot
from aegui.training.trainer import Trainer

_DPI = 120  # of the figures that every run has; ``aegui export`` makes larger ones


@dataclass(frozen=True, eq=False)
class Record:
    """Everything that is written of a run."""

    subject: Subject
    state: State
    snapshot: Snapshot
    facts: Metrics

    def write(self, folder: RunFolder, pca: Pca | None = None) -> Metrics:
        """Writes and measures all of the run; returns its metrics. Raises OperationFailed."""
        return self.describe(folder, pca, self.keep(folder))

    def describe(self, folder: RunFolder, pca: Pca | None = None, of: int | None = None) -> Metrics:
        """Writes metrics and figures ``of`` a state that was kept, which takes seconds.

        Raises OperationFailed.
        """
        pca = pca or fit_pca(self.subject.dataset)
        known = subject_baselines(self.subject, pca)
        metrics = model_metrics(self.subject, pca, known=known) | self.facts
        snapshot = dataclasses.replace(self.snapshot, baselines=known)
        figures = figure_files(snapshot, self.subject.dataset, metrics, dpi=_DPI)
        files = {f"figures/{name}": contents for name, contents in figures.items()}
        folder.write({METRICS: _as_json(metrics)} | files, of)
        return metrics

    def keep(self, folder: RunFolder) -> int:
        """Writes what cannot be computed again, which takes a moment; its number. Raises OperationFailed."""
        return folder.keep(self.state)

    def measure(
        self, folder: RunFolder, pca: Pca | None = None, of: int | None = None, *, probe: bool = True
    ) -> Metrics:
        """Computes and writes the metrics; ``probe`` takes most of the time. Raises OperationFailed."""
        metrics = model_metrics(self.subject, pca, probe=probe) | self.facts
        folder.write({METRICS: _as_json(metrics)}, of)
        return metrics


def _as_json(metrics: Metrics) -> bytes:
    return (json_text(metrics, indent=2) + "\n").encode()


def record(trainer: Trainer, frames: Frames | None = None) -> Record:
    """Copies what there is to know about a run; takes about as long as one look at the test set."""
    snapshot = Observer(trainer).snapshot(example_wishes(trainer.dataset), fresh=True)
    return Record(subject_of(trainer), state_of(trainer, frames), snapshot, run_facts(trainer))
