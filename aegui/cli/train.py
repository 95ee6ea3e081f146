"""``aegui train`` and the demonstration without a display."""

from __future__ import annotations

import json
import signal
import sys
from argparse import Namespace
from collections.abc import Callable
from types import FrameType
from typing import Any

from tqdm import tqdm

from aegui.cli.text import metrics_lines
from aegui.data.load import load_dataset
from aegui.errors import Diverged, InvalidExperiment, InvalidInput, OperationFailed, Problem
from aegui.runs.folder import RunFolder
from aegui.runs.record import record
from aegui.runs.state import Pace
from aegui.spec import Experiment
from aegui.spec.edits import older_paths
from aegui.spec.presets import demo_experiment
from aegui.training.frames import Frames
from aegui.training.trainer import Trainer

INTERRUPTED = 130


def train(experiment: Experiment, arguments: Namespace) -> int:
    """Trains an experiment and writes a run; returns the exit status."""
    if arguments.resume:
        return _resume(experiment, arguments)
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    with RunFolder.create(experiment, arguments.out) as folder:
        return _run(trainer, folder, Frames(), as_json=arguments.json)


def demo(arguments: Namespace) -> int:
    """The main job in the terminal."""
    print("No display: training in the terminal.", flush=True)
    experiment = demo_experiment(arguments.epochs)
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    with RunFolder.create(experiment, arguments.out) as folder:
        return _run(trainer, folder, Frames(), as_json=False)


def _resume(experiment: Experiment, arguments: Namespace) -> int:
    if arguments.out is None:
        raise InvalidInput("--resume: name the folder of the run with --out")
    with RunFolder.open(arguments.out).claim() as folder:
        trainer = _resumed(experiment, folder)
        return _run(trainer, folder, folder.frames(), as_json=arguments.json)


def _resumed(experiment: Experiment, folder: RunFolder) -> Trainer:
    """The trainer where the run stopped; one that was killed before its first checkpoint begins again."""
    before = folder.experiment()
    if older := older_paths(before, experiment):
        message = "differs from the run in --out; only live settings and training.epochs may"
        raise InvalidExperiment([Problem(path, message) for path in older], str(folder.path))
    trainer = Trainer(before, load_dataset(before.data, before.seed))
    if folder.begun:
        folder.restore(trainer)
    if trainer.diverged:
        raise InvalidInput(
            f"{folder.path}: its run diverged at step {trainer.step:,} and has ended; start a new one"
        )
    trainer.apply(experiment)
    return trainer


def _run(trainer: Trainer, folder: RunFolder, frames: Frames, *, as_json: bool) -> int:
    for warning in trainer.plan.warnings:
        print(f"aegui: warning: {warning}", file=sys.stderr)
    report: Callable[[dict[str, Any]], None] = _print_json if as_json else _print_epoch
    with _Interrupts() as interrupts:
        try:
            failure = _train(trainer, folder, frames, report, interrupts)
        except OSError:  # nobody reads the reports any more: what was trained is kept
            folder.write_state(trainer, frames)
            raise
        if interrupts.asked:
            folder.write_state(trainer, frames)
            print(
                f"interrupted at step {trainer.step:,}; go on with --resume --out {folder.path}",
                file=sys.stderr,
            )
            return INTERRUPTED
    metrics = record(trainer, frames).write(folder)
    if as_json:
        print(json.dumps(metrics), flush=True)
        print(folder.path, file=sys.stderr)
    else:
        print(*metrics_lines(metrics), sep="\n")
        print(f"Run written to {folder.path}", flush=True)
    if failure is not None:
        raise failure
    return 0


def _train(
    trainer: Trainer,
    folder: RunFolder,
    frames: Frames,
    report: Callable[[dict[str, Any]], None],
    interrupts: _Interrupts,
) -> Diverged | None:
    """Steps until the end, an interrupt or a divergence, which is returned after the run is written."""
    pace = Pace()
    frames.offer(trainer)
    total = trainer.experiment.training.epochs * trainer.steps_per_epoch
    with tqdm(total=total, initial=trainer.step, unit="step", disable=None, leave=False) as bar:
        try:
            for step in trainer:
                bar.update()
                frames.offer(trainer)
                if step % trainer.steps_per_epoch == 0:
                    bar.clear()
                    report(_epoch_facts(trainer))
                if pace.due:
                    _keep(trainer, folder, frames, pace)
                if interrupts.asked:
                    break
        except Diverged as failure:
            return failure
    return None


def _keep(trainer: Trainer, folder: RunFolder, frames: Frames, pace: Pace) -> None:
    """Training goes on without a place for checkpoints: at the end there may be one again."""
    with pace:
        try:
            folder.write_state(trainer, frames)
        except OperationFailed as error:
            print(f"aegui: warning: no checkpoint of step {trainer.step:,}: {error}", file=sys.stderr)


def _epoch_facts(trainer: Trainer) -> dict[str, Any]:
    history = trainer.history
    train, test = history.train.prefix()[-1].tolist(), history.test.prefix()[-1].tolist()
    return {
        "epoch": trainer.epoch,
        "step": trainer.step,
        "train": dict(zip(history.terms, train, strict=True)) | {"total": sum(train)},
        "test": dict(zip(history.terms, test, strict=True)) | {"total": sum(test)},
        "samples_per_second": trainer.samples_seen / max(trainer.seconds, 1e-9),
    }


def _print_json(facts: dict[str, Any]) -> None:
    print(json.dumps(facts), flush=True)


def _print_epoch(facts: dict[str, Any]) -> None:
    terms = "  ".join(f"{name} {value:.6f}" for name, value in facts["test"].items())
    print(
        f"epoch {facts['epoch']:>3}  train total {facts['train']['total']:.6f}  test {terms}"
        f"  {facts['samples_per_second']:,.0f} samples/s",
        flush=True,
    )


class _Interrupts:
    """Notes Ctrl-C and SIGTERM, so that a run stops between two steps; a second one stops at once."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> _Interrupts:
        self._before = {s: signal.signal(s, self._note) for s in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
