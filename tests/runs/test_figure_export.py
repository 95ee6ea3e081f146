"""The figures of a run on disk."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from aegui.data.dataset import Dataset
from aegui.errors import InvalidInput
from aegui.runs.figure_export import export_figures
from aegui.runs.folder import RunFolder
from aegui.runs.measured import measured_run
from aegui.runs.record import record
from aegui.spec import Experiment
from aegui.training.trainer import Trainer


@pytest.fixture(scope="module")
def run(
    tiny: Callable[..., Experiment], tiny_digits: Dataset, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A run that has ended."""
    trainer = Trainer(tiny({"noise.kind": "gaussian"}), tiny_digits)
    for _ in trainer:
        pass
    folder = RunFolder.create(trainer.experiment, tmp_path_factory.mktemp("figures") / "run")
    record(trainer).write(folder)
    return folder.path


def test_that_every_figure_is_written_in_every_format(run: Path, tmp_path: Path) -> None:
    names = export_figures(run, tmp_path / "out")
    expected = {f"{n}.{kind}" for n in ("loss", "pictures", "latent") for kind in ("png", "svg", "pdf")}
    assert set(names) == expected == {path.name for path in (tmp_path / "out").iterdir()}
    mse = json.loads((run / "metrics.json").read_text())["test"]["mse"]
    with Image.open(io.BytesIO((tmp_path / "out" / "latent.png").read_bytes())) as picture:
        assert f"test.mse = {mse}" in picture.text["Keywords"].split("; ")
        assert picture.text["Title"] == "Tiny digits: codes of the test set"


def test_that_a_run_is_put_where_it_stopped(run: Path) -> None:
    found = measured_run(run)
    metrics = json.loads((run / "metrics.json").read_text())
    assert found.metrics == metrics and found.snapshot.step == metrics["steps"] == 12
    assert found.snapshot.errors is not None and found.snapshot.codes is not None
    assert float(found.snapshot.errors.mean(dtype=float)) == pytest.approx(metrics["test"]["mse"], rel=1e-6)
    assert found.snapshot.baselines.pca_mse == pytest.approx(metrics["baselines"]["pca_mse"])


def test_that_a_run_without_metrics_is_measured_now(
    tiny: Callable[..., Experiment], tiny_digits: Dataset, tmp_path: Path
) -> None:
    trainer = Trainer(tiny(), tiny_digits)
    next(trainer)
    folder = RunFolder.create(trainer.experiment, tmp_path / "cut")
    folder.write_state(trainer)
    found = measured_run(folder.path)
    assert found.metrics["steps"] == 1 and found.metrics["test"]["mse"] > 0


def test_that_a_file_is_no_place_for_several_figures(run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match="must be a folder for several figures, is a file"):
        export_figures(run, tmp_path / "file")
