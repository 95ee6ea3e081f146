"""What is written of a run: every file, every metric with its type, and figures that show something."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest

from aegui.data.load import load_dataset
from aegui.errors import Diverged
from aegui.runs.figures import example_wishes, figures
from aegui.runs.folder import RunFolder
from aegui.runs.record import Record, record
from aegui.spec import Experiment
from aegui.training.observer import Observer
from aegui.training.snapshot import Wishes
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
METRICS: dict[str, Any] = {
    "test": {"mse": float, "sse": float, "bce": float},
    "train": {"mse": float},
    "baselines": {"mean_mse": float, "pca_mse": float, "noisy_mse": float},
    "code": {"mean_abs": float, "active_fraction": float, "dead_units": int},
    "probe": {"codes": float, "pca": float, "raw": float},
    "anomaly": {"auroc": float, "threshold": float, "precision": float, "recall": float},
    "parameters": int,
    "type": str,
    "device": str,
    "threads": int,
    "timing": {"train_seconds": float, "samples_per_second": float},
    "seed": int,
    "versions": {"aegui": str, "python": str, "torch": str, "numpy": str},
}


def trained(trainer: Trainer) -> Trainer:
    for _ in trainer:
        pass
    return trainer


def check(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, kind in expected.items():
        if isinstance(kind, dict):
            check(found[name], kind)
        else:
            assert type(found[name]) is kind, name
            assert not isinstance(found[name], float) or np.isfinite(found[name]), name


@pytest.fixture(scope="module")
def folder(tiny: Callable[..., Experiment], tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A finished run with noise and normal classes, so that every metric is there."""
    changes = {"data.normal": [0, 1], "data.test": 100, "noise.kind": "gaussian"}
    experiment = tiny(changes)
    trainer = trained(Trainer(experiment, load_dataset(experiment.data, 0)))
    with RunFolder.create(experiment, tmp_path_factory.mktemp("finished") / "run") as folder:
        record(trainer).write(folder)
    return folder


def test_that_a_run_is_these_files_and_no_others(folder: RunFolder) -> None:
    files = sorted(p.relative_to(folder.path).as_posix() for p in folder.path.rglob("*") if p.is_file())
    assert files == [
        "checkpoint/state.safetensors",
        "experiment.toml",
        "figures/latent.png",
        "figures/loss.png",
        "figures/pictures.png",
        "history.csv",
        "metrics.json",
        "weights.safetensors",
    ]


def test_that_the_metrics_have_every_key_with_its_type(folder: RunFolder) -> None:
    found = json.loads((folder.path / "metrics.json").read_text())
    check(found, METRICS)
    assert found["test"]["sse"] == pytest.approx(64 * found["test"]["mse"])


def test_that_a_metric_that_does_not_apply_is_absent_or_null(trainer_of: TrainerOf, tmp_path: Path) -> None:
    trainer = trainer_of({"architecture.output": "linear"})
    found = record(trainer).write(RunFolder.create(trainer.experiment, tmp_path / "run"))
    assert "anomaly" not in found and found["baselines"]["noisy_mse"] is None and found["test"]["bce"] is None


def test_that_history_and_experiment_are_the_runs(folder: RunFolder) -> None:
    rows = list(csv.DictReader((folder.path / "history.csv").read_text().splitlines()))
    assert list(rows[0]) == ["step", "epoch", "split", "mse", "total"]
    assert [(r["epoch"], r["split"]) for r in rows[:3]] == [("0", "test"), ("1", "train"), ("1", "test")]
    assert tomllib.loads((folder.path / "experiment.toml").read_text())["title"] == "Tiny digits"


@pytest.mark.parametrize("name", ["loss", "pictures", "latent"])
def test_that_figures_show_something(folder: RunFolder, name: str) -> None:
    image = matplotlib.image.imread(folder.path / "figures" / f"{name}.png")
    assert min(image.shape[:2]) > 200
    assert len(np.unique(image.reshape(-1, image.shape[2]), axis=0)) > 50


def test_that_what_cannot_be_computed_again_is_written_first(trainer_of: TrainerOf, tmp_path: Path) -> None:
    """When the window closes, the rest may have to wait."""
    trainer = trainer_of()
    folder = RunFolder.create(trainer.experiment, tmp_path / "run")
    taken = record(trainer)
    taken.keep(folder)
    assert (folder.path / "weights.safetensors").exists() and not (folder.path / "metrics.json").exists()
    folder.restore(trainer_of())
    assert "probe" not in taken.measure(folder, probe=False)
    assert (folder.path / "metrics.json").exists() and not (folder.path / "figures").exists()


def test_that_a_record_is_of_the_moment_in_which_it_was_taken(trainer_of: TrainerOf, tmp_path: Path) -> None:
    """Within an epoch, and written while the training goes on."""
    trainer, still = trainer_of(), trainer_of()
    for _ in range(6):
        next(trainer)
        next(still)
    taken = record(trainer)
    trained(trainer)
    found = taken.measure(RunFolder.create(trainer.experiment, tmp_path / "run"), probe=False)
    still.reevaluate()
    assert found["test"]["mse"] == float(still.evaluation.errors.double().mean())
    assert taken.snapshot.codes is not None and taken.snapshot.step == 6
    np.testing.assert_array_equal(taken.snapshot.codes.values, still.evaluation.codes.numpy())


def test_that_a_diverged_run_is_written_with_finite_numbers(trainer_of: TrainerOf, tmp_path: Path) -> None:
    changes = {"architecture.encoder": [], "architecture.output": "linear", "training.rate": 900.0}
    trainer = trainer_of(changes | {"training.optimizer.kind": "sgd", "training.epochs": 50})
    with pytest.raises(Diverged):
        trained(trainer)
    folder = RunFolder.create(trainer.experiment, tmp_path / "run")
    record(trainer).write(folder)

    def refuse(text: str) -> None:
        raise AssertionError(f"{text} is not JSON")

    json.loads((folder.path / "metrics.json").read_text(), parse_constant=refuse)


@pytest.mark.parametrize("changes", [{"code.size": 1}, {"code.size": 2, "training.loss": "bce"}])
def test_that_figures_are_drawn_for_small_codes_and_untrained_networks(
    trainer_of: TrainerOf, changes: dict[str, Any]
) -> None:
    taken: Record = record(trainer_of(changes))
    assert figures(taken.snapshot, taken.subject.dataset).keys() == {"loss", "pictures", "latent"}


def test_that_only_what_the_snapshot_holds_is_drawn(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    snapshot = Observer(trainer).snapshot(Wishes(codes=False))
    assert figures(snapshot, trainer.dataset).keys() == {"loss"}


def test_that_the_example_pictures_are_one_of_every_class(trainer_of: TrainerOf) -> None:
    dataset = trainer_of().dataset
    chosen = example_wishes(dataset).pictures
    assert dataset.test.labels is not None
    assert dataset.test.labels[list(chosen)].tolist() == list(range(10))
