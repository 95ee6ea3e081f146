"""``aegui train`` and the demonstration without a display."""

from __future__ import annotations

import signal
import sys
from argparse import Namespace
from collections.abc import Callable
from types import FrameType
from typing import Any

from tqdm import tqdm

from aegui.analysis.json_text import json_text
from aegui.analysis.metrics import Metrics
from aegui.cli.text import metrics_lines
from aegui.data.load import load_dataset
from aegui.errors import (
    DeviceLost,
    Diverged,
    InvalidExperiment,
    InvalidInput,
    OperationFailed,
    OutOfMemory,
    Problem,
)
from aegui.runs.folder import RunFolder
from aegui.runs.names import FRAMES
from aegui.runs.record import record
from aegui.runs.state import Pace
from aegui.spec import Experiment
from aegui.spec.edits import older_paths
from aegui.spec.presets import demo_experiment
from aegui.training.failures import is_out_of_memory
from aegui.training.frames import Frames
from aegui.training.silence import silence_warning
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
        return _run(trainer, folder, _moments(trainer, folder), as_json=arguments.json)


def _moments(trainer: Trainer, folder: RunFolder) -> Frames:
    """Earlier moments of a run; without them, as where they are damaged, it can still go on."""
    try:
        frames = folder.frames()
        frames.check(trainer, str(folder.path / FRAMES))
    except InvalidInput as error:
        print(f"aegui: warning: earlier moments cannot be replayed: {error}", file=sys.stderr)
        return Frames()
    return frames


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
        except (OSError, OperationFailed):  # nobody reads the reports any more, or the data are gone
            folder.write_state(trainer, frames)
            raise
        if interrupts.asked and failure is None:
            folder.write_state(trainer, frames)
            print(
                f"interrupted at step {trainer.step:,}; go on with --resume --out {folder.path}",
                file=sys.stderr,
            )
            return INTERRUPTED
    metrics = _written(trainer, folder, frames, failure)
    if as_json:
        print(json_text(metrics), flush=True)
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
) -> Diverged | OutOfMemory | None:
    """Steps until the end, an interrupt or a failure, which is returned: the run is to be written first.

    After a graphics card has failed the steps are those of the processor.
    """
    pace, silence = Pace(trainer), _Silence()
    frames.offer(trainer)
    total = trainer.experiment.training.epochs * trainer.steps_per_epoch
    with tqdm(total=total, initial=trainer.step, unit="step", disable=None, leave=False) as bar:

        def advance() -> None:
            for step in trainer:
                bar.update()
                frames.offer(trainer)
                if step % trainer.steps_per_epoch == 0:
                    bar.clear()
                    report(_epoch_facts(trainer))
                    silence.tell(trainer)
                if pace.due:
                    _keep(trainer, folder, frames, pace)
                if interrupts.asked:
                    break
            trainer.flush()

        while (error := _failure_of(advance, trainer)) is not None:
            if not isinstance(error, DeviceLost):
                return error
            print(f"aegui: warning: {error}", file=sys.stderr)
    return None


def _failure_of(work: Callable[[], None], trainer: Trainer) -> Diverged | OutOfMemory | DeviceLost | None:
    """What stopped some work with a run; None if it was done. Anything else is raised."""
    try:
        work()
    except (Diverged, OutOfMemory, DeviceLost, RuntimeError, MemoryError) as error:
        told = trainer.explained(error)
        if not isinstance(told, Diverged | OutOfMemory | DeviceLost):
            raise
        return told
    return None


def _written(
    trainer: Trainer, folder: RunFolder, frames: Frames, failure: Diverged | OutOfMemory | None
) -> Metrics:
    """Writes and measures all of a run. Raises ``failure`` where memory is out for that as well."""
    try:
        if isinstance(failure, OutOfMemory):
            folder.write_state(trainer, frames)  # measuring takes more
        return record(trainer, frames).write(folder)
    except (RuntimeError, MemoryError) as error:
        raise failure or trainer.explained(error) from None


class _Silence:
    """Says once that most of the code is dead."""

    def __init__(self) -> None:
        self._told = False

    def tell(self, trainer: Trainer) -> None:
        silent = trainer.silent
        if self._told or silent is None:
            return
        if (problem := silence_warning(trainer.experiment, silent)) is not None:
            self._told = True
            print(f"aegui: warning: {problem}", file=sys.stderr)


def _keep(trainer: Trainer, folder: RunFolder, frames: Frames, pace: Pace) -> None:
    """Training goes on without a place, or the memory, for checkpoints: at the end there may be one again."""
    with pace:
        try:
            folder.write_state(trainer, frames, lasting=False)
        except (OperationFailed, RuntimeError, MemoryError) as error:
            if not isinstance(error, OperationFailed) and not is_out_of_memory(error):
                raise
            reason = error if isinstance(error, OperationFailed) else "out of memory"
            print(f"aegui: warning: no checkpoint of step {trainer.step:,}: {reason}", file=sys.stderr)


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
    print(json_text(facts), flush=True)


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
