"""How the window reacts: what a key or a click waits for, frames a second, and how soon a picture follows.

    QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.reactions [--quick] [--threads 1] [--scenes ...]

Each scene is played by a timer of 16 ms, as a hand would, while a timer of one millisecond looks how late
the event loop comes. How soon a picture follows is measured apart: one change, until the canvas that shows
its result has been painted, and then the next.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.children import answers
from tests.benchmarks.findings import Finding, Scale, of_rounds

POINTS = (10_000, 70_000, 1_000_000)
_SCENES = ("pause", "step", "replay", "noise", "live", "zoom")  # beside training, which comes first
_HAND = 16  # ms between two movements of a hand
_LATE = {"p50": "", "p99": "at most 16.7", "max": "at most 50"}  # ms, over the looks
_KEY = "p99 of a key"  # ms, over time: a long delay is as likely to be met as it is long


def measure(scale: Scale) -> list[Finding]:
    """Every scene: delays of the event loop, frames, and the wait for a picture."""
    words = ["--threads", str(scale.threads), *["--quick"] * scale.quick]
    return [
        finding for told in answers("reactions", words, threads=scale.threads) for finding in _findings(told)
    ]


def _findings(told: dict[str, Any]) -> Iterator[Finding]:
    scene = told["scene"]
    if delays := told["delays"]:
        looks = f"{told['looks']:,} looks"
        for name, goal in _LATE.items():
            yield Finding(f"{scene}: event loop late, {name}", delays[name], "ms", goal=goal, why=looks)
        yield Finding(f"{scene}: wait of a key at any time, p99", delays[_KEY], "ms")
        yield Finding(f"{scene}: frames", told["frames"], "1/s")
    if waits := told["waits"]:
        yield of_rounds(f"{scene}: until the picture has changed", waits, "ms", goal="at most 50")


@dataclass
class Scene:
    """What one scene has given."""

    scene: str
    delays: dict[str, float] = field(default_factory=dict)  # ms
    looks: int = 0
    frames: float = 0.0  # a second
    waits: list[float] = field(default_factory=list)  # ms


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--scenes", nargs="+", choices=_SCENES, default=_SCENES)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"AEGUI_RUNS": folder, "AEGUI_STATE": folder}
        played = _Played(Path(folder), 1.0 if arguments.quick else 10.0, arguments.quick, arguments.threads)
        for scene in played.scenes(arguments.scenes):
            print(json.dumps(scene.__dict__), flush=True)


class _Played:
    """The window, and what is done with it."""

    def __init__(self, folder: Path, seconds: float, quick: bool, threads: int) -> None:
        from PySide6.QtCore import Qt

        from aegui.machine import prepare_for_window
        from aegui.qt.app import make_application, make_window
        from aegui.qt.settings import Settings
        from aegui.spec import replace_all
        from aegui.spec.presets import preset
        from tests.benchmarks.window import _run_loop, _until

        self.seconds, self.quick, self._threads = seconds, quick, threads
        self._run_loop, self._until = _run_loop, _until
        changes = {"training.batch": 128, "training.epochs": 1000}
        if quick:
            changes |= {"data.train": 2000, "data.test": 500}
        prepare_for_window()  # as the program does when it starts
        make_application()
        experiment = replace_all(preset("undercomplete").experiment, changes)
        self.window = window = make_window(experiment, None, Settings(folder / "settings.json"))
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.resize(1280, 720)
        window.show()
        _until(lambda: not window.loading.busy and window.document.plan is not None)
        _run_loop(0.5 if quick else 6.0)

    def scenes(self, wanted: Sequence[str]) -> Iterator[Scene]:
        """Those that are wanted, one by one; each needs a run, which the first one begins."""
        yield self._training()
        if "pause" in wanted:
            yield self._pausing()
        if "step" in wanted:
            yield self._stepping()
        if "replay" in wanted:
            yield self._scrubbing()
        if "noise" in wanted:
            yield self._noise(training=False)
            yield self._noise(training=True)
        if "live" in wanted:
            self.window.document.edit("noise", {"kind": "gaussian", "sigma": 0.1})
            self.window.workspaces.setCurrentIndex(0)
            yield self._live_noise(training=True)
            yield self._live_noise(training=False)
        self._close()
        if "zoom" in wanted:
            for points in POINTS[:1] if self.quick else POINTS:
                yield _zooming(points, self.seconds)

    def _training(self) -> Scene:
        import torch

        self._plays()
        torch.set_num_threads(self._threads)
        scene = Scene("training")
        _watch(scene, self.window.loss.canvas.painted, lambda: None, self.seconds)
        self._pauses()
        return scene

    def _pausing(self) -> Scene:
        """Until the run stands, and the pictures are those of its last step."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        session, scene = self.window.session, Scene("key Space, pause")
        for _ in range(2 if self.quick else 10):
            self._plays()
            self.window.loss.setFocus()  # there Space plays and pauses
            scene.waits.append(
                _wait(
                    lambda: QTest.keyClick(self.window.loss, Qt.Key.Key_Space),
                    self.window.pictures.grid.painted,
                    lambda: not session.running,
                )
            )
            self._run_loop(0.3)
        return scene

    def _stepping(self) -> Scene:
        """One step at a time, by its key: until the pictures are those of the next step."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        session, pictures, scene = self.window.session, self.window.pictures, Scene("key S, one step")
        self.window.activateWindow()
        for _ in range(3 if self.quick else 30):
            step = session.snapshot.step

            def shown(after: int = step) -> bool:
                return pictures.snapshot is not None and pictures.snapshot.step > after

            scene.waits.append(
                _wait(lambda: QTest.keyClick(self.window, Qt.Key.Key_S), pictures.grid.painted, shown)
            )
            self._until(lambda: not session.running)
        return scene

    def _scrubbing(self) -> Scene:
        replay, pictures = self.window.replay, self.window.pictures
        scene, moves = Scene("scrubbing the replay"), _to_and_fro(len(replay.steps) - 1)
        _watch(scene, pictures.grid.painted, lambda: replay.slider.setValue(next(moves)), self.seconds)
        self._run_loop(0.5)
        for place in np.linspace(0, len(replay.steps) - 2, 3 if self.quick else 30).round().astype(int):
            wanted = int(replay.steps[place])
            if pictures.snapshot is not None and pictures.snapshot.step == wanted:
                continue

            def shown(step: int = wanted) -> bool:
                return pictures.snapshot is not None and pictures.snapshot.step == step

            move = _setting(replay.slider, int(place))
            scene.waits.append(_wait(move, pictures.grid.painted, shown))
            self._run_loop(0.1)  # what else follows from it
        replay.to_present()
        self._run_loop(0.3)
        return scene

    def _noise(self, *, training: bool) -> Scene:
        from aegui.analysis.denoising import Denoise

        view: Any = self.window.workspaces.show_workspace("denoising")
        self._until(lambda: view.stages is not None)
        slider = view.noise.stack.currentWidget().slider

        def shown() -> bool:
            answer = view._answers.get(Denoise)
            return answer is not None and answer[0] == view._pictures_look()

        return self._dragging("dragging the noise", slider, view.grid.painted, shown, 0.2, training=training)

    def _live_noise(self, *, training: bool) -> Scene:
        """The noise that the network is trained with, which every moment of the run follows."""
        window, pictures = self.window, self.window.pictures
        slider = window.panels[2].control("noise.sigma").slider

        def shown() -> bool:
            snapshot = pictures.snapshot
            return snapshot is not None and snapshot.experiment.noise == window.document.experiment.noise

        name = "dragging the noise of the run"
        return self._dragging(name, slider, pictures.grid.painted, shown, 0.3, training=training)

    def _dragging(
        self, name: str, slider: Any, painted: Any, shown: Callable[[], bool], rest: float, *, training: bool
    ) -> Scene:
        """A slider that goes to and fro, and then to places of which each is waited for, with rests (s)."""
        scene = Scene(f"{name}, {'training' if training else 'paused'}")
        if training:
            self._plays()
        moves = _to_and_fro(slider.maximum())
        _watch(scene, painted, lambda: slider.setValue(next(moves)), self.seconds)
        self._run_loop(0.5)
        for place in np.random.default_rng(0).permutation(slider.maximum())[: 3 if self.quick else 30]:
            scene.waits.append(_wait(_setting(slider, int(place)), painted, shown))
            self._run_loop(rest)
        if training:
            self._pauses()
        return scene

    def _plays(self) -> None:
        session = self.window.session
        before = session.present.step if session.has_run else 0
        session.toggle()
        self._until(
            lambda: session.running and session.snapshot is not None and session.snapshot.step > before
        )
        self._run_loop(0.2 if self.quick else 2.0)

    def _pauses(self) -> None:
        self.window.session.toggle()
        self._until(lambda: not self.window.session.running)
        self._run_loop(0.3)

    def _close(self) -> None:
        session = self.window.session
        session.recording.saved_step = session.present.step  # nothing to save here
        self.window.document.undo_stack.setClean()
        self.window.close()


def _zooming(points: int, seconds: float) -> Scene:
    """In and out by the wheel."""
    from aegui.qt.app import make_application
    from aegui.qt.theme import Theme
    from aegui.qt.views.latent import LatentView
    from tests.benchmarks.scatter import _dataset, _snapshot, _zooms

    application = make_application()
    view = LatentView(Theme("light"))
    view.resize(384, 520)
    view.show()
    view.set_dataset(_dataset(points))
    view.feed(_snapshot(points), now=True)
    application.processEvents()
    scene, zooms = Scene(f"zooming {points:,} points"), _zooms(view)
    _watch(scene, view.canvas.painted, lambda: next(zooms), seconds)
    for _ in range(20):
        scene.waits.append(_wait(lambda: next(zooms), view.canvas.painted, lambda: True))
    view.close()
    view.deleteLater()
    return scene


def _watch(scene: Scene, painted: Any, move: Callable[[], object], seconds: float) -> None:
    """Lets a hand move for so long; finds how late the event loop is and how often a canvas is painted."""
    from PySide6.QtCore import QTimer

    from tests.benchmarks.window import Watch, _run_loop

    frames: list[float] = []
    painted.connect(frames.append)
    hand = QTimer(interval=_HAND)
    hand.timeout.connect(move)
    hand.start()
    watch, started = Watch(), time.perf_counter()
    _run_loop(seconds)
    delays, passed = watch.stop(), time.perf_counter() - started
    hand.stop()
    painted.disconnect(frames.append)
    p50, p99 = np.percentile(delays, (50, 99))
    scene.delays = {"p50": float(p50), "p99": float(p99), "max": float(delays.max()), _KEY: key_wait(delays)}
    scene.looks, scene.frames = len(delays), len(frames) / passed


def key_wait(delays: np.ndarray, share: float = 0.99) -> float:
    """What so many of the keys wait at most, if each is as likely to come at any time as at any other."""
    if delays.sum() == 0:
        return 0.0
    low, high = 0.0, float(delays.max())
    for _ in range(40):  # the share of time from which the next look is further away falls with the wait
        wait = (low + high) / 2
        longer = np.maximum(delays - wait, 0).sum() / (delays + 1).sum()
        low, high = (wait, high) if longer > 1 - share else (low, wait)
    return high


def _wait(move: Callable[[], object], painted: Any, shown: Callable[[], bool]) -> float:
    """Milliseconds from a movement until its result has been painted. Raises TimeoutError."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, found = QEventLoop(), list[float]()

    def look(_seconds: float) -> None:
        if not found and shown():
            found.append(time.perf_counter())
            loop.quit()

    painted.connect(look)
    limit = QTimer(singleShot=True, interval=10_000)
    limit.timeout.connect(loop.quit)
    limit.start()
    started = time.perf_counter()
    move()
    if not found:
        loop.exec()
    limit.stop()
    painted.disconnect(look)
    if not found:
        raise TimeoutError("no picture has followed within 10 s")
    return 1000 * (found[0] - started)


def _setting(slider: Any, place: int) -> Callable[[], None]:
    return lambda: slider.setValue(place)


def _to_and_fro(last: int) -> Iterator[int]:
    """Places of a slider, as a hand drags it: from end to end in about a second."""
    step = max(1, last // 60)
    while True:
        yield from (*range(0, last + 1, step), *range(last, -1, -step))


if __name__ == "__main__":
    main()
