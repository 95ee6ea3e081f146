"""Sweeps in the background: the numbers of runs of their own, beside a run that is not disturbed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from pytestqt.qtbot import QtBot

from aegui.analysis.reduction import Swept
from aegui.data.dataset import Dataset
from aegui.qt.sweeping import find_earlier, run_sweep
from aegui.qt.tasks import Cancelled, Report, Task
from aegui.qt.worker import Worker
from aegui.runs.folder import RunFolder
from aegui.runs.record import record
from aegui.spec import Experiment
from aegui.training.trainer import Trainer

Tiny = Callable[..., Experiment]
NOISY = {"noise.kind": "masking", "training.epochs": 60}


def trained(experiment: Experiment, dataset: Dataset) -> Trainer:
    trainer = Trainer(experiment, dataset)
    for _ in trainer:
        pass
    return trainer


def test_that_neither_a_sweep_nor_the_run_beside_it_disturbs_the_other(
    qtbot: QtBot, tiny: Tiny, tiny_digits: Dataset
) -> None:
    alone = trained(tiny(NOISY), tiny_digits)
    sizes = {size: trained(tiny(NOISY | {"code.size": size}), tiny_digits) for size in (2, 5)}
    worker, task, found = Worker(), Task(), list[Swept]()
    worker.start(tiny(NOISY), tiny_digits)
    worker.settle()
    run = worker._trainer
    assert run is not None
    task.part_done.connect(found.append)
    with qtbot.waitSignal(task.done, timeout=30_000):
        worker.go()
        task.start(lambda report: run_sweep(tiny(NOISY), tiny_digits, (2, 5), None, report))
    qtbot.waitUntil(lambda: run.finished, timeout=30_000)
    worker.close()
    np.testing.assert_array_equal(run.history.batch.prefix(), alone.history.batch.prefix())
    np.testing.assert_array_equal(run.history.test.prefix(), alone.history.test.prefix())
    for ours, theirs in zip(run.model.parameters(), alone.model.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    errors = {size: one.evaluation.errors.mean(dtype=torch.float64) for size, one in sizes.items()}
    assert {p.size: p.mse for p in found} == {size: float(error) for size, error in errors.items()}


def test_that_a_sweep_ends_within_a_step_once_it_is_given_up(
    qtbot: QtBot, tiny: Tiny, tiny_digits: Dataset
) -> None:
    endless = tiny({"training.epochs": 1_000_000})
    task, told = Task(), list[str]()
    task.progressed.connect(lambda _share, text: told.append(text))
    task.start(lambda report: run_sweep(endless, tiny_digits, (2, 5), None, report))
    qtbot.waitUntil(lambda: any("epoch" in text for text in told), timeout=30_000)
    task.cancel()
    task.wait()
    assert not task.busy and told[0] == "d = 2 (1 of 2)"


def test_that_a_search_for_runs_can_be_given_up(tiny: Tiny, tiny_digits: Dataset) -> None:
    trainer = Trainer(tiny(), tiny_digits)
    record(trainer).measure(RunFolder.create(trainer.experiment), probe=False)
    report = Report()
    assert [run.size for run in find_earlier(tiny(), (), report)] == [3]
    report.cancel()
    with pytest.raises(Cancelled):
        find_earlier(tiny(), (), report)
