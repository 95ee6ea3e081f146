"""A run as it is at one moment, copied so that it can be measured and written while training goes on."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass

from aegui.analysis.metrics import Metrics, Subject, model_metrics, run_facts, subject_of
from aegui.analysis.pca import Pca, baselines
from aegui.runs.figures import example_wishes, figures
from aegui.runs.folder import CHECKPOINT, EXPERIMENT, HISTORY, METRICS, WEIGHTS, RunFolder
from aegui.spec import dumps
from aegui.training.checkpoint import checkpoint_bytes
from aegui.training.history import history_csv
from aegui.training.observer import Observer
from aegui.training.snapshot import Snapshot
from aegui.training.tensor_file import pack_tensors
from aegui.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Record:
    """Everything that is written of a run."""

    subject: Subject
    checkpoint: bytes
    snapshot: Snapshot
    facts: Metrics

    def write(self, folder: RunFolder, pca: Pca | None = None) -> Metrics:
        """Writes and measures all of the run; returns its metrics. Raises OperationFailed."""
        self.keep(folder)
        return self.describe(folder, pca)

    def describe(self, folder: RunFolder, pca: Pca | None = None) -> Metrics:
        """Writes metrics and figures of a run that was kept, which takes seconds. Raises OperationFailed."""
        metrics = self.measure(folder, pca)
        for name, png in figures(self._with_baselines(metrics), self.subject.dataset).items():
            folder.write(f"figures/{name}", png)
        return metrics

    def keep(self, folder: RunFolder) -> None:
        """Writes what cannot be computed again, which takes a moment. Raises OperationFailed."""
        folder.write(CHECKPOINT, self.checkpoint)
        folder.write(HISTORY, history_csv(self.snapshot.curves).encode())
        folder.write(EXPERIMENT, dumps(self.subject.experiment).encode())
        folder.write(WEIGHTS, pack_tensors(self.subject.model.state_dict()))

    def measure(self, folder: RunFolder, pca: Pca | None = None, *, probe: bool = True) -> Metrics:
        """Computes and writes the metrics; ``probe`` takes most of the time. Raises OperationFailed."""
        metrics = model_metrics(self.subject, pca, probe=probe) | self.facts
        folder.write(METRICS, (json.dumps(metrics, indent=2) + "\n").encode())
        return metrics

    def _with_baselines(self, metrics: Metrics) -> Snapshot:
        dataset, size = self.subject.dataset, self.subject.experiment.code.size
        known = metrics["baselines"]
        found = baselines(dataset, size)
        found = dataclasses.replace(found, pca_mse=known["pca_mse"], noisy_mse=known["noisy_mse"])
        return dataclasses.replace(self.snapshot, baselines=found)


def record(trainer: Trainer) -> Record:
    """Copies what there is to know about a run; takes about as long as one look at the test set."""
    snapshot = Observer(trainer).snapshot(example_wishes(trainer.dataset), fresh=True)
    return Record(subject_of(trainer), checkpoint_bytes(trainer), snapshot, run_facts(trainer))
