"""A long use of the window with every view open: does it hold more and more memory, threads, handles?

    OMP_NUM_THREADS=1 QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.soak [--minutes 30]

Rounds of what a lecture does: a run trains on every tab in turn, settings change under it, its
moments are replayed, figures are copied, changes are undone, and the next run takes its place. Prints
what the process holds every minute, and a verdict: what the last third of the time after warming up
has more of than the first third.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer

from aegui.machine import prepare_for_window
from aegui.qt.app import make_application, make_window
from aegui.qt.settings import Settings
from aegui.qt.theme import MODES
from aegui.spec import replace_all
from aegui.spec.presets import preset
from tests.footprint import Footprint, excess, footprint, growth

_WARM_UP = 0.2  # of the time: libraries load, caches fill, memory finds its size
_LOOK = 0.6  # seconds on a tab
_RUNS = 8  # that are kept on disk: the list of runs is not to grow
_SMALL = {"data.train": 8000, "data.test": 1000, "training.epochs": 1000}


class Soak:
    """One window and what is done with it, round by round."""

    def __init__(self, folder: Path) -> None:
        self.rounds = 0
        self._runs = folder / "runs"
        self._experiments = [
            replace_all(preset(name).experiment, _SMALL) for name in ("denoising", "variational", "sparse")
        ]
        self.window = make_window(self._experiments[0], None, Settings(folder / "settings.json"))
        self.window.setWindowState(Qt.WindowState.WindowNoState)
        self.window.resize(1920, 1080)
        self.window.show()
        self._loads()

    def round(self) -> None:
        """One run, from its experiment to the next one; ends paused, on the first tab."""
        window, session = self.window, self.window.session
        window.document.new(self._experiments[self.rounds % len(self._experiments)])
        self._loads()
        window.new_seed()
        _until(lambda: not window.loading.busy and not session.starting and session.has_run)
        for place in [*range(window.workspaces.count()), 0]:
            window.workspaces.setCurrentIndex(place)
            self._trains("epoch")
            _run_loop(_LOOK)
            self._changes(place)
        self._does("network")  # the one that is open comes to the front
        self._replays()
        self._does("play")
        _run_loop(0.1)
        self._does("play")
        for name in ("copy_figure", "undo", "undo", "redo"):
            self._does(name)
            _until(lambda: not session.running)
        window.theme.set_mode(MODES[self.rounds % len(MODES)])
        window.exporting.wait()
        _run_loop(_LOOK)
        self.rounds += 1

    def measure(self) -> Footprint:
        """When nothing goes on any more."""
        self.window.document.undo_stack.clear()
        self.window.session.recording.wait()
        _run_loop(0.5)
        self._drops_old_runs()
        return footprint(self.window)

    def close(self) -> None:
        """Without saving."""
        self.window.document.undo_stack.setClean()
        self.window.close()

    def _changes(self, place: int) -> None:
        """Live settings, other tabs' own work, and what makes a run an older one."""
        document = self.window.document
        document.edit("training.rate", 1e-3 if place % 2 else 2e-3)
        match place:
            case 1:
                document.edit("noise", {"kind": "gaussian", "sigma": 0.2 + 0.05 * (self.rounds % 5)})
            case 2:
                document.edit("code.size", 2 + self.rounds % 6)
                self._does("undo")
            case 3:
                self.window.resize(1280 + 64 * (self.rounds % 10), 720)

    def _trains(self, name: str) -> None:
        """So many steps, however fast the machine is: a longer run keeps more moments in memory."""
        self._does(name)
        _until(lambda: not self.window.session.running)

    def _replays(self) -> None:
        replay = self.window.replay
        for _ in range(12):
            replay.step_by(-1)
            _run_loop(0.05)
        replay.toggle()
        _run_loop(1.0)
        replay.to_present()
        _run_loop(0.2)

    def _does(self, name: str) -> None:
        self.window.actions_[name].trigger()

    def _loads(self) -> None:
        window = self.window
        _until(lambda: not window.loading.busy and window.document.plan is not None)

    def _drops_old_runs(self) -> None:
        for path in sorted(self._runs.glob("*"))[:-_RUNS]:
            shutil.rmtree(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    minutes = parser.parse_args().minutes
    prepare_for_window()  # as the program does when it starts
    make_application()
    with _a_folder() as folder:
        prints = soak(Soak(folder), minutes)
    warm = prints[round(_WARM_UP * len(prints)) :]
    print("growth after warming up:", ", ".join(f"{k} {v:+,.1f}" for k, v in growth(warm).items()))
    found = excess(warm)
    print("\n".join(found) or "nothing grows")
    sys.exit(bool(found))


def soak(of: Soak, minutes: float) -> list[Footprint]:
    """Goes on for so long; a row every minute, or 10 in all if it takes less than that."""
    prints: list[Footprint] = []
    started = time.monotonic()
    every = min(60.0, 6.0 * minutes)
    print(f"{'minute':>7} {'runs':>5} {Footprint.head()}", flush=True)
    while (passed := time.monotonic() - started) < 60 * minutes:
        of.round()
        if passed >= every * len(prints):
            prints.append(of.measure())
            print(f"{passed / 60:>7.1f} {of.rounds:>5} {prints[-1].row()}", flush=True)
    of.close()
    return prints


@contextmanager
def _a_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        os.environ |= {"AEGUI_RUNS": f"{name}/runs", "AEGUI_STATE": f"{name}/state"}
        yield Path(name)


def _run_loop(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def _until(condition: Callable[[], bool], limit: float = 120.0) -> None:
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > limit:
            raise TimeoutError("the window did not get there")
        _run_loop(0.02)


if __name__ == "__main__":
    main()
