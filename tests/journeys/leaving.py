"""What a window leaves that was killed: a run with a state on disk, and the session that points to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aegui.data.load import load_dataset
from aegui.runs.folder import RunFolder
from aegui.runs.sessions import Keeper, Session
from aegui.spec import Experiment, replace_all
from aegui.training.frames import Frames
from aegui.training.trainer import Trainer


def trained(experiment: Experiment, steps: int) -> Trainer:
    """A trainer after some steps that nobody has disturbed."""
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    for _ in range(steps):
        next(trainer)
    trainer.flush()
    return trainer


def left_run(experiment: Experiment, steps: int) -> Path:
    """The folder of a run that stands at a step, and in which nobody writes."""
    trainer = trained(experiment, steps)
    with RunFolder.create(experiment) as folder:
        folder.write_state(trainer, Frames(), lasting=False)
    return folder.path


def ended_run(experiment: Experiment) -> Path:
    """The folder of a run that was trained to its end, with nothing on the way."""
    trainer = trained(experiment, 0)
    for _ in trainer:
        pass
    with RunFolder.create(experiment) as folder:
        folder.write_state(trainer)
    return folder.path


def leave_session(
    experiment: Experiment, run: Path | None = None, changes: Mapping[str, Any] | None = None, step: int = 0
) -> None:
    """As a window that is killed: the lock goes with the object that holds it."""
    on_screen = replace_all(experiment, changes or {})
    Keeper().keep(Session(on_screen, None, bool(changes) or run is None, run, step))
