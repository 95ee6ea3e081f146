"""The window: its loss, pictures and latent space in sight, and every workspace made."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import torch
from PySide6.QtCore import Qt

from aegui.machine import prepare_for_window
from aegui.qt.app import make_application, make_window
from aegui.qt.session import State
from aegui.qt.settings import Settings
from aegui.training.trainer import Trainer
from tests.benchmarks.contestants.contest import Task, Turn
from tests.benchmarks.contestants.ours import mse
from tests.benchmarks.window import _run_loop, _until

_SETTLE = 2.0  # seconds of training before it counts: after a pause more is shown at once
_LEAST = 3.0  # seconds that count, in which everything is painted several times


class Windowed:
    """Trains by Play, in the worker's thread, while the window paints."""

    def __init__(self, task: Task) -> None:
        prepare_for_window()  # as the program does when it starts
        self._application = make_application()
        folder = Path(tempfile.mkdtemp(prefix="aegui-benchmark-window-"))
        self._window = window = make_window(task.experiment, None, Settings(folder / "settings.json"))
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.resize(1280, 720)
        window.show()
        _until(lambda: not window.loading.busy and window.document.plan is not None)
        for place in [*range(window.workspaces.count()), 0]:
            window.workspaces.setCurrentIndex(place)
            _run_loop(0.1)
        window.actions_["step"].trigger()
        _until(lambda: window.session.state is State.PAUSED and window.session.has_run)
        torch.set_num_threads(task.threads)
        _run_loop(4.0)  # what is found about the data set once

    def train(self, epochs: int) -> Turn:
        trainer, session = self._trainer, self._window.session
        session.toggle()
        _until(lambda: session.running)
        _run_loop(_SETTLE)
        started, first = time.perf_counter(), trainer.samples_seen
        wanted = first + epochs * len(trainer.train)
        _until(lambda: trainer.samples_seen >= wanted and time.perf_counter() - started >= _LEAST, 900.0)
        turn = Turn(trainer.samples_seen - first, time.perf_counter() - started)
        session.toggle()
        _until(lambda: session.state is State.PAUSED)
        return turn

    def score(self) -> float:
        return mse(self._trainer)

    @property
    def _trainer(self) -> Trainer:
        trainer = self._window.session._worker._trainer
        assert trainer is not None
        return trainer
