"""A window in a process of its own that edits, trains and closes itself, to be killed at any moment of that.

``python restless.py SEED SETTINGS``. Lines on standard output: ``screen N`` after the edit with this
number, ``saved N`` when that is on disk, ``kept STEP`` when the run could go on from that step,
``started``, ``closing`` and ``closed``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QTimer

import aegui.runs.state
from aegui.qt.app import make_application, make_window
from aegui.qt.settings import Settings
from aegui.runs.sessions import sessions_folder
from aegui.spec import Experiment, loads, replace_all
from aegui.spec.presets import preset

_EDITS = 100  # ms between two
_CLOSES = 3000  # ms after the start of the run


def experiment_of(seed: int) -> Experiment:
    """What is trained: its title alone is edited, so that the run is that of an undisturbed trainer."""
    changes = {
        "title": "Edit 0",
        "data.source": "digits",
        "data.train": 100,
        "data.test": 30,
        "training.batch": 32,
        "training.epochs": 100_000,
        "seed": seed,
    }
    return replace_all(preset("denoising").experiment, changes)


def number_of(experiment: Experiment) -> int:
    """Of the edit."""
    return int(experiment.title.split()[1])


def say(text: str) -> None:
    print(text, flush=True)


def main(seed: int, settings: str) -> int:
    aegui.runs.state.SOONEST, aegui.runs.state.SHARE = 0.05, 1e9
    application = make_application()
    window = make_window(experiment_of(seed), None, Settings(Path(settings)))
    document, session = window.document, window.session
    window.autosave._timer.setInterval(50)

    def edit() -> None:
        document.edit("title", f"Edit {number_of(document.experiment) + 1}")
        say(f"screen {number_of(document.experiment)}")

    def say_saved() -> None:
        for file in sessions_folder().glob("*/session.json"):
            say(f"saved {number_of(loads(json.loads(file.read_text())['experiment'], 'session'))}")

    def begin() -> None:
        if window.loading.busy or document.plan is None:
            QTimer.singleShot(50, begin)
        else:
            session.toggle()

    def close() -> None:
        hand.stop()
        document.undo_stack.setClean()
        say("closing")
        window.close()

    hand = QTimer(window, interval=_EDITS)
    hand.timeout.connect(edit)
    hand.start()
    window.autosave.kept.connect(say_saved)
    session.recording.kept.connect(lambda _path, step: say(f"kept {step}"))
    session.started.connect(lambda: say("started"))
    session.started.connect(lambda: QTimer.singleShot(_CLOSES, close))
    window.show()
    begin()
    status = application.exec()
    say("closed")
    return status


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
