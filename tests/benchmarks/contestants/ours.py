"""aegui: the trainer alone, and the loop of ``aegui train`` as it is."""

from __future__ import annotations

from typing import Any

import torch

from aegui.cli import train as cli
from aegui.runs.folder import RunFolder
from aegui.spec import replace_all
from aegui.training.frames import Frames
from aegui.training.trainer import Trainer
from tests.benchmarks.contestants.contest import Task, Turn, timed


def trainer_of(task: Task, **changes: Any) -> Trainer:
    """With as many threads as everybody has."""
    trainer = Trainer(replace_all(task.experiment, changes), task.dataset())
    torch.set_num_threads(task.threads)
    return trainer


class Alone:
    """Steps of the trainer, by its own clock, which leaves out the evaluation after an epoch."""

    def __init__(self, task: Task) -> None:
        self._trainer = trainer_of(task)

    def train(self, epochs: int) -> Turn:
        trainer = self._trainer
        seconds, samples = trainer.seconds, trainer.samples_seen
        for _ in range(epochs * trainer.steps_per_epoch):
            next(trainer)
        return Turn(trainer.samples_seen - samples, trainer.seconds - seconds)

    def score(self) -> float:
        return mse(self._trainer)


class CommandLine:
    """Everything from the first step to the last that ``aegui train`` does: the evaluation after each epoch,
    kept moments, reports, checkpoints. There is no progress bar, as where the output goes to a file."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._trainer = trainer_of(task, **{"training.epochs": 1})
        self._frames, self._epochs = Frames(), 0
        self._folder = RunFolder.create(self._trainer.experiment)

    def train(self, epochs: int) -> Turn:
        trainer = self._trainer
        self._epochs += epochs
        trainer.apply(replace_all(trainer.experiment, {"training.epochs": self._epochs}))
        turn, samples = Turn(0), trainer.samples_seen
        with cli._Interrupts() as interrupts, timed(turn):
            failure = cli._train(trainer, self._folder, self._frames, cli._print_epoch, interrupts)
        if failure is not None:
            raise failure
        turn.samples = trainer.samples_seen - samples
        return turn

    def score(self) -> float:
        return mse(self._trainer)


def mse(trainer: Trainer) -> float:
    """On the clean test set, as the others are judged."""
    test = trainer.test.take(slice(0, None))
    with torch.no_grad():
        trainer.model.eval()
        found = torch.nn.functional.mse_loss(trainer.model.decode(trainer.model.encode(test)), test)
        trainer.model.train()
    return float(found)
