"""A window in a process of its own, to be killed: edits, trains, and says what is safe on disk.

``python victim.py SEED``: the seed tells victims apart. Lines on standard output: ``ready``,
``kept STEP`` when the run could go on from that step, ``saved`` when what is on screen is on disk.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer

import aegui.runs.state
from aegui.qt.app import make_application, make_window
from aegui.qt.settings import Settings
from aegui.spec import replace_all
from aegui.spec.presets import preset

TITLE = "Before the power cut"
NOISE = 0.625


def say(text: str) -> None:
    print(text, flush=True)


def main(seed: int, settings: str) -> int:
    aegui.runs.state.SOONEST, aegui.runs.state.SHARE = 0.3, 1e9
    application = make_application()
    changes = {"data.source": "digits", "training.batch": 32, "training.epochs": 4000, "seed": seed}
    experiment = replace_all(preset("denoising").experiment, changes)
    window = make_window(experiment, None, Settings(Path(settings)))
    window.autosave.kept.connect(lambda: say("saved"))
    window.session.recording.kept.connect(lambda _path, step: say(f"kept {step}"))
    window.session.started.connect(lambda: say("started"))
    window.show()

    def begin() -> None:
        if window.loading.busy or window.document.plan is None:
            QTimer.singleShot(50, begin)
            return
        window.document.edit("title", TITLE)
        window.session.toggle()
        say("ready")

    def edit() -> None:  # live: the run follows
        window.document.edit("noise.sigma", NOISE)

    window.session.started.connect(edit)
    begin()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
