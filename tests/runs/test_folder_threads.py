"""A run is kept and described by two threads of a window, and its folder may go away meanwhile."""

from __future__ import annotations

import contextlib
import errno
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from faulty_disk import FaultyDisk, operations

from aegui.errors import OperationFailed
from aegui.runs.folder import RunFolder
from aegui.runs.names import CHECKPOINT, EXPERIMENT, METRICS
from aegui.runs.reading import has, read_metrics
from aegui.runs.record import record
from aegui.runs.state import state_of
from aegui.spec import Experiment
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]


@pytest.fixture
def trainer(trainer_of: TrainerOf) -> Trainer:
    trainer = trainer_of()
    next(trainer)
    return trainer


def test_that_a_state_may_be_kept_while_another_one_is_described(trainer: Trainer, tmp_path: Path) -> None:
    folder = RunFolder.create(trainer.experiment, tmp_path / "run")
    state, failures = state_of(trainer), list[Exception]()

    def work(act: Callable[[int], object]) -> None:
        try:
            for number in range(60):
                act(number)
        except Exception as error:
            failures.append(error)

    def keep(_number: int) -> None:
        folder.claim().keep(state)

    def describe(number: int) -> None:
        folder.write({METRICS: b"{}", "figures/loss.png": bytes(number)})

    threads = [threading.Thread(target=work, args=(act,)) for act in (keep, describe)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == [] and has(folder.path, CHECKPOINT)
    assert not [p for p in folder.path.iterdir() if p.name.startswith(".together")]


def test_that_metrics_of_an_earlier_state_are_not_put_beside_a_later_one(
    trainer: Trainer, tmp_path: Path
) -> None:
    folder = RunFolder.create(trainer.experiment, tmp_path / "run")
    earlier = record(trainer)
    of = earlier.keep(folder)
    next(trainer)
    folder.write_state(trainer)
    assert earlier.measure(folder, of=of, probe=False)["steps"] == 1
    assert not has(folder.path, METRICS)
    later = record(trainer)
    later.measure(folder, of=later.keep(folder), probe=False)
    assert read_metrics(folder.path)["steps"] == 2


def test_that_metrics_of_a_run_that_is_gone_are_not_written(trainer: Trainer, tmp_path: Path) -> None:
    folder = RunFolder.create(trainer.experiment, tmp_path / "run")
    found = record(trainer)
    of = found.keep(folder)
    shutil.rmtree(folder.path)
    with pytest.raises(OperationFailed, match="run: is gone, and the run with it; save the run again"):
        found.measure(folder, of=of, probe=False)
    assert not folder.path.exists()


def test_that_a_folder_that_was_deleted_is_written_anew_and_still_claimed(
    trainer: Trainer, tmp_path: Path
) -> None:
    folder = RunFolder.create(trainer.experiment, tmp_path / "run")
    folder.write_state(trainer)
    shutil.rmtree(folder.path)
    folder.claim().write_state(trainer)
    assert has(folder.path, CHECKPOINT)
    with pytest.raises(OperationFailed, match="another aegui writes to this run"):
        RunFolder.open(folder.path).claim()


def test_that_a_full_disk_does_not_fill_with_empty_folders(
    tiny: Callable[..., Experiment], runs: Path
) -> None:
    runs.mkdir()
    for at in range(operations(runs, lambda: RunFolder.create(tiny()).release())):
        shutil.rmtree(runs)
        runs.mkdir()
        with FaultyDisk(runs, at, errno.ENOSPC).mounted(), contextlib.suppress(OperationFailed):
            RunFolder.create(tiny()).release()
        assert all(has(path, EXPERIMENT) for path in runs.iterdir())
    assert at > 10
