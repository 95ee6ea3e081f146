"""Takes the README's pictures of the real window: ``xvfb-run -a python packaging/make_screenshots.py``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer

from aegui.qt.app import make_application, make_window
from aegui.qt.session import State
from aegui.qt.settings import Settings
from aegui.spec import replace
from aegui.spec.presets import preset
from aegui.training.snapshot import Snapshot

_FOLDER = Path(__file__).parent.parent / "resources" / "screenshots"
_EPOCHS, _LENGTH = 4, 10  # passes that are shown as done, and that the run is to have


def main() -> None:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    make_application()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AEGUI_RUNS"] = os.environ["AEGUI_STATE"] = folder
        for mode in ("light", "dark"):
            take(mode, Settings(Path(folder) / f"{mode}.json"))


def take(mode: str, settings: Settings) -> None:
    """Trains a few epochs and keeps what the window shows in the middle of one."""
    settings.theme = mode
    window = make_window(replace(preset("denoising").experiment, "training.epochs", _LENGTH), None, settings)
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(1280, 720)
    window.show()
    session = window.session
    wait(lambda: not window.loading.busy and session.can_start)
    session.toggle()
    wait(lambda: session.has_run and session.snapshot is not None and _far_enough(session.snapshot))
    window.grab().save(str(_FOLDER / f"window-{mode}.png"))
    session.toggle()
    wait(lambda: session.state is State.PAUSED)
    window.close()


def _far_enough(snapshot: Snapshot) -> bool:
    trained = snapshot.experiment.training.epochs == _LENGTH  # not the example of before
    return trained and snapshot.step >= (_EPOCHS + 0.4) * snapshot.steps_per_epoch


def wait(condition: Callable[[], bool]) -> None:
    """Runs the event loop until something is so."""
    loop, timer = QEventLoop(), QTimer(interval=20)
    timer.timeout.connect(lambda: loop.quit() if condition() else None)
    timer.start()
    loop.exec()


if __name__ == "__main__":
    main()
