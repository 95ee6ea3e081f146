"""What the window costs: event-loop stalls and training speed, against the bare loop in the same run.

    python -m tests.benchmarks.window [--seconds 20] [--preset undercomplete]

Needs a display, or QT_QPA_PLATFORM=offscreen. Every view is visible and MNIST is trained at
batch 128. The bare loop is the same trainer, in this process, with no window reading from it.
Bare and window take turns, so that a noisy machine hits both.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer

from aegui.data.load import load_dataset
from aegui.qt.app import make_application, make_window
from aegui.qt.session import State
from aegui.qt.settings import Settings
from aegui.qt.window import Window
from aegui.spec import Experiment, replace_all
from aegui.spec.presets import preset

_TICK = 1  # ms between two looks at the clock


@dataclass(frozen=True)
class Part:
    """What one stretch of training in the window gave."""

    samples_per_second: float
    delays: np.ndarray  # ms by which the event loop came late


class Watch:
    """A timer of one millisecond: what it is late by is what a key or a click would have waited."""

    def __init__(self) -> None:
        self.delays: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(interval=_TICK, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.delays.append(max(0.0, (now - self._last) * 1000 - _TICK))
        self._last = now

    def stop(self) -> np.ndarray:
        self._timer.stop()
        return np.array(self.delays)


def bare_speed(experiment: Experiment, seconds: float) -> float:
    """Samples per second of wall time of the trainer alone, in a thread as in the window."""
    found: list[float] = []
    thread = threading.Thread(target=lambda: found.append(_bare(experiment, seconds)))
    thread.start()
    while thread.is_alive():
        _run_loop(0.05)
    return found[0]


def _bare(experiment: Experiment, seconds: float) -> float:
    from aegui.training.trainer import Trainer

    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    for _ in range(50):
        next(trainer)
    started, first = time.perf_counter(), trainer.samples_seen
    while time.perf_counter() - started < seconds:
        next(trainer)
    return (trainer.samples_seen - first) / (time.perf_counter() - started)


def window_part(window: Window, seconds: float) -> Part:
    """Trains in the window, every view visible, and watches the event loop."""
    session = window.session
    session.toggle()
    _until(lambda: session.snapshot is not None and session.running and session.snapshot.step > 0)
    _run_loop(2.0)
    worker = session._worker  # the step itself, not that of the last snapshot on screen
    trainer = worker._trainer
    assert trainer is not None
    watch, started, first = Watch(), time.perf_counter(), trainer.samples_seen
    _run_loop(seconds)
    samples, taken = trainer.samples_seen - first, time.perf_counter() - started
    delays = watch.stop()
    session.toggle()
    _until(lambda: session.state is State.PAUSED)
    return Part(samples / taken, delays)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each of six stretches")
    parser.add_argument("--preset", default="undercomplete")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AEGUI_RUNS"] = os.environ["AEGUI_STATE"] = folder
        print_result(measure(arguments.preset, arguments.seconds, folder), as_json=arguments.json)


def measure(name: str, seconds: float, folder: str) -> dict[str, float]:
    """Three turns of bare loop and window; medians of the speeds, all delays together."""
    experiment = replace_all(preset(name).experiment, {"training.batch": 128, "training.epochs": 1000})
    make_application()
    window = make_window(experiment, None, Settings(Path(folder) / "settings.json"))
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(1280, 720)
    window.show()
    _until(lambda: not window.loading.busy and window.document.plan is not None)
    _run_loop(6.0)  # baselines of the data set are found meanwhile
    bare, parts = [], []
    for _ in range(3):
        bare.append(bare_speed(experiment, seconds))
        parts.append(window_part(window, seconds))
    delays = np.concatenate([p.delays for p in parts])
    shown = statistics.median(p.samples_per_second for p in parts)
    window.session.recording.saved_step = window.session.snapshot.step  # nothing to save here
    window.close()
    return {
        "bare samples/s": statistics.median(bare),
        "window samples/s": shown,
        "window over bare": statistics.median(
            p.samples_per_second / b for p, b in zip(parts, bare, strict=True)
        ),
        "delay p50 ms": float(np.percentile(delays, 50)),
        "delay p99 ms": float(np.percentile(delays, 99)),
        "delay max ms": float(delays.max()),
        "looks": float(len(delays)),
    }


def print_result(result: dict[str, float], *, as_json: bool) -> None:
    """As a table, or as one line of JSON."""
    if as_json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:<18} {value:>12,.2f}")


def _run_loop(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def _until(condition: Callable[[], bool], limit: float = 60.0) -> None:
    started = time.perf_counter()
    while not condition():
        if time.perf_counter() - started > limit:
            raise TimeoutError("the window did not get there")
        _run_loop(0.02)


if __name__ == "__main__":
    main()
