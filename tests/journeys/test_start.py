"""The start: what is imported before the window is seen, and what comes later is there when it is wanted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from student import Student

from aegui.spec import Experiment

pytestmark = pytest.mark.journey

# What a window needs: anything else would keep the user waiting for it.
ALLOWED = {
    *("PySide6", "shiboken6", "shibokensupport", "signature_bootstrap", "numpy", "pyqtgraph", "colorama"),
    *("pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection", "tomli_w"),
    *("platformdirs", "filelock", "aegui"),
}
# What nobody sees before it is opened.
LATER = (
    *("aegui.handover", "aegui.qt.arrivals", "aegui.qt.first_start"),
    *("aegui.qt.about", "aegui.qt.gallery", "aegui.qt.keys", "aegui.qt.recovery_dialog"),
    *("aegui.qt.sharing_dialog", "aegui.qt.widgets.network_window", "aegui.data.load", "aegui.runs.folder"),
    *("aegui.qt.views.reduction", "aegui.qt.views.anomalies", "aegui.qt.views.inside.view"),
)


def test_that_nothing_heavy_is_imported_before_the_window_is_seen(tmp_path: Path) -> None:
    places = {f"AEGUI_{name}": str(tmp_path / name) for name in ("RUNS", "STATE", "LOG")}
    done = subprocess.run(
        [sys.executable, Path(__file__).parent / "starter.py"],
        env=os.environ | places | {"XDG_CONFIG_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    modules = json.loads(done.stdout.splitlines()[0])
    packages = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names
    assert {name for name in packages if not name.startswith("_")} <= ALLOWED | _of_the_installation()
    assert not set(LATER) & set(modules)
    assert "aegui.qt.views.latent" in modules, "the window was there"


def _of_the_installation() -> set[str]:
    """What Python itself imports at its start, by files of this installation."""
    code = "import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    return {name.partition(".")[0] for name in done.stdout.split()} | {"cython_runtime", "starter"}


def test_that_what_is_imported_later_opens(
    open_window: Callable[[Experiment], Student], small: Experiment
) -> None:
    window = open_window(small).window
    for action in ("preset", "share", "keys", "about", "network"):
        window.actions_[action].trigger()
        (opened,) = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not window]
        opened.close()


def test_that_play_at_once_begins_as_soon_as_the_data_are_there(
    open_window: Callable[[Experiment], Student], small: Experiment
) -> None:
    student = open_window(small)
    student.window.session.toggle()
    student.sees(lambda: student.window.session.has_run and student.window.session.snapshot.step > 0)
