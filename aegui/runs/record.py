"""A run as it is at one moment, copied so that it can be measured and written while training goes on."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass

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
from aegui.runs.names import CHECKPOINT, EXPERIMENT, FRAMES, HISTORY, METRICS, WEIGHTS
from aegui.spec import dumps
from aegui.training.checkpoint import checkpoint_bytes
from aegui.training.frames import Frames
from aegui.training.history import history_csv
from aegui.training.observer import Observer
from aegui.training.snapshot import Baselines, Snapshot
from aegui.training.tensor_file import pack_tensors
from aegui.training.trainer import Trainer

_DPI = 120  # of the figures that every run has; ``aegui export`` makes larger ones


@dataclass(frozen=True, eq=False)
class Record:
    """Everything that is written of a run."""

    subject: Subject
    checkpoint: bytes
    snapshot: Snapshot
    facts: Metrics
    frames: bytes | None = None

    def write(self, folder: RunFolder, pca: Pca | None = None) -> Metrics:
        """Writes and measures all of the run; returns its metrics. Raises OperationFailed."""
        self.keep(folder)
        return self.describe(folder, pca)

    def describe(self, folder: RunFolder, pca: Pca | None = None) -> Metrics:
        """Writes metrics and figures of a run that was kept, which takes seconds. Raises OperationFailed."""
        pca = pca or fit_pca(self.subject.dataset)
        known = subject_baselines(self.subject, pca)
        metrics = self._measure(folder, pca, known, probe=True)
        snapshot = dataclasses.replace(self.snapshot, baselines=known)
        files = figure_files(snapshot, self.subject.dataset, metrics, dpi=_DPI)
        for name, contents in files.items():
            folder.write(f"figures/{name}", contents)
        return metrics

    def keep(self, folder: RunFolder) -> None:
        """Writes what cannot be computed again, which takes a moment. Raises OperationFailed."""
        if self.frames is not None:
            folder.write(FRAMES, self.frames)
        folder.write(CHECKPOINT, self.checkpoint)
        folder.write(HISTORY, history_csv(self.snapshot.curves).encode())
        folder.write(EXPERIMENT, dumps(self.subject.experiment).encode())
        folder.write(WEIGHTS, pack_tensors(self.subject.model.state_dict()))

    def measure(self, folder: RunFolder, pca: Pca | None = None, *, probe: bool = True) -> Metrics:
        """Computes and writes the metrics; ``probe`` takes most of the time. Raises OperationFailed."""
        return self._measure(folder, pca, None, probe)

    def _measure(self, folder: RunFolder, pca: Pca | None, known: Baselines | None, probe: bool) -> Metrics:
        metrics = model_metrics(self.subject, pca, known=known, probe=probe) | self.facts
        folder.write(METRICS, (json.dumps(metrics, indent=2) + "\n").encode())
        return metrics


def record(trainer: Trainer, frames: Frames | None = None) -> Record:
    """Copies what there is to know about a run; takes about as long as one look at the test set."""
    snapshot = Observer(trainer).snapshot(example_wishes(trainer.dataset), fresh=True)
    packed = frames.pack() if frames is not None and len(frames) > 1 else None
    return Record(subject_of(trainer), checkpoint_bytes(trainer), snapshot, run_facts(trainer), packed)
