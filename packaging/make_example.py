"""Trains the example that fills the window's views until the first run: ``python packaging/make_example.py``.

Run it again when the undercomplete preset or the format of checkpoints changes.
"""

from __future__ import annotations

from pathlib import Path

from tqdm import tqdm

from aegui.analysis.pca import baselines, fit_pca
from aegui.data.load import load_dataset
from aegui.qt.views.per_class import drawn
from aegui.qt.views.pictures import COUNT
from aegui.spec.presets import preset
from aegui.training.checkpoint import checkpoint_bytes
from aegui.training.observer import Observer
from aegui.training.snapshot import Wishes
from aegui.training.snapshot_file import pack
from aegui.training.trainer import Trainer
from aegui.writing import write_atomic

_FOLDER = Path(__file__).parent.parent / "resources" / "example"


def main() -> None:
    experiment = preset("undercomplete").experiment
    dataset = load_dataset(experiment.data, experiment.seed)
    trainer = Trainer(experiment, dataset)
    for _ in tqdm(trainer, total=experiment.training.epochs * trainer.steps_per_epoch):
        pass
    observer = Observer(trainer)
    observer.pca_curve = fit_pca(dataset).error_curve(dataset.test)
    observer.baselines = baselines(dataset, experiment.code.size)
    first = drawn(len(dataset.test))[:COUNT]  # what the pictures view asks for when the window opens
    snapshot = observer.snapshot(Wishes(pictures=tuple(first.tolist())), fresh=True)
    write_atomic(_FOLDER / "snapshot.npz", pack(snapshot))
    write_atomic(_FOLDER / "state.safetensors", checkpoint_bytes(trainer, optimizer=False))


if __name__ == "__main__":
    main()
