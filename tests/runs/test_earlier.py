"""Earlier runs as points: those on the same data, and no damaged one hides another."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from aegui.runs.earlier import earlier_runs
from aegui.runs.folder import RunFolder
from aegui.runs.names import METRICS
from aegui.runs.record import record
from aegui.spec import Experiment
from aegui.training.trainer import Trainer

Tiny = Callable[..., Experiment]


def write(experiment: Experiment, mse: object = 0.05, out: Path | None = None) -> Path:
    """A run of which only what is read is there."""
    folder = RunFolder.create(experiment, out)
    folder.write({METRICS: json.dumps({"test": {"mse": mse}, "type": "autoencoder"}).encode()})
    return folder.path


def test_that_a_run_is_a_point_with_what_it_has_measured(
    trainer_of: Callable[..., Trainer], tiny: Tiny
) -> None:
    trainer = trainer_of({"code.size": 4})
    folder = RunFolder.create(trainer.experiment)
    metrics = record(trainer).measure(folder, probe=False)
    (run,) = earlier_runs(tiny())
    assert (run.size, run.mse, run.seed) == (4, metrics["test"]["mse"], 0)
    assert (run.title, run.type, run.path) == ("Tiny digits", metrics["type"], str(folder.path))


def test_that_runs_on_other_data_are_left_out(tiny: Tiny) -> None:
    write(tiny())
    write(tiny({"data.train": 99}))
    write(tiny({"seed": 1}))  # the test part of digits is drawn by it
    write(tiny({"data.source": "wine", "data.train": None, "data.test": None}))
    assert len(earlier_runs(tiny())) == 1
    assert len(earlier_runs(tiny({"data.train": 99}))) == 1


def test_that_a_damaged_run_hides_no_other(tiny: Tiny) -> None:
    write(tiny({"code.size": 7}))
    for mse in (None, "many", float("nan"), [1]):
        write(tiny(), mse)
    for text in ("", "{", "[]", '{"test": {}}', '{"test": {"mse": 1}}'):
        (write(tiny()) / METRICS).write_text(text)
    (write(tiny()) / METRICS).unlink()
    (write(tiny()) / METRICS).write_bytes(b"\xff\xfe")
    (write(tiny()) / "experiment.toml").write_text("code = 3")
    assert [run.size for run in earlier_runs(tiny())] == [7]


def test_that_other_folders_count_and_none_counts_twice(tiny: Tiny, tmp_path: Path) -> None:
    inside, outside = write(tiny()), write(tiny({"code.size": 9}), out=tmp_path / "mine")
    found = earlier_runs(tiny(), (inside, outside, tmp_path / "gone"))
    assert sorted(run.size for run in found) == [3, 9]


def test_that_nothing_is_found_where_nothing_was_written(tiny: Tiny, runs: Path) -> None:
    assert earlier_runs(tiny()) == ()
    runs.write_text("no folder")
    assert earlier_runs(tiny()) == ()


def test_that_the_search_can_be_ended(tiny: Tiny) -> None:
    write(tiny())

    def end() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        earlier_runs(tiny(), (), end)
